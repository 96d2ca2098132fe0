"""Tests of our own checks; each check has a file here, beside what holds for all of them."""
