"""Finds in a plan what a reviewer must not miss."""

from __future__ import annotations

from pipeline.plan.masking import mask_address
from pipeline.plan.model import Plan
from pipeline.plan.secrets import mask_text
from pipeline.report.model import PlanWarning, Topic
from pipeline.warnings.accounts import Accounts
from pipeline.warnings.checks import failed_checks, invocations
from pipeline.warnings.data import data_at_risk, holds_data
from pipeline.warnings.destruction import destroyed
from pipeline.warnings.drift import drifted
from pipeline.warnings.engine import engine_changes
from pipeline.warnings.exposure import exposed
from pipeline.warnings.permissions import widened
from pipeline.warnings.policies import judged_policies, unknown_policies
from pipeline.warnings.protection import unprotected

__all__ = ["data_at_risk", "find_warnings", "holds_data"]


def find_warnings(plan: Plan) -> tuple[PlanWarning, ...]:
    """Everything that a reviewer must not miss, most serious first, then by address.

    Args:
        plan: the plan.

    Returns:
        Warnings without any value that may be secret.
    """
    accounts = Accounts(plan)
    found = [
        *destroyed(plan),
        *(warning for change in plan.changed for warning in exposed(change, plan, accounts)),
        *(warning for change in plan.changed for warning in engine_changes(change)),
        *(
            warning
            for change in plan.changed
            for warning in judged_policies(change, plan, accounts)
        ),
        *unknown_policies(plan, accounts),
        *(warning for change in plan.changed for warning in widened(change)),
        *(warning for change in plan.changed for warning in unprotected(change)),
        *drifted(plan, accounts),
        *failed_checks(plan),
        *invocations(plan),
    ]
    if not plan.complete:
        text = "the plan is partial (-target, or something was deferred): it does not show all"
        found.append(PlanWarning(topic=Topic.PLAN, address="", text=text))
    order = list(Topic)
    shown = {_masked(warning) for warning in found}
    return tuple(sorted(shown, key=lambda w: (order.index(w.topic), w.address, w.text)))


def _masked(warning: PlanWarning) -> PlanWarning:
    """Policies and addresses come from the plan: an index key in one can be a secret."""
    return PlanWarning(
        topic=warning.topic,
        address=mask_address(warning.address),
        text=mask_text(warning.text),
    )
