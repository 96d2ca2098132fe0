"""The report as JSON: what one job leaves and another one reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain

import msgspec

from pipeline.cost.model import HUGE
from pipeline.errors import PipelineError, Status
from pipeline.report.model import FORMAT, PolicyFinding, Report

ZERO = Decimal(0)


class _Version(msgspec.Struct):
    format: int


def encode(report: Report) -> bytes:
    """JSON on one line, as a huge plan's has a million; equal reports give equal bytes.

    Raises:
        PipelineError: a name holds half a character, which JSON cannot carry.
    """
    try:
        return msgspec.json.encode(report, order="deterministic") + b"\n"
    except UnicodeEncodeError:
        raise PipelineError(
            "the plan has a name or value with half a character (a lone surrogate); correct it",
            Status.BAD_PLAN,
        ) from None


def decode(data: bytes, *, name: str) -> Report:
    """Read a report back.

    Args:
        data: what ``encode`` wrote.
        name: the file's name, for the message.

    Raises:
        PipelineError: it is empty, truncated, of another format, or no report.
    """
    try:
        version = msgspec.json.decode(data, type=_Version).format
        if version != FORMAT:
            raise _wrong(name, f"its format is {version}, this pipeline reads {FORMAT}")
        report = msgspec.json.decode(data, type=Report)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason = "it is empty" if not data.strip() else " ".join(str(error).split())
        raise _wrong(name, reason) from None
    if not all(map(_is_plausible, _amounts(report))):
        raise _wrong(name, "an amount is no number, or far too large")
    return report


def merge(reports: Sequence[Report]) -> Report:
    """One report of what several jobs reported, environments in the order given.

    Raises:
        PipelineError: an environment is there twice, or the reports are of several commits.
    """
    environments = tuple(chain.from_iterable(report.environments for report in reports))
    names = [each.name for each in environments]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PipelineError(
            f"{twice[0]}: two reports have this environment; give one for each", Status.USAGE
        )
    commits = sorted({report.commit for report in reports if report.commit})
    if len(commits) > 1:
        raise PipelineError(
            f"the reports are of several commits ({', '.join(commits)}); give those of one pipeline",
            Status.USAGE,
        )
    return Report(
        environments=environments,
        policies=_policies(reports),
        policies_baseline=_baseline(reports),
        failures=tuple(dict.fromkeys(chain.from_iterable(r.failures for r in reports))),
        commit=commits[0] if commits else "",
        pipeline_id=max((report.pipeline_id for report in reports), default=0),
        pipeline_url=_first(report.pipeline_url for report in reports),
        artifact_url=_first(report.artifact_url for report in reports),
    )


def _policies(reports: Sequence[Report]) -> tuple[PolicyFinding, ...]:
    return tuple(sorted(set(chain.from_iterable(report.policies for report in reports))))


def _baseline(reports: Sequence[Report]) -> bool:
    """Compared only where every report that has findings compared its own."""
    with_findings = [report for report in reports if report.policies] or reports
    return bool(with_findings) and all(report.policies_baseline for report in with_findings)


def _amounts(report: Report) -> Iterator[Decimal]:
    """Every figure of every estimate."""
    for estimate in (each.estimate for each in report.stacks if each.estimate):
        totals = [estimate.total, *estimate.by_module.values(), *estimate.by_tag.values()]
        for change in (*totals, *(resource.cost for resource in estimate.resources)):
            yield from (change.before.fixed, change.before.usage)
            yield from (change.after.fixed, change.after.usage)
        for resource in estimate.resources:
            for line in (*resource.before, *resource.after):
                yield from (line.price, line.quantity or ZERO, line.monthly or ZERO)


def _is_plausible(amount: Decimal) -> bool:
    # JSON may say "NaN" or 1e999999, which decode and then break every sum.
    return amount.is_finite() and abs(amount) < HUGE


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _wrong(name: str, reason: str) -> PipelineError:
    return PipelineError(
        f"{name}: no report of this pipeline: {reason}; run the job that wrote it again",
        Status.BAD_SETTINGS,
    )
