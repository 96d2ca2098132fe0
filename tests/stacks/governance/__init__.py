"""Tests of the stack of an environment's guard rails."""
