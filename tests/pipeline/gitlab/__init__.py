"""The client of GitLab, run against the stand-in."""
