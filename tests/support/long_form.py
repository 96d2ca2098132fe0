"""Some tests have a long form, which a scheduled job runs with ``--hypothesis-profile=long``."""

from __future__ import annotations

from hypothesis import settings

LONG = settings.get_current_profile_name() == "long"
