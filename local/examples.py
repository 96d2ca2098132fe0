"""What to ask the sample documents: printed by ``make deploy-local``, answered in docs/api.md."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A request to try.

    Attributes:
        path: of the route.
        body: what becomes JSON.
    """

    path: str
    body: dict[str, str | int]

    def curl(self, api: str = "$API") -> str:
        """The command line that sends it.

        Args:
            api: where the API answers.
        """
        body = json.dumps(self.body, ensure_ascii=False)
        return f"curl -s {api}{self.path} -H 'content-type: application/json' -d '{body}'"


EXAMPLES = (
    Example("/query", {"question": "What is egg coffee?"}),
    Example(
        "/search", {"query": "Where can I sleep on a boat among limestone islands?", "top_k": 1}
    ),
    Example("/query", {"question": "How do I renew a Japanese visa?"}),
)
"""A question in the page's words, a search in other words, and a question that no page answers."""
