"""Queries of metrics and expressions over them, as GetMetricData and alarms have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from emulator.cloudwatch import functions
from emulator.cloudwatch.expression import (
    ID,
    Array,
    Call,
    ExpressionError,
    Name,
    Node,
    Number,
    Operation,
    Text,
    parse,
    walk,
)
from emulator.cloudwatch.series import Series, Value, operate

BAND = "ANOMALY_DETECTION_BAND"
_FILLERS = ("REPEAT", "LINEAR")
_ARGUMENTS = {
    **dict.fromkeys((*functions.SERIES_FUNCTIONS, *functions.AGGREGATES, "PERIOD"), (1, 1)),
    "IF": (2, 3),
    "FILL": (2, 2),
    "METRICS": (0, 1),
}
"""Of each function that is computed here: the fewest and the most arguments."""

Query = Mapping[str, Any]
Fetch = Callable[[Query], Series]
"""From a query's `MetricStat` to what it asks for."""


def check(queries: Sequence[Query], *, known: frozenset[str] = frozenset()) -> dict[str, Node]:
    """Looks whether queries fit together.

    Args:
        queries: of the API's form.
        known: functions that are allowed besides those that are computed here.

    Returns:
        The trees of the expressions by their ids.

    Raises:
        ExpressionError: if they don't, with the reason.
    """
    ids = [query.get("Id") or "" for query in queries]
    for each in ids:
        if not ID.fullmatch(each):
            raise ExpressionError(
                f"The Id {each!r} is not valid: it has to start with a lowercase letter and "
                "have letters, digits and underscores only"
            )
        if ids.count(each) > 1:
            raise ExpressionError(f"The values for parameter id are not unique: {each}")
    trees: dict[str, Node] = {}
    for query in queries:
        if bool(query.get("Expression")) == bool(query.get("MetricStat")):
            raise ExpressionError(
                f"The query {query['Id']} needs either MetricStat or Expression, not both"
            )
        if query.get("Expression"):
            trees[query["Id"]] = _tree(query, set(ids), known)
    _refuse_circles(trees)
    return trees


def _tree(query: Query, ids: set[str], known: frozenset[str]) -> Node:
    where = f"Error in expression '{query['Id']}'"
    text = query["Expression"].strip()
    if text.upper().startswith("SELECT "):
        raise ExpressionError(f"{where}: the emulator does not compute SELECT (Metrics Insights)")
    try:
        tree = parse(text)
    except ExpressionError as error:
        raise ExpressionError(f"{where}: {error}") from error
    for node in walk(tree):
        if isinstance(node, Call):
            _check_call(node, where, known)
        elif isinstance(node, Name) and node.value not in ids and node.value not in _FILLERS:
            raise ExpressionError(f"{where}: there is no metric or expression {node.value!r}")
    return tree


def _check_call(call: Call, where: str, known: frozenset[str]) -> None:
    if call.function in known:
        return
    if call.function not in _ARGUMENTS:
        raise ExpressionError(f"{where}: the emulator does not compute {call.function}")
    fewest, most = _ARGUMENTS[call.function]
    if not fewest <= len(call.arguments) <= most:
        raise ExpressionError(
            f"{where}: {call.function} takes {fewest} to {most} arguments, "
            f"not {len(call.arguments)}"
        )


def _refuse_circles(trees: Mapping[str, Node]) -> None:
    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise ExpressionError(f"The expressions refer to themselves: {' → '.join(path)}")
        for node in walk(trees[name]):
            if isinstance(node, Name) and node.value in trees:
                visit(node.value, (*path, name))

    for each in trees:
        visit(each, ())


@dataclass
class Computation:
    """Computes queries that were checked, each once.

    Attributes:
        queries: of the API's form.
        trees: what `check` gave for them.
        fetch: reads a metric.
        seconds: from a period to the seconds at which the periods of the asked time begin.
    """

    queries: Sequence[Query]
    trees: Mapping[str, Node]
    fetch: Fetch
    seconds: functions.Seconds
    _values: dict[str, Value] = field(default_factory=dict)

    def value(self, name: str) -> Value:
        """Gives the value of the query with this id.

        Raises:
            ExpressionError: if it can't be computed.
        """
        if name not in self._values:
            query = next(query for query in self.queries if query["Id"] == name)
            label = query.get("Label")
            if name in self.trees:
                self._values[name] = _labelled(self._compute(self.trees[name]), label, name)
            else:
                series = self.fetch(query["MetricStat"])
                self._values[name] = replace(series, label=label or series.label)
        return self._values[name]

    def series(self, name: str) -> list[Series]:
        """Gives what a query results in, one or several series.

        Raises:
            ExpressionError: if it is a number.
        """
        value = self.value(name)
        if isinstance(value, float):
            raise ExpressionError(
                f"Error in expression '{name}': the result of an expression has to be a time "
                "series, not a number"
            )
        return value if isinstance(value, list) else [value]

    def _compute(self, node: Node) -> Value:
        if isinstance(node, Number):
            return node.value
        if isinstance(node, Name):
            return self.value(node.value)
        if isinstance(node, Operation):
            return operate(node.operator, self._compute(node.left), self._compute(node.right))
        if isinstance(node, Array):
            return self._array(node)
        if isinstance(node, Call):
            return self._call(node)
        raise ExpressionError(f"the text {node.value!r} can only stand in METRICS()")

    def _array(self, node: Array) -> list[Series]:
        found: list[Series] = []
        for value in map(self._compute, node.items):
            if isinstance(value, float):
                raise ExpressionError("an array takes time series, not numbers")
            found += value if isinstance(value, list) else [value]
        return found

    def _call(self, node: Call) -> Value:
        name, arguments = node.function, node.arguments
        if name == "METRICS":
            return self._metrics(arguments)
        if name == "PERIOD":
            return self._period(arguments[0])
        if name == "IF":
            values = [self._compute(argument) for argument in arguments]
            return functions.choose(values[0], values[1], values[2] if values[2:] else None)
        value = self._compute(arguments[0])
        if name in functions.SERIES_FUNCTIONS:
            return functions.each(value, functions.SERIES_FUNCTIONS[name], name)
        if name in functions.AGGREGATES:
            return functions.aggregate(name, value)
        if name == "FILL":
            filler = self._filler(arguments[1])
            return functions.each(value, lambda s: functions.fill(s, filler, self.seconds), name)
        raise ExpressionError(f"the emulator does not compute {name}")

    def _filler(self, node: Node) -> Value | str:
        if isinstance(node, Name) and node.value in _FILLERS:
            return node.value
        return self._compute(node)

    def _metrics(self, arguments: tuple[Node, ...]) -> list[Series]:
        part = ""
        if arguments:
            if not isinstance(arguments[0], Text):
                raise ExpressionError('METRICS takes a text, such as METRICS("errors")')
            part = arguments[0].value
        names = [q["Id"] for q in self.queries if q["Id"] not in self.trees and part in q["Id"]]
        return [series for name in names for series in self.series(name)]

    def _period(self, node: Node) -> float:
        if isinstance(node, Name) and node.value not in self.trees:
            value = self.value(node.value)
            if isinstance(value, Series):
                return float(value.period)
        raise ExpressionError("PERIOD takes the id of a metric")


def _labelled(value: Value, label: str | None, name: str) -> Value:
    if isinstance(value, Series):
        return replace(value, label=label or name)
    if isinstance(value, list):
        return [
            replace(
                each, label=" ".join(filter(None, (name if label is None else label, each.label)))
            )
            for each in value
        ]
    return value
