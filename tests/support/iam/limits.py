"""IAM's limits on how long policies are, and how many a role or a group has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from tests.support.iam.documents import PLACES, policies
from tests.support.stacks import Stack

_OWN = {"aws_iam_role_policy": "role", "aws_iam_group_policy": "group"}
"""Whose policies share one limit, and the argument that says whose they are."""
_ATTACHED = {"aws_iam_role_policy_attachment": "role", "aws_iam_group_policy_attachment": "group"}
_MOST_ATTACHED = 10
"""Managed policies of one role or group, unless AWS raises it.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""


def outgrown(stacks: Mapping[str, Stack]) -> list[str]:
    """What AWS would refuse for its length or number, in words.

    Args:
        stacks: id to stack.
    """
    return [*_too_long(stacks), *_too_long_together(stacks), *_too_many(stacks)]


def _too_long(stacks: Mapping[str, Stack]) -> Iterator[str]:
    for policy in policies(stacks):
        if policy.size > policy.place.longest:
            yield f"{policy.stack} {policy.address}: {policy.size} of {policy.place.longest}"


def _too_long_together(stacks: Mapping[str, Stack]) -> Iterator[str]:
    sums: Counter[tuple[str, str, str]] = Counter()
    for policy in policies(stacks):
        kind, _, name = policy.address.partition(".")
        if kind in _OWN:
            owner = stacks[policy.stack].resources(kind)[name][_OWN[kind]]
            sums[policy.stack, kind, owner] += policy.size
    for (stack, kind, owner), characters in sums.items():
        longest = PLACES[kind, "policy"].longest
        if characters > longest:
            yield f"{stack} {owner}: policies of its own with {characters} of {longest}"


def _too_many(stacks: Mapping[str, Stack]) -> Iterator[str]:
    for name, stack in stacks.items():
        for kind, owner in _ATTACHED.items():
            numbers = Counter(body[owner] for body in stack.resources(kind).values())
            for who, number in numbers.items():
                if number > _MOST_ATTACHED:
                    yield f"{name} {who}: {number} of {_MOST_ATTACHED} managed policies"
