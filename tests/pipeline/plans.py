"""Builds plans for the tests of every room: as typed changes, and as Terraform's JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.plan.address import module_of, type_of, without_index
from pipeline.plan.marks import Marks
from pipeline.plan.model import Action, Change, Plan

Values = Mapping[str, Any]
Shape = Mapping[str, Any] | bool

_ACTIONS = {
    Action.CREATE: ["create"],
    Action.UPDATE: ["update"],
    Action.REPLACE: ["delete", "create"],
    Action.DELETE: ["delete"],
    Action.FORGET: ["forget"],
    Action.READ: ["read"],
    Action.NO_OP: ["no-op"],
}


def change(
    address: str,
    action: str = "create",
    before: Values | None = None,
    after: Values | None = None,
    unknown: Shape | None = None,
    *,
    module: str | None = None,
    sensitive_before: Shape = False,
    sensitive_after: Shape = False,
    replace_paths: tuple[tuple[str | int, ...], ...] = (),
    previous_address: str | None = None,
    imported: bool = False,
    deposed: bool = False,
) -> Change:
    """One resource in a plan, as ``read_plan`` would give it.

    Args:
        address: such as ``aws_vpc.network_C4F3F5E9``; type and module follow from it.
        action: ``create``, ``update``, ``replace``, ``delete``, ``forget``, ``read`` or ``no-op``.
        before: attributes as they are. An action that begins with something has an empty mapping
            by default.
        after: attributes as they will be. An unchanged resource has what it has before.
        unknown: shaped like ``after``, ``True`` where a value is not known yet.
        module: the construct, where the one in the address will not do.
        sensitive_before: shaped like ``before``, ``True`` where sensitive.
        sensitive_after: the same for ``after``.
        replace_paths: attributes that force the replacement.
        previous_address: the address it moves from.
        imported: it is taken over from AWS.
        deposed: it is the left-over of an interrupted replacement.
    """
    kind = Action(action)
    if before is None and kind is not Action.CREATE:
        before = after if kind in (Action.NO_OP, Action.READ) and after is not None else {}
    if after is None and kind not in (Action.DELETE, Action.FORGET):
        after = before if kind in (Action.NO_OP, Action.READ) else {}
    before, after = Marks().hide(before, after, sensitive_before, sensitive_after)
    return Change(
        address=address,
        type=type_of(address),
        module=module_of(address) if module is None else module,
        action=kind,
        before=before,
        after=after,
        unknown={} if unknown is None else unknown,
        replace_paths=replace_paths,
        previous_address=previous_address,
        imported=imported,
        deposed=deposed,
    )


def plan(
    *changes: Change,
    stack: str = "dev",
    region: str | None = "ap-southeast-1",
    drift: tuple[Change, ...] = (),
    outputs: Mapping[str, Action] | None = None,
    references: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
    complete: bool = True,
) -> Plan:
    """A plan of these changes.

    Args:
        changes: from ``change``.
        stack: its name.
        region: the provider's region.
        drift: what differs from the state, from ``change``.
        outputs: names of outputs to actions.
        references: address to attribute to addresses.
        complete: nothing was left out.
    """
    return Plan(
        stack=stack,
        region=region,
        changes=changes,
        drift=drift,
        outputs=outputs or {},
        references=references or {},
        terraform_version="1.11.4",
        complete=complete,
    )


def resource_change(
    address: str,
    action: str = "create",
    before: Values | None = None,
    after: Values | None = None,
    unknown: Shape | None = None,
    *,
    sensitive_before: Shape = False,
    sensitive_after: Shape = False,
    **others: Any,
) -> dict[str, Any]:
    """One item of ``resource_changes`` as Terraform writes it.

    Args:
        address: the resource's address; ``module_address``, ``type``, ``name`` follow from it.
        action: as in ``change``.
        before: attributes as they are.
        after: attributes as they will be.
        unknown: shaped like ``after``.
        sensitive_before: shaped like ``before``.
        sensitive_after: shaped like ``after``.
        others: more fields, such as ``previous_address`` or ``deposed``; ``actions``,
            ``importing`` and ``replace_paths`` go into ``change``.
    """
    inner = {name: others.pop(name) for name in _INNER if name in others}
    module = address.rpartition(f"{type_of(address)}.")[0]
    item = {
        "address": address,
        "mode": "managed",
        "type": type_of(address),
        "name": without_index(address).rsplit(".", 1)[-1],
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {
            "actions": _ACTIONS[Action(action)],
            "before": before,
            "after": after,
            "after_unknown": {} if unknown is None else unknown,
            "before_sensitive": sensitive_before,
            "after_sensitive": sensitive_after,
            **inner,
        },
        **others,
    }
    if module:
        item["module_address"] = module.removesuffix(".")
    return item


_INNER = ("actions", "importing", "replace_paths")


def plan_json(
    *resource_changes: Mapping[str, Any], region: str | None = "ap-southeast-1", **others: Any
) -> dict[str, Any]:
    """A plan as ``terraform show -json`` writes it.

    Args:
        resource_changes: from ``resource_change``.
        region: the region of the provider's configuration; left out where ``None``.
        others: more top-level fields, such as ``output_changes`` or ``complete``.
    """
    provider: dict[str, Any] = {"name": "aws", "version_constraint": "5.100.0"}
    if region is not None:
        provider["expressions"] = {"region": {"constant_value": region}}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "planned_values": {"root_module": {}},
        "resource_changes": list(resource_changes),
        "configuration": {"provider_config": {"aws": provider}, "root_module": {}},
        "timestamp": "2025-11-21T12:44:00Z",
        "applyable": True,
        "complete": True,
        "errored": False,
        **others,
    }
