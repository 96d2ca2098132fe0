"""A Terraform plan as the rooms of the pipeline see it. Values in it may be secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any


class Action(StrEnum):
    """What Terraform will do to one resource."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    FORGET = "forget"
    """It leaves the state and stays in AWS."""
    READ = "read"
    NO_OP = "no-op"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One resource in a plan, changed or not.

    What Terraform marks as sensitive is not in it: ``Masked`` stands there. ``before``, ``after``
    and what is derived from them may hold other secrets in clear: they stay in the job. Only what
    ``pipeline.plan.attributes`` makes of them may be shown.

    Attributes:
        address: Terraform's address, such as ``aws_vpc.network_C4F3F5E9``.
        type: the resource's type, such as ``aws_vpc``.
        module: the construct or Terraform module that it belongs to, such as ``network``.
        action: what will be done.
        before: attributes as they are; ``None`` where it does not exist yet.
        after: attributes as they will be, without unknown ones; ``None`` where it is destroyed.
        unknown: shaped like ``after``, ``True`` where a value is known only after the apply.
        written: shaped like ``after``: what the configuration writes; ``None`` where the plan
            doesn't hold the resource's configuration.
        region: that of the resource's provider; ``None`` where it has none of its own, empty
            where the plan doesn't tell which one it has.
        replace_paths: attributes that force the replacement, each as keys and positions.
        previous_address: the address it moves from.
        imported: it is taken over from AWS.
        deposed: it is the left-over of an interrupted replacement.
    """

    address: str
    type: str
    module: str
    action: Action
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    unknown: Mapping[str, Any] | bool = field(default_factory=dict)
    written: Mapping[str, Any] | None = None
    region: str | None = None
    replace_paths: tuple[tuple[str | int, ...], ...] = ()
    previous_address: str | None = None
    imported: bool = False
    deposed: bool = False
    leaves_old: bool = False
    """Of a replacement: Terraform only forgets the old one, which stays in AWS."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FailedCheck:
    """A condition of the configuration that doesn't hold, or about which Terraform can't tell.

    Attributes:
        address: what is checked, as Terraform shows it.
        status: ``fail`` or ``error``.
        problems: the configuration's own messages.
    """

    address: str
    status: str
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One stack's plan.

    Attributes:
        stack: how reports call the stack: ``dev``, or ``dev/web-dev``.
        region: the AWS provider's region; ``None`` where the plan does not say.
        changes: every managed resource of the plan, unchanged ones included, by address.
        drift: resources that differ from the state: changed behind Terraform's back.
        outputs: names of outputs to what is done to each.
        references: address to attribute to the addresses that its expression refers to, from
            the configuration. It tells relations whose values are not known yet.
        terraform_version: the Terraform that made the plan.
        complete: nothing was left out with ``-target`` and nothing was deferred.
        failed_checks: checks and conditions that don't hold.
        invoked: actions that the apply invokes beside its changes, by address.
        accounts: AWS accounts that the provider's configuration and its sign-in name.
    """

    stack: str
    region: str | None
    changes: tuple[Change, ...]
    drift: tuple[Change, ...] = ()
    outputs: Mapping[str, Action] = field(default_factory=dict)
    references: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    terraform_version: str = ""
    complete: bool = True
    failed_checks: tuple[FailedCheck, ...] = ()
    invoked: tuple[str, ...] = ()
    accounts: frozenset[str] = frozenset()

    @cached_property
    def by_type(self) -> Mapping[str, tuple[Change, ...]]:
        """The changes by resource type."""
        grouped: dict[str, list[Change]] = {}
        for change in self.changes:
            grouped.setdefault(change.type, []).append(change)
        return {name: tuple(changes) for name, changes in grouped.items()}

    @cached_property
    def changed(self) -> tuple[Change, ...]:
        """What the plan would do: everything but no-ops and reads."""
        quiet = (Action.NO_OP, Action.READ)
        return tuple(
            c
            for c in self.changes
            if c.action not in quiet or c.imported or c.previous_address is not None
        )
