"""Mistakes in the settings, told in one line each."""

from __future__ import annotations

from pydantic import ValidationError

from stacks.errors import ConfigurationError


def explain(error: ValidationError, *, where: str) -> ConfigurationError:
    """Turn pydantic's report into lines of the form ``<where>: <field>=<value>: <what, remedy>``.

    Args:
        error: what pydantic raised.
        where: the file that holds the values, for example ``environments/dev.py``.
    """
    lines = []
    for problem in error.errors(include_url=False):
        field = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "value_error":
            lines.append(f"{where}: {field}={problem['input']}: {problem['ctx']['error']}")
        elif problem["type"] == "missing":
            lines.append(f"{where}: {field}: a value is required; add it")
        else:
            lines.append(f"{where}: {field}={problem['input']}: {_message(problem)}")
    return ConfigurationError("\n".join(lines))


def _message(problem: object) -> str:
    message: str = problem["msg"]  # type: ignore[index]
    kind: str = problem["type"]  # type: ignore[index]
    remedies = {
        "string_pattern_mismatch": "correct its form",
        "extra_forbidden": "remove it, or correct its name",
    }
    return f"{message[:1].lower()}{message[1:]}; {remedies.get(kind, 'correct the value')}"
