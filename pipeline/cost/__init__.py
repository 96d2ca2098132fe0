"""Prices a plan: offline, from the project's own catalogue and a stated usage."""
