"""Forms of known secrets: tokens, keys, URLs with a password, and assignments to secret names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from detect_secrets.plugins.aws import AWSKeyDetector
from detect_secrets.plugins.azure_storage_key import AzureStorageKeyDetector
from detect_secrets.plugins.discord import DiscordBotTokenDetector
from detect_secrets.plugins.github_token import GitHubTokenDetector
from detect_secrets.plugins.mailchimp import MailchimpDetector
from detect_secrets.plugins.npm import NpmDetector
from detect_secrets.plugins.private_key import PrivateKeyDetector
from detect_secrets.plugins.sendgrid import SendGridDetector
from detect_secrets.plugins.slack import SlackDetector
from detect_secrets.plugins.square_oauth import SquareOAuthDetector
from detect_secrets.plugins.stripe import StripeDetector
from detect_secrets.plugins.twilio import TwilioKeyDetector

from pipeline.plan.names import is_secret_name

_DETECTORS = (
    AWSKeyDetector,
    AzureStorageKeyDetector,
    DiscordBotTokenDetector,
    GitHubTokenDetector,
    MailchimpDetector,
    NpmDetector,
    PrivateKeyDetector,
    SendGridDetector,
    SlackDetector,
    SquareOAuthDetector,
    StripeDetector,
    TwilioKeyDetector,
)
"""detect-secrets' forms of tokens. Its detectors by keyword and by entropy expect lines of source
code, where values stand in quotes; a plan's values do not."""

_OWN: tuple[tuple[tuple[str, ...], str], ...] = (
    # A whole key, where the library finds its first line.
    (
        ("-----begin ",),
        r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]+-----|\Z)",
    ),
    # RFC 7519; the library's form takes the square of the time on a long text.
    (("eyj",), r"(?<![\w-])eyJ[\w=-]{6,}\.[\w=-]{2,}(?:\.[\w.+/=-]*)?"),
    (("akc",), r"(?<!\w)AKC[A-Za-z0-9]{10,}"),
    # https://docs.gitlab.com/security/tokens/#token-prefixes
    (
        ("gl", "gr1348941", "_gitlab_session="),
        r"\bgl[a-z]{1,6}-[0-9A-Za-z_-]{16,}|\bGR1348941[0-9A-Za-z_-]{20}|\b_gitlab_session=\S+",
    ),
    # https://github.blog/changelog/2022-10-18-introducing-fine-grained-personal-access-tokens/
    (("gh", "github_pat_"), r"\bgithub_pat_\w{20,}|\bgh[pousr]_\w{30,}"),
    # https://docs.stripe.com/keys
    (("k_live_", "k_test_", "whsec_"), r"\b(?:sk|rk)_(?:live|test)_\w{10,}|\bwhsec_\S{16,}"),
    # https://api.slack.com/concepts/token-types
    (("xox", "xapp-"), r"\bxox[a-z](?:\.xox[a-z])?-[\w-]{10,}|\bxapp-[\w-]{10,}"),
    (
        ("sk-", "hf_", "aiza", "pypi-", "dop_v1_"),
        r"\bsk-[\w-]{20,}|\bhf_[A-Za-z]{20,}|\bAIza[\w-]{35}|\bpypi-[\w-]{16,}|\bdop_v1_\w{20,}",
    ),
    (
        ("hvs.", "hvb.", "hvr.", "atatt", "dckr_pat_"),
        r"\b(?:hv[sbr])\.[\w-]{20,}|\bATATT\w{16,}|\bdckr_pat_[\w-]{16,}",
    ),
    # A Terraform Cloud token: https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens
    ((".atlasv1.",), r"\b\w{14}\.atlasv1\.[\w-]{20,}"),
    # user:password@host, with the characters that should have been escaped
    (("://",), r"""(?<=://)[^\s/:@"'<>]*:[^\s/"'<>@][^\s/"'<>]*(?=@[\w.\[$%-])"""),
    (
        ("authorization",),
        r"(?i)\bauthorization[\"']?\s*[:=]\s*[\"']?(?:(?:bearer|basic|digest|token)\s+)?[^\s\"',;]{4,}",
    ),
    (("bearer",), r"(?i)\bbearer\s+(?:[\w.~+/-]{16,}=*|(?=\S*\d)[\w.~+/-]{6,}=*)"),
    (
        ("x-amz-", "sig"),
        r"(?i)\b(?:x-amz-signature|x-amz-security-token|sig|signature)=[\w%+/=-]{16,}",
    ),
    (
        ("webhook",),
        r"(?i)https://[\w.-]+\.webhook\.office\.com/\S+|https://discord(?:app)?\.com/api/webhooks/\S+",
    ),
)
"""Forms, each with texts in lower case of which one is in whatever has the form: to look for a text
takes a twentieth of the time of a pattern, and most values have none of them."""

_LIBRARY: tuple[re.Pattern[str], ...] = tuple(
    pattern for detector in _DETECTORS for pattern in detector.denylist
)
_FORMS = tuple((needles, re.compile(pattern)) for needles, pattern in _OWN)

_STEMS = (
    *("passw", "pwd", "passphrase", "passcode", "secret"),
    *("token", "key", "credential", "auth", "dsn"),
)
_ASSIGNED = re.compile(
    rf"""(?ix)
    (?: {"|".join(_STEMS)} )
    [\w-]{{0,40}} [\"'\\]{{0,3}}
    (?P<sign> \s* = >? \s* | \s* :\s+ | [\"'\\]+ \s* : \s* | : | \s+ (?=\S) )
    [\"'\\]{{0,3}} (?= [^\s\"',;&] )
    """
)
_VALUE = re.compile(r"[^\s\"',;&]+")
_NAME_BEFORE = re.compile(r"[\w-]{0,60}\Z")
_OPTION = re.compile(r"--?\w[\w-]*\Z")
_REFERENCE = re.compile(
    r"""(?x) (?: \$\{[^}]*\} | \$\([^)]*\) | \$[A-Z_][A-Z0-9_]* | <[^>]*> | \*+ | \{\{[^}]*\}\}
    | \((?:sensitive|known)\)? | arn:\S+ | (?i:true|false|null|none|required|optional|(?:en|dis)abled)
    ) [.)\]}\\]*"""
)
"""A value that stands for a secret, or is none."""


def known_parts(text: str) -> Iterator[tuple[int, int]]:
    """Where a text has something in the form of a known secret, as start and end."""
    for pattern in _LIBRARY:
        for match in pattern.finditer(text):
            yield match.span()
    lowered = text.lower()
    # Beyond ASCII a pattern that ignores case matches more than lower case tells (U+017F is an s).
    everything = not text.isascii()
    for needles, pattern in _FORMS:
        if everything or _any_in(needles, lowered):
            for match in pattern.finditer(text):
                yield match.span()
    if everything or _any_in(_STEMS, lowered):
        yield from _assigned_parts(text)


def _any_in(needles: tuple[str, ...], text: str) -> bool:
    for needle in needles:  # noqa: SIM110 - a generator takes twice the time
        if needle in text:
            return True
    return False


def _assigned_parts(text: str) -> Iterator[tuple[int, int]]:
    end = 0
    for match in _ASSIGNED.finditer(text):
        # What an accepted value holds is masked with it.
        if match.start() < end or not _is_assignment(text, match):
            continue
        value = _VALUE.match(text, match.end())
        if value and not _REFERENCE.fullmatch(value[0]):
            end = value.end()
            yield value.span()


def _is_assignment(text: str, match: re.Match[str]) -> bool:
    before = _NAME_BEFORE.search(text, max(0, match.start() - 60), match.start())
    start = before.start() if before else match.start()
    name = text[start : match.start("sign")].strip("\"'\\")
    sign = match["sign"]
    if sign == ":" and text[start - 1 : start] == ":":
        return False  # a part of an ARN: ``…:secret:name``
    if not sign.strip() and not _OPTION.match(name):
        return False  # two words of a sentence; ``--password value`` is an option
    return is_secret_name(name)
