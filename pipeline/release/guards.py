"""Refuses a saved plan that is not the one to apply here and now, or that loses data."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.errors import PipelineError, Status
from pipeline.plan.model import Action
from pipeline.release.files import digests
from pipeline.release.seal import Header

ALLOW_VARIABLE = "ALLOW_DATA_LOSS"
"""The variable in which an operator names what may be lost."""

CLOCK_SKEW = timedelta(minutes=5)
"""How far the clocks of two runners may differ."""

_SHOWN_COMMIT = 12


def check(
    header: Header,
    *,
    stack: str,
    commit: str,
    pipeline_id: int,
    now: datetime,
    max_age: timedelta,
    folder: Path,
) -> None:
    """Check that an authentic plan belongs to this stack, commit, pipeline and folder.

    Args:
        header: what the sealed plan says of itself.
        stack: the one that is to be changed.
        commit: the pipeline's commit, whole.
        pipeline_id: the pipeline's id.
        now: the present, with a time zone.
        max_age: how old a plan may be; exactly as old is still accepted.
        folder: the stack's folder.

    Raises:
        PipelineError: another stack's plan, or other files beside it (TAMPERED_PLAN);
            another commit or pipeline, too old or from the future (STALE_PLAN).
    """
    if header.stack != stack:
        raise PipelineError(
            f"{stack}: the saved plan is of stack {header.stack}; pass the plan of the same stack",
            Status.TAMPERED_PLAN,
        )
    if header.commit != commit:
        raise _stale(
            stack,
            f"is of commit {header.commit[:_SHOWN_COMMIT]}, not of {commit[:_SHOWN_COMMIT]}",
        )
    if header.pipeline_id != pipeline_id:
        raise _stale(stack, f"is of pipeline {header.pipeline_id}, not of {pipeline_id}")
    _check_age(header, stack=stack, now=now, max_age=max_age)
    _check_files(header, stack=stack, folder=folder)


def refuse_data_loss(
    at_risk: Mapping[str, Action], *, environment: str, allowed: Collection[str]
) -> None:
    """Refuse to destroy or replace what holds data, unless each address is named.

    Args:
        at_risk: addresses of resources that hold data, and what the plan does to each.
        environment: its name, for the message.
        allowed: addresses that the operator named. They are compared as they are: a pattern
            matches nothing.

    Raises:
        PipelineError: an address is at risk and not named, or named and not at risk (DATA_LOSS).
    """
    unnamed = [f"{name} ({act})" for name, act in sorted(at_risk.items()) if name not in allowed]
    strangers = sorted(" ".join(name.split()) for name in set(allowed) - set(at_risk))
    problems = []
    if unnamed:
        problems.append(f"the plan destroys or replaces what holds data: {', '.join(unnamed)}")
    if strangers:
        problems.append(
            f"{ALLOW_VARIABLE} names what this plan does not put at risk: {', '.join(strangers)} "
            "(whole addresses only, no wildcards)"
        )
    if not problems:
        return
    remedy = (
        f"to lose it on purpose, press play with {ALLOW_VARIABLE}={','.join(sorted(at_risk))}"
        if at_risk
        else f"remove it from {ALLOW_VARIABLE}"
    )
    raise PipelineError(f"{environment}: {'; '.join(problems)}; {remedy}", Status.DATA_LOSS)


def named_addresses(text: str) -> frozenset[str]:
    """Read the value of ``ALLOW_DATA_LOSS``: addresses separated by commas.

    A comma inside brackets belongs to the address, as in ``aws_s3_bucket.x["a,b"]``.
    """
    parts = re.split(r",(?![^\[\]]*\])", text)
    return frozenset(part.strip() for part in parts if part.strip())


def refuse_second_try(earlier_runs: int, *, environment: str) -> None:
    """Refuse a plan that a job already tried to apply.

    Args:
        earlier_runs: how many earlier jobs of this pipeline tried it.
        environment: its name, for the message.

    Raises:
        PipelineError: there is one (STALE_PLAN).
    """
    if earlier_runs > 0:
        raise PipelineError(
            f"{environment}: this plan was already tried: run a new pipeline, which plans from "
            "what the first try reached",
            Status.STALE_PLAN,
        )


def _check_age(header: Header, *, stack: str, now: datetime, max_age: timedelta) -> None:
    age = now - header.created_at
    if age > max_age:
        raise _stale(stack, f"is {_hours(age)} old, and at most {_hours(max_age)} is allowed")
    if age < -CLOCK_SKEW:
        raise _stale(stack, f"was made {_hours(-age)} in the future: a clock is wrong")


def _check_files(header: Header, *, stack: str, folder: Path) -> None:
    found = digests(folder)
    kinds = {
        "changed": [p for p, digest in header.files.items() if found.get(p, digest) != digest],
        "missing": [path for path in header.files if path not in found],
        "not there when it was planned": [path for path in found if path not in header.files],
    }
    problems = [f"{', '.join(sorted(paths))}: {kind}" for kind, paths in kinds.items() if paths]
    if problems:
        raise PipelineError(
            f"{stack}: files beside the saved plan differ in {folder}: "
            f"{'; '.join(problems)}; run a new pipeline",
            Status.TAMPERED_PLAN,
        )


def _hours(length: timedelta) -> str:
    minutes = int(length.total_seconds()) // 60
    return f"{minutes // 60} h {minutes % 60:02d} min"


def _stale(stack: str, why: str) -> PipelineError:
    return PipelineError(f"{stack}: the saved plan {why}; run a new pipeline", Status.STALE_PLAN)
