"""Reads small YAML files of settings, without what makes YAML surprising."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import PipelineError, Status

_LARGEST = 1_000_000
_PLAIN = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML has no types
    """YAML's plain values only: no anchors, no doubled keys, numbers as they are written."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        # A few nested aliases can stand for gigabytes.
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _problem("anchors and aliases are not allowed; write the value out", event)
        node: yaml.Node | None = super().compose_node(parent, index)
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                raise _problem("a key must be text; put it in quotes", key)
            if key.value in seen:
                raise _problem(f"key '{key.value}' is there twice; remove one", key)
            seen.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping

    def number(self, node: yaml.ScalarNode) -> Decimal | str:
        # YAML 1.1 would read 010 as 8 and 1:30 as 90: such a text stays text, and so no number.
        text = str(self.construct_scalar(node))
        return Decimal(text) if _PLAIN.fullmatch(text) else text


for _tag in ("int", "float"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _Loader.number)


def _problem(text: str, where: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=text, problem_mark=where.start_mark)


def load_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file that is a mapping; numbers become ``Decimal``.

    Args:
        path: at most 1 MB, UTF-8.

    Returns:
        The mapping; an empty one for an empty file.

    Raises:
        PipelineError: with ``BAD_SETTINGS``; it is no such file, has a doubled key, an anchor or
            an alias.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise _bad(path, "larger than 1 MB; name the right file")
        # Not SafeLoader itself, but a subclass that takes less.
        value = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except OSError as error:
        raise _bad(path, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _bad(path, "is not UTF-8 text") from None
    except yaml.YAMLError as error:
        raise _bad(path, _one_line(error)) from None
    except RecursionError:
        raise _bad(path, "is nested too deeply") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _bad(path, "is not a mapping of names to values")
    return value


def shown_path(path: Path) -> str:
    """A file as a reader of the report finds it: below the repository where it lies there."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _one_line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    text = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"line {mark.line + 1}: {text}" if mark else text


def _bad(path: Path, text: str) -> PipelineError:
    return PipelineError(f"{path}: {text}", Status.BAD_SETTINGS)
