"""Tests of services/notifier."""
