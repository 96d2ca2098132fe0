"""The check, its metadata and its examples."""
