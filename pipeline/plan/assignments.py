"""Finds the values that a text assigns to the names of secrets: ``DB_PASSWORD=…``."""

from __future__ import annotations

import re

from pipeline.plan.harmless import is_harmless
from pipeline.plan.names import is_secret_name

STEMS = frozenset(
    (
        "pass",
        "pw",
        "psk",
        "pin",
        "puk",
        "secret",
        "token",
        "key",
        "cred",
        "auth",
        "dsn",
        "jwt",
        "otp",
        "salt",
        "cookie",
        "community",
        "webhook",
        "conn",
        "string",
        "session",
        "kennwort",
        "senha",
        "dockerc",
        "bearer",
        "netrc",
    )
)
"""One of these is in every name of a secret that an assignment is looked for at."""

_SIGN = re.compile(
    r"""(?x) (?P<rest> [\w-]{0,40}) (?P<quotes> [\"'\\]{0,4} \]?)
    (?P<sign> \s* (?::|\?)? = (?!=) >? \s* | [\"'\\]* \s* : \s+ | [\"'\\]+ \s* : \s* | : | \s+ (?=\S)
    | [\"'\\]+,\s*(?=[\"'\\]) )
    (?P<quote> N?[\"'\\]{0,4} ) (?= [^\s\"',;&] )
    """
)
_VALUE = re.compile(r"[^\s\"',;&]+")
_QUOTED = {quote: re.compile(rf"[^{quote}\n]+") for quote in "\"'"}
_NAME_BEFORE = re.compile(r"[\w-]{0,60}\Z")
_OPTION = re.compile(r"--?\w[\w-]*\Z")
_INSTRUCTION = re.compile(r"(?i)(?:^|\n|\b)\s*(?:env|arg|setx(?:\s+/m)?|set-variable)\s+\Z")
_PROSE = re.compile(r"[A-Za-z][a-z']*[.!?]?(?= [A-Za-z(]| ?$|\n)")
_SENTENCE = re.compile(r"[A-Za-z]{2,} [\w-]*\Z")


def assigned_part(text: str, stem: int) -> tuple[int, int] | None:
    """The value that a name of a secret is given, as start and end.

    Args:
        text: any text.
        stem: where a part of a name ends that may be one.
    """
    match = _SIGN.match(text, stem)
    if not match:
        return None
    before = _NAME_BEFORE.search(text, max(0, stem - 60), stem)
    start = before.start() if before else stem
    name = text[start : match.end("rest")]
    sign = match["sign"]
    if sign == ":" and (
        text[start - 1 : start] == ":" or ":" in text[match.end() : match.end() + 1]
    ):
        return None  # a part of an ARN: ``…:secret:name``
    if not is_secret_name(name):
        return None
    if not sign.strip() and not _is_option(text, start, name):
        return None  # two words of a sentence; ``--password value`` is an option
    if sign.strip().endswith(",") and not name.startswith("-"):
        return None  # two items of a list; ``"--password", "value"`` are an option
    quote = match["quote"][-1:]
    value = _QUOTED[quote].match(text, match.end()) if quote in _QUOTED else None
    value = value or _VALUE.match(text, match.end())
    if not value or is_harmless(value[0].rstrip("\\):"), name):
        return None
    if ":" in sign and not match["quotes"] and _is_prose(text, start, value):
        return None
    return value.span()


def _is_option(text: str, start: int, name: str) -> bool:
    if name.startswith("-"):
        # AWS's command line names a secret by ``--secret-id``.
        return bool(_OPTION.match(name)) and not name.endswith("-id")
    if text[start - 1 : start] == "/":
        return text[max(0, start - 2) : start - 1].strip() == "" and name.isalpha()
    return bool(_INSTRUCTION.search(text, max(0, start - 24), start))


def _is_prose(text: str, start: int, value: re.Match[str]) -> bool:
    """Whether this is a sentence with a colon: ``rotate the password: see the runbook``."""
    return bool(
        _PROSE.match(text, value.start()) and _SENTENCE.search(text, max(0, start - 40), start)
    )
