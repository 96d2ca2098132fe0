"""Who may log in: the rules of RDS Proxy, and those of an instance.

Source of the proxy's error messages:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from emulator.rds_proxy.token import Endpoint, TokenError
from emulator.rds_proxy.wire import Refused, Unavailable


@dataclass(frozen=True, kw_only=True)
class RoleSecret:
    """A role whose secret a proxy holds.

    Attributes:
        password: with which the proxy logs in to the database.
        iam: whether its clients need a token; otherwise they need the same password.
    """

    password: str = field(repr=False)
    iam: bool = True


class Access(Protocol):
    """Decides who may log in."""

    takes_cancel_requests: bool

    def patience_seconds(self) -> float:
        """How long a client waits for a database that does not run."""

    def unavailable(self) -> Exception:
        """What a client gets that has waited in vain; an OSError hangs up without a word."""

    def check_startup(self, parameters: Mapping[str, str], *, encrypted: bool) -> None:
        """Refuses a client because of its first message, before it is asked for a password.

        Args:
            parameters: of the first message.
            encrypted: whether it came over TLS.

        Raises:
            Refused: if such a client may not log in.
        """

    def check_password(
        self, user: str, given: str, *, trusted: bool, ports: Collection[int]
    ) -> str | None:
        """Checks what a client gave as its password.

        Args:
            user: who it wants to be.
            given: a password or a token.
            trusted: whether the database asks no password of this role: it is in `rds_iam`.
            ports: those that a token may name.

        Returns:
            The password for the database; None if it asks none.

        Raises:
            Refused: if it is not good.
        """


class ProxyAccess:
    """RDS Proxy: logs in to the database with a role's secret, whatever its clients show."""

    takes_cancel_requests = False
    """Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.html#rds-proxy.limits-pg"""

    def __init__(
        self,
        endpoint: Endpoint,
        role_secrets: Callable[[], Mapping[str, RoleSecret]],
        borrow_seconds: Callable[[], float] = lambda: 0.0,
    ) -> None:
        """Remembers the rules.

        Args:
            endpoint: what tokens must be signed for.
            role_secrets: gives the roles by name, as they are now.
            borrow_seconds: gives how long a client waits for a connection, as it is now.
        """
        self._endpoint = endpoint
        self._role_secrets = role_secrets
        self._borrow_seconds = borrow_seconds

    def patience_seconds(self) -> float:
        """See `Access`."""
        return self._borrow_seconds()

    def unavailable(self) -> Exception:
        """See `Access`."""
        return Unavailable("57P03", "Timed-out waiting to acquire database connection")

    def check_startup(self, parameters: Mapping[str, str], *, encrypted: bool) -> None:
        """See `Access`."""
        if not encrypted:
            raise Refused("28000", "This RDS Proxy requires TLS connections")
        if "options" in parameters:
            text = "RDS Proxy currently doesn't support command-line options."
            raise Refused("0A000", f"Feature not supported: {text}")

    def check_password(
        self, user: str, given: str, *, trusted: bool, ports: Collection[int]
    ) -> str | None:
        """See `Access`."""
        role = self._role_secrets().get(user)
        again = "for this role and try again."
        if role is None:
            text = f"This RDS proxy has no credentials for the role {user}."
            raise Refused("28000", f"{text} Check the credentials {again}")
        if role.iam:
            try:
                self._endpoint.check(given, user=user, ports=ports)
            except TokenError as error:
                text = f"The IAM authentication failed for the role {user}."
                raise Refused("28000", f"{text} Check the IAM token {again} ({error})") from None
        elif not hmac.compare_digest(given.encode(), role.password.encode()):
            raise Refused("28P01", f"The password that was provided for the role {user} is wrong.")
        if trusted:
            # A member of rds_iam can't log in with a password, which is all that a proxy has.
            raise _pam_failed(user)
        return role.password


class InstanceAccess:
    """An instance: tokens for the roles in `rds_iam`, passwords for the others."""

    takes_cancel_requests = True

    def __init__(self, endpoint: Endpoint, *, iam: Callable[[], bool]) -> None:
        """Remembers the rules.

        Args:
            endpoint: what tokens must be signed for.
            iam: tells whether the instance has IAM authentication switched on, as it is now.
        """
        self._endpoint = endpoint
        self._iam = iam

    def patience_seconds(self) -> float:
        """See `Access`."""
        return 0.0

    def unavailable(self) -> Exception:
        """See `Access`; nobody listens on the port of an instance that is stopped."""
        return ConnectionResetError("the instance is stopped")

    def check_startup(self, parameters: Mapping[str, str], *, encrypted: bool) -> None:
        """See `Access`."""
        if not encrypted:
            user, database = parameters.get("user", ""), parameters.get("database", "")
            text = f'no pg_hba.conf entry for host "127.0.0.1", user "{user}"'
            raise Refused("28000", f'{text}, database "{database}", no encryption')

    def check_password(
        self, user: str, given: str, *, trusted: bool, ports: Collection[int]
    ) -> str | None:
        """See `Access`."""
        if not trusted:
            return given
        try:
            self._endpoint.check(given, user=user, ports=ports)
        except TokenError:
            raise _pam_failed(user) from None
        if not self._iam():
            raise _pam_failed(user)
        return None


def _pam_failed(user: str) -> Refused:
    return Refused("28000", f'PAM authentication failed for user "{user}"')
