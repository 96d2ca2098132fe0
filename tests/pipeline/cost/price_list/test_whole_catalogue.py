"""The project's own catalogue against offer files that are made from it: every row is found."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from decimal import Decimal

from pipeline.cost.catalogue import Catalogue, Row
from pipeline.cost.price_list import refresh
from pipeline.cost.price_list.lookup import reason_kept_by_hand
from tests.pipeline.cost.price_list.offers import (
    COLUMNS,
    METADATA,
    TODAY,
    Answer,
    files,
    serving,
    text,
)

# The scale that the catalogue adds, and what AWS then bills by.
AWS_UNITS = {"1M tokens": "1K tokens", "MiBps-Mo": "GiBps-mo"}
SCALES = ("1M ", "1K ", "1000 ", "100k ", "10k ")
DEARER = Decimal("1.25")


def aws_unit(row: Row) -> str:
    if row.per == 1:
        return row.unit
    scale = next((scale for scale in SCALES if row.unit.startswith(scale)), "")
    return AWS_UNITS.get(row.unit, row.unit.removeprefix(scale))


def offer_files(catalogue: Catalogue) -> dict[tuple[str, str], str]:
    """CSV by service and AWS's name of the region; everything costs a quarter more."""
    found: dict[tuple[str, str], io.StringIO] = defaultdict(io.StringIO)
    for row in catalogue.rows:
        place = "aws-other" if row.region == "global" else row.region
        file = found[row.service, place]
        if not file.tell():
            file.write(METADATA.format(service=row.service) + COLUMNS)
        csv.writer(file, quoting=csv.QUOTE_ALL).writerow(
            [
                f"{row.usagetype} {row.operation}",
                "OnDemand",
                row.begin * row.per,
                "Inf" if row.end is None else row.end * row.per,
                aws_unit(row),
                f"{row.usd * DEARER / row.per:f}",
                "USD",
                row.usagetype,
                row.operation,
            ]
        )
    return {where: file.getvalue() for where, file in found.items()}


def test_every_row_that_is_not_kept_by_hand_is_found_again() -> None:
    catalogue = Catalogue.load()
    offers = offer_files(catalogue)

    def answer(path: str) -> Answer:
        _, _, _, _, service, _, place, _ = path.split("/")
        return text(offers[service, place])

    with serving(answer) as url:
        result = refresh(catalogue, source=files(url), today=TODAY)
    assert [(each.row.key, each.row.region, each.text) for each in result.failures] == []
    assert result.found + len(result.kept) == len(catalogue.rows)
    assert len(result.kept) < result.found / 5
    for before, after in zip(catalogue.rows, result.catalogue.rows, strict=True):
        expected = before.usd if reason_kept_by_hand(before) else before.usd * DEARER
        assert after.usd == expected, before.key
