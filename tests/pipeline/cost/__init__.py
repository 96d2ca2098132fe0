"""Tests of pipeline.cost."""
