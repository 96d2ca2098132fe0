"""Talks to GitLab: the merge request's one note, and what a pipeline must know of others."""
