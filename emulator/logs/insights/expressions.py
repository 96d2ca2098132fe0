"""Expressions: read once, then computed for every row.

A comparison with what an event does not have is neither true nor false, as in SQL.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Final

from emulator.logs.insights.functions import FUNCTIONS
from emulator.logs.insights.scanner import DURATION, NAME, NUMBER, Scanner
from emulator.logs.insights.values import Instant, Row, Value, below, equal, number, text

Expression = Callable[[Row], Value]
Calls = Callable[[Scanner, str], Expression | None]
"""Reads the arguments of a function that only a command knows; None if it knows no such function."""

_MILLISECONDS: Final = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_COMPARED: Final[dict[str, Callable[[Value, Value], bool]]] = {
    "=": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": below,
    ">": lambda left, right: below(right, left),
    "<=": lambda left, right: not below(right, left),
    ">=": lambda left, right: not below(left, right),
}
_CALCULATED: Final[dict[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
    "^": operator.pow,
}
_RESERVED: Final = {"and", "or", "not", "in", "like", "as", "by", "asc", "desc"}


def read(scanner: Scanner, calls: Calls | None = None) -> Expression:
    """Reads an expression.

    Args:
        scanner: stands at its beginning.
        calls: knows further functions, such as those of `stats`.

    Raises:
        QueryError: if there is none, or it uses something that is not here.
    """
    return _Reader(scanner, calls).disjunction()


class _Reader:
    def __init__(self, scanner: Scanner, calls: Calls | None) -> None:
        self._scanner = scanner
        self._calls = calls

    def disjunction(self) -> Expression:
        left = self._conjunction()
        while self._scanner.word("or"):
            left = _joined(left, self._conjunction(), decisive=True)
        return left

    def _conjunction(self) -> Expression:
        left = self._negation()
        while self._scanner.word("and"):
            left = _joined(left, self._negation(), decisive=False)
        return left

    def _negation(self) -> Expression:
        return _not(self._negation()) if self._scanner.word("not") else self._comparison()

    def _comparison(self) -> Expression:
        left = self._sum()
        scanner = self._scanner
        if scanner.sign("=~"):
            return _matches(left, self._pattern())
        sign = scanner.sign("!=", "<=", ">=", "=", "<", ">")
        if sign:
            return _compared(_COMPARED[sign], left, self._sum())
        negated = scanner.word("not")
        if scanner.word("like"):
            test = _matches(left, self._pattern())
        elif scanner.word("in"):
            test = _among(left, self._list())
        elif negated:
            raise scanner.error("'like' or 'in' is missing")
        else:
            return left
        return _not(test) if negated else test

    def _pattern(self) -> re.Pattern[str]:
        found = self._scanner.string()
        pattern = self._scanner.regex() if found is None else re.compile(re.escape(found))
        if pattern is None:
            raise self._scanner.error("a text in quotes or a regular expression is missing")
        return pattern

    def _list(self) -> list[Expression]:
        self._scanner.need("[")
        members = [self._sum()]
        while self._scanner.sign(","):
            members.append(self._sum())
        self._scanner.need("]")
        return members

    def _sum(self) -> Expression:
        left = self._product()
        while sign := self._scanner.sign("+", "-"):
            left = _calculated(_CALCULATED[sign], left, self._product())
        return left

    def _product(self) -> Expression:
        left = self._power()
        while sign := self._scanner.sign("*", "/", "%"):
            left = _calculated(_CALCULATED[sign], left, self._power())
        return left

    def _power(self) -> Expression:
        base = self._single()
        return (
            _calculated(_CALCULATED["^"], base, self._power()) if self._scanner.sign("^") else base
        )

    def _single(self) -> Expression:
        scanner = self._scanner
        if scanner.sign("-"):
            return _calculated(operator.sub, lambda _row: 0, self._single())
        if scanner.sign("("):
            inner = self.disjunction()
            scanner.need(")")
            return inner
        found = scanner.take(NUMBER)
        if found:
            return _constant(number(found[0]))
        quoted = scanner.string()
        return self._named() if quoted is None else _constant(quoted)

    def _named(self) -> Expression:
        scanner = self._scanner
        start = scanner.position
        found = scanner.take(NAME)
        if not found or found[0].lower() in _RESERVED:
            scanner.position = start
            raise scanner.error("a field, a value or a function is missing")
        if not found[0].startswith("`"):
            if scanner.sign("("):
                return self._call(found[0], start)
            if found[0].lower() in ("true", "false"):
                return _constant(int(found[0].lower() == "true"))
        name = found[0].strip("`")
        return lambda row: row.get(name)

    def _call(self, name: str, start: int) -> Expression:
        scanner = self._scanner
        special = self._calls(scanner, name.lower()) if self._calls else None
        if special:
            scanner.need(")")
            return special
        if name.lower() in ("bin", "datefloor"):
            return self._floor(name.lower(), start)
        function = FUNCTIONS.get(name.lower())
        if function is None:
            scanner.position = start
            raise scanner.error(f"the emulator's Logs Insights has no function {name}()")
        arguments = [] if scanner.sign(")") else self._arguments()
        if not function.least <= len(arguments) <= (function.most or len(arguments)):
            scanner.position = start
            raise scanner.error(f"{name}() has a wrong number of arguments")
        return _called(function.call, arguments, missing=function.missing)

    def _arguments(self) -> list[Expression]:
        arguments = [self.disjunction()]
        while self._scanner.sign(","):
            arguments.append(self.disjunction())
        self._scanner.need(")")
        return arguments

    def _floor(self, name: str, first: int) -> Expression:
        scanner = self._scanner
        moment: Expression = lambda row: row.get("@timestamp")  # noqa: E731 - like its siblings
        if name == "datefloor":
            moment = self.disjunction()
            scanner.need(",")
        start = scanner.position
        found = scanner.take(DURATION)
        if not found or found[2] not in _MILLISECONDS or not int(found[1]):
            scanner.position = start
            raise scanner.error(f"{name}() needs a period in ms, s, m, h or d")
        scanner.need(")")
        floored = _floored(moment, int(found[1]) * _MILLISECONDS[found[2]])
        column = scanner.since(first)
        # After stats it names the column that was computed.
        return lambda row: row[column] if column in row else floored(row)


def holds(expression: Expression, row: Row) -> bool:
    """Whether a condition is true for a row."""
    return _truth(expression(row)) is True


def _truth(value: Value) -> bool | None:
    if value is None:
        return None
    figure = number(value)
    return bool(figure) if figure is not None else bool(value)


def _constant(value: Value) -> Expression:
    return lambda _row: value


def _not(inner: Expression) -> Expression:
    def computed(row: Row) -> Value:
        truth = _truth(inner(row))
        return None if truth is None else int(not truth)

    return computed


def _joined(left: Expression, right: Expression, *, decisive: bool) -> Expression:
    """`or` is decided by one that is true, `and` by one that is false."""

    def computed(row: Row) -> Value:
        first = _truth(left(row))
        if first is decisive:
            return int(decisive)
        second = _truth(right(row))
        if second is decisive:
            return int(decisive)
        return None if first is None or second is None else int(not decisive)

    return computed


def _compared(
    test: Callable[[Value, Value], bool], left: Expression, right: Expression
) -> Expression:
    def computed(row: Row) -> Value:
        first, second = left(row), right(row)
        return None if first is None or second is None else int(test(first, second))

    return computed


def _matches(left: Expression, pattern: re.Pattern[str]) -> Expression:
    def computed(row: Row) -> Value:
        value = left(row)
        return None if value is None else int(bool(pattern.search(text(value))))

    return computed


def _among(left: Expression, members: list[Expression]) -> Expression:
    def computed(row: Row) -> Value:
        value = left(row)
        if value is None:
            return None
        candidates = [member(row) for member in members]
        return int(any(each is not None and equal(value, each) for each in candidates))

    return computed


def _calculated(
    compute: Callable[[float, float], float], left: Expression, right: Expression
) -> Expression:
    def computed(row: Row) -> Value:
        first, second = number(left(row)), number(right(row))
        if first is None or second is None:
            return None
        try:
            result = compute(first, second)
        except (ArithmeticError, ValueError):  # such as a division by zero
            return None
        return result if isinstance(result, int | float) else None

    return computed


def _called(
    call: Callable[..., Value], arguments: list[Expression], *, missing: bool
) -> Expression:
    def computed(row: Row) -> Value:
        values = [argument(row) for argument in arguments]
        return None if not missing and None in values else call(*values)

    return computed


def _floored(moment: Expression, milliseconds: int) -> Expression:
    def computed(row: Row) -> Value:
        value = number(moment(row))
        return None if value is None else Instant(int(value) // milliseconds * milliseconds)

    return computed
