"""Reads a query's text piece by piece; where it stands decides whether `/` divides or quotes."""

from __future__ import annotations

import re
from typing import Final

NAME: Final = re.compile(r"@{0,2}[A-Za-z_]\w*(?:\.\w+)*|`[^`]+`")
NUMBER: Final = re.compile(r"\d+(?:\.\d+)?(?!\w)")
STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"|' + r"'(?:[^'\\]|\\.)*'", re.DOTALL)
REGEX: Final = re.compile(r"/((?:[^/\\]|\\.)+)/")
DURATION: Final = re.compile(r"(\d+)\s*([a-z]+)")
_SPACE: Final = re.compile(r"(?:\s|#[^\n]*)*")
_GROUP: Final = re.compile(r"\(\?<(?=[A-Za-z_])")


class QueryError(Exception):
    """The query cannot be run; the message says why and where."""


class Scanner:
    """A position in a query."""

    def __init__(self, text: str) -> None:
        """Starts at the beginning."""
        self.text = text
        self.position = 0
        self._skip()

    @property
    def at_end(self) -> bool:
        """Whether everything is read."""
        return self.position >= len(self.text)

    def error(self, message: str) -> QueryError:
        """Makes an error about what stands here."""
        rest = self.text[self.position :].split("\n")[0][:30] or "the end of the query"
        return QueryError(f"{message} at character {self.position}: {rest}")

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Reads what a pattern matches here, with the space after it; None if it does not."""
        found = pattern.match(self.text, self.position)
        if found:
            self.position = found.end()
            self._skip()
        return found

    def sign(self, *signs: str) -> str | None:
        """Reads the first of some signs that stands here."""
        for sign in signs:
            if self.text.startswith(sign, self.position):
                self.position += len(sign)
                self._skip()
                return sign
        return None

    def word(self, *words: str) -> str | None:
        """Reads the first of some words, in any case, that stands here whole."""
        for word in words:
            if self.take(re.compile(rf"{word}(?![\w.(])|{word}(?=\()", re.IGNORECASE)):
                return word
        return None

    def need(self, sign: str) -> None:
        """Reads a sign that must stand here.

        Raises:
            QueryError: if it does not.
        """
        if not self.sign(sign):
            raise self.error(f"'{sign}' is missing")

    def name(self) -> str:
        """Reads the name of a field.

        Raises:
            QueryError: if there is none.
        """
        found = self.take(NAME)
        if not found:
            raise self.error("the name of a field is missing")
        return found[0].strip("`")

    def string(self) -> str | None:
        """Reads a text in quotes."""
        found = self.take(STRING)
        return re.sub(r"\\(.)", r"\1", found[0][1:-1]) if found else None

    def regex(self) -> re.Pattern[str] | None:
        """Reads a regular expression in slashes.

        Raises:
            QueryError: if it is none that the emulator can use.
        """
        start = self.position
        found = self.take(REGEX)
        if not found:
            return None
        try:
            return re.compile(_GROUP.sub("(?P<", found[1].replace("\\/", "/")))
        except re.error as error:
            self.position = start
            raise self.error(f"the regular expression can't be read ({error})") from None

    def integer(self) -> int:
        """Reads a whole number.

        Raises:
            QueryError: if there is none.
        """
        found = self.take(re.compile(r"\d+(?![\w.])"))
        if not found:
            raise self.error("a whole number is missing")
        return int(found[0])

    def since(self, start: int) -> str:
        """What was read since a position, without space around it."""
        return self.text[start : self.position].strip()

    def _skip(self) -> None:
        found = _SPACE.match(self.text, self.position)
        self.position = found.end() if found else self.position
