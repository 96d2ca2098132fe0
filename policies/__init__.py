"""Checkov on the synthesised stacks, with skips that stand beside the code that needs them."""

from policies.run import Finding, Verdict, check_stack, check_stacks

__all__ = ["Finding", "Verdict", "check_stack", "check_stacks"]
