"""Plans a stack together with imports, without touching the stack's own folder.

Terraform resolves what resources say of one another, so nothing here has to: what it plans with a
parent that is imported has the parent's identifiers in it.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.synthesised import StackState
from toolchain.run import run_terraform

_IMPORTS = "adopt.tf.json"
_PLAN = "adopt.tfplan"
# The caller holds the state's lock from the first question to the last.
_OPTIONS = ("-input=false", "-lock=false")


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What a plan does with one resource.

    Attributes:
        address: in the stack.
        type: Terraform's.
        actions: such as ``("create",)`` or ``("delete", "create")``; ``("no-op",)`` for none.
        imported: it is adopted.
        values: the attributes afterwards, without those that are not known yet.
        replaced_for: paths of the attributes that make it be replaced.
    """

    address: str
    type: str
    actions: tuple[str, ...]
    imported: bool
    values: dict[str, Any]
    replaced_for: tuple[str, ...]


class Workspace:
    """A folder beside which Terraform finds the stack, and imports in a file of their own."""

    def __init__(self, folder: Path) -> None:
        """Args: folder: made by ``workspace``."""
        self._folder = folder

    def plan(self, imports: Mapping[str, str], *, only: Sequence[str] = ()) -> list[Change]:
        """Plan, and keep the plan for ``apply``.

        Args:
            imports: address to what it is imported by.
            only: addresses to which the plan is confined, with what they need; all by default.

        Raises:
            TerraformError: it cannot be planned.
        """
        blocks = [{"to": address, "id": id_} for address, id_ in imports.items()]
        # Terraform takes no empty list of blocks.
        body = {"import": blocks} if blocks else {}
        (self._folder / _IMPORTS).write_text(json.dumps(body), encoding="utf-8")
        targets = [f"-target={address}" for address in only]
        run_terraform(self._folder, "plan", *_OPTIONS, f"-out={_PLAN}", *targets).check()
        shown = run_terraform(self._folder, "show", "-json", _PLAN).check()
        # A deprecation warning may stand before the JSON.
        plan = json.loads(shown.output[shown.output.index("{") :])
        return [
            _change(each) for each in plan.get("resource_changes", []) if each["mode"] == "managed"
        ]

    def apply(self) -> None:
        """Apply the last plan, and nothing else.

        Raises:
            TerraformError: it failed or was interrupted; Terraform has saved what it reached.
        """
        run_terraform(self._folder, "apply", *_OPTIONS, _PLAN, shown=True).check()


@contextlib.contextmanager
def workspace(state: StackState) -> Iterator[Workspace]:
    """Make a folder that shows the stack's files, and remove it whatever happens.

    The stack's own folder never holds an import, so that no later deployment can meet one; and a
    plan, which holds secrets in clear, lies where nobody else may read.
    """
    run_terraform(state.folder, "init", "-input=false").check()
    with tempfile.TemporaryDirectory(prefix="adopt-") as parent:
        # Terraform's messages name the folder, and a person shall see the stack in it.
        folder = Path(parent, state.stack)
        folder.mkdir()
        for path in state.folder.iterdir():
            (folder / path.name).symlink_to(path.resolve())
        yield Workspace(folder)


def _change(each: dict[str, Any]) -> Change:
    change = each["change"]
    unknown = change.get("after_unknown") or {}
    return Change(
        address=each["address"],
        type=each["type"],
        actions=tuple(change["actions"]),
        imported="importing" in change,
        values={
            name: value
            for name, value in (change.get("after") or {}).items()
            # Of a list or a block single parts may be unknown: they are compared as a whole.
            if not _any(unknown.get(name))
        },
        replaced_for=tuple(".".join(map(str, path)) for path in change.get("replace_paths") or []),
    )


def _any(unknown: Any) -> bool:
    if isinstance(unknown, dict):
        return any(map(_any, unknown.values()))
    if isinstance(unknown, list):
        return any(map(_any, unknown))
    return bool(unknown)
