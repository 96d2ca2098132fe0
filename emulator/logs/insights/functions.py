"""The functions of expressions, by name in lower case.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from emulator.logs.insights.values import Value, below, number, text

Call = Callable[..., Value]


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function of expressions.

    Attributes:
        call: computes it.
        least, most: how many arguments it takes; None for any number.
        missing: whether it is called with arguments that an event does not have; else it is then
            nothing itself.
    """

    call: Call
    least: int = 1
    most: int | None = 1
    missing: bool = False


def _numeric(compute: Callable[[float], float]) -> Call:
    def call(value: Value) -> Value:
        figure = number(value)
        try:
            return None if figure is None else compute(figure)
        except ValueError:  # the root or the logarithm of a negative number
            return None

    return call


def _best(is_better: Callable[[Value, Value], bool]) -> Call:
    def call(*values: Value) -> Value:
        found = values[0]
        for value in values[1:]:
            found = value if is_better(value, found) else found
        return found

    return call


def _coalesce(*values: Value) -> Value:
    return next((value for value in values if value is not None), None)


def _in_subnet(address: Value, subnet: Value) -> Value:
    try:
        network = ipaddress.IPv4Network(text(subnet), strict=False)
        return int(ipaddress.IPv4Address(text(address)) in network)
    except ValueError:
        return 0


def _substring(value: Value, start: Value, length: Value = None) -> Value:
    first, many = number(start), number(length)
    if first is None:
        return None
    rest = text(value)[int(first) :]
    return rest if many is None else rest[: int(many)]


FUNCTIONS: Final[dict[str, Function]] = {
    "abs": Function(call=_numeric(abs)),
    "ceil": Function(call=_numeric(math.ceil)),
    "floor": Function(call=_numeric(math.floor)),
    "log": Function(call=_numeric(math.log)),
    "sqrt": Function(call=_numeric(math.sqrt)),
    "greatest": Function(call=_best(lambda one, other: below(other, one)), most=None),
    "least": Function(call=_best(below), most=None),
    "concat": Function(call=lambda *values: "".join(map(text, values)), most=None, missing=True),
    "coalesce": Function(call=_coalesce, most=None, missing=True),
    "strlen": Function(call=lambda value: len(text(value))),
    "tolower": Function(call=lambda value: text(value).lower()),
    "toupper": Function(call=lambda value: text(value).upper()),
    "trim": Function(call=lambda value: text(value).strip()),
    "substr": Function(call=_substring, least=2, most=3),
    "replace": Function(
        call=lambda value, old, new: text(value).replace(text(old), text(new)), least=3, most=3
    ),
    "strcontains": Function(
        call=lambda value, part: int(text(part) in text(value)), least=2, most=2
    ),
    "ispresent": Function(call=lambda value: int(value is not None), missing=True),
    "isempty": Function(call=lambda value: int(text(value) == ""), missing=True),
    "isblank": Function(call=lambda value: int(not text(value).strip()), missing=True),
    "isipv4insubnet": Function(call=_in_subnet, least=2, most=2),
}
