"""Checkov on the synthesised stacks, with skips that stand beside the code that needs them."""

from policies.run import Finding, Verdict, judge, judge_stacks

__all__ = ["Finding", "Verdict", "judge", "judge_stacks"]
