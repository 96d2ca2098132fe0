"""Which AWS accounts a plan's providers sign in to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from pipeline.plan.document import PlanDocument, PriorModule
from pipeline.plan.values import as_list, as_map, as_text, at

_ACCOUNT = re.compile(r"(?:^|:)(\d{12})(?:$|:)")
_VARIABLE = "var."
_IDENTITY = "aws_caller_identity"


def accounts_of(document: PlanDocument) -> frozenset[str]:
    """The accounts that the providers allow or sign in to, and those that a plan asked AWS for.

    Args:
        document: the plan.
    """
    return frozenset((*_configured(document), *_asked(document)))


def _configured(document: PlanDocument) -> Iterator[str]:
    if document.configuration is None:
        return
    for provider in document.configuration.provider_config.values():
        for path in ("allowed_account_ids", "assume_role.role_arn"):
            for expression in at(provider.expressions, path):
                for text in _texts(document, expression):
                    yield from _ACCOUNT.findall(text)


def _texts(document: PlanDocument, expression: Any) -> Iterator[str]:
    """Texts that an expression writes out, or that a root variable holds."""
    yield from map(as_text, as_list(as_map(expression).get("constant_value")))
    for reference in as_list(as_map(expression).get("references")):
        name = as_text(reference).removeprefix(_VARIABLE)
        variables = document.configuration.root_module.variables if document.configuration else {}
        declared = variables.get(name)
        if declared is not None and not declared.sensitive:
            given = document.variables.get(name)
            value = msgspec.json.decode(given.value) if given else declared.default
            yield from map(as_text, as_list(value))


def _asked(document: PlanDocument) -> Iterator[str]:
    """Accounts that the data source ``aws_caller_identity`` found."""
    values = document.prior_state.values if document.prior_state else None
    modules = [values.root_module] if values else []
    while modules:
        module: PriorModule = modules.pop()
        modules += module.child_modules
        for resource in module.resources:
            if resource.type == _IDENTITY:
                account = as_text(as_map(msgspec.json.decode(resource.values)).get("account_id"))
                yield from _ACCOUNT.findall(account)
