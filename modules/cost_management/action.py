"""A budget that acts: it takes from roles and groups what costs money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cdktf_cdktf_provider_aws.budgets_budget_action import (
    BudgetsBudgetAction,
    BudgetsBudgetActionActionThreshold,
    BudgetsBudgetActionDefinition,
    BudgetsBudgetActionDefinitionIamActionDefinition,
    BudgetsBudgetActionSubscriber,
)
from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.cost_management.budget import Budget
from modules.iam import Statement, policy, service_role
from modules.naming import Naming

Approval = Literal["MANUAL", "AUTOMATIC"]

SPENDING = (
    "bedrock:Converse*",
    "bedrock:InvokeModel*",
    "ec2:CreateNatGateway",
    "ec2:CreateVolume",
    "ec2:CreateVpcEndpoint",
    "ec2:RunInstances",
    "ec2:StartInstances",
    "lambda:PutProvisionedConcurrencyConfig",
    "rds:CreateDB*",
    "rds:RestoreDB*",
    "rds:StartDB*",
)
"""What begins a cost or goes on with one; nothing that ends one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpendingStop:
    """From whom a budget takes what costs money, and when.

    Attributes:
        percent: of the limit that was spent.
        approval: whether a person says yes first.
        roles: names of roles.
        groups: names of groups.
    """

    percent: int
    approval: Approval
    roles: Sequence[str]
    groups: Sequence[str]


class BudgetAction(Construct):
    """Attaches a policy that denies spending, once a share of a budget is spent.

    A person takes it off again by reversing the action: docs/runbooks/cost-spike.md.

    Source: https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-controls.html

    Attributes:
        policy: what is attached.
        action: the action.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        budget: Budget,
        stop: SpendingStop,
        topic_arn: str,
    ) -> None:
        """Create the policy, the role by which AWS Budgets attaches it, and the action.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            budget: what triggers it.
            stop: from whom, and when.
            topic_arn: the topic that is told when it waits for approval, and when it acts.
        """
        super().__init__(scope, construct_id)
        name = naming.name("spending-stop")
        arn = naming.iam_arn(f"policy/{name}")
        self.policy = IamPolicy(
            self,
            "policy",
            name=name,
            description=f"Attached when the budget of {naming.title} is spent",
            policy=policy(
                Statement(sid="NoNewCosts", effect="Deny", actions=SPENDING, resources=("*",))
            ),
        )
        role = service_role(
            self,
            "role",
            name=naming.name("budget-action"),
            service="budgets.amazonaws.com",
            description=f"Attaches {name}",
            conditions={
                "StringEquals": {"aws:SourceAccount": naming.account_id},
                "ArnLike": {"aws:SourceArn": f"arn:aws:budgets::{naming.account_id}:budget/*"},
            },
        )
        attaching = IamRolePolicy(
            self,
            "attaching",
            name="attach-spending-stop",
            role=role.id,
            policy=policy(*_attaching(naming, stop, arn)),
        )
        self.action = BudgetsBudgetAction(
            self,
            "action",
            budget_name=budget.budget.name,
            action_type="APPLY_IAM_POLICY",
            approval_model=stop.approval,
            notification_type="ACTUAL",
            action_threshold=BudgetsBudgetActionActionThreshold(
                action_threshold_type="PERCENTAGE", action_threshold_value=stop.percent
            ),
            definition=BudgetsBudgetActionDefinition(
                iam_action_definition=BudgetsBudgetActionDefinitionIamActionDefinition(
                    policy_arn=self.policy.arn,
                    roles=list(stop.roles) or None,
                    groups=list(stop.groups) or None,
                )
            ),
            execution_role_arn=role.arn,
            subscriber=[BudgetsBudgetActionSubscriber(subscription_type="SNS", address=topic_arn)],
            depends_on=[attaching],
        )


def _attaching(naming: Naming, stop: SpendingStop, policy_arn: str) -> list[Statement]:
    """Attach and detach this one policy, for these and nobody else."""
    conditions = {"ArnEquals": {"iam:PolicyARN": policy_arn}}
    statements = []
    for kind, names in (("Role", stop.roles), ("Group", stop.groups)):
        if names:
            resources = [naming.iam_arn(f"{kind.lower()}/{name}") for name in names]
            statements.append(
                Statement(
                    sid=f"Stop{kind}s",
                    actions=(f"iam:Attach{kind}Policy", f"iam:Detach{kind}Policy"),
                    resources=resources,
                    conditions=conditions,
                )
            )
    return statements
