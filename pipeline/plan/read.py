"""Reads ``terraform show -json PLAN`` into a ``Plan``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.errors import PipelineError, Status
from pipeline.plan.address import module_of, without_index
from pipeline.plan.collector import collector_paused
from pipeline.plan.document import Configuration, PlanDocument, ResourceChange
from pipeline.plan.literals import expressions_of, with_literals
from pipeline.plan.model import Action, Change, Plan
from pipeline.plan.references import references_of
from pipeline.plan.source import load

_ACTIONS: Mapping[tuple[str, ...], Action] = {
    ("no-op",): Action.NO_OP,
    ("create",): Action.CREATE,
    ("read",): Action.READ,
    ("update",): Action.UPDATE,
    ("delete", "create"): Action.REPLACE,
    ("create", "delete"): Action.REPLACE,
    # The old one stays in AWS, but Terraform knows it no longer: what it holds is left behind.
    ("create", "forget"): Action.REPLACE,
    ("delete",): Action.DELETE,
    ("forget",): Action.FORGET,
}
"""Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation"""

_DEFAULT_PROVIDER = "aws"


@collector_paused()
def read_plan(path: Path, *, stack: str) -> Plan:
    """Read a plan.

    Args:
        path: what ``terraform show -json`` wrote; format version 1.
        stack: the stack's name for reports, which a plan does not know.

    Raises:
        PipelineError: with ``BAD_PLAN``; the file is no plan that can be used.
    """
    document = load(path)
    managed = [change for change in document.resource_changes if change.mode == "managed"]
    configuration = document.configuration or Configuration()
    written = dict(expressions_of(configuration.root_module))
    return Plan(
        stack=stack,
        region=_region(configuration),
        changes=tuple(_change(path, change, written) for change in managed),
        drift=_drift(path, document.resource_drift),
        outputs=_outputs(path, document),
        references=references_of(managed, configuration.root_module),
        terraform_version=document.terraform_version,
        complete=document.complete and not document.deferred_changes,
    )


def _change(
    path: Path,
    item: ResourceChange,
    written: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> Change:
    """A change; ``written`` are the configuration's expressions by address without index."""
    body = item.change
    expressions = written.get(without_index(item.address), {})
    after, unknown = with_literals(body.after, body.after_unknown, expressions)
    return Change(
        address=item.address,
        type=item.type,
        module=module_of(item.address),
        action=_action(path, item.address, body.actions),
        before=body.before,
        after=after,
        unknown=unknown,
        sensitive_before=body.before_sensitive,
        sensitive_after=body.after_sensitive,
        replace_paths=body.replace_paths,
        previous_address=item.previous_address,
        imported=body.importing is not None,
        deposed=item.deposed is not None,
    )


def _action(path: Path, name: str, actions: tuple[str, ...]) -> Action:
    try:
        return _ACTIONS[actions]
    except KeyError:
        # The name is left out: an index key in an address can be a secret.
        raise PipelineError(
            f"{path}: actions {'+'.join(actions)[:40]!r} of a {name.split('.', 1)[0][:40]!r} are not "
            "known; use the Terraform that this project pins",
            Status.BAD_PLAN,
        ) from None


def _drift(path: Path, items: Iterable[ResourceChange]) -> tuple[Change, ...]:
    """Managed resources whose values differ; Terraform lists moved and re-read ones as well."""
    return tuple(
        _change(path, item)
        for item in items
        if item.mode == "managed" and _set(item.change.before) != _set(item.change.after)
    )


def _set(value: Any) -> Any:
    """A value without what is unset: providers tell null, an empty text and no items alike."""
    if isinstance(value, dict):
        kept = {key: inner for key, item in value.items() if (inner := _set(item)) is not None}
        return kept or None
    if isinstance(value, list):
        return [_set(item) for item in value] or None
    return None if value == "" else value


def _outputs(path: Path, document: PlanDocument) -> dict[str, Action]:
    outputs = {
        name: _action(path, f"output {name}", change.actions)
        for name, change in document.output_changes.items()
    }
    return {name: action for name, action in outputs.items() if action is not Action.NO_OP}


def _region(configuration: Configuration) -> str | None:
    """The region of the unaliased AWS provider: the root module's before a nested one's.

    An aliased one has its alias in its key: ``aws.virginia``.
    """
    providers = configuration.provider_config
    for key in sorted(providers, key=lambda name: (name != _DEFAULT_PROVIDER, name)):
        provider = providers[key]
        if key.rsplit(":", 1)[-1] != _DEFAULT_PROVIDER:
            continue
        expression = provider.expressions.get("region")
        region = expression.get("constant_value") if isinstance(expression, dict) else None
        if isinstance(region, str) and "${" not in region:
            return region
    return None
