"""Scaling policies: nothing themselves, but the alarms that target tracking makes for them.

Source: https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry, items
from pipeline.cost.pricing import Pricer, Pricing, Subject
from pipeline.plan.values import blocks

_ALARMS = 2
"""One to scale out, one to scale in.

Source: https://docs.aws.amazon.com/cli/latest/reference/application-autoscaling/put-scaling-policy.html
(its first example)
"""

_ALARMS_OF_DYNAMODB = 4
"""Two of the consumed capacity, two of the provisioned.

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.CLI.html
"""

_MINUTE = 60
"""Seconds: an alarm on a shorter period is of high resolution."""


def _tracking(block: str) -> Pricer:
    """The alarms of a policy whose target tracking is configured in a block."""

    def priced(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
        if not subject.get(block):
            return
        dynamodb = subject.get("service_namespace") == "dynamodb"
        alarms = _ALARMS_OF_DYNAMODB if dynamodb else _ALARMS
        metrics, short = _metrics(subject, f"{block}.0")
        kind = "high_resolution" if short else "standard"
        yield pricing.fixed(
            "alarms of target tracking",
            f"cloudwatch.alarm.{kind}",
            alarms * metrics,
            note=f"AWS makes {alarms}" + (f", each on {metrics} metrics" if metrics > 1 else ""),
        )

    return priced


def _metrics(subject: Subject, tracking: str) -> tuple[int, bool]:
    """How many metrics each alarm watches, and whether of less than a minute."""
    predefined = subject.get(
        f"{tracking}.predefined_metric_specification.0.predefined_metric_type", ""
    )
    own = f"{tracking}.customized_metric_specification.0"
    queries = blocks(items(subject, f"{own}.metrics"))
    stats = [stat for query in queries for stat in blocks(query.get("metric_stat"))]
    periods = [subject.get(f"{own}.period"), *(stat.get("period") for stat in stats)]
    short = any(isinstance(period, int) and period < _MINUTE for period in periods)
    return len(stats) or 1, short or str(predefined).endswith("HighResolution")


_RULES = "it says when and how far to scale"
_PREDICTIVE = "forecasts cost nothing: https://aws.amazon.com/ec2/autoscaling/pricing/"

ENTRIES = {
    "aws_appautoscaling_policy": Entry(
        _tracking("target_tracking_scaling_policy_configuration"),
        free={
            "policy_type": "the block of its type tells",
            "resource_id": "what is scaled is billed itself",
            "scalable_dimension": "what is scaled is billed itself",
            "step_scaling_policy_configuration": _RULES,
            "target_tracking_scaling_policy_configuration.disable_scale_in": _RULES,
            "target_tracking_scaling_policy_configuration.scale_in_cooldown": _RULES,
            "target_tracking_scaling_policy_configuration.scale_out_cooldown": _RULES,
            "target_tracking_scaling_policy_configuration.target_value": _RULES,
            "target_tracking_scaling_policy_configuration.customized_metric_specification": (
                "a custom metric is billed to whoever sends it"
            ),
            "target_tracking_scaling_policy_configuration.predefined_metric_specification": (
                "AWS sends it"
            ),
        },
    ),
    "aws_autoscaling_policy": Entry(
        _tracking("target_tracking_configuration"),
        free={
            "adjustment_type": _RULES,
            "autoscaling_group_name": "the group's instances are billed",
            "cooldown": _RULES,
            "enabled": "a policy that is off keeps its alarms",
            "estimated_instance_warmup": _RULES,
            "metric_aggregation_type": _RULES,
            "min_adjustment_magnitude": _RULES,
            "policy_type": "the block of its type tells",
            "predictive_scaling_configuration": _PREDICTIVE,
            "scaling_adjustment": _RULES,
            "step_adjustment": _RULES,
            "target_tracking_configuration.disable_scale_in": _RULES,
            "target_tracking_configuration.target_value": _RULES,
            "target_tracking_configuration.customized_metric_specification": (
                "a custom metric is billed to whoever sends it"
            ),
            "target_tracking_configuration.predefined_metric_specification": "AWS sends it",
        },
    ),
}
"""Scaling policies."""
