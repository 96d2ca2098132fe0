"""What can stand under the name of a secret and is none: a switch, a duration, a reference."""

from __future__ import annotations

import re

from pipeline.plan.names import is_code_name, is_secret_name

ARN = re.compile(r"arn:aws[\w-]*:[\w-]+:[\w-]*:\d*:\S+")

_WORDS = re.compile(
    r"true|false|yes|no|on|off|null|none|nil|default|enabled?|disabled?|required|optional|"
    r"(?:in)?active|seconds|minutes|hours|days|(?:aws_)?iam|header|authorizer|jwt|custom|secrets|"
    r"basic|bearer|digest|oauth2?|saml|kerberos|ldap|mtls|sigv4|scram-sha-\d+|cognito_user_pools|"
    r"managed|auto|always|never|all|whitelist|str|string|bool|bytes|nil|allow|deny|query_string|n/a",
    re.IGNORECASE,
)
_DURATION = re.compile(
    r"-?P(?=[\dT])(?:\d+[DWMY])*(?:T(?:\d+[HMS])+)?|(?:\d+(?:ms|[smhdwy]))+"
    r"|(?:\d+\s*)?(?:milli)?(?:second|minute|hour|day|week|month|year)s?|rate\([\w ]+\)",
    re.IGNORECASE,
)
_SMALL = re.compile(r"-?\d{1,5}(?:\.\d+)?")

_REFERENCE = re.compile(
    r"""(?x) (?: \$\{[^}]*\} | \$\([^)]*\)? | \$[A-Z_][A-Z0-9_]* | \$\$?(?:[a-z_]+|\.)[a-zA-Z_.]*\(? | \$\d | \$env:\w+
    | %\w+% | `[^`]*`? | alias/[\w/-]+ | <[^>]*>? | \*+ | \$?\{\{[^}]*(?:\}\})? | \((?:sensitive|known)\)? | arn:aws[\w-]*:\S+
    | (?: os|process|var|local|data|module|self|this|config|settings|event|ctx|context|props|secrets
    | steps|inputs|github|random_password|aws_\w+ ) \. [A-Za-z_][\w.\[\]]* \(?
    | [a-z_][\w.]*\(\S* | !(?:Ref|GetAtt|Sub|ImportValue) ) [.)\]}\\]*"""
)
"""A value that stands for a secret, as templates and programs write it."""

_PATH = re.compile(r"(?:ssm:|secretsmanager:|vault:|file:/)?/?(?:[\w.-]+/)+(?P<last>[\w.-]+)")


def is_harmless(text: str, name: str = "") -> bool:
    """Whether a text can stand under a secret's name and be none.

    That is a word that switches something, a duration, an ARN, a reference, the path of a secret
    (which ends in its name), and a number of few digits where the secret is no number itself.

    Args:
        text: the value.
        name: what it stands under, if that is known.
    """
    if _WORDS.fullmatch(text) or _REFERENCE.fullmatch(text) or ARN.fullmatch(text):
        return True
    if text[:1].isdigit() or text[:1] in "Pp-mshdwyr":
        if _SMALL.fullmatch(text):
            return name != "" and not is_code_name(name)
        if _DURATION.fullmatch(text):
            return True
    path = _PATH.fullmatch(text) if "/" in text else None
    return bool(path and is_secret_name(path["last"]))
