"""AWS Budgets: who is told, tags, changes of a budget, and actions.

Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Budgets.html
"""

from __future__ import annotations

from emulator.gaps.budgets.actions import fill as actions
from emulator.gaps.budgets.notifications import fill as notifications
from emulator.gaps.budgets.tags import fill as tags
from emulator.gaps.registry import Gap

GAPS = (
    Gap(
        service="budgets",
        name="notifications",
        moto="does not say who is told, takes any alert, and cannot change a budget",
        aws="says who is told; refuses a forecast for a day, an alert that is there, and more than ten",
        fill=notifications,
    ),
    Gap(
        service="budgets",
        name="tags",
        moto="has no tags",
        aws="keeps the tags of budgets and of their actions",
        fill=tags,
    ),
    Gap(
        service="budgets",
        name="actions",
        moto="has no actions",
        aws="keeps actions; approving one attaches its policy, and reversing it takes that off again",
        fill=actions,
    ),
)
