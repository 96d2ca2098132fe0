"""Stand-ins for RDS Proxy and for an instance's TLS, in front of a real PostgreSQL.

with proxy(server, host=HOST, credentials={"app": "secret"}) as stand_in:
    ...  # connect to HOST with stand_in.environment, an IAM token as the password
assert stand_in.pinned == []
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from emulator.identity import DEFAULT_ACCOUNT
from emulator.pinning import Pin
from emulator.postgres import Server
from emulator.rds_proxy.access import Access, InstanceAccess, ProxyAccess, RoleSecret
from emulator.rds_proxy.certificates import Authority
from emulator.rds_proxy.relay import HOST, Relay
from emulator.rds_proxy.token import Endpoint

__all__ = (
    "Authority",
    "Endpoint",
    "InstanceAccess",
    "ProxyAccess",
    "RoleSecret",
    "StandIn",
    "instance",
    "proxy",
    "start",
)

_REGION = "ap-southeast-1"


@dataclass(frozen=True, kw_only=True)
class StandIn:
    """A running stand-in.

    Attributes:
        relay: its port.
        authority: PEM file that a client must trust.
    """

    relay: Relay
    authority: Path

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        return self.relay.port

    @property
    def pinned(self) -> list[Pin]:
        """What its clients sent that would pin RDS Proxy, in order."""
        return self.relay.pinned

    @property
    def environment(self) -> dict[str, str]:
        """Gives the variables that say where the database is; logging in is as on AWS.

        libpq connects to PGHOSTADDR and still checks the certificate against the host's name.
        """
        return {
            "PGHOSTADDR": HOST,
            "DATABASE_PORT": str(self.port),
            "DATABASE_SSLROOTCERT": str(self.authority),
        }


def start(
    server: Server, *, host: str, access: Access, authority: Authority, file: Path
) -> StandIn:
    """Starts a stand-in; its relay's `close` ends it.

    Args:
        server: the database.
        host: the name on its certificate.
        access: decides who may log in.
        authority: signs the certificate.
        file: where the authority was written.
    """
    return StandIn(
        relay=Relay(server, access=access, context=authority.context(host)), authority=file
    )


@contextmanager
def proxy(
    server: Server,
    *,
    host: str,
    credentials: Mapping[str, str],
    iam: bool = True,
    account_id: str = DEFAULT_ACCOUNT,
    region: str = _REGION,
) -> Iterator[StandIn]:
    """Runs a stand-in for RDS Proxy until the block ends.

    Args:
        server: the database.
        host: the proxy's name.
        credentials: passwords by role, as the proxy's secrets hold them.
        iam: whether clients need IAM tokens instead of those passwords.
        account_id: whose tokens.
        region: of the tokens.

    Yields:
        The stand-in.
    """
    roles = {user: RoleSecret(password=word, iam=iam) for user, word in credentials.items()}
    endpoint = Endpoint(host=host, account_id=account_id, region=region)
    with _stand_in(server, host, ProxyAccess(endpoint, lambda: roles)) as stand_in:
        yield stand_in


@contextmanager
def instance(
    server: Server,
    *,
    host: str,
    iam: bool = True,
    account_id: str = DEFAULT_ACCOUNT,
    region: str = _REGION,
) -> Iterator[StandIn]:
    """Runs a stand-in for an instance until the block ends.

    Args:
        server: the database.
        host: the instance's name.
        iam: whether it takes IAM tokens, from roles in `rds_iam`.
        account_id: whose tokens.
        region: of the tokens.

    Yields:
        The stand-in.
    """
    endpoint = Endpoint(host=host, account_id=account_id, region=region)
    with _stand_in(server, host, InstanceAccess(endpoint, iam=lambda: iam)) as stand_in:
        yield stand_in


@contextmanager
def _stand_in(server: Server, host: str, access: Access) -> Iterator[StandIn]:
    authority = Authority()
    with tempfile.TemporaryDirectory(prefix="authority-") as folder:
        file = authority.write(Path(folder, "authority.pem"))
        stand_in = start(server, host=host, access=access, authority=authority, file=file)
        try:
            yield stand_in
        finally:
            stand_in.relay.close()
