"""Amazon Q Developer in chat applications, once AWS Chatbot, which moto lacks: Slack channels.

Source: https://docs.aws.amazon.com/chatbot/latest/APIReference/Welcome.html
"""

from __future__ import annotations

import re
import sys

from moto.backend_index import backend_url_patterns

from emulator.gaps.chatbot import models
from emulator.gaps.chatbot.urls import url_bases
from emulator.gaps.registry import Gap, GapError

_MODULE = "moto.chatbot"


def _service() -> None:
    """Let moto find the service as one of its own."""
    if any(name == "chatbot" for name, _ in backend_url_patterns):
        raise GapError(f"moto has {_MODULE} now: drop the gap")
    backend_url_patterns.extend(("chatbot", re.compile(base)) for base in url_bases)
    sys.modules[_MODULE] = models


GAPS = (
    Gap(
        service="chatbot",
        name="slack-channels",
        moto="knows no such service",
        aws="keeps a Slack channel with its role, guardrails and topics; the workspace must have been "
        "authorised by a person, which the emulator takes for granted",
        fill=_service,
    ),
)
