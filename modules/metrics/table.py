"""The metrics that AWS publishes, read from ``table.csv``: each row with its source.

To add one: a row, with AWS's page of the service's metrics as its source. Sets of dimensions are
divided by ``|``, a dimension that has only one value is written ``Name=Value``.
"""

from __future__ import annotations

import csv
import difflib
import functools
from collections.abc import Mapping
from pathlib import Path

from modules.metrics.metric import Definition, Metric, MetricError

_FILE = Path(__file__).with_name("table.csv")
_NO_DIMENSION = "(none)"


def metric(
    namespace: str, name: str, statistic: str, dimensions: Mapping[str, str] | None = None
) -> Metric:
    """One series of a metric of AWS.

    Args:
        namespace: such as ``AWS/Lambda``.
        name: such as ``Errors``.
        statistic: such as ``Sum`` or ``p95``.
        dimensions: name to value; a value may be unknown until apply.

    Raises:
        MetricError: AWS publishes no such metric.
    """
    return definition(namespace, name).metric(statistic, dimensions)


def definition(namespace: str, name: str) -> Definition:
    """What the table says of a metric of AWS.

    Raises:
        MetricError: it has none of this name.
    """
    found = definitions().get((namespace, name))
    if found is None:
        known = [other for space, other in definitions() if space == namespace]
        if not known:
            raise MetricError(f"metric {namespace} {name}: the table has no such namespace")
        close = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
        raise MetricError(f"metric {namespace} {name}: AWS has none of this name; is it {close}?")
    return found


@functools.cache
def definitions() -> Mapping[tuple[str, str], Definition]:
    """All of the table, by namespace and name."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {(row["namespace"], row["metric"]): _read(row) for row in csv.DictReader(file)}


def _read(row: Mapping[str, str]) -> Definition:
    return Definition(
        namespace=row["namespace"],
        name=row["metric"],
        unit=row["unit"],
        dimension_sets=tuple(
            dict.fromkeys(_dimensions(each.strip()) for each in row["dimensions"].split("|"))
        ),
        statistics=frozenset(row["statistics"].split()),
        source=row["source"],
    )


def _dimensions(text: str) -> frozenset[str]:
    if text == _NO_DIMENSION:
        return frozenset()
    return frozenset(part.partition("=")[0] for part in text.split("+"))
