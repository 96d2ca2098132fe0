"""IAM Access Analyzer, which moto lacks: analyzers and their archive rules. It finds nothing.

Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/Welcome.html
"""

from __future__ import annotations

import re
import sys

from moto.backend_index import backend_url_patterns

from emulator.gaps.access_analyzer import models
from emulator.gaps.access_analyzer.urls import url_bases
from emulator.gaps.registry import Gap, GapError

_NAME = "accessanalyzer"
_MODULE = f"moto.{_NAME}"


def _service() -> None:
    """Let moto find the service as one of its own."""
    if any(name == _NAME for name, _ in backend_url_patterns):
        raise GapError(f"moto has {_MODULE} now: drop the gap")
    backend_url_patterns.extend((_NAME, re.compile(base)) for base in url_bases)
    sys.modules[_MODULE] = models


GAPS = (
    Gap(
        service="accessanalyzer",
        name="analyzers",
        moto="knows no such service",
        aws="keeps analyzers and their archive rules, and looks for what others may reach: the "
        "emulator finds nothing",
        fill=_service,
    ),
)
