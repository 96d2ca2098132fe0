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

_OWN = (
    # A whole key, where the library finds its first line.
    r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]+-----|\Z)",
    # RFC 7519; the library's form takes the square of the time on a long text.
    r"(?<![\w-])eyJ[\w=-]{6,}\.[\w=-]{2,}(?:\.[\w.+/=-]*)?",
    r"(?<!\w)AKC[A-Za-z0-9]{10,}",
    # https://docs.gitlab.com/security/tokens/#token-prefixes
    r"\bgl[a-z]{1,6}-[0-9A-Za-z_-]{16,}|\bGR1348941[0-9A-Za-z_-]{20}|\b_gitlab_session=\S+",
    # https://github.blog/changelog/2022-10-18-introducing-fine-grained-personal-access-tokens/
    r"\bgithub_pat_\w{20,}|\bgh[pousr]_\w{30,}",
    # https://docs.stripe.com/keys
    r"\b(?:sk|rk)_(?:live|test)_\w{10,}|\bwhsec_\S{16,}",
    # https://api.slack.com/concepts/token-types
    r"\bxox[a-z](?:\.xox[a-z])?-[\w-]{10,}|\bxapp-[\w-]{10,}",
    r"\bsk-[\w-]{20,}|\bhf_[A-Za-z]{20,}|\bAIza[\w-]{35}|\bpypi-[\w-]{16,}|\bdop_v1_\w{20,}",
    r"\b(?:hv[sbr])\.[\w-]{20,}|\bATATT\w{16,}|\bdckr_pat_[\w-]{16,}",
    # A Terraform Cloud token: https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens
    r"\b\w{14}\.atlasv1\.[\w-]{20,}",
    # user:password@host, with the characters that should have been escaped
    r"""(?<=://)[^\s/:@"'<>]*:[^\s/"'<>@][^\s/"'<>]*(?=@[\w.\[$%-])""",
    r"(?i)\bauthorization[\"']?\s*[:=]\s*[\"']?(?:(?:bearer|basic|digest|token)\s+)?[^\s\"',;]{4,}",
    r"(?i)\bbearer\s+(?:[\w.~+/-]{16,}=*|(?=\S*\d)[\w.~+/-]{6,}=*)",
    r"(?i)\b(?:x-amz-signature|x-amz-security-token|sig|signature)=[\w%+/=-]{16,}",
    r"(?i)https://[\w.-]+\.webhook\.office\.com/\S+|https://discord(?:app)?\.com/api/webhooks/\S+",
)

PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    pattern for detector in _DETECTORS for pattern in detector.denylist
) + tuple(re.compile(pattern) for pattern in _OWN)

_ASSIGNED = re.compile(
    r"""(?ix)
    (?: passw | pwd | passphrase | passcode | secret | token | key | credential | auth | dsn )
    [\w-]{0,40} [\"'\\]{0,3} (?P<sign> \s* = >? \s* | \s* :\s+ | [\"'\\]+ \s* : \s* | : | \s+ (?=\S) )
    [\"'\\]{0,3} (?= [^\s\"',;&] )
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
    for pattern in PATTERNS:
        for match in pattern.finditer(text):
            yield match.span()
    yield from _assigned_parts(text)


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
