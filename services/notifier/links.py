"""Addresses that a message links to: the runbook, and pages of the CloudWatch console."""

from __future__ import annotations

import re
from urllib.parse import quote

_ADDRESS = re.compile(r"https://[^\s<>\"'|`]+")
_PUNCTUATION = ".,;:!?)]}"
"""What ends a sentence, not an address."""


def runbook(description: str) -> str:
    """The first https address of an alarm's description; empty where there is none."""
    found = _ADDRESS.search(description)
    return found[0].rstrip(_PUNCTUATION) if found else ""


def page(name: str, *, folder: str) -> str:
    """A page of a folder on the web; empty where either is missing."""
    return address(f"{folder}/{name}") if name and folder else ""


def address(text: str) -> str:
    """The text, if all of it is an https address; else nothing, for a link shows no address."""
    return text if _ADDRESS.fullmatch(text) else ""


def alarm(name: str, *, region: str) -> str:
    """The alarm's page in the console of its region."""
    return f"{_console(region)}#alarmsV2:alarm/{_escaped(name)}"


def dashboard(name: str, *, region: str) -> str:
    """The dashboard's page in the console of a region."""
    return f"{_console(region)}#dashboards/dashboard/{_escaped(name)}"


def _console(region: str) -> str:
    return f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"


def _escaped(name: str) -> str:
    """As the console itself writes names after its ``#``."""
    return quote(name, safe="")
