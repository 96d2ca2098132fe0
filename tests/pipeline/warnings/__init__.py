"""Tests of the warnings about plans."""
