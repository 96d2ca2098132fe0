"""Actions of a budget: a policy that it attaches to roles and groups.

Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Action.html
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from moto.budgets.exceptions import NotFoundException
from moto.budgets.models import BudgetsBackend
from moto.budgets.responses import BudgetsResponse
from moto.core.exceptions import ServiceException
from moto.iam.models import IAMBackend, iam_backends

from emulator.gaps.budgets.kept import Invalid, Item, budget_of
from emulator.gaps.budgets.tags import tagger_of
from emulator.gaps.registry import add, replace

_CHANGEABLE = (
    "NotificationType",
    "ActionThreshold",
    "Definition",
    "ExecutionRoleArn",
    "ApprovalModel",
    "Subscribers",
)


def actions_of(backend: BudgetsBackend, account_id: str, name: str) -> dict[str, Item]:
    """Id to action of a budget."""
    budget_of(backend, account_id, name)
    actions: dict[tuple[str, str], dict[str, Item]] = backend.__dict__.setdefault("actions", {})
    return actions.setdefault((account_id, name), {})


def execute(action: Item, account_id: str, *, reverse: bool = False) -> None:
    """Attach an action's policy, or take it off again; what is not there makes it fail, as on AWS.

    Args:
        action: changed in place: its status says how it went.
        account_id: whose roles and groups.
        reverse: take it off.
    """
    word = "REVERSE" if reverse else "EXECUTION"
    try:
        for do in _steps(action["Definition"]["IamActionDefinition"], account_id, reverse):
            do()
    except ServiceException:
        action["Status"] = f"{word}_FAILURE"
    else:
        action["Status"] = f"{word}_SUCCESS"


def _steps(definition: Item, account_id: str, reverse: bool) -> Iterator[Callable[[], Any]]:
    iam: IAMBackend = iam_backends[account_id]["aws"]
    arn = definition["PolicyArn"]
    to_role = iam.detach_role_policy if reverse else iam.attach_role_policy
    to_group = iam.detach_group_policy if reverse else iam.attach_group_policy
    for role in definition.get("Roles") or ():
        yield partial(to_role, arn, role)
    for group in definition.get("Groups") or ():
        yield partial(to_group, arn, group)


def fill() -> None:
    """Change moto's classes."""

    @add(BudgetsResponse, "create_budget_action")
    def _(self: BudgetsResponse) -> str:
        if self._get_param("ActionType") != "APPLY_IAM_POLICY":
            raise Invalid("The emulator has actions of type APPLY_IAM_POLICY alone")
        id_ = str(uuid.uuid4())
        _actions(self)[id_] = {
            "ActionId": id_,
            "BudgetName": self._get_param("BudgetName"),
            "ActionType": self._get_param("ActionType"),
            **{name: self._get_param(name) for name in _CHANGEABLE},
            "Status": "STANDBY",
        }
        arn = (
            f"arn:aws:budgets::{self._get_param('AccountId')}:budget/"
            f"{self._get_param('BudgetName')}/action/{id_}"
        )
        tagger_of(self.backend).tag_resource(arn, self._get_param("ResourceTags"))
        return _answer(self, ActionId=id_)

    @add(BudgetsResponse, "describe_budget_action")
    def _(self: BudgetsResponse) -> str:
        return _answer(self, Action=_action(self))

    @add(BudgetsResponse, "describe_budget_actions_for_budget")
    def _(self: BudgetsResponse) -> str:
        return json.dumps({"Actions": list(_actions(self).values())})

    @add(BudgetsResponse, "update_budget_action")
    def _(self: BudgetsResponse) -> str:
        action = _action(self)
        old = dict(action)
        asked = {name: self._get_param(name) for name in _CHANGEABLE}
        action.update({name: value for name, value in asked.items() if value is not None})
        return _answer(self, OldAction=old, NewAction=action)

    @add(BudgetsResponse, "delete_budget_action")
    def _(self: BudgetsResponse) -> str:
        return _answer(self, Action=_actions(self).pop(_action(self)["ActionId"]))

    @add(BudgetsResponse, "execute_budget_action")
    def _(self: BudgetsResponse) -> str:
        action, kind = _action(self), self._get_param("ExecutionType")
        if kind == "RESET_BUDGET_ACTION":
            action["Status"] = "STANDBY"
        else:
            reverse = kind == "REVERSE_BUDGET_ACTION"
            execute(action, self._get_param("AccountId"), reverse=reverse)
        return _answer(self, ActionId=action["ActionId"], ExecutionType=kind)

    @replace(BudgetsBackend, "delete_budget")
    def _(
        original: Callable[..., None], self: BudgetsBackend, account_id: str, budget_name: str
    ) -> None:
        original(self, account_id=account_id, budget_name=budget_name)
        self.__dict__.get("actions", {}).pop((account_id, budget_name), None)


def _actions(response: BudgetsResponse) -> dict[str, Item]:
    account_id, name = response._get_param("AccountId"), response._get_param("BudgetName")
    return actions_of(response.backend, account_id, name)


def _action(response: BudgetsResponse) -> Item:
    id_ = response._get_param("ActionId")
    found = _actions(response).get(id_)
    if found is None:
        raise NotFoundException(f"Unable to get action: {id_} - the action doesn't exist.")
    return found


def _answer(response: BudgetsResponse, **members: Any) -> str:
    named = {name: response._get_param(name) for name in ("AccountId", "BudgetName")}
    return json.dumps({**named, **members})
