"""Which AWS accounts are ours, as far as a plan tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from pipeline.plan.model import Plan
from pipeline.plan.values import as_list, as_map, as_text

_ID = re.compile(r"\d{12}")
_OURS = ("arn", "owner_id", "permissions_boundary", "registry_id", "role")
_OUR_ROLE = "role_arn"
"""Attributes that name the account of their resource, and how the names of others end: a service
takes a role of the same account only.
"""

_LOAD_BALANCERS = frozenset(
    [
        "009996457667",
        "027434742980",
        "033677994240",
        "054676820928",
        "076674570225",
        "098369216593",
        "114774131450",
        "127311923021",
        "156460612806",
        "383597477331",
        "507241528517",
        "582318560864",
        "589379963580",
        "600734575887",
        "635631232127",
        "652711504416",
        "718504428378",
        "754344448648",
        "783225319266",
        "797873946194",
        "897822967062",
        "985666609251",
    ]
)
"""Accounts of AWS's own, from which load balancers write their logs.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
"""

_SERVICE = re.compile(r".*\.(?:amazonaws\.com(?:\.cn)?|amazon\.com)")

_IDENTITY_PROVIDER = re.compile(r"arn:[\w-]*:iam::(\d{12}):(?:oidc|saml)-provider/")
"""A role trusts the identity providers of its own account only.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""


def account_of(principal: str) -> str:
    """The account that a principal names, by its number or in an ARN; empty where it has none."""
    if _ID.fullmatch(principal):
        return principal
    parts = principal.split(":", 5)
    return parts[4] if len(parts) == 6 and _ID.fullmatch(parts[4]) else ""


def is_service(principal: str) -> bool:
    """Whether a principal is a service of AWS's, such as ``sns.amazonaws.com``."""
    return _SERVICE.fullmatch(principal) is not None


class Accounts:
    """The accounts of a plan's own resources."""

    def __init__(self, plan: Plan) -> None:
        """Args: plan: it is searched only when somebody asks."""
        self._plan = plan

    def foreign(self, principal: str) -> str:
        """What to call a principal of an account that is not ours; empty for all others."""
        account = account_of(principal)
        if not account or account in _LOAD_BALANCERS or account in self._ours:
            return ""
        which = "another account" if self._ours else "another account unless it is yours"
        return f"account {account} ({which})"

    def surely_foreign(self, principals: Iterable[str]) -> str:
        """The first that is not ours, where it is known which accounts are ours.

        A condition names our own account more often than not, to keep all others out.
        """
        return next(filter(None, map(self.foreign, principals)), "") if self._ours else ""

    @cached_property
    def _ours(self) -> frozenset[str]:
        return self._plan.accounts or frozenset(self._named())

    def _named(self) -> Iterator[str]:
        for change in self._plan.changes:
            for side in (change.before, change.after):
                values = as_map(side)
                for name, value in values.items():
                    if name in _OURS or name.endswith(_OUR_ROLE):
                        yield from filter(None, (account_of(as_text(value)),))
                for text in as_list(values.get("assume_role_policy")):
                    yield from _IDENTITY_PROVIDER.findall(as_text(text))
