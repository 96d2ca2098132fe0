"""The metric that says that a deployment runs.

The pipeline publishes it, and learns of it from ``cdktf.out/environments.json``. Stacks draw it, and
let no alarm call anybody for what a deployment does.
"""

from __future__ import annotations

from modules.metrics import Definition, Metric

DEPLOYMENTS = Definition(
    namespace="MapVibe/Pipeline",
    name="DeploymentRunning",
    unit="Count",
    dimension_sets=(frozenset({"stack"}),),
    statistics=frozenset({"Maximum"}),
    source="pipeline/commands/apply.py",
)
"""1 when the pipeline begins to apply a stack's environment, each minute while it does, and when it
has ended; nothing in between."""


def deployment_running(stack_id: str) -> Metric:
    """The deployments of one stack.

    Args:
        stack_id: the stack's id, such as ``dev``.
    """
    return DEPLOYMENTS.metric("Maximum", {"stack": stack_id})
