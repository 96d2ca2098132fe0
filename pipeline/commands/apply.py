"""``apply``: applies exactly the plans that this pipeline sealed, or refuses; a note on the merge request says which."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from typing import Any

from pipeline.commands.job import REPORTS, Job, print_line, stack_folder, write
from pipeline.commands.plan import plan_key, sealed_plan, this_run
from pipeline.commands.review import Review, review_of
from pipeline.environments import Environment, named, read_environments
from pipeline.errors import PipelineError, Status
from pipeline.gitlab.client import GitLabSettings, Project, connect
from pipeline.gitlab.jobs import begin_line, earlier_runs
from pipeline.gitlab.note import marker_line
from pipeline.gitlab.note import publish as publish_note
from pipeline.plan.model import Plan
from pipeline.plan.secrets import mask_text
from pipeline.release.announce import Series, announced
from pipeline.release.compare import ACCEPT_VARIABLE, changes_nothing, compare
from pipeline.release.credentials import ROLE, TOKEN
from pipeline.release.guards import ALLOW_VARIABLE, named_addresses
from pipeline.release.release import Applied, ApplyError, Guards, SealedStack, apply
from pipeline.report.applied import Outcome, StackOutcome, render
from pipeline.warnings import data_at_risk

MAX_AGE = "PLAN_MAX_AGE_HOURS"
_MAX_AGE_HOURS = 24
_LONGEST_AGE_HOURS = 24 * 365

_MARKER = "applied"
"""The kind of note, followed by ``:`` and the environment."""

_API_URL = "api_url"
"""The output that becomes the deployment's address on GitLab."""

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*)?")
"""No blank, quote, dollar sign or line break, which a dotenv file gives a meaning."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``apply``."""
    parser.add_argument(
        "environment", metavar="ENV", help="such as dev: its stacks are applied in order"
    )
    parser.add_argument(
        "--as-reviewed",
        action="store_true",
        help="refuse plans that their merge request did not show, unless "
        f"{ACCEPT_VARIABLE} names their fingerprints",
    )


def run(options: argparse.Namespace) -> None:
    """Apply, and say on the merge request what came of it, good or bad.

    Raises:
        PipelineError: a guard refused a plan, or Terraform or GitLab failed.
    """
    job = Job.of_pipeline()
    environment = named(read_environments(), options.environment)
    stacks, key, max_age = _sealed_stacks(environment), plan_key(), _max_age(os.environ)
    project = connect(GitLabSettings.from_environment(os.environ))
    review = review_of(project, job.commit)
    guards = Guards(
        max_age=max_age,
        at_risk=data_at_risk,
        allowed=named_addresses(os.environ.get(ALLOW_VARIABLE, "")),
        review=partial(_check_review, review, asked=options.as_reviewed),
        earlier_runs=earlier_runs(project, job.pipeline_id, job.name, job.id),
    )
    begun: list[str] = []

    def begin(envs: Sequence[Mapping[str, str]]) -> AbstractContextManager[None]:
        begun.append(begin_line(job.pipeline_id))
        print_line(begun[0])
        return announced(_series(environment, envs), warn=print_line)

    try:
        applied, outputs = apply(
            stacks,
            environment=environment.name,
            run=this_run(job),
            key=key,
            guards=guards,
            variables=os.environ,
            begin=begin,
        )
    except PipelineError as error:
        # The note of the first run stays: it says what was changed.
        if not guards.earlier_runs:
            _publish_note(project, review, job, _failed(environment, error, begun=bool(begun)))
        raise
    _publish_note(
        project, review, job, Outcome(environment=environment.name, stacks=_outcomes(applied))
    )
    _leave_address(environment.name, outputs)
    for each in applied:
        print_line(f"{each.plan.stack}: applied ({each.header.fingerprint})")


def _sealed_stacks(environment: Environment) -> tuple[SealedStack, ...]:
    return tuple(
        SealedStack(
            name=environment.stack_name(stack),
            folder=stack_folder(stack.id),
            sealed=sealed_plan(stack),
            token=environment.variable(TOKEN, stack),
            role=environment.variable(ROLE, stack),
        )
        for stack in environment.stacks
    )


def _series(environment: Environment, envs: Sequence[Mapping[str, str]]) -> list[Series]:
    """The metrics of the stacks' deployments, each with its role's credentials."""
    return [
        Series(
            region=metric.region,
            namespace=metric.namespace,
            name=metric.name,
            dimensions=metric.dimensions,
            env=env,
        )
        for stack, env in zip(environment.stacks, envs, strict=True)
        if (metric := stack.deployment_metric)
    ]


def _check_review(review: Review, plans: Sequence[tuple[Plan, str]], *, asked: bool) -> None:
    if asked:
        compare(
            {plan.stack: fingerprint for plan, fingerprint in plans},
            review.fingerprints,
            accepted=os.environ.get(ACCEPT_VARIABLE, ""),
            empty=[plan.stack for plan, _ in plans if changes_nothing(plan)],
        ).raise_for(*(plan.stack for plan, _ in plans))


def _outcomes(applied: Sequence[Applied]) -> tuple[StackOutcome, ...]:
    return tuple(StackOutcome.of(each.plan, each.header.fingerprint) for each in applied)


def _failed(environment: Environment, error: PipelineError, *, begun: bool) -> Outcome:
    stopped = error if isinstance(error, ApplyError) else None
    applied = _outcomes(stopped.applied) if stopped else ()
    return Outcome(
        environment=environment.name,
        stacks=applied,
        failure=mask_text(str(error)),
        failed=stopped.failed if stopped else "",
        untouched=stopped.untouched if stopped else (),
        # Terraform refuses a stale plan before it touches anything.
        touched=begun and (bool(applied) or error.status is not Status.STALE_PLAN),
    )


def _max_age(env: Mapping[str, str]) -> timedelta:
    text = env.get(MAX_AGE) or str(_MAX_AGE_HOURS)
    try:
        hours = float(text)
    except ValueError:
        hours = 0
    if not 0 < hours <= _LONGEST_AGE_HOURS:
        raise PipelineError(
            f"{MAX_AGE}={text!r}: write a number of hours up to {_LONGEST_AGE_HOURS}, such as 24",
            Status.USAGE,
        )
    return timedelta(hours=hours)


def _leave_address(environment: str, outputs: Mapping[str, Any]) -> None:
    """A dotenv report: GitLab shows the address beside the deployment.

    What is applied is applied: what goes wrong here is a line, not a failure.
    """
    address = outputs.get(_API_URL)
    if address is not None and not (isinstance(address, str) and _ADDRESS.fullmatch(address)):
        print_line(
            f"warning: the output {_API_URL} is no address such as https://api.example.com; left out"
        )
        address = None
    try:
        write(REPORTS / f"{environment}.env", f"API_URL={address}\n" if address else "")
    except PipelineError as error:
        print_line(f"warning: the deployment has no address: {error}")


def _publish_note(project: Project, review: Review, job: Job, outcome: Outcome) -> None:
    """Write the note. What was applied is applied: a note that fails is a line, not a failure."""
    marker = f"{_MARKER}:{outcome.environment}"
    first = marker_line(marker, pipeline_id=job.pipeline_id)
    text = render(outcome, marker=first, job_url=job.url, commit=job.commit)
    try:
        write(REPORTS / f"applied-{outcome.environment}.md", text)
        if review.merge_request is None:
            return
        note = publish_note(
            project, review.merge_request.iid, text, marker=marker, pipeline_id=job.pipeline_id
        )
    except PipelineError as error:
        print_line(f"warning: the merge request has no note of it: {error}")
        return
    print_line(f"note {note.outcome}: {note.url}")
