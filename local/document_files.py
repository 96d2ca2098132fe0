"""Reads a folder of Markdown and text files as documents for the API."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml  # its types are a package of their own
from pydantic import ValidationError

from services.rag.schemas import PATTERNS, NewDocument

_SUFFIXES = (".md", ".txt")
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?P<yaml>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]+(?P<text>.+?)[ \t#]*$", re.MULTILINE)
_KEYS = {"id": "id", "title": "title", "source": "source_uri", "metadata": "metadata"}


class LoadError(Exception):
    """The documents were not loaded; the message has one line for each thing to mend."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentFile:
    """A document and the file that it was read from.

    Attributes:
        name: the file's path in its folder, with ``/``.
        document: what the API takes.
    """

    name: str
    document: NewDocument

    def item(self) -> dict[str, Any]:
        """Return the document as POST /documents takes it."""
        return self.document.model_dump(exclude_none=True)


class _FileError(Exception):
    """A file cannot be used; the message says what is wrong and how to mend it."""


def read_folder(folder: Path) -> list[DocumentFile]:
    """Read all ``.md`` and ``.txt`` files in a folder and below; hidden ones are left out.

    A file may begin with front matter: YAML between two lines of ``---``, with any of ``id``,
    ``title``, ``source`` and ``metadata`` (names to text, numbers or booleans). Without it, the
    title is the first Markdown heading or else the file's name, and the source is
    ``file:<path in the folder>``.

    Args:
        folder: where the files are.

    Returns:
        The documents, by the files' names.

    Raises:
        LoadError: there is no such folder, nothing in it, or files that cannot be read; all bad
            files are named.
    """
    if not folder.is_dir():
        raise LoadError(f"{folder}: there is no such folder; name one that holds documents")
    files: list[DocumentFile] = []
    faults: list[str] = []
    for name, path in sorted(_find(folder).items()):
        try:
            files.append(DocumentFile(name=name, document=_read(path, name)))
        except _FileError as error:
            faults.append(f"{name}: {error}")
    faults += _repeated(files)
    if faults:
        raise LoadError("\n".join(faults))
    if not files:
        raise LoadError(f"{folder}: holds no {' or '.join(_SUFFIXES)} file; add some")
    return files


def _find(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in relative.parts)
        if path.suffix.lower() in _SUFFIXES and not hidden and path.is_file():
            # A name that is not UTF-8 could be neither printed nor sent.
            found[os.fsencode(relative.as_posix()).decode(errors="replace")] = path
    return found


def _repeated(files: list[DocumentFile]) -> list[str]:
    """Find files that would replace each other: the API tells documents apart by id or source."""
    first: dict[str, str] = {}
    faults = []
    for file in files:
        key = file.document.id or file.document.source_uri or file.name
        if key in first:
            faults.append(f"{file.name}: has the id or source of {first[key]}; give it its own")
        first.setdefault(key, file.name)
    return faults


def _read(path: Path, name: str) -> NewDocument:
    try:
        text = path.read_text("utf-8-sig")  # universal newlines; a byte-order mark is dropped
    except UnicodeDecodeError:
        raise _FileError("is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise _FileError(f"cannot be read ({error.strerror}); make it readable") from None
    front, body = _split(text)
    if not body.strip():
        raise _FileError("is empty; write some text into it, or remove the file")
    heading = _HEADING.search(body) if path.suffix.lower() == ".md" else None
    members = {
        "title": heading["text"] if heading else Path(name).stem,
        "source_uri": f"file:{name}",
        "text": body.strip(),
        **front,
    }
    try:
        return NewDocument(**members)
    except ValidationError as error:
        raise _FileError(_explain(error)) from None


def _split(text: str) -> tuple[dict[str, Any], str]:
    """Return the members that the front matter gives, and what follows it."""
    if text.split("\n", 1)[0].rstrip() != "---":
        return {}, text
    found = _FRONT_MATTER.match(text)
    if found is None:
        raise _FileError("its front matter has no end; close it with a line of ---")
    try:
        front = yaml.safe_load(found["yaml"])
    except yaml.MarkedYAMLError as error:
        # The mark counts from 0, and the line of --- stands before.
        where = f" in line {error.problem_mark.line + 2}" if error.problem_mark else ""
        raise _FileError(f"its front matter is no YAML{where}: {error.problem}; mend it") from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise _FileError("its front matter is no YAML that can be read; mend it") from None
    return _members(front), text[found.end() :]


def _members(front: object) -> dict[str, Any]:
    if front is None:
        return {}
    if not isinstance(front, dict):
        raise _FileError("its front matter is not a list of names and values; write 'title: …'")
    members: dict[str, Any] = {}
    for key, value in front.items():
        if key not in _KEYS:
            known = ", ".join(_KEYS)
            raise _FileError(
                f"its front matter has '{key}', known are {known}; use metadata for it"
            )
        if value is not None:  # nothing behind the colon
            members[_KEYS[key]] = value
    for name, value in _as_dict(members.get("metadata", {})).items():
        if not isinstance(value, str | bool | int | float):
            raise _FileError(
                f"metadata '{name}' is of kind {type(value).__name__}, but may only be text, a "
                "number or true or false; write it in quotes to make it text"
            )
    return members


def _as_dict(metadata: object) -> dict[Any, Any]:
    if not isinstance(metadata, dict):
        raise _FileError("its metadata is not a list of names and values; write 'kind: …' below it")
    return metadata


def _explain(error: ValidationError) -> str:
    """Say in one line where a document is not what the API takes; never the value itself."""
    first = error.errors(include_url=False, include_input=False)[0]
    # A metadata value is tried as every kind: what follows its name is a kind.
    where = " ".join(str(part) for part in first["loc"][:2]).replace("source_uri", "source")
    if first["type"] == "string_pattern_mismatch":
        return f"{where}: {PATTERNS[first['ctx']['pattern']]}; mend it"
    if first["type"] == "string_type":
        return f"{where}: should be text; write it in quotes"
    return f"{where}: {first['msg'][:1].lower()}{first['msg'][1:]}; mend it"
