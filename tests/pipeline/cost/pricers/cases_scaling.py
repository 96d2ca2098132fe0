"""Scaling policies, priced by hand for ap-southeast-1: 0.10 USD an alarm, 0.30 of high resolution."""

from __future__ import annotations

from typing import Any

from tests.pipeline.cost.pricers.support import Case, resource

APPLICATION, GROUP = "aws_appautoscaling_policy.p", "aws_autoscaling_policy.p"
BLOCK = "target_tracking_scaling_policy_configuration"


def tracking(**specification: Any) -> list[dict[str, Any]]:
    return [{"target_value": 75, **specification}]


def predefined(name: str) -> list[dict[str, Any]]:
    return [{"predefined_metric_type": name}]


CASES = (
    Case(
        name="steps-have-alarms-of-their-own",
        of=resource(APPLICATION, {"step_scaling_policy_configuration": [{"cooldown": 60}]}),
    ),
    Case(name="a-group's-simple-policy", of=resource(GROUP, {"scaling_adjustment": 1})),
    Case(
        name="target-tracking-of-a-service",
        of=resource(
            APPLICATION,
            {
                "service_namespace": "ecs",
                BLOCK: tracking(
                    predefined_metric_specification=predefined("ECSServiceAverageCPUUtilization")
                ),
            },
        ),
        monthly={"alarms of target tracking": "0.2"},  # 2 x 0.10
    ),
    Case(
        name="target-tracking-of-a-table",
        of=resource(APPLICATION, {"service_namespace": "dynamodb", BLOCK: tracking()}),
        monthly={"alarms of target tracking": "0.4"},  # 4 x 0.10
    ),
    Case(
        name="target-tracking-by-the-second",
        of=resource(
            APPLICATION,
            {
                BLOCK: tracking(
                    predefined_metric_specification=predefined(
                        "SageMakerVariantConcurrentRequestsPerModelHighResolution"
                    )
                ),
            },
        ),
        monthly={"alarms of target tracking": "0.6"},  # 2 x 0.30
    ),
    Case(
        name="target-tracking-of-a-group-by-ten-seconds",
        of=resource(
            GROUP,
            {
                "target_tracking_configuration": tracking(
                    customized_metric_specification=[{"metric_name": "m", "period": 10}]
                )
            },
        ),
        monthly={"alarms of target tracking": "0.6"},  # 2 x 0.30
    ),
    Case(
        name="target-tracking-of-a-quotient",
        of=resource(
            GROUP,
            {
                "target_tracking_configuration": tracking(
                    customized_metric_specification=[
                        {
                            "metrics": [
                                {"id": "a", "metric_stat": [{"stat": "Sum"}]},
                                {"id": "b", "metric_stat": [{"stat": "Sum"}]},
                                {"id": "c", "expression": "a / b", "metric_stat": []},
                            ]
                        }
                    ]
                )
            },
        ),
        monthly={"alarms of target tracking": "0.4"},  # 2 alarms on 2 metrics x 0.10
    ),
)
