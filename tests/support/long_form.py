"""Some tests have a long form, which a scheduled job runs with ``--hypothesis-profile=long``."""

from __future__ import annotations

import pytest
from hypothesis import settings

LONG = settings.get_current_profile_name() == "long"

scheduled = pytest.mark.skipif(
    not LONG, reason="left to the scheduled job: the suite has 35 minutes, and a shorter test of it"
)
"""For a test that only the scheduled job runs."""
