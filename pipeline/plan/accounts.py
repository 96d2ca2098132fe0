"""Which AWS accounts a plan's providers sign in to."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from pipeline.plan.document import PlanDocument, PriorModule
from pipeline.plan.values import as_list, as_map, as_text, at
from pipeline.plan.variables import Variables, modules_of

_ACCOUNT = re.compile(r"(?:^|:)(\d{12})(?:$|:)")
_IDENTITY = "aws_caller_identity"


def accounts_of(document: PlanDocument, variables: Variables) -> frozenset[str]:
    """The accounts that the providers allow or sign in to, and those that a plan asked AWS for.

    Args:
        document: the plan.
        variables: of its modules.
    """
    return frozenset((*_configured(document, variables), *_asked(document)))


def _configured(document: PlanDocument, variables: Variables) -> Iterator[str]:
    if document.configuration is None:
        return
    for key, provider in document.configuration.provider_config.items():
        for path in ("allowed_account_ids", "assume_role.role_arn"):
            for expression in at(provider.expressions, path):
                for value in variables.values(expression, modules_of(key)):
                    for text in map(as_text, as_list(value)):
                        yield from _ACCOUNT.findall(text)


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
