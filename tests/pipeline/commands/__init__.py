"""The command line as a job and a developer use it."""
