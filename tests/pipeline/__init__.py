"""Tests of pipeline: readers, warnings, estimate, report, GitLab and release."""
