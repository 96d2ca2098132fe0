"""Tests of usage/."""
