"""Tests of the gaps of RDS."""
