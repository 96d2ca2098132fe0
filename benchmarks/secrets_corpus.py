"""Made-up secrets and harmless values, as the attributes of resources in a plan.

Nothing here is or was a secret. Tokens are drawn from a seed, so that none stands in a file.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SEED = 20_261_129
_ALNUM = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"
_WORDS = (
    "hunter", "winter", "dragon", "letmein", "planted", "monkey", "shadow", "sunshine", "welcome",
    "orange", "purple", "falcon", "coffee", "rocket",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One resource.

    Attributes:
        kind: what stands for a row of the table.
        template: what it was made from.
        attributes: of the resource, as in a plan.
        held_back: nobody changed a rule because of it, and nobody may.
    """

    kind: str
    template: str
    attributes: Mapping[str, Any]
    held_back: bool


class Draw:
    """Draws what fills a template; each ``«name»`` in it calls the method of that name."""

    def __init__(self, seed: str) -> None:
        """Args: seed: the same one draws the same values."""
        self._random = random.Random(f"{SEED} {seed}")  # noqa: S311 - nothing here is a secret

    def __getitem__(self, name: str) -> str:
        """What stands for ``«name»``; ``«hex40»`` is drawn with 40 digits."""
        kind = name.rstrip(string.digits)
        count = int(name[len(kind) :] or 0)
        draw: Callable[[int], str] = getattr(self, kind)
        return draw(count)

    def hex(self, count: int) -> str:
        """Hexadecimal digits."""
        return self._of(_HEX, count)

    def alnum(self, count: int) -> str:
        """Letters and digits."""
        return self._of(_ALNUM, count)

    def lower(self, count: int) -> str:
        """Small letters and digits."""
        return self._of(string.ascii_lowercase + string.digits, count)

    def upper(self, count: int) -> str:
        """Capital letters and digits."""
        return self._of(string.ascii_uppercase + string.digits, count)

    def digits(self, count: int) -> str:
        """Digits, of which the first is none of them."""
        return self._of("123456789", 1) + self._of(string.digits, count - 1)

    def base(self, count: int) -> str:
        """Digits of base64."""
        return self._of(_ALNUM + "+/", count)

    def urlsafe(self, count: int) -> str:
        """Digits of base64 for URLs."""
        return self._of(_ALNUM + "-_", count)

    def uuid(self, _: int) -> str:
        """A UUID."""
        return "-".join(self.hex(n) for n in (8, 4, 4, 4, 12))

    def account(self, _: int) -> str:
        """An AWS account."""
        return self.digits(12)

    def word(self, _: int) -> str:
        """A word."""
        return self._random.choice(_WORDS)

    def pw(self, _: int) -> str:
        """A password as people make them."""
        word, other = self._random.choice(_WORDS), self._random.choice(_WORDS)
        number = self._random.randrange(10, 9999)
        return self._random.choice(
            (f"{word}{number}", f"{word.title()}{number}!", f"{word}-{other}-{number}",
             f"{word}{other}", f"P{number}{word}", self.alnum(12), self.alnum(20))
        )  # fmt: skip

    def _of(self, alphabet: str, count: int) -> str:
        return "".join(self._random.choices(alphabet, k=count))


def cases(
    kind: str, templates: Iterator[tuple[str, Any]], each: int, *, held_back: bool = False
) -> Iterator[Case]:
    """Cases of a kind.

    Args:
        kind: what stands for a row of the table.
        templates: what tells them apart, and the attributes with ``«…»`` in their texts.
        each: cases that are made of one template.
        held_back: nobody changed a rule because of them, and nobody may.
    """
    for template, attributes in templates:
        for number in range(each):
            draw = Draw(f"{kind} {template} {number}")
            filled = _filled(attributes, draw)
            yield Case(kind=kind, template=template, attributes=filled, held_back=held_back)


def _filled(value: Any, draw: Draw) -> Any:
    if isinstance(value, str):
        return fill(value, draw)
    if isinstance(value, dict):
        return {fill(key, draw): _filled(item, draw) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, draw) for item in value]
    return value(draw) if callable(value) else value


def fill(text: str, draw: Draw) -> str:
    """``«name»`` stands for what is drawn: braces are in many a text itself."""
    parts = text.split("«")
    return parts[0] + "".join(
        draw[name] + rest for name, _, rest in (part.partition("»") for part in parts[1:])
    )
