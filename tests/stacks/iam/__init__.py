"""Tests of every policy of every stack, and of what judges them."""
