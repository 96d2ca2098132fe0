"""Tests of the stack of GitLab's roles."""
