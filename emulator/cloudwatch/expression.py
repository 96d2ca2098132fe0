"""The grammar of metric math: an expression's text to a tree.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

ID: Final = re.compile(r"[a-z][a-zA-Z0-9_]*")

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | "(?P<double>[^"]*)" | '(?P<single>[^']*)'
  | (?P<symbol>==|!=|<=|>=|&&|\|\||[-+*/^<>()\[\],])
    )""",
    re.VERBOSE,
)
_LEVELS: Final = (
    {"||": "OR", "OR": "OR"},
    {"&&": "AND", "AND": "AND"},
    {symbol: symbol for symbol in ("==", "!=", "<=", ">=", "<", ">")},
    {"+": "+", "-": "-"},
    {"*": "*", "/": "/"},
)
"""Operators that bind ever tighter. A power binds tighter still, from the right."""


class ExpressionError(ValueError):
    """An expression that is wrong, or that is not computed here; the message says why."""


@dataclass(frozen=True)
class Number:
    """Such as `100`."""

    value: float


@dataclass(frozen=True)
class Text:
    """Such as `"errors"`."""

    value: str


@dataclass(frozen=True)
class Name:
    """An id, or a word of a function such as `REPEAT`."""

    value: str


@dataclass(frozen=True)
class Array:
    """Such as `[m1, m2]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Call:
    """Such as `SUM(METRICS())`."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Operation:
    """Such as `m1 / m2`; a sign is a multiplication."""

    operator: str
    left: Node
    right: Node


Node = Number | Text | Name | Array | Call | Operation


def parse(text: str) -> Node:
    """Parses an expression.

    Raises:
        ExpressionError: if it is none.
    """
    parser = _Parser(text)
    node = parser.binary(0)
    if parser.ahead:
        raise parser.unexpected()
    return node


def walk(node: Node) -> Iterator[Node]:
    """Gives a tree's nodes."""
    yield node
    children: tuple[Node, ...] = ()
    if isinstance(node, Array):
        children = node.items
    elif isinstance(node, Call):
        children = node.arguments
    elif isinstance(node, Operation):
        children = (node.left, node.right)
    for child in children:
        yield from walk(child)


class _Parser:
    """One token ahead; each method eats what it is named after."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.kind = self.ahead = ""
        self.next()

    def next(self) -> str:
        """Goes to the next token and gives the one that was there."""
        left = self.ahead
        match = _TOKEN.match(self.text, self.position)
        if match is None:
            self.kind = self.ahead = ""
            if self.text[self.position :].strip():
                raise self.unexpected()
            return left
        self.position = match.end()
        self.kind = match.lastgroup or ""
        self.ahead = match.group(self.kind) or " "  # an empty text is a token too
        return left

    def unexpected(self) -> ExpressionError:
        """The error at this place."""
        where = self.ahead or self.text[self.position :].strip() or "the end"
        return ExpressionError(f"unexpected {where!r} in the expression {self.text!r}")

    def expect(self, symbol: str) -> None:
        """Eats a symbol that has to be there."""
        if self.ahead != symbol or self.kind != "symbol":
            raise self.unexpected()
        self.next()

    def binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self.sign()
        node = self.binary(level + 1)
        while self.kind in ("symbol", "word") and self.ahead in _LEVELS[level]:
            operator = _LEVELS[level][self.next()]
            node = Operation(operator, node, self.binary(level + 1))
        return node

    def sign(self) -> Node:
        if self.kind == "symbol" and self.ahead in "+-":
            sign = Number(1.0 if self.next() == "+" else -1.0)
            return Operation("*", sign, self.sign())
        base = self.atom()
        if self.kind == "symbol" and self.ahead == "^":
            self.next()
            return Operation("^", base, self.sign())
        return base

    def atom(self) -> Node:
        if self.kind == "number":
            return Number(float(self.next()))
        if self.kind in ("double", "single"):
            return Text(self.next().strip())
        if self.kind == "symbol" and self.ahead == "(":
            self.next()
            node = self.binary(0)
            self.expect(")")
            return node
        if self.kind == "symbol" and self.ahead == "[":
            self.next()
            return Array(self.list_until("]"))
        if self.kind == "word" and self.ahead not in ("AND", "OR"):
            word = self.next()
            if self.kind == "symbol" and self.ahead == "(":
                self.next()
                return Call(word, self.list_until(")"))
            return Name(word)
        raise self.unexpected()

    def list_until(self, closing: str) -> tuple[Node, ...]:
        items: list[Node] = []
        if not (self.kind == "symbol" and self.ahead == closing):
            items.append(self.binary(0))
            while self.kind == "symbol" and self.ahead == ",":
                self.next()
                items.append(self.binary(0))
        self.expect(closing)
        return tuple(items)
