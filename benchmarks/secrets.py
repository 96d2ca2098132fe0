"""How many secrets the report shows, and how much it hides that is none, on a made-up corpus."""

from __future__ import annotations

import time
from collections.abc import Iterable

from benchmarks.secrets_corpus import Case
from benchmarks.secrets_harmless import harmless
from benchmarks.secrets_planted import planted
from benchmarks.table import Measurement, Promise
from pipeline.plan.masking import with_secrecy
from pipeline.plan.model import Action, Change

_MOST = 2
"""Per cent of either."""


def measure() -> Measurement:
    """Decide every case of the corpus."""
    started = time.perf_counter()
    secrets, others = list(planted()), list(harmless())
    missed = [case for case in secrets if not is_masked(case)]
    hit = [case for case in others if is_masked(case)]
    seconds = time.perf_counter() - started
    rows = [*_rows("missed", secrets, missed), *_rows("hidden though harmless", others, hit)]
    held = [
        (
            what,
            [each for each in wrong if each.held_back],
            [each for each in every if each.held_back],
        )
        for what, every, wrong in (("missed", secrets, missed), ("hidden", others, hit))
    ]
    return Measurement(
        name=f"{len(secrets)} secrets, {len(others)} harmless values",
        rows=rows,
        figure="wrong",
        other="%",
        notes=[
            f"{seconds / (len(secrets) + len(others)) * 1e6:.0f} us a value",
            *(
                f"of what no rule was changed for: {len(wrong)} of {len(every)} {what} "
                f"({len(wrong) / len(every):.1%})"
                for what, wrong, every in held
            ),
        ],
        promises=[
            Promise("% of secrets missed", 100 * len(missed) / len(secrets), at_most=_MOST),
            Promise("% of harmless values hidden", 100 * len(hit) / len(others), at_most=_MOST),
        ],
    )


def is_masked(case: Case) -> bool:
    """Whether a report hides any of its values."""
    change = Change(
        address="aws_thing.this",
        type="aws_thing",
        module="",
        action=Action.CREATE,
        after=case.attributes,
    )
    return any(secret for _, secret in with_secrecy(change))


def _rows(what: str, every: Iterable[Case], wrong: Iterable[Case]) -> list[tuple[str, str, float]]:
    totals: dict[str, list[int]] = {}
    for number, cases in enumerate((every, wrong)):
        for case in cases:
            totals.setdefault(case.kind, [0, 0])[number] += 1
    return [
        (f"{kind}, {what}", f"{bad} of {all_}", 100 * bad / all_)
        for kind, (all_, bad) in totals.items()
    ]
