"""Profiles of the test that tries any settings."""

from __future__ import annotations

from hypothesis import settings

EXAMPLES = 300

settings.register_profile("long", max_examples=EXAMPLES, deadline=None)
