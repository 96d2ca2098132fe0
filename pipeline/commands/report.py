"""``report``: plans that are already JSON become a report."""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from pathlib import Path

from pipeline.commands.assemble import BUDGETS, Costs, environment_report, refuse, stack_report
from pipeline.commands.job import Job, show, write
from pipeline.commands.policies import Findings, new_findings, read_policies
from pipeline.cost.budgets import Budgets, load_budgets
from pipeline.cost.catalogue import DEFAULT as CATALOGUE
from pipeline.cost.usage import RESOURCE_TYPE
from pipeline.environments import stack_name
from pipeline.errors import PipelineError, Status
from pipeline.plan.read import read_plan
from pipeline.report.machine import encode
from pipeline.report.markdown import render
from pipeline.report.model import EnvironmentReport, Report
from pipeline.report.widget import widget

_STACK = re.compile(r"[^/\s]+")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``report``."""
    parser.add_argument(
        "--plan",
        metavar="NAME=FILE",
        action="append",
        required=True,
        type=named,
        help="what 'terraform show -json' wrote; NAME is an environment of one stack, or "
        "ENV/STACK; repeat for more",
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the comment here")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the report as JSON here")
    parser.add_argument("--widget", type=Path, metavar="FILE", help="write GitLab's widget here")
    parser.add_argument("--quiet", action="store_true", help="show nothing in the terminal")
    parser.add_argument(
        "--policies", type=Path, metavar="FILE", help="findings, from 'python -m policies --json'"
    )
    parser.add_argument(
        "--policies-baseline", type=Path, metavar="FILE", help="those of the default branch"
    )
    add_cost_arguments(parser)


def add_cost_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that say how plans are priced."""
    parser.add_argument("--no-cost", action="store_true", help="leave the cost out")
    parser.add_argument(
        "--usage",
        metavar="NAME=FILE",
        action="append",
        default=[],
        type=named,
        help="usage in Infracost's format; pipeline/usage/STACK.yml by default, else default.yml",
    )
    parser.add_argument("--budgets", type=Path, metavar="FILE", default=BUDGETS)
    parser.add_argument("--catalogue", type=Path, metavar="FILE", default=CATALOGUE)
    parser.add_argument("--region", help="where a plan does not name the provider's region")
    parser.add_argument(
        "--tag",
        metavar="KEY",
        action="append",
        help="give each value of this tag a total; CostCenter by default",
    )
    parser.add_argument(
        "--allow-unpriced",
        metavar="TYPE",
        action="append",
        default=[],
        help="do not refuse plans for a resource type without a price; repeat for more",
    )
    parser.add_argument(
        "--cost-from",
        metavar="NAME=FILE",
        action="append",
        default=[],
        type=named,
        help="take the cost from Infracost's JSON instead of the own estimate",
    )


def named(text: str) -> tuple[str, Path]:
    """``ENV=FILE`` or ``ENV/STACK=FILE`` as the stack's name and the file."""
    name, separator, path = text.partition("=")
    environment, slash, stack = name.partition("/")
    if not (environment and separator and path) or (slash and not _STACK.fullmatch(stack)):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not NAME=FILE, such as dev=plan.json or dev/web-dev=plan.json"
        )
    return stack_name(environment, stack or environment), Path(path)


def costs_of(options: argparse.Namespace, stack: str) -> Costs | None:
    """How one stack's plan is priced, as the arguments say."""
    if options.no_cost:
        return None
    return Costs(
        catalogue=options.catalogue,
        usage=dict(options.usage).get(stack),
        region=options.region,
        tags=tuple(options.tag or ("CostCenter",)),
        infracost=dict(options.cost_from).get(stack),
        allow_unpriced=tuple(options.allow_unpriced),
    )


def budgets_of(options: argparse.Namespace) -> Budgets | None:
    """The budgets' file, as the arguments say.

    Raises:
        PipelineError: it is wrong.
    """
    return None if options.no_cost else load_budgets(options.budgets)


def run(options: argparse.Namespace) -> None:
    """Read, price, warn and write; then refuse what must not pass.

    Raises:
        PipelineError: bad input, an unknown type, or a budget that fails.
    """
    _check_arguments(options)
    job = Job.current()
    policies, compared = policies_of(options)
    report = Report(
        environments=tuple(_environments(options)),
        policies=policies,
        policies_baseline=compared,
        commit=job.commit,
        pipeline_id=job.pipeline_id,
        pipeline_url=job.pipeline_url,
        artifact_url=job.url,
    )
    publish(report, markdown=options.markdown, machine=options.json, widget_file=options.widget)
    if not options.quiet:
        show(report)
    refuse(report.environments)


def _environments(options: argparse.Namespace) -> Iterator[EnvironmentReport]:
    """The plans by environment; both in the order in which they are named first."""
    budgets = budgets_of(options)
    order = list(dict.fromkeys(_environment_of(name) for name, _ in options.plan))
    plans = sorted(options.plan, key=lambda each: order.index(_environment_of(each[0])))
    for environment, found in groupby(plans, key=lambda each: _environment_of(each[0])):
        stacks = [
            stack_report(read_plan(path, stack=name), costs_of(options, name))
            for name, path in found
        ]
        yield environment_report(environment, stacks, budgets)


def _environment_of(stack: str) -> str:
    return stack.partition("/")[0]


def _check_arguments(options: argparse.Namespace) -> None:
    names = [name for name, _ in options.plan]
    _refuse_doubles("--plan", names)
    check_cost_arguments(options, names)
    if options.policies_baseline and not options.policies:
        raise PipelineError(
            "--policies-baseline: there is no --policies to compare with it", Status.USAGE
        )


def check_cost_arguments(options: argparse.Namespace, stacks: Collection[str]) -> None:
    """Refuse a file that would be ignored without a word.

    Args:
        options: with the arguments of ``add_cost_arguments``.
        stacks: names of those that are planned.

    Raises:
        PipelineError: a file's stack is not planned or is named twice, what may be without a price
            is no type, or no cost is wanted.
    """
    for option, given in (("--usage", options.usage), ("--cost-from", options.cost_from)):
        names = [name for name, _ in given]
        _refuse_doubles(option, names)
        strangers = [name for name in names if name not in stacks]
        if strangers:
            raise PipelineError(
                f"{option} {strangers[0]}=…: there is no plan of '{strangers[0]}', only of "
                f"{', '.join(stacks)}",
                Status.USAGE,
            )
        if names and options.no_cost:
            raise PipelineError(f"{option}: says nothing beside --no-cost", Status.USAGE)
    for name in options.allow_unpriced:
        if not RESOURCE_TYPE.fullmatch(name):
            raise PipelineError(
                f"--allow-unpriced {name}: is no resource type, such as aws_medialive_channel; "
                "repeat the option for more",
                Status.USAGE,
            )
    if options.allow_unpriced and options.no_cost:
        raise PipelineError("--allow-unpriced: says nothing beside --no-cost", Status.USAGE)


def _refuse_doubles(option: str, names: Iterable[str]) -> None:
    twice = [name for name, number in Counter(names).items() if number > 1]
    if twice:
        raise PipelineError(f"{option}: '{twice[0]}' is there twice; name each once", Status.USAGE)


def policies_of(options: argparse.Namespace) -> tuple[Findings, bool]:
    """Findings that the default branch does not have, and whether it was there to compare with."""
    if options.policies is None:
        return (), False
    found = read_policies(options.policies)
    if options.policies_baseline is None:
        return found, False
    return new_findings(found, read_policies(options.policies_baseline)), True


def publish(
    report: Report, *, markdown: Path | None, machine: Path | None, widget_file: Path | None
) -> None:
    """Write a report in the forms that are asked for, once all of them could be made."""
    forms: list[tuple[Path, bytes | str]] = []
    if markdown:
        forms.append((markdown, render(report)))
    if machine:
        forms.append((machine, encode(report)))
    if widget_file:
        forms.append((widget_file, json.dumps(_widgets(report.environments)) + "\n"))
    for path, content in forms:
        write(path, content)


def _widgets(environments: tuple[EnvironmentReport, ...]) -> dict[str, int]:
    """The widget's counts; of several environments their sums."""
    counts = [widget(each) for each in environments]
    return {name: sum(each[name] for each in counts) for name in ("create", "update", "delete")}
