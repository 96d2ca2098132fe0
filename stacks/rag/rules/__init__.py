"""Rules of the RAG system, which span its fields; loading asks them before anything is synthesised.

Each rule yields lines of one form: the field, its value, what is wrong, and the remedy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stacks.rag.rules import (
    alerts,
    api,
    database,
    flow_logs,
    function,
    limits,
    models,
    network,
    records,
)
from stacks.rag.settings import RagSettings
from stacks.settings import EnvironmentSettings

Rule = Callable[[RagSettings, EnvironmentSettings], Iterator[str]]

RULES: tuple[Rule, ...] = (
    *limits.RULES,
    *network.RULES,
    *flow_logs.RULES,
    *database.RULES,
    *function.RULES,
    *api.RULES,
    *models.RULES,
    *alerts.RULES,
    *records.RULES,
)


def broken_rules(rag: RagSettings, environment: EnvironmentSettings) -> list[str]:
    """One line for each rule that the system's settings break; empty when all hold."""
    return [line for rule in RULES for line in rule(rag, environment)]
