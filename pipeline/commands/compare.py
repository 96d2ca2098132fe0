"""``compare``: is what the default branch would apply what was reviewed?"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from pipeline.commands.comment import read_reports
from pipeline.commands.job import REPORTS, Job, print_line, raise_together
from pipeline.commands.review import review_of
from pipeline.environments import Environment, named, read_environments
from pipeline.errors import PipelineError, Status
from pipeline.gitlab.client import GitLabSettings, connect
from pipeline.release.compare import Comparison, compare
from pipeline.report.machine import merge
from pipeline.report.model import EnvironmentReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``compare`` takes none: the job's variables and artifacts hold all that it needs."""
    del parser


def run(options: argparse.Namespace) -> None:
    """Say of each stack how its plan relates to the reviewed one.

    Raises:
        PipelineError: a plan needs a second look (DIFFERENT_PLAN, UNREVIEWED) or is missing, or
            GitLab failed.
    """
    del options
    job = Job.of_pipeline()
    environments = _planned(read_environments())
    planned = {stack.name: stack for each in environments for stack in each.stacks}
    project = connect(GitLabSettings.from_environment(os.environ))
    review = review_of(project, job.commit)
    brought = review.merge_request
    print_line(
        f"merge request: {brought.web_url if brought else 'none, the commit was pushed directly'}"
    )
    comparison = compare(
        {name: each.fingerprint for name, each in planned.items()},
        review.fingerprints,
        empty=[name for name, each in planned.items() if each.unchanged],
    )
    for name, verdict in comparison.verdicts.items():
        print_line(f"{name}: {verdict} ({planned[name].fingerprint})")
    raise_together([error for each in environments for error in _errors_of(comparison, each)])


def _planned(known: Sequence[Environment]) -> tuple[EnvironmentReport, ...]:
    """The reports of this pipeline's plans; a pipeline that plans again has only one of them."""
    report = merge(read_reports(REPORTS / f"{each.name}.json" for each in known))
    if not report.environments:
        raise PipelineError(f"{REPORTS}: no plan's report is there to compare", Status.USAGE)
    for each in report.environments:
        for name, failure in each.failures:
            raise PipelineError(f"{name}: has no plan to compare: {failure}", Status.FAILED)
        environment = named(known, each.name)
        found = {stack.name for stack in each.stacks}
        for name in map(environment.stack_name, environment.stacks):
            if name not in found:
                raise PipelineError(
                    f"{name}: has no plan to compare: it is not in {REPORTS}/{each.name}.json; run "
                    "a new pipeline",
                    Status.FAILED,
                )
    return report.environments


def _errors_of(comparison: Comparison, environment: EnvironmentReport) -> list[PipelineError]:
    try:
        comparison.raise_for(*(stack.name for stack in environment.stacks))
    except PipelineError as error:
        return [error]
    return []
