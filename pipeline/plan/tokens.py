"""Tokens that tell by their beginning whose they are: ``glpat-…``, ``sk-ant-api03-…``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec


class _File(msgspec.Struct):
    """``token_prefixes.json``, which ``toolchain/token_prefixes.py`` writes.

    Attributes:
        prefixes: how tokens begin.
    """

    prefixes: list[str]


_OWN = (
    "akab-", "amzn.mws.", "da2-", "ABSK", "AKCp", "LTAI", "cmVmdGtuO", "dp.st.", "dp.ct.",
    "dp.sa.", "dp.scim.", "dp.audit.", "duffel_live_", "duffel_test_", "EZAK", "EZTK", "fio-u-",
    "gitea_", "GOCSPX-", "ya29.", "1//0", "hvr.", "nfp_", "tfp_", "NRAK-", "NRII-", "NRJS-",
    "NRBR-", "rzp_live_", "rzp_test_", "sdk-", "mob-", "pat-na1-", "pat-eu1-", "sq0atp-",
    "sq0csp-", "sq0idp-", "sqp_", "sqa_", "squ_", "tvly-", "tskey-", "cfut_", "cfat_", "CFPAT-",
    "ATATT", "ATBB", "ATCTT", "shippo_live_", "shippo_test_", "access_token$production$", "pnu_",
    "r8_", "RGAPI-", "dt0s01.", "dt0s16.", "sk-", "rk_live_", "rk_test_", "sk_live_", "sk_test_",
    "whsec_", "xoxa-", "xoxp-", "xoxr-", "xoxs-", "xoxo-", "ghs_", "ghu_", "glrtr-", "glwt-",
    "gloas-", "glptr-", "EAAA", "EAAC", "sntrys_", "lin_oauth_", "PMAT-", "dapi",
    "figo_", "ATTA", "sk_prod_", "rk_prod_",
)  # fmt: skip
"""Those of which the rules have none, or more than a beginning."""

_LONGEST_WEAK = 5
"""A short beginning can be the end of a word, so that what follows has to look like a token."""

_NEAR = 12
"""Characters behind a short beginning in which what is drawn has to begin."""

_WEAK = frozenset(("bedrock-api-key-",))
_RUN = re.compile(r"[A-Za-z0-9]{8,}")

PREFIXES = tuple(
    sorted(
        {
            *msgspec.json.decode(
                Path(__file__).with_name("token_prefixes.json").read_bytes(), type=_File
            ).prefixes,
            *_OWN,
        }
    )
)


def tokens(prefix: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a text has tokens that begin with a prefix, as start and end."""
    weak = len(prefix) <= _LONGEST_WEAK or prefix in _WEAK
    for match in _pattern(prefix).finditer(text):
        if not weak or looks_drawn(match["body"], near=_NEAR):
            yield match.span()


def looks_drawn(text: str, *, near: int | None = None) -> bool:
    """Whether a text has a run of letters and digits that change too often for words.

    Args:
        text: any text.
        near: where the run begins at the latest.
    """
    runs = _RUN.finditer(text)
    return any(_changes(run[0]) for run in runs if near is None or run.start() <= near)


def _changes(run: str) -> bool:
    changes = sum(a.isdigit() != b.isdigit() for a, b in pairwise(run))
    mixed = sum(a.isupper() != b.isupper() for a, b in pairwise(run) if a.isalpha() and b.isalpha())
    return (
        changes >= 3
        or (changes >= 1 and mixed >= 2)
        or (changes >= 2 and len(run) >= 16)
        or (changes >= 1 and len(run) >= 30)
        or mixed >= len(run) * 0.4
    )


@cache
def _pattern(prefix: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9]){re.escape(prefix)}(?P<body>[\w.~%+/=-]{{10,}})")
