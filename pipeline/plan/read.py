"""Reads ``terraform show -json PLAN`` into a ``Plan``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from pipeline.errors import PipelineError
from pipeline.plan.accounts import accounts_of
from pipeline.plan.address import module_of, without_index
from pipeline.plan.collector import collector_paused
from pipeline.plan.document import Configuration, PlanDocument, ResourceChange, ResourceChangeBody
from pipeline.plan.literals import expressions_of, names_of, with_literals
from pipeline.plan.marks import Marks, Values
from pipeline.plan.model import Action, Change, FailedCheck, Plan
from pipeline.plan.references import references_of
from pipeline.plan.regions import Regions
from pipeline.plan.source import bad_plan, load
from pipeline.plan.variables import Variables

_CREATE_FORGET = ("create", "forget")
"""The old one stays in AWS, but Terraform knows it no longer."""

_ACTIONS: Mapping[tuple[str, ...], Action] = {
    ("no-op",): Action.NO_OP,
    ("create",): Action.CREATE,
    ("read",): Action.READ,
    ("update",): Action.UPDATE,
    ("delete", "create"): Action.REPLACE,
    ("create", "delete"): Action.REPLACE,
    _CREATE_FORGET: Action.REPLACE,
    ("delete",): Action.DELETE,
    ("forget",): Action.FORGET,
}
"""Source: https://developer.hashicorp.com/terraform/internals/json-format#change-representation"""

_VALUES: msgspec.json.Decoder[dict[str, Any] | None] = msgspec.json.Decoder(dict[str, Any] | None)
_FAILED = ("fail", "error")
_TAGS = ("tags", "tags_all")


@collector_paused()
def read_plan(path: Path, *, stack: str) -> Plan:
    """Read a plan. What Terraform marks as sensitive is left behind here.

    Args:
        path: what ``terraform show -json`` wrote; format version 1.
        stack: the stack's name for reports, which a plan does not know.

    Raises:
        PipelineError: with ``BAD_PLAN``; the file is no plan that can be used.
    """
    document = load(path)
    managed = [change for change in document.resource_changes if change.mode == "managed"]
    configuration = document.configuration or Configuration()
    variables = Variables(configuration.root_module, document.variables)
    reader = _Reader(path, configuration, Regions(configuration, variables))
    changes = [reader.change(change) for change in managed]
    drifted = (change for change in document.resource_drift if change.mode == "managed")
    drift = _drifted(reader.change(change) for change in drifted)
    hidden = reader.hidden
    return Plan(
        stack=stack,
        region=reader.regions.default,
        changes=tuple(hidden(change) for change in changes),
        drift=tuple(hidden(change) for change in drift),
        outputs=_outputs(path, document),
        references=references_of(managed, configuration.root_module),
        terraform_version=document.terraform_version,
        complete=document.complete and not document.deferred_changes,
        failed_checks=tuple(_failed_checks(document, reader.marks)),
        invoked=tuple(sorted(reader.marks.address(a.address) for a in document.action_invocations)),
        accounts=accounts_of(document, variables),
    )


class _Reader:
    """Makes changes of the document's items, and knows what of them is marked."""

    def __init__(self, path: Path, configuration: Configuration, regions: Regions) -> None:
        self._path = path
        self._expressions = dict(expressions_of(configuration.root_module))
        self._written = {name: names_of(found) for name, found in self._expressions.items()}
        self.regions = regions
        self.marks = Marks()

    def change(self, item: ResourceChange) -> Change:
        """A change whose own marked values are masked."""
        body = item.change
        action = _action(self._path, body.actions, f"a {item.type[:40]!r}")
        address, bare = item.address, without_index(item.address)
        if bare.count(".") < 1:
            raise _bad(self._path, f"{address[:40]!r} is no address of a resource")
        before, after, unknown = self._values(body, bare)
        before, after = self.marks.hide(
            before, after, _marks(body.before_sensitive), _marks(body.after_sensitive)
        )
        return Change(
            address=address,
            type=item.type,
            module=module_of(address),
            action=action,
            before=before,
            after=after,
            unknown=unknown,
            written=self._written.get(bare),
            region=self.regions.of(bare),
            replace_paths=body.replace_paths,
            previous_address=item.previous_address,
            imported=body.importing is not None,
            deposed=item.deposed is not None,
            leaves_old=body.actions == _CREATE_FORGET,
        )

    def hidden(self, change: Change) -> Change:
        """A change without a text that contains what is marked anywhere in the plan."""
        before = self.marks.hide_texts(change.before)
        after = before if change.before is change.after else self.marks.hide_texts(change.after)
        address, previous = change.address, change.previous_address
        shown = self.marks.address(address), previous and self.marks.address(previous)
        if before is change.before and after is change.after and shown == (address, previous):
            return change
        return replace(
            change,
            address=shown[0],
            module=module_of(shown[0]),
            previous_address=shown[1],
            before=before,
            after=after,
        )

    def _values(self, body: ResourceChangeBody, bare: str) -> tuple[Values, Values, Any]:
        before = self._decoded(body.before)
        if bytes(body.after) == bytes(body.before):
            return before, before, {}
        after, unknown = self._decoded(body.after), _marks(body.after_unknown)
        expressions = self._expressions.get(bare)
        return before, *(with_literals(after, unknown, expressions or {}))

    def _decoded(self, raw: msgspec.Raw) -> dict[str, Any] | None:
        try:
            values = _VALUES.decode(raw)
        except msgspec.ValidationError:
            raise _bad(self._path, "a resource's values are no object") from None
        for name in _TAGS:
            if values and isinstance(values.get(name), bool | int | float | str):
                raise _bad(self._path, f"a resource's {name} are neither a map nor a list")
        return values


def _marks(raw: msgspec.Raw) -> Any:
    """Where something is marked; most resources have no mark at all, and nothing is decoded."""
    if b"true" not in bytes(raw):
        return {}
    found = msgspec.json.decode(raw)
    return found if isinstance(found, dict | bool) else {}


def _bad(path: Path, what: str) -> PipelineError:
    return bad_plan(path, what, "use the Terraform that this project pins")


def _action(path: Path, actions: tuple[str, ...], of: str) -> Action:
    """Args: of: what they are of, without its name: an index key in an address can be a secret."""
    try:
        return _ACTIONS[actions]
    except KeyError:
        raise _bad(path, f"actions {'+'.join(actions)[:40]!r} of {of} are not known") from None


def _failed_checks(document: PlanDocument, marks: Marks) -> Iterator[FailedCheck]:
    """The checks that don't hold; what depends on the apply is not known and no failure."""
    for check in document.checks:
        for instance in check.instances or (check,):
            if instance.status in _FAILED:
                yield FailedCheck(
                    address=marks.address(instance.address.to_display),
                    status=instance.status,
                    problems=tuple(marks.text(problem.message) for problem in instance.problems),
                )


def _drifted(changes: Iterable[Change]) -> Iterator[Change]:
    """Resources whose values differ; Terraform lists moved and re-read ones as well."""
    for change in changes:
        if _set(change.before) != _set(change.after):
            yield change


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
        name: _action(path, change.actions, "an output")
        for name, change in document.output_changes.items()
    }
    return {name: action for name, action in outputs.items() if action is not Action.NO_OP}
