"""``compare``: is what the default branch would apply what was reviewed?"""

from __future__ import annotations

import argparse
import os

from pipeline.commands.comment import ENVIRONMENTS, read_reports
from pipeline.commands.job import REPORTS, Job, raise_together, say
from pipeline.commands.review import review_of
from pipeline.errors import PipelineError, Status
from pipeline.gitlab.client import GitLabSettings, connect
from pipeline.release.compare import Comparison, compare
from pipeline.report.machine import merge
from pipeline.report.model import EnvironmentReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``compare`` takes none: the job's variables and artifacts hold all that it needs."""
    del parser


def run(options: argparse.Namespace) -> None:
    """Say of each environment how its plan relates to the reviewed one.

    Raises:
        PipelineError: a plan needs a second look (DIFFERENT_PLAN, UNREVIEWED) or is missing, or
            GitLab failed.
    """
    del options
    job = Job.of_pipeline()
    planned = _planned()
    project = connect(GitLabSettings.from_environment(os.environ))
    review = review_of(project, job.commit)
    brought = review.merge_request
    say(f"merge request: {brought.web_url if brought else 'none, the commit was pushed directly'}")
    comparison = compare(
        {name: each.fingerprint for name, each in planned.items()},
        review.fingerprints,
        empty=[name for name, each in planned.items() if each.unchanged],
    )
    for name, verdict in comparison.verdicts.items():
        say(f"{name}: {verdict} ({planned[name].fingerprint})")
    raise_together([error for name in planned for error in _objections(comparison, name)])


def _planned() -> dict[str, EnvironmentReport]:
    """The reports of this pipeline's plans; a pipeline that plans again has only one of them."""
    report = merge(read_reports(REPORTS / f"{name}.json" for name in ENVIRONMENTS))
    if not report.environments:
        raise PipelineError(f"{REPORTS}: no plan's report is there to compare", Status.USAGE)
    failed = [each for each in report.environments if each.failure]
    if failed:
        raise PipelineError(
            f"{failed[0].environment}: has no plan to compare: {failed[0].failure}", Status.FAILED
        )
    return {each.environment: each for each in report.environments}


def _objections(comparison: Comparison, environment: str) -> list[PipelineError]:
    try:
        comparison.raise_for(environment)
    except PipelineError as error:
        return [error]
    return []
