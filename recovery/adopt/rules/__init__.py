"""One rule for each type of resource that Terraform must import, one file a service.

What a type is imported by stands in the section *Import* of its page,
https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/TYPE without ``aws_``.
What needs no import stands in ``made_again.csv``, with the reason.
"""

from __future__ import annotations

import csv
from pathlib import Path

from recovery.adopt.rule import Rule
from recovery.adopt.rules import (
    account,
    analytics,
    api,
    database,
    functions,
    identity,
    kms,
    logs,
    messaging,
    network,
    secrets,
    storage,
)

RULES: dict[str, Rule] = {
    **kms.RULES,
    **network.RULES,
    **identity.RULES,
    **logs.RULES,
    **storage.RULES,
    **messaging.RULES,
    **secrets.RULES,
    **database.RULES,
    **functions.RULES,
    **api.RULES,
    **analytics.RULES,
    **account.RULES,
}
"""Terraform's type to its rule. What others are made of comes first; it is removed last."""


def made_again() -> dict[str, str]:
    """Types that are simply made again, to the reason why that does no harm."""
    with Path(__file__).with_name("made_again.csv").open(newline="", encoding="utf-8") as file:
        return {row["type"]: row["reason"] for row in csv.DictReader(file)}
