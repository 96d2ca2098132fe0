"""``apply``: applies exactly the plan that this pipeline sealed, or refuses, and tells so."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from pipeline.commands.job import REPORTS, Job, say, stack_folder, write
from pipeline.commands.plan import plan_key, sealed_plan, this_run
from pipeline.commands.review import Review, review_of
from pipeline.errors import PipelineError, Status
from pipeline.gitlab.client import GitLabSettings, Project, connect
from pipeline.gitlab.jobs import begin_line, earlier_runs
from pipeline.gitlab.note import marker_line
from pipeline.gitlab.note import publish as publish_note
from pipeline.judge import data_at_risk
from pipeline.plan.model import Plan
from pipeline.plan.secrets import mask_text
from pipeline.release.compare import ACCEPT_VARIABLE, changes_nothing, compare
from pipeline.release.guards import ALLOW_VARIABLE, named_addresses
from pipeline.release.release import Guards, apply
from pipeline.report.applied import Outcome, render

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
    parser.add_argument("environment", metavar="ENV", help="dev or prod")
    parser.add_argument(
        "--as-reviewed",
        action="store_true",
        help="refuse a plan that its merge request did not show, unless "
        f"{ACCEPT_VARIABLE} names its fingerprint",
    )


def run(options: argparse.Namespace) -> None:
    """Apply, and say on the merge request what came of it, good or bad.

    Raises:
        PipelineError: a guard refused the plan, or Terraform or GitLab failed.
    """
    environment, job = options.environment, Job.of_pipeline()
    folder, key, max_age = stack_folder(environment), plan_key(), _max_age(os.environ)
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

    def begin() -> None:
        begun.append(begin_line(job.pipeline_id))
        say(begun[0])

    try:
        applied = apply(
            sealed_plan(environment),
            folder=folder,
            run=this_run(environment, job),
            key=key,
            guards=guards,
            begin=begin,
        )
    except PipelineError as error:
        # Terraform refuses a stale plan before it touches anything.
        touched = bool(begun) and error.status is not Status.STALE_PLAN
        failure = mask_text(str(error))
        # What the first try told is not to be covered by "nothing was changed".
        if not guards.earlier_runs:
            _tell(project, review, job, Outcome.failed(environment, failure, touched=touched))
        raise
    _tell(project, review, job, Outcome.succeeded(applied.plan, applied.header.fingerprint))
    _leave_address(environment, applied.outputs)
    say(f"{environment}: applied ({applied.header.fingerprint})")


def _check_review(review: Review, plan: Plan, fingerprint: str, *, asked: bool) -> None:
    if asked:
        compare(
            {plan.environment: fingerprint},
            review.fingerprints,
            accepted=os.environ.get(ACCEPT_VARIABLE, ""),
            empty=[plan.environment] if changes_nothing(plan) else [],
        ).raise_for(plan.environment)


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
        say(
            f"warning: the output {_API_URL} is no address such as https://api.example.com; left out"
        )
        address = None
    try:
        write(REPORTS / f"{environment}.env", f"API_URL={address}\n" if address else "")
    except PipelineError as error:
        say(f"warning: the deployment has no address: {error}")


def _tell(project: Project, review: Review, job: Job, outcome: Outcome) -> None:
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
        say(f"warning: the merge request was not told: {error}")
        return
    say(f"note {note.outcome}: {note.url}")
