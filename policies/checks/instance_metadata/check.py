"""A machine gives its role's credentials only to whom asks with a token (IMDSv2)."""

from __future__ import annotations

from collections.abc import Iterator

from policies.check import Check, Unknown
from policies.stack import Resource, Stack, is_unknown

_TEMPLATE = "aws_launch_template"
_DEFAULTS = "aws_ec2_instance_metadata_defaults"
_FARTHEST_HOP = 2
"""One hop more than the machine itself, for what runs in its containers."""


class InstanceMetadata(Check):
    """Machines, templates, and the account's defaults."""

    types = (
        "aws_instance",
        "aws_launch_configuration",
        _TEMPLATE,
        "aws_spot_instance_request",
        _DEFAULTS,
    )

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """What answers without a token, or too far away."""
        options = "" if resource.type == _DEFAULTS else "metadata_options."
        if resource.first(f"{options}http_endpoint") == "disabled":
            return
        tokens = resource.first(f"{options}http_tokens")
        if tokens is None and _takes_from_template(resource, stack):
            return
        if is_unknown(tokens):
            yield Unknown("its http_tokens is not known yet")
        elif tokens != "required":
            yield f"it answers without a token: http_tokens is {tokens or 'not set'}"
        hops = resource.first(f"{options}http_put_response_hop_limit")
        if hops is not None and not is_unknown(hops) and float(hops) > _FARTHEST_HOP:
            yield f"its answer travels {hops} hops, and {_FARTHEST_HOP} are enough for containers"


def _takes_from_template(resource: Resource, stack: Stack) -> bool:
    """Whether a template of the same stack says it, which is looked at itself."""
    return any(each.type == _TEMPLATE for each in stack.named_by(resource, "launch_template"))
