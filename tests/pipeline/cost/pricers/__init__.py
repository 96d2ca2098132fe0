"""Tests of how resources are priced."""
