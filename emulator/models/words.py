"""Words without case and accents, as people type them: ``pho`` for ``Phở``."""

from __future__ import annotations

import re
import unicodedata

CHARACTERS_PER_TOKEN = 4
"""A common rule of thumb for English."""

_WORD = re.compile(r"[^\W_]+")
_NOT_DECOMPOSED = str.maketrans({"đ": "d", "Đ": "d", "ø": "o", "ł": "l", "ß": "ss"})
_ENDINGS = re.compile(r"(?<=[a-z]{3})(?:ing|ed|es|(?<!s)s|e)$")

STOP_WORDS = frozenset(
    """
    a about all am an and any are as at be been but by can could did do does for from get had has
    have he her his how i if in into is it its me most my no not of on or our she should so some
    than that the their them then there these they this those to us was we were what when where
    which who whom whose why will with would you your
    """.split()  # noqa: SIM905 - a list of that many strings is hard to read
)
"""English words that tell nothing of what a question is about."""

# With their accents, as without them some are dishes: đâu (where) and đậu (beans).
_VIETNAMESE_STOP_WORDS = frozenset(
    """
    bao bạn các cho có của cái đã đâu để được gì không khi là làm mà mình một nào này nhiêu như
    những ở rất sao sẽ tại thế thì tôi trong và về vì với
    """.split()  # noqa: SIM905 - as above
)


def fold(text: str) -> str:
    """Gives the text in lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_NOT_DECOMPOSED).lower())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words(text: str) -> list[str]:
    """Gives the words of a text, folded, in order."""
    return _WORD.findall(fold(text))


def content_words(text: str) -> list[str]:
    """Gives the words of a text that tell what it is about, folded, in order."""
    lower = unicodedata.normalize("NFC", text).lower()
    spoken = (word for word in _WORD.findall(lower) if word not in _VIETNAMESE_STOP_WORDS)
    return [word for word in words(" ".join(spoken)) if word not in STOP_WORDS]


def stems(text: str) -> list[str]:
    """Gives the content words without English endings, so that `islands` is `island`."""
    return [_ENDINGS.sub("", word) for word in content_words(text)]


def count_tokens(text: str) -> int:
    """Gives about how many tokens a text has."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def cut(text: str, max_tokens: int) -> str:
    """Gives as much of a text as that many tokens hold."""
    return text[: max_tokens * CHARACTERS_PER_TOKEN]
