"""A rule of a region's default event bus, and what it hands its events to.

A region's bus gets the events of that region. To tell a topic of another region, a rule forwards
them to the default bus there, by a role, and a rule of that bus takes them as its own: their source
and detail stay what they were.

Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html and
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.errors import RefusedByAws
from modules.iam import Statement, policy, service_role
from modules.naming import Naming

EventPattern = Mapping[str, Any]
"""Which events a rule takes, as EventBridge writes it.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
"""

_LONGEST_PATTERN = 2_048
"""Characters. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html"""


class EventRule(Construct):
    """What matches goes to one target: a topic, or another region's event bus.

    Attributes:
        rule: the rule.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        role: str,
        description: str,
        pattern: EventPattern,
        target_arn: str,
        target_role: IamRole | None = None,
    ) -> None:
        """Create the rule on the default bus, and its target.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names of the environment.
            role: last part of the rule's name.
            description: shown in the console.
            pattern: which events.
            target_arn: a topic, whose policy lets EventBridge publish, or an event bus.
            target_role: what EventBridge sends to an event bus with.

        Raises:
            RefusedByAws: the pattern is too long.
        """
        super().__init__(scope, construct_id)
        text = json.dumps(pattern, separators=(",", ":"))
        if len(text) > _LONGEST_PATTERN:
            raise RefusedByAws(
                f"pattern of event rule {role}: {len(text)} characters, and EventBridge takes "
                f"{_LONGEST_PATTERN}; divide it"
            )
        self.rule = CloudwatchEventRule(
            self,
            "rule",
            name=naming.name(role),
            description=description,
            event_pattern=text,
        )
        CloudwatchEventTarget(
            self,
            "target",
            rule=self.rule.id,
            target_id="target",
            arn=target_arn,
            role_arn=target_role.arn if target_role else None,
        )


def forwarding_role(
    scope: Construct, construct_id: str, *, naming: Naming, role: str, bus_arn: str
) -> IamRole:
    """A role with which rules of other regions send to one event bus of this account.

    Args:
        scope: the construct that owns it.
        construct_id: id within the scope.
        naming: names and ARNs of the environment; only rules whose names begin with its may use it.
        role: last part of the role's name.
        bus_arn: the event bus.
    """
    rules = f"arn:aws:events:*:{naming.account_id}:rule/{naming.pattern('*')}"
    made = service_role(
        scope,
        construct_id,
        name=naming.name(role),
        service="events.amazonaws.com",
        description=f"Forwards events of other regions to {naming.region}",
        conditions={
            "StringEquals": {"aws:SourceAccount": naming.account_id},
            "ArnLike": {"aws:SourceArn": rules},
        },
    )
    IamRolePolicy(
        scope,
        f"{construct_id}-policy",
        name="put-events",
        role=made.id,
        policy=policy(Statement(actions=("events:PutEvents",), resources=(bus_arn,))),
    )
    return made
