"""Tests of pipeline: readers, judge, estimate, report, GitLab and release."""
