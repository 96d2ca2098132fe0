"""RDS's proxies: nothing before the first client, as on AWS.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.monitoring.html
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from emulator.databases import Databases
from emulator.every_minute.reading import Reading, reading
from emulator.postgres import MAX_CONNECTIONS
from emulator.rds_proxy import deployed


class ProxyReadings:
    """Reads what the stand-ins for proxies have seen."""

    def __init__(self, databases: Databases, lock: AbstractContextManager[Any]) -> None:
        """Takes the stand-ins, and the lock that everybody holds who reads what moto has."""
        self._databases = databases
        self._moto = lock

    def __call__(self) -> Iterator[Reading]:
        """Gives each proxy's values."""
        for database in self._databases.all():
            account_id, region = database.instance.account_id, database.instance.region
            for host, stand_in in database.stand_ins.items():
                with self._moto:
                    exists = deployed.exists(database.instance)
                    pool = deployed.pool(account_id, region, host) if exists else None
                minute = stand_in.relay.usage.take() if pool else None
                if pool and minute:
                    allowed = MAX_CONNECTIONS * pool.max_connections_percent // 100
                    counts = {**minute.counts, "MaxDatabaseConnectionsAllowed": allowed}
                    yield reading(
                        account_id,
                        region,
                        "AWS/RDS",
                        {"ProxyName": pool.proxy_name},
                        *((name, count, "Count") for name, count in counts.items()),
                        *(
                            ("DatabaseConnectionsBorrowLatency", seconds * 1e6, "Microseconds")
                            for seconds in minute.borrow_seconds
                        ),
                    )
