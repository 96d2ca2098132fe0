"""The two ends of a release: the plan job seals a plan, the apply job applies it or refuses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError, Status
from pipeline.plan.fingerprint import fingerprint as fingerprint_of
from pipeline.plan.model import Action, Change, Plan
from pipeline.plan.read import read_plan
from pipeline.release import terraform
from pipeline.release.credentials import ROLE, TOKEN, sign_in
from pipeline.release.files import digests, private_folder
from pipeline.release.guards import check, refuse_data_loss, refuse_second_try
from pipeline.release.seal import Header, Key, seal, unseal

Begin = Callable[[Sequence[Mapping[str, str]]], AbstractContextManager[None]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """Where and when a job runs.

    Attributes:
        commit: the pipeline's commit, whole.
        pipeline_id: the pipeline's id.
        now: the present, with a time zone.
    """

    commit: str
    pipeline_id: int
    now: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedStack:
    """A stack and its sealed plan.

    Attributes:
        name: how reports call the stack: ``dev``, or ``dev/web-dev``.
        folder: its folder, as it was when it was planned.
        sealed: what ``prepare`` wrote.
        token: the variable that holds GitLab's token for the role that applies it.
        role: the variable that holds that role's ARN.
    """

    name: str
    folder: Path
    sealed: Path
    token: str = TOKEN
    role: str = ROLE


@dataclass(frozen=True, kw_only=True, slots=True)
class Guards:
    """What the apply job asks of the plans beyond being the right ones.

    Attributes:
        max_age: how old they may be.
        at_risk: tells what holds data and is destroyed or replaced.
        allowed: addresses of such resources that the operator named.
        review: called with all plans and their fingerprints; raises ``PipelineError`` where one
            is not what was reviewed.
        earlier_runs: how many earlier jobs began to apply them.
    """

    max_age: timedelta
    at_risk: Callable[[Plan], Sequence[Change]]
    allowed: Collection[str]
    review: Callable[[Sequence[tuple[Plan, str]]], None]
    earlier_runs: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Applied:
    """What was applied.

    Attributes:
        header: of the sealed plan.
        plan: what it did; it holds secrets in clear.
    """

    header: Header
    plan: Plan


class ApplyError(PipelineError):
    """Terraform failed, or was refused, while it applied the plans of an environment.

    Attributes:
        applied: what was applied before.
        failed: the stack that failed; empty where all were applied.
        untouched: the stacks that come after it.
    """

    def __init__(
        self,
        error: PipelineError,
        *,
        applied: Sequence[Applied],
        failed: str,
        untouched: Sequence[str],
    ) -> None:
        """Args: error: why; applied, failed, untouched: the stacks, in order."""
        done = [each.plan.stack for each in applied]
        # What another stack's apply changed is no longer "nothing was changed".
        stale = error.status is Status.STALE_PLAN and done
        parts = [str(error)]
        if done and failed:
            parts.append(f"applied before it: {', '.join(done)}")
        if untouched:
            parts.append(f"untouched: {', '.join(untouched)}")
        super().__init__("; ".join(parts), Status.APPLY_FAILED if stale else error.status)
        self.applied = tuple(applied)
        self.failed = failed
        self.untouched = tuple(untouched)


def prepare(
    plan_file: Path, *, folder: Path, stack: str, run: Run, fingerprint: str, key: Key, to: Path
) -> Header:
    """Seal a plan together with the digests of the files beside it.

    Args:
        plan_file: what ``terraform plan -out`` wrote.
        folder: the stack's folder, which the apply job must get as it is.
        stack: its name.
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
        stack=stack,
        commit=run.commit,
        pipeline_id=run.pipeline_id,
        created_at=run.now,
        fingerprint=fingerprint,
        files=digests(folder, besides=plan_file),
    )
    seal(plan_file, header=header, key=key, to=to)
    return header


def apply(
    stacks: Sequence[SealedStack],
    *,
    environment: str,
    run: Run,
    key: Key,
    guards: Guards,
    variables: Mapping[str, str],
    begin: Begin = lambda _: nullcontext(),
) -> tuple[tuple[Applied, ...], Mapping[str, Any]]:
    """Apply exactly the sealed plans of an environment's stacks, or refuse all of them.

    Every guard is asked about every plan before the first is applied. The first that fails is the
    last that is touched.

    Args:
        stacks: in the order in which they are applied.
        environment: its name, for the messages.
        run: the apply job.
        key: any of its secrets may be the one that sealed.
        guards: what is asked of the plans.
        variables: of the job, the credentials of its stacks among them.
        begin: called when every guard let the plans pass, with the environments in which the stacks
            sign in; what it returns is open while Terraform applies.

    Returns:
        What was applied, and the outputs afterwards: of a name that several stacks have, the
        first stack's, and none that is sensitive.

    Raises:
        ApplyError: Terraform failed, or found that a state moved on.
        PipelineError: a guard refuses; the status tells which.
    """
    with private_folder() as private:
        opened = [
            _open(stack, private / str(number), run, key, guards.max_age, variables)
            for number, stack in enumerate(stacks)
        ]
        plans = [(each.applied.plan, each.applied.header.fingerprint) for each in opened]
        refuse_data_loss(
            _at_risk([plan for plan, _ in plans], guards.at_risk),
            environment=environment,
            allowed=guards.allowed,
        )
        guards.review(plans)
        refuse_second_try(guards.earlier_runs, environment=environment)
        with begin([each.env for each in opened]):
            applied = _apply(opened)
        try:
            outputs = _outputs(opened)
        except PipelineError as error:
            raise ApplyError(error, applied=applied, failed="", untouched=()) from None
    return tuple(applied), outputs


def _apply(opened: Sequence[_Opened]) -> list[Applied]:
    """Apply in order, up to the first that fails."""
    applied: list[Applied] = []
    for number, each in enumerate(opened):
        try:
            terraform.apply(each.stack.folder, each.plan_file, env=each.env)
        except PipelineError as error:
            raise ApplyError(
                error,
                applied=applied,
                failed=each.stack.name,
                untouched=[later.stack.name for later in opened[number + 1 :]],
            ) from None
        applied.append(each.applied)
    return applied


@dataclass(frozen=True, kw_only=True, slots=True)
class _Opened:
    """An opened plan, ready to be applied."""

    stack: SealedStack
    plan_file: Path
    env: Mapping[str, str]
    applied: Applied


def _open(
    stack: SealedStack,
    private: Path,
    run: Run,
    key: Key,
    max_age: timedelta,
    variables: Mapping[str, str],
) -> _Opened:
    """Open a sealed plan and check that it is the right one."""
    private.mkdir(mode=0o700)
    plain, shown = private / "plan.tfplan", private / "plan.json"
    env = sign_in(variables, private, stack=stack.name, token=stack.token, role=stack.role)
    header = unseal(stack.sealed, key=key, to=plain)
    check(
        header,
        stack=stack.name,
        commit=run.commit,
        pipeline_id=run.pipeline_id,
        now=run.now,
        max_age=max_age,
        folder=stack.folder,
    )
    terraform.init(stack.folder, locked=True, env=env)
    terraform.show_json(stack.folder, plain, shown, env=env)
    plan = read_plan(shown, stack=stack.name)
    _check_fingerprint(header, plan)
    return _Opened(stack=stack, plan_file=plain, env=env, applied=Applied(header=header, plan=plan))


def _at_risk(
    plans: Sequence[Plan], at_risk: Callable[[Plan], Sequence[Change]]
) -> Mapping[str, Action]:
    """Address to action; of several stacks, whose addresses may be equal, ``stack:address``."""
    several = len(plans) > 1
    return {
        f"{plan.stack.rpartition('/')[2]}:{change.address}" if several else change.address: (
            change.action
        )
        for plan in plans
        for change in at_risk(plan)
    }


def _outputs(opened: Sequence[_Opened]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for each in opened:
        try:
            found = {**terraform.outputs(each.stack.folder, env=each.env), **found}
        except PipelineError as error:
            raise PipelineError(f"{each.stack.name}: was applied as planned, but {error}") from None
    return found


def _check_fingerprint(header: Header, plan: Plan) -> None:
    found = fingerprint_of(plan)
    if found != header.fingerprint:
        raise PipelineError(
            f"{header.stack}: the saved plan's fingerprint is {found}, and it was sealed as "
            f"{header.fingerprint}; run a new pipeline",
            Status.TAMPERED_PLAN,
        )
