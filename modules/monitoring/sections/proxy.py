"""RDS Proxy: how many connections it has, whether they are shared, how long clients wait.

Its latencies are in microseconds. It reports nothing before the first connection.
Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.monitoring.html
"""

from __future__ import annotations

from modules.metrics import Metric, metric
from modules.monitoring.alarm import Alarm
from modules.monitoring.formula import percent
from modules.monitoring.section import Graph, Line, Section
from modules.monitoring.sections.database import NOTE, TITLE, DatabaseThresholds
from modules.rds.proxy import Proxy

_MICROSECONDS = 1_000


def section(proxy: Proxy, thresholds: DatabaseThresholds) -> tuple[Section, tuple[Alarm, Alarm]]:
    """What is shown and judged of a proxy, and its alarms on connections and on waiting."""

    def of(name: str, statistic: str = "Sum") -> Metric:
        # Connections and pinning are published by the proxy's name, never by its endpoint's.
        return metric("AWS/RDS", name, statistic, {"ProxyName": proxy.name})

    used = percent(of("DatabaseConnections"), of("MaxDatabaseConnectionsAllowed"))
    connections = Alarm(
        slug="proxy-connections",
        meaning=f"RDS Proxy uses more than {thresholds.connections_percent:g} % of the "
        "connections that it may open.",
        value=used,
        comparison=">",
        threshold=thresholds.connections_percent,
        points=5,
        missing="notBreaching",  # no data means no connection
    )
    pinned = Alarm(
        slug="proxy-pinned",
        meaning="Connections of RDS Proxy are pinned to one client and no longer shared.",
        value=of("DatabaseConnectionsCurrentlySessionPinned"),
        comparison=">",
        threshold=0,
        points=15,
        missing="notBreaching",  # no data means no connection
    )
    waiting = Alarm(
        slug="proxy-borrow-latency",
        meaning=f"Clients wait longer than {thresholds.borrow_latency_ms:g} ms for a connection "
        "of RDS Proxy.",
        value=of("DatabaseConnectionsBorrowLatency", "Average"),
        comparison=">",
        threshold=thresholds.borrow_latency_ms * _MICROSECONDS,
        points=5,
        missing="notBreaching",  # no data means that nobody waited
    )
    return (
        Section(
            title=TITLE,
            note=NOTE,
            widgets=(
                Graph(
                    title="Proxy: connections to the database, % of those allowed",
                    lines=[Line(label="used", value=used)],
                    alarms=(connections,),
                ),
                Graph(
                    title="Proxy: clients and pinned connections",
                    lines=[
                        Line(label="clients", value=of("ClientConnections")),
                        Line(label="pinned", value=of("DatabaseConnectionsCurrentlySessionPinned")),
                    ],
                    alarms=(pinned,),
                ),
                Graph(
                    title="Proxy: wait for a connection, µs",
                    lines=[
                        Line(
                            label="borrow",
                            value=of("DatabaseConnectionsBorrowLatency", "Average"),
                        )
                    ],
                    alarms=(waiting,),
                ),
            ),
            alarms=(connections, pinned, waiting),
        ),
        (connections, waiting),
    )
