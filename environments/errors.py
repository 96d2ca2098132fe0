"""Mistakes in the settings, told in one line each."""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from environments.settings import Environment
from stacks.errors import ConfigurationError
from stacks.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = "environments/dev.py"
_LONGEST_VALUE = 120

_REMEDIES: Mapping[str, str] = {
    "bool_type": "write True or False, without quotes",
    "finite_number": "write an ordinary number",
    "float_type": "write a number, without quotes",
    "greater_than": "raise it",
    "greater_than_equal": "raise it",
    "int_type": "write a whole number, without quotes",
    "less_than": "lower it",
    "less_than_equal": "lower it",
    "literal_error": "use one of these",
    "model_type": "write what the other environments' files have there",
    "string_type": "write text, in quotes",
    "too_long": "name fewer",
    "too_short": "name more",
    "tuple_type": "write values in parentheses with a comma after each, such as ('a',)",
}
"""pydantic's kinds of errors, and how to mend each."""


def explain(error: ValidationError, *, where: str) -> ConfigurationError:
    """Turn pydantic's report into lines of the form ``<where>: <field>=<value>: <what, remedy>``.

    A part of the settings is refused while it is built, before it has a place in the whole: its
    class tells where it would have stood.

    Args:
        error: what pydantic raised.
        where: the file that holds the values, for example ``environments/dev.py``.
    """
    prefix = next((path for part, path in _parts().items() if part.__name__ == error.title), ())
    lines = []
    for problem in error.errors(include_url=False):
        field = ".".join(map(str, (*prefix, *problem["loc"])))
        if problem["type"] == "missing":
            lines.append(f"{where}: {field}: a value is required; add it")
        else:
            lines.append(f"{where}: {field}={_shown(problem['input'])}: {_message(problem)}")
    return ConfigurationError("\n".join(lines))


@cache
def _parts() -> dict[type[Settings], tuple[str, ...]]:
    """Each part's class, and the fields that lead to it."""
    return dict(_walk(Environment, ()))


def _walk(
    kind: type[Settings], path: tuple[str, ...]
) -> Iterator[tuple[type[Settings], tuple[str, ...]]]:
    yield kind, path
    for name, field in kind.model_fields.items():
        for part in (field.annotation, *get_args(field.annotation)):
            if isinstance(part, type) and issubclass(part, Settings):
                yield from _walk(part, (*path, name))


def _message(problem: ErrorDetails) -> str:
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    message = problem["msg"][:1].lower() + problem["msg"][1:]
    if problem["type"] == "extra_forbidden":
        return f"there is no such field; {_other_name(str(problem['loc'][-1]))}"
    return f"{message}; {_REMEDIES.get(problem['type'], 'correct the value')}"


def _other_name(name: str) -> str:
    known = {field for part in _parts() for field in part.model_fields}
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else "remove it"


def line_of_mistake(error: Exception, *, where: str) -> str | None:
    """One line for what Python says of a file of values; None if the mistake is in another file.

    Args:
        error: what importing the file raised.
        where: the file, for example ``environments/dev.py``.
    """
    path = ROOT / where
    if isinstance(error, ModuleNotFoundError) and not path.exists():
        return (
            f"{where}: there is no such file; write it like {EXAMPLE}, or take its name out of "
            "NAMES in environments/load.py"
        )
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return _line(where, error.lineno, error.msg, error)
    own = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(ROOT) and "site-packages" not in frame.filename
    ]
    if own and Path(own[-1].filename) == path:
        return _line(where, own[-1].lineno, str(error), error)
    return None


def _line(where: str, number: int | None, text: str, error: Exception) -> str:
    kind = type(error).__name__
    return f"{where}:{number}: {_shown(text)} ({kind}); compare it with {EXAMPLE}"


def _shown(value: Any) -> str:
    """A value in one line: as it is if it is plain text, else as Python writes it."""
    text = (
        value
        if isinstance(value, str) and value.isascii() and value.isprintable()
        else ascii(value)
    )
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
