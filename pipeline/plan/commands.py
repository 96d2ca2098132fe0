"""Finds secrets where a command, a statement in SQL or a pair of name and value has its place for one.

Only the programs that a plan's scripts commonly call: each has its own option for a password.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pipeline.plan.harmless import is_harmless
from pipeline.plan.names import is_secret_name

_REST = r"""[^\n;|]{0,300}?[\s"',\[]"""
"""What stands between a program and its option, on the same line."""

_GAP = r"""["']?[\s,=]++["']?"""
_VALUE = r"""(?P<value>(?<=')[^'\n]+|(?<=")[^"\n]+|[^\s"',;|<>\\]+)"""
_WORD = r"""["']?[^\s"',;|]+["']?[\s,]++"""
_Q = r"""["'\\]*+"""
_NAME = r"(?P<name>[\w.-]{1,80})"

COMMANDS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("mysql", "mariadb"),
        rf"\b(?:mysql\w*|mariadb[\w-]*){_REST}-p(?!\d+:)[\"']?{_VALUE}",
    ),
    (("mysqladmin",), rf"\bmysqladmin{_REST}password{_GAP}{_VALUE}"),
    (
        ("sshpass", "login", "mongo", "twine", "useradd", "usermod", "plink", "psexec", "influx"),
        (r"\b(?:sshpass|(?:docker|podman|buildah|nerdctl|az|oc|cf|skopeo|crane|helm|argocd|ibmcloud)"
        r"\b[^\n;|]{0,40}?login|mongo\w*|twine|useradd|usermod|plink|psexec|influx)"
        rf"{_REST}-pw?{_GAP}{_VALUE}"),
    ),
    (("sshpass", "7z"), rf"\b(?:sshpass|7za?){_REST}-p[\"']?{_VALUE}"),
    (("redis-cli",), rf"\bredis-cli{_REST}-a{_GAP}{_VALUE}"),
    (("ldap",), rf"\bldap\w+{_REST}-[ws]{_GAP}{_VALUE}"),
    (
        ("sqlcmd", "bcp", "zip", "ipmitool", "isql"),
        rf"\b(?:sqlcmd|bcp|(?:un)?zip|ipmitool|isql){_REST}-P(?:{_GAP}|[\"'])?{_VALUE}",
    ),
    (("snmp",), rf"\bsnmp(?:get|walk|set|bulk\w*|trap|table|status){_REST}-[cAX]{_GAP}{_VALUE}"),
    (("smbclient", "rpcclient"), rf"\b(?:smb|rpc)client{_REST}-U{_GAP}[^\s%]+%{_VALUE}"),
    (("pass:",), rf"(?<=\bpass:){_VALUE}"),
    (("openssl",), rf"\bopenssl\s++enc{_REST}-k{_GAP}{_VALUE}"),
    (("ssh-keygen",), rf"\bssh-keygen{_REST}-N{_GAP}{_VALUE}"),
    (
        ("curl", "http", "wget", "xh "),
        (rf"\b(?:curl|wget|https?|xh)\s{_REST.replace('{0,300}', '{0,400}')}?"
        rf"(?:-u|--user|-a|--auth|-U|--proxy-user)(?:{_GAP}|[\"'])?"
        r"""(?P<value>(?!https?:)[^\s"':/]+:[^\s"']+)"""),
    ),
    (("net user", "net  user"), rf"(?i)\bnet\s++user\s++{_WORD}(?!/)(?!\\)[\"']?{_VALUE}"),
    (("net use",), rf"(?i)\bnet\s++use\b[^\n]{{0,200}}?/user:\S+\s++(?!/){_VALUE}"),
    (
        ("chpasswd",),
        (rf"(?:echo|printf)\s++(?:-\w+\s++)?[\"']?[\w.$-]+:{_VALUE}[\"']?\s*+\|\s*+(?:sudo\s++)?chpasswd"
        rf"|chpasswd\s*+<<<\s*+[\"']?[\w.$-]+:(?P<here>[^\s\"']+)"),
    ),
    (
        ("passwd", "password-stdin", "sudo -s", "with-token", "--stdin"),
        (rf"(?:echo|printf)\s++(?:-\w+\s++)?[\"']?{_VALUE}[\"']?\s*+\|[^\n|]{{0,120}}?"
        r"(?:\bpasswd\b|--password-stdin|sudo -S|--with-token|--stdin)"),
    ),
    (("htpasswd",), rf"\bhtpasswd\s++-\w*b\w*\s++(?:-\w+\s++)*{_WORD}(?:{_WORD})?[\"']?{_VALUE}"),
    (
        ("rabbitmqctl",),
        rf"\brabbitmqctl{_REST}(?:add_user|change_password|authenticate_user){_GAP}{_WORD}{_VALUE}",
    ),
    (("vault login",), rf"\bvault\s++login\s++(?:-[\w=-]+\s++)*(?:token=)?(?!-|\w+=){_VALUE}"),
    (
        ("configure set", "config set"),
        rf"\bconfig(?:ure)?\s++set\s++(?:\S*[.:])?{_NAME}{_GAP}{_VALUE}",
    ),
    ((":thin:",), r"(?<=:thin:)\w{1,60}/(?P<value>[^@\s]{1,200})@"),
    (
        ("password is", "password was", "secret is", "token is", "passphrase is", "key is"),
        (r"(?i)(?:password|secret|token|passphrase|api key)\s++(?:is|was)\s*+:?\s*+"
        r"[\"'`]?(?P<value>(?=\S*\d)[^\s\"'`]{4,})"),
    ),
    (
        ("setenvironmentvariable",),
        rf"(?i)SetEnvironmentVariable\(\s*+{_Q}{_NAME}{_Q}\s*+,\s*+{_Q}{_VALUE}",
    ),
    (("securestring",), r"""(?i)-SecureString\s++(?:-String\s++)?["'](?P<value>[^"'$]+)["']"""),
    (
        ("requirepass", "masterauth", "community", "enable ", "pre-shared-key", "shared-secret"),
        (
            r"(?m)^[ \t]*+(?:requirepass|masterauth|r[ow]community|enable (?:secret|password)"
            rf"|snmp-server community|pre-shared-key|shared-secret)\s++(?:\d\s++)?[\"']?{_VALUE}"
        ),
    ),
    (("lftp",), rf"\blftp{_REST}-u{_GAP}[^\s,]+,{_VALUE}"),
    (("-value",), rf"(?i)\s-Name\s++[\"']?{_NAME}[\"']?\s++-Value\s++[\"']?{_VALUE}"),
    (("set -",), rf"\bset\s++-\w++\s++{_NAME}\s++[\"']?{_VALUE}"),
    (("env:",), rf"(?i)\benv:{_NAME}\s++(?:-Value\s++)?[\"']?{_VALUE}"),
    (("wpa_passphrase",), rf"\bwpa_passphrase\s++{_WORD}{_VALUE}"),
    (("from-literal",), rf"--from-literal[=\s]+[\"']?[\w.-]+=[\"']?{_VALUE}"),
    (("mc alias", "mc config"), rf"\bmc\s++(?:alias\s++set|config\s++host\s++add)\s++(?:{_WORD}){{3}}{_VALUE}"),
    (("login",), rf"(?i)\blogin{_GAP}[^\s\"']+[\"']?\s++password\s++{_VALUE}"),
    ((":5432:", ":*:"), r"(?m)^[\w.*-]+:(?:\d+|\*):[\w.*-]+:[\w.*-]+:(?P<value>\S+)$"),
    (
        ("identified",),
        rf"(?i)\bidentified\s++(?:with\s++\S+\s++)?(?:by|as)\s++(?:password\s++|values\s++)?{_Q}{_VALUE}",
    ),
    (
        ("password",),
        (r"(?i)\b(?:set\s++password\b[^=;\n]{0,120}=\s*+(?:password\(\s*+)?|(?:with|encrypted|user\s++\S+)"
        r"\s++password\s++E?|password\s*+\(\s*+|password\s++E?(?='))(?:'|\$\$|\")(?P<value>[^'\"\s$]+)"),
    ),
    (("createlogin", "sp_addlogin"), r"(?i)\bsp_addlogin\s++\S+\s*+,\s*+N?'(?P<value>[^']+)'"),
    (
        ("name", "key"),
        (rf"(?i)(?<![A-Za-z])(?:name|key){_Q}\s*+[:=]\s*+{_Q}{_NAME}{_Q}\s*+,?\s*+"
        rf"(?:{_Q}(?:type|secure|sensitive|description){_Q}\s*+[:=]\s*+{_Q}[\w ]{{1,40}}{_Q}\s*+,?\s*+)?"
        rf"{_Q}-?\s*+(?:value|default|content){_Q}\s*+[:=]\s*+{_Q}(?P<value>[^\s\"'\\,}}\]]+)"),
    ),
    (
        ("value",),
        (rf"(?i)(?<![A-Za-z])value{_Q}\s*+[:=]\s*+{_Q}(?P<value>[^\s\"'\\,}}\]]{{1,400}}+){_Q}\s*+,?\s*+"
        rf"{_Q}(?:name|key){_Q}\s*+[:=]\s*+{_Q}{_NAME}(?![\w.-])"),
    ),
    (("</",), r"<(?P<name>[\w.:-]{1,60})>(?P<value>[^<\s][^<]{0,500})</"),
)  # fmt: skip
"""Places of secrets, each with texts in lower case of which one is in whatever has the place.

Where a name stands beside the value, it has to be that of a secret."""


def command_parts(pattern: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a text has secrets of one of ``COMMANDS``, as start and end."""
    for match in _compiled(pattern).finditer(text):
        groups = match.groupdict()
        group = "value" if groups.get("value") else "here"
        name = groups.get("name")
        if (name is not None and not is_secret_name(name)) or not groups.get(group):
            continue
        # Of ``user:password`` the second part counts.
        value = match[group].rsplit(":", 1)[-1]
        if value and not is_harmless(value, name or "") and not value.startswith("-"):
            yield match.span(group)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
