"""Stand-ins for RDS Proxy and for an instance's TLS, in front of a real PostgreSQL.

with proxy(server, host=HOST, credentials={"app": "secret"}) as front:
    ...  # connect to HOST with front.environment, an IAM token as the password
assert front.pinned == []
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
from emulator.rds_proxy.certificates import Authority
from emulator.rds_proxy.gates import Gate, InstanceGate, ProxyGate, Registered
from emulator.rds_proxy.relay import HOST, Relay
from emulator.rds_proxy.token import Endpoint

__all__ = (
    "Authority",
    "Endpoint",
    "Front",
    "InstanceGate",
    "ProxyGate",
    "Registered",
    "instance",
    "proxy",
    "start",
)

_REGION = "ap-southeast-1"


@dataclass(frozen=True, kw_only=True)
class Front:
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
        """Says where the database is; how to come in stays as on AWS.

        libpq connects to PGHOSTADDR and still checks the certificate against the host's name.
        """
        return {
            "PGHOSTADDR": HOST,
            "DATABASE_PORT": str(self.port),
            "DATABASE_SSLROOTCERT": str(self.authority),
        }


def start(server: Server, *, host: str, gate: Gate, authority: Authority, file: Path) -> Front:
    """Starts a stand-in; its relay's `close` ends it.

    Args:
        server: the database.
        host: the name on its certificate.
        gate: who comes in.
        authority: signs the certificate.
        file: where the authority was written.
    """
    return Front(relay=Relay(server, gate=gate, context=authority.context(host)), authority=file)


@contextmanager
def proxy(
    server: Server,
    *,
    host: str,
    credentials: Mapping[str, str],
    iam: bool = True,
    account_id: str = DEFAULT_ACCOUNT,
    region: str = _REGION,
) -> Iterator[Front]:
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
    roles = {user: Registered(password=word, iam=iam) for user, word in credentials.items()}
    endpoint = Endpoint(host=host, account_id=account_id, region=region)
    with _front(server, host, ProxyGate(endpoint, lambda: roles)) as front:
        yield front


@contextmanager
def instance(
    server: Server,
    *,
    host: str,
    iam: bool = True,
    account_id: str = DEFAULT_ACCOUNT,
    region: str = _REGION,
) -> Iterator[Front]:
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
    with _front(server, host, InstanceGate(endpoint, iam=lambda: iam)) as front:
        yield front


@contextmanager
def _front(server: Server, host: str, gate: Gate) -> Iterator[Front]:
    authority = Authority()
    with tempfile.TemporaryDirectory(prefix="authority-") as folder:
        file = authority.write(Path(folder, "authority.pem"))
        front = start(server, host=host, gate=gate, authority=authority, file=file)
        try:
            yield front
        finally:
            front.relay.close()
