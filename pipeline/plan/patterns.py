"""Forms of known secrets: tokens, keys, URLs with a password, commands, and assignments.

One pass over a text finds which of the forms are worth a try: most texts have none.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import ahocorasick

from pipeline.plan.assignments import STEMS, assigned_part
from pipeline.plan.commands import COMMANDS, command_parts
from pipeline.plan.tokens import PREFIXES, looks_drawn, tokens

Span = tuple[int, int]
_Finder = Callable[[str], Iterator[Span]]

FORMS: tuple[tuple[tuple[str, ...], str], ...] = (
    # A whole key, or its first lines where the text ends before it does.
    (
        ("---- begin ", "-----begin", "putty-user-key-file-", "ssh private key"),
        (r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]+-----|\Z)"
        r"|---- BEGIN SSH2 [A-Z ]*PRIVATE KEY ----|PuTTY-User-Key-File-\d+:.*"),
    ),
    # RFC 7519.
    (("eyj",), r"(?<![\w-])eyJ[\w=-]{6,}\.[\w=-]{2,}(?:\.[\w.+/=-]*)?"),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
    (
        ("akia", "asia", "abia", "acca", "a3t"),
        r"(?<![A-Za-z0-9])(?:A3T[A-Z0-9]|ABIA|ACCA|AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])",
    ),
    (("akc",), r"(?<!\w)AKC[A-Za-z0-9]{10,}"),
    # https://docs.gitlab.com/security/tokens/#token-prefixes
    (("gr1348941",), r"\bGR1348941[0-9A-Za-z_-]{20}"),
    (("gh",), r"\bgh[pousr]_\w{30,}"),
    # https://api.slack.com/concepts/token-types
    (("xox",), r"\bxox[a-z](?:\.xox[a-z])?-[\w-]{10,}"),
    (("aiza",), r"\bAIza[\w-]{35}"),
    (("hf_",), r"\bhf_[A-Za-z]{20,}"),
    # https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens
    ((".atlasv1.",), r"\b\w{14}\.atlasv1\.[\w-]{20,}"),
    # https://www.postgresql.org/docs/current/catalog-pg-authid.html
    (("md5",), r"(?<![\w/.-])md5[0-9a-f]{32}(?!\w)"),
    (("q~",), r"(?<![\w~.-])[\w~.]{3}[78]Q~[\w~.-]{31,40}"),
    ((":aa",), r"(?<!\w)\d{8,10}:AA[\w-]{33}"),
    ((":apa91b",), r"(?<![\w-])[\w-]{4,}:APA91b[\w-]{60,}"),
    # user:password@host, with the characters that should have been escaped
    (("://",), r"""(?<=://)[^\s/:@"'<>]*:[^\s/"'<>@][^\s/"'<>]*(?=@[\w.\[$%-])"""),
    # A token in place of a user.
    (
        ("http://", "https://"),
        (r"""(?i)(?<=ps://|tp://)(?!(?:git|user(?:name)?|anonymous|me|admin|root|ec2-user|\*+)@)"""
        r"""[\w.~%+=-]{6,}(?=@[\w.\[$%-])"""),
    ),
    (
        ("authorization",),
        (r"(?i)\bauthorization[\"'\\]*\s*[:=]\s*[\"'\\]*"
        r"(?:(?:bearer|basic|digest|token)\s+(?![$%<{*])[^\s\"'\\,;]{4,}"
        r"|(?!(?:none|aws_iam|custom|iam|jwt|bearer|basic|digest|token)\b)[^\s\"'\\,;$]{4,})"),
    ),
    (("bearer",), r"(?i)\bbearer\s+(?:[\w.~+/-]{16,}=*|(?=\S*\d)[\w.~+/-]{6,}=*)"),
    (
        ("x-amz-", "sig"),
        (r"(?i)\b(?:x-amz-signature|x-amz-security-token|sig|signature)=[\w%+/=-]{16,}"
        r"|(?i:(?<=[?&]sig=))[\w%+/=-]{4,}"),
    ),
    (
        ("webhook", "hooks.", "/hooks/"),
        (r"(?i)https://[\w.-]+\.webhook\.office\.com/\S+"
        r"|https://discord(?:app)?\.com/api/webhooks/\S+"
        r"|https://hooks\.slack\.com/(?:services|workflows|triggers)/[\w/+-]{8,}"
        r"|https://hooks\.zapier\.com/hooks/catch/[\w/]{6,}"
        r"|https://[\w.-]+/(?:incoming-?)?web-?hooks?/[\w/-]{20,}"),
    ),
    # Hashes of passwords: crypt(3), htpasswd, LDAP.
    (
        ("$apr1$", "$2a$", "$2b$", "$2x$", "$2y$", "$1$", "$5$", "$6$", "$y$", "$argon2", "$scrypt"),
        r"\$(?:apr1|2[abxy]|[156y]|argon2\w*|scrypt)\$[\w./$,=+-]{8,}",
    ),
    (("{sha", "{ssha", "scram-sha-256$", "pbkdf2"),
     r"\{S?SHA\d*\}[\w+/=]{16,}|SCRAM-SHA-256\$\d+:\S{20,}|\bpbkdf2[\w:-]*\$\S{16,}"),
)  # fmt: skip
"""Forms, each with texts in lower case of which one is in whatever has the form."""

_DISCORD = re.compile(r"(?<![\w.-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}")
_PARAMETER = re.compile(r"(?i)[?&](?:key|code|auth|k|t|st|jwt|sas)=([\w.~%+/=-]{16,})")
_BASIC = re.compile(r"(?i)\bbasic\s+([A-Za-z0-9+/]{8,}={0,2})")


def _matches(pattern: str, text: str) -> Iterator[Span]:
    for match in _compiled(pattern).finditer(text):
        yield match.span()


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _parameters(text: str) -> Iterator[Span]:
    for match in _PARAMETER.finditer(text):
        if looks_drawn(match[1]):
            yield match.span(1)


def _basic(text: str) -> Iterator[Span]:
    """HTTP's Basic scheme: a user and a password in base64."""
    for match in _BASIC.finditer(text):
        try:
            plain = base64.b64decode(match[1] + "=" * (-len(match[1]) % 4))
        except (binascii.Error, ValueError):
            continue
        if b":" in plain and plain.isascii():
            yield match.span()


def _discord(text: str) -> Iterator[Span]:
    for match in _DISCORD.finditer(text):
        if looks_drawn(match[0]):
            yield match.span()


def _automaton() -> tuple[Any, tuple[_Finder, ...]]:
    """Finds all needles in one pass; each stands for a place in the list of finders."""
    finders: list[_Finder] = []
    places: dict[str, list[int]] = {}

    def add(needles: tuple[str, ...], finder: _Finder) -> None:
        for needle in needles:
            places.setdefault(needle, []).append(len(finders))
        finders.append(finder)

    for needles, pattern in FORMS:
        add(needles, partial(_matches, pattern))
    for prefix in PREFIXES:
        add((prefix.lower(),), partial(tokens, prefix))
    for needles, pattern in COMMANDS:
        add(needles, partial(command_parts, pattern))
    add(("key=", "code=", "auth=", "&k=", "?k=", "?t=", "&t=", "jwt=", "sas=", "st="), _parameters)
    add(("basic ",), _basic)
    add((".",), _discord)
    automaton = ahocorasick.Automaton()
    for needle, found in places.items():
        automaton.add_word(needle, (tuple(found), needle in STEMS))
    for stem in STEMS:
        if stem not in places:
            automaton.add_word(stem, ((), True))
    automaton.make_automaton()
    return automaton, tuple(finders)


_AUTOMATON, _FINDERS = _automaton()

# A pattern that ignores case matches these letters as well, and lower case would not tell.
_FOLDED = str.maketrans({"\u017f": "s", "\u212a": "k", "\u0130": "i", "\u0131": "i"})


def known_parts(text: str) -> Iterator[Span]:
    """Where a text has something in the form of a known secret, as start and end."""
    lowered = text.lower() if text.isascii() else text.translate(_FOLDED).lower()
    worth: set[int] = set()
    stems = []
    for last, (places, is_stem) in _AUTOMATON.iter(lowered):
        worth.update(places)
        if is_stem:
            stems.append(last + 1)
    for place in sorted(worth):
        yield from _FINDERS[place](text)
    end = 0
    for stem in stems:
        # What an accepted value holds is masked with it.
        if stem > end and (span := assigned_part(text, stem)):
            end = span[1]
            yield span
