"""Runs the checks on stacks and plans, and honours the skips that a stack itself carries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from checkov.common.models.enums import CheckResult

from pipeline.plan.values import as_map
from policies.check import Outcome
from policies.checkov import Answers, run_on_plan, run_on_synthesised
from policies.errors import PolicyError
from policies.findings import Finding, Severity, Verdict
from policies.read import read_plan, read_stack
from policies.stack import Stack

METADATA_KEY = "checkov_skip"
"""Where ``modules.checkov.skip`` writes; this room reads JSON and imports no module."""

SYNTHESISED = "cdk.tf.json"


def check_stacks(out: Path, stacks: Sequence[str] = ()) -> list[Verdict]:
    """Run all checks on synthesised stacks.

    Args:
        out: CDKTF's output folder.
        stacks: ids of the stacks; all of them by default.

    Raises:
        PolicyError: there is no such stack, or it could not be read.
    """
    found = sorted(path.parent.name for path in out.glob(f"stacks/*/{SYNTHESISED}"))
    if not found:
        raise PolicyError(f"{out}: no synthesised stacks; run 'cdktf synth' first")
    unknown = sorted(set(stacks) - set(found))
    if unknown:
        raise PolicyError(f"{unknown[0]}: no such stack in {out}; there are {', '.join(found)}")
    return [check_stack(out / "stacks" / stack / SYNTHESISED) for stack in stacks or found]


def check_stack(path: Path) -> Verdict:
    """Run all checks on one stack's JSON.

    Args:
        path: ``…/stacks/<id>/cdk.tf.json``.

    Raises:
        PolicyError: the stack could not be read, or a check failed itself.
    """
    stack = read_stack(path)
    answers = run_on_synthesised(path, stack)
    return _verdict(stack, answers)


def check_plan(path: Path, plan: Path) -> Verdict:
    """Run our checks on a plan; what the plan leaves open, the stack's JSON may decide.

    A policy of which one ARN is known only after the apply is unknown as a whole in the plan, and
    written out in the JSON.

    Args:
        path: ``…/stacks/<id>/cdk.tf.json`` of the stack that was planned.
        plan: what ``terraform show -json`` wrote.

    Raises:
        PolicyError: one of the two could not be read, or a check failed itself.
    """
    stack = read_stack(path)
    planned = run_on_plan(plan, read_plan(plan, synthesised=stack))
    outcomes = _together(planned, run_on_synthesised(path, stack, ours_only=True))
    passed = sum(each.result is CheckResult.PASSED for each in outcomes)
    verdict = _verdict(stack, Answers(passed=passed, failed=[], outcomes=outcomes))
    # The skips of Checkov's own checks were not asked for here.
    return replace(verdict, stale=())


def _together(planned: Answers, synthesised: Answers) -> list[Outcome]:
    """One outcome for each check and resource: a fault of either counts, then a decision of either."""
    best: dict[tuple[str, str], Outcome] = {}
    for each in (*planned.outcomes, *synthesised.outcomes):
        key = each.resource.address, each.check.id
        if key not in best or _WEIGHT[each.result] > _WEIGHT[best[key].result]:
            best[key] = each
    return list(best.values())


_WEIGHT = {CheckResult.UNKNOWN: 0, CheckResult.PASSED: 1, CheckResult.FAILED: 2}


def _verdict(stack: Stack, answers: Answers) -> Verdict:
    failed = {(each.resource, each.check): each for each in _failed(stack, answers)}
    undecided = {
        (each.resource, each.check): each
        for outcome in answers.outcomes
        if outcome.result is CheckResult.UNKNOWN
        for each in (_finding(stack, outcome, outcome.unknown),)
    }
    skips = dict(_skips(stack))
    skipped = [
        replace(failed[key], text=reason, remedy="")
        for key, reason in skips.items()
        if key in failed
    ]
    stale = [
        Finding(stack=stack.name, resource=key[0], check=key[1], text=reason)
        for key, reason in skips.items()
        if key not in failed and key not in undecided
    ]
    return Verdict(
        stack=stack.name,
        passed=answers.passed,
        failed=_sorted(each for key, each in failed.items() if key not in skips),
        skipped=_sorted(skipped),
        stale=_sorted(stale),
        undecided=_sorted(each for key, each in undecided.items() if key not in skips),
    )


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda each: (list(Severity).index(each.severity), each)))


def _skips(stack: Stack) -> Iterator[tuple[tuple[str, str], str]]:
    """Resource name and check to reason, from the resources' own metadata."""
    for resource in stack.resources:
        skips = as_map(as_map(resource.values.get("//")).get(METADATA_KEY))
        for check, reason in skips.items():
            yield (resource.name, check), str(reason)


def _failed(stack: Stack, answers: Answers) -> Iterator[Finding]:
    for record in answers.failed:
        yield Finding(
            stack=stack.name,
            resource=_name(record.resource),
            check=record.check_id,
            text=record.check_name,
        )
    for outcome in answers.outcomes:
        if outcome.faults:
            yield _finding(stack, outcome, outcome.faults)


def _finding(stack: Stack, outcome: Outcome, texts: Iterable[str]) -> Finding:
    return Finding(
        stack=stack.name,
        resource=outcome.resource.name,
        check=outcome.check.id,
        text="; ".join(texts),
        severity=outcome.check.severity,
        remedy=outcome.check.remedy,
    )


def _name(resource: str) -> str:
    """Checkov writes ``resource.<name>`` or ``<type>.<name>``; names are unique in a stack."""
    return resource.rsplit(".", 1)[-1]
