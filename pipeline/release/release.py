"""The two ends of a release: the plan job seals a plan, the apply job applies it or refuses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError, Status
from pipeline.plan.fingerprint import fingerprint as fingerprint_of
from pipeline.plan.model import Change, Plan
from pipeline.plan.read import read_plan
from pipeline.release import terraform
from pipeline.release.files import digests, private_folder
from pipeline.release.guards import check, refuse_data_loss, refuse_second_try
from pipeline.release.seal import Header, Key, seal, unseal


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Where and when a job runs.

    Attributes:
        environment: the environment that is planned or changed.
        commit: the pipeline's commit, whole.
        pipeline_id: the pipeline's id.
        now: the present, with a time zone.
    """

    environment: str
    commit: str
    pipeline_id: int
    now: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Guards:
    """What the apply job asks of a plan beyond being the right one.

    Attributes:
        max_age: how old it may be.
        at_risk: tells what holds data and is destroyed or replaced.
        allowed: addresses of such resources that the operator named.
        review: called with the plan and its fingerprint; raises ``PipelineError`` where it is not
            what was reviewed.
        earlier_runs: how many earlier jobs began to apply it.
    """

    max_age: timedelta
    at_risk: Callable[[Plan], Sequence[Change]]
    allowed: Collection[str]
    review: Callable[[Plan, str], None]
    earlier_runs: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """What was applied.

    Attributes:
        header: of the sealed plan.
        plan: what it did; it holds secrets in clear.
        outputs: the stack's outputs afterwards, without sensitive ones.
    """

    header: Header
    plan: Plan
    outputs: Mapping[str, Any]


def prepare(
    plan_file: Path, *, folder: Path, run: Run, fingerprint: str, key: Key, to: Path
) -> Header:
    """Seal a plan together with the digests of the files beside it.

    Args:
        plan_file: what ``terraform plan -out`` wrote.
        folder: the stack's folder, which the apply job must get as it is.
        run: the plan job.
        fingerprint: of the plan, as the report shows it.
        key: its first secret seals.
        to: the sealed file, outside the stack's folder.

    Raises:
        PipelineError: the plan file or the folder cannot be used.
    """
    if to.resolve().is_relative_to(folder.resolve()):
        raise PipelineError(
            f"{to}: lies in the stack's folder {folder}, whose files the plan fixes; "
            "name a place outside",
            Status.USAGE,
        )
    header = Header(
        environment=run.environment,
        commit=run.commit,
        pipeline_id=run.pipeline_id,
        created_at=run.now,
        fingerprint=fingerprint,
        files=digests(folder, besides=plan_file),
    )
    seal(plan_file, header=header, key=key, to=to)
    return header


def apply(
    sealed: Path,
    *,
    folder: Path,
    run: Run,
    key: Key,
    guards: Guards,
    begin: Callable[[], None] = lambda: None,
) -> Applied:
    """Apply a sealed plan, once every guard let it pass; nothing is touched before.

    The plan file and its JSON lie in a private folder that is removed whatever happens.

    Args:
        sealed: what ``prepare`` wrote.
        folder: the stack's folder, as it was when it was planned.
        run: the apply job.
        key: any of its secrets may be the one that sealed.
        guards: what is asked of the plan.
        begin: called when every guard let the plan pass, right before Terraform applies it.

    Raises:
        PipelineError: a guard refuses, or Terraform fails; the status tells which.
    """
    with private_folder() as private:
        plain, shown = private / "plan.tfplan", private / "plan.json"
        header = unseal(sealed, key=key, to=plain)
        check(
            header,
            environment=run.environment,
            commit=run.commit,
            pipeline_id=run.pipeline_id,
            now=run.now,
            max_age=guards.max_age,
            folder=folder,
        )
        terraform.init(folder, locked=True)
        terraform.show_json(folder, plain, shown)
        plan = read_plan(shown, environment=run.environment)
        _check_fingerprint(header, plan)
        refuse_data_loss(guards.at_risk(plan), environment=run.environment, allowed=guards.allowed)
        guards.review(plan, header.fingerprint)
        refuse_second_try(guards.earlier_runs, environment=run.environment)
        begin()
        terraform.apply(folder, plain)
    return Applied(header=header, plan=plan, outputs=_outputs(folder, run.environment))


def _outputs(folder: Path, environment: str) -> Mapping[str, Any]:
    try:
        return terraform.outputs(folder)
    except PipelineError as error:
        raise PipelineError(f"{environment}: was applied as planned, but {error}") from None


def _check_fingerprint(header: Header, plan: Plan) -> None:
    found = fingerprint_of(plan)
    if found != header.fingerprint:
        raise PipelineError(
            f"{header.environment}: the saved plan's fingerprint is {found}, and it was sealed as "
            f"{header.fingerprint}; run a new pipeline",
            Status.TAMPERED_PLAN,
        )
