"""Finds what exists and is in no state, round by round, from what stands alone to its parts."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from recovery.adopt.account import Account
from recovery.adopt.plan import Change, Workspace
from recovery.adopt.rule import Candidate, Rule
from recovery.adopt.rules import RULES, made_again
from recovery.adopt.states import Known
from recovery.errors import RecoveryError

_CREATE = ("create",)
_POLL_SECONDS = 10.0
_WAIT_SECONDS = 45 * 60.0
"""As long as the provider itself waits for the slowest, a database."""

Show = Callable[[str], object]


@dataclass(kw_only=True)
class Found:
    """What a search has found.

    Attributes:
        imports: address to what it is imported by.
        changes: what Terraform plans with these imports.
        leftovers: identifier of each thing that fits no resource any more, by type.
        obstacles: what stands in the way of a resource, and the command that helps.
    """

    imports: dict[str, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    leftovers: dict[str, dict[str, Candidate]] = field(default_factory=lambda: defaultdict(dict))
    obstacles: dict[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Search:
    """Looks for the resources of a stack.

    Attributes:
        account: where.
        work: plans the stack.
        known: what the states have.
        names: what templates may name beside a resource's own attributes: ``account``,
            ``region``, ``project``, ``environment``.
        keep: identifiers that a person chose among several.
        show: prints one line.
        sleep: waits some seconds.
    """

    account: Account
    work: Workspace
    known: Known
    names: Mapping[str, str]
    keep: Collection[str]
    show: Show
    sleep: Callable[[float], object] = time.sleep

    def run(self) -> Found:
        """Look until a round finds nothing more.

        Raises:
            RecoveryError: several things fit one resource, or something does not get ready.
        """
        found = Found()
        while True:
            found.changes = self.work.plan(found.imports)
            if not found.imports:
                self._name_types_without_rule(found.changes)
            missing = [c for c in found.changes if c.actions == _CREATE and c.type in RULES]
            self.show(
                f"{len(found.imports)} found so far; looking for {len(missing)} others in AWS"
            )
            self.account.forget()
            new = self._round(missing, found)
            if not new:
                break
            found.imports |= new
        found.leftovers = self._leftovers(found)
        return found

    def _name_types_without_rule(self, changes: list[Change]) -> None:
        """Say what is not looked for: types of settings that no environment uses yet."""
        strange = (
            {c.type for c in changes if c.actions == _CREATE} - RULES.keys() - made_again().keys()
        )
        if strange:
            self.show(
                f"not looked for, because recovery/adopt/rules says nothing of them: "
                f"{', '.join(sorted(strange))}; what exists of them is in the apply's way"
            )

    def _round(self, missing: list[Change], found: Found) -> dict[str, str]:
        new: dict[str, str] = {}
        claimed = _claimed(found)
        for change in missing:
            candidate = self._one(change, claimed)
            if candidate is None:
                continue
            if candidate.obstacle:
                found.obstacles[change.address] = candidate.obstacle
                continue
            new[change.address] = candidate.id
            claimed.add((change.type, candidate.id))
        return new

    def _one(self, change: Change, claimed: set[tuple[str, str]]) -> Candidate | None:
        """The thing that a resource describes, once it is ready; None where there is none."""
        rule = RULES[change.type]
        deadline = time.monotonic() + _WAIT_SECONDS
        while True:
            candidates = [
                each
                for each in self._candidates(rule, change)
                if (change.type, each.id) not in claimed
            ]
            chosen = self._choose(rule, change, candidates)
            if chosen is None or not chosen.pending:
                return chosen
            if time.monotonic() > deadline:
                raise RecoveryError(
                    f"{change.address}: {chosen.id} is still {chosen.pending} after "
                    f"{_WAIT_SECONDS / 60:.0f} minutes; look at it in AWS, then adopt again"
                )
            self.show(f"waiting for {change.type} {chosen.id}: {chosen.pending}")
            self.sleep(_POLL_SECONDS)
            self.account.forget()

    def _candidates(self, rule: Rule, change: Change) -> list[Candidate]:
        values: dict[str, Any] = {**self.names, **change.values}
        return [
            each for each in rule.candidates(self.account, values) if self._is_free(change, each)
        ]

    def _is_free(self, change: Change, candidate: Candidate) -> bool:
        """Whether no state has it, which may call by its id what is imported by an ARN."""
        names = {candidate.id, candidate.id.rpartition(":")[2]}
        return not any((change.type, name) in self.known.owners for name in names)

    def _choose(self, rule: Rule, change: Change, candidates: list[Candidate]) -> Candidate | None:
        if len(candidates) > 1 and not rule.alike:
            chosen = [each for each in candidates if each.id in self.keep]
            chosen = chosen or [each for each in candidates if each.preferred]
            if len(chosen) != 1:
                ids = [each.id for each in candidates]
                raise RecoveryError(
                    f"{change.address}: {len(ids)} of AWS's fit it ({', '.join(ids)}); look at "
                    f"them, and name the one to keep: KEEP={ids[0]}"
                )
            candidates = chosen
        return min(candidates, key=lambda each: each.id, default=None)

    def _leftovers(self, found: Found) -> dict[str, dict[str, Candidate]]:
        """What is like a resource of the stack, and is neither adopted nor in any state."""
        claimed = _claimed(found)
        left: dict[str, dict[str, Candidate]] = defaultdict(dict)
        for change in found.changes:
            rule = RULES.get(change.type)
            if rule is None or not rule.several:
                continue
            for each in self._candidates(rule, change):
                if (change.type, each.id) not in claimed:
                    left[change.type][each.id] = each
        return left


def _claimed(found: Found) -> set[tuple[str, str]]:
    return {(type_of(address), id_) for address, id_ in found.imports.items()}


def type_of(address: str) -> str:
    """Terraform's type of the resource at an address."""
    return address.split(".")[-2]
