"""Tags of budgets and of their actions, by ARN."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.budgets.models import BudgetsBackend
from moto.budgets.responses import BudgetsResponse
from moto.utilities.tagging_service import TaggingService

from emulator.gaps.registry import add, replace


def tagger_of(backend: BudgetsBackend) -> TaggingService:
    """The tags of an account's budgets; they go with them after a reset."""
    tagger: TaggingService = backend.__dict__.setdefault("tagger", TaggingService())
    return tagger


def fill() -> None:
    """Change moto's classes."""

    @replace(BudgetsResponse, "create_budget")
    def _(original: Callable[..., str], self: BudgetsResponse) -> str:
        answer = original(self)
        name = self._get_param("Budget")["BudgetName"]
        arn = f"arn:aws:budgets::{self._get_param('AccountId')}:budget/{name}"
        tagger_of(self.backend).tag_resource(arn, self._get_param("ResourceTags"))
        return answer

    @replace(BudgetsResponse, "delete_budget")
    def _(original: Callable[..., str], self: BudgetsResponse) -> str:
        answer = original(self)
        account_id, name = self._get_param("AccountId"), self._get_param("BudgetName")
        tagger_of(self.backend).delete_all_tags_for_resource(
            f"arn:aws:budgets::{account_id}:budget/{name}"
        )
        return answer

    @add(BudgetsResponse, "list_tags_for_resource")
    def _(self: BudgetsResponse) -> str:
        tags: Any = tagger_of(self.backend).list_tags_for_resource(self._get_param("ResourceARN"))
        return json.dumps({"ResourceTags": tags["Tags"]})

    @add(BudgetsResponse, "tag_resource")
    def _(self: BudgetsResponse) -> str:
        tags = self._get_param("ResourceTags")
        tagger_of(self.backend).tag_resource(self._get_param("ResourceARN"), tags)
        return "{}"

    @add(BudgetsResponse, "untag_resource")
    def _(self: BudgetsResponse) -> str:
        keys = self._get_param("ResourceTagKeys")
        tagger_of(self.backend).untag_resource_using_names(self._get_param("ResourceARN"), keys)
        return "{}"
