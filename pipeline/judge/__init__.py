"""Finds in a plan what a reviewer must not miss."""
