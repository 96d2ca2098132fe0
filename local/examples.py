"""What to ask the sample documents: printed by ``make deploy-local``, answered in the README."""

from __future__ import annotations

import json

QUESTIONS = (
    "What is egg coffee?",
    "Where can I sleep on a boat among limestone islands?",
    "How do I renew a Japanese visa?",
)
"""One that uses the page's words, one that doesn't, and one that no page answers."""


def curl(question: str, api: str = "$API") -> str:
    """The command line that asks a question.

    Args:
        question: in any language.
        api: where the API answers.
    """
    body = json.dumps({"question": question}, ensure_ascii=False)
    return f"curl -s {api}/query -H 'content-type: application/json' -d '{body}'"
