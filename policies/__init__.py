"""Policy as code: Checkov's checks and our own, on stacks as synthesised and as planned."""

from policies.findings import Finding, Severity, Verdict
from policies.run import check_plan, check_stack, check_stacks

__all__ = ["Finding", "Severity", "Verdict", "check_plan", "check_stack", "check_stacks"]
