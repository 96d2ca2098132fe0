"""A PostgreSQL instance: CPU, connections, disk, transaction ids.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html
"""

from __future__ import annotations

from dataclasses import dataclass

from modules.metrics import Metric, metric
from modules.monitoring.alarm import Alarm
from modules.monitoring.section import Graph, Line, SavedQuery, Section
from modules.rds import Database

TITLE = "Database"
NOTE = (
    "Busy processors with many connections: look for slow SQL. Few connections and long waits: "
    "look at the proxy."
)
_GIB = 1024**3
_BURSTABLE = "db.t"

MOST_TRANSACTION_IDS = 1_000_000_000
"""PostgreSQL stops at about 2.1 billion; autovacuum keeps below 200 million.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Autovacuum.html
"""

_LOW_BALANCE_PERCENT = 10
_FEW_CPU_CREDITS = 10
"""A credit is a minute of one processor at full speed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseThresholds:
    """When the alarms of a database and of its proxy go off.

    Attributes:
        cpu_percent: of the instance's processors.
        free_storage_percent: of the storage that the instance began with.
        connections_percent: of the connections that the proxy may open.
        borrow_latency_ms: how long clients wait for the proxy's connection, milliseconds.
    """

    cpu_percent: float
    free_storage_percent: float
    connections_percent: float
    borrow_latency_ms: float


def section(database: Database, thresholds: DatabaseThresholds) -> tuple[Section, Alarm]:
    """What is shown and judged of an instance, and its alarm on the processors."""
    instance = database.instance

    def of(name: str, statistic: str) -> Metric:
        return metric("AWS/RDS", name, statistic, {"DBInstanceIdentifier": instance.name})

    cpu = Alarm(
        slug="database-cpu",
        meaning=f"The database's processors are busier than {thresholds.cpu_percent:g} %.",
        value=of("CPUUtilization", "Average"),
        comparison=">",
        threshold=thresholds.cpu_percent,
        points=15,
        # An instance that runs reports each minute: silence is an instance that does not.
        missing="breaching",
    )
    least_gib = instance.size.storage_gib * thresholds.free_storage_percent / 100
    storage = Alarm(
        slug="database-storage",
        # RDS enlarges the storage by itself; the threshold stays that of the beginning.
        meaning=f"Less than {least_gib:g} GiB of the database's storage is free: "
        f"{thresholds.free_storage_percent:g} % of what it began with.",
        value=of("FreeStorageSpace", "Minimum"),
        comparison="<",
        threshold=least_gib * _GIB,
        points=5,
        missing="breaching",  # as for the processors
    )
    io, throughput = (
        _balance(of(name, "Minimum"), slug, what)
        for name, slug, what in (
            ("EBSIOBalance%", "database-disk-io", "operations"),
            ("EBSByteBalance%", "database-disk-throughput", "throughput"),
        )
    )
    ids = Alarm(
        slug="database-transaction-ids",
        meaning="The oldest transaction id is a billion behind: PostgreSQL stops writing at two.",
        value=of("MaximumUsedTransactionIDs", "Maximum"),
        comparison=">",
        threshold=MOST_TRANSACTION_IDS,
        points=1,
        missing="missing",  # reported now and then only; it never falls by itself within minutes
        severity="critical",
    )
    balance = of("CPUCreditBalance", "Minimum")
    bursts = instance.size.instance_class.startswith(_BURSTABLE)
    credit_lines = (Line(label="CPU credits", value=balance),) if bursts else ()
    return (
        Section(
            title=TITLE,
            note=NOTE,
            widgets=(
                Graph(
                    title="Database: processors, %",
                    lines=[Line(label="CPU", value=of("CPUUtilization", "Average"))],
                    alarms=(cpu,),
                ),
                Graph(
                    title="Database: connections",
                    lines=[Line(label="connections", value=of("DatabaseConnections", "Maximum"))],
                ),
                Graph(
                    title="Database: free storage, bytes",
                    lines=[Line(label="free", value=of("FreeStorageSpace", "Minimum"))],
                    alarms=(storage,),
                ),
                Graph(
                    title="Database: what is left to burst with",
                    lines=[
                        Line(label="operations, %", value=of("EBSIOBalance%", "Minimum")),
                        Line(label="throughput, %", value=of("EBSByteBalance%", "Minimum")),
                        *credit_lines,
                    ],
                    alarms=(io,),
                ),
                Graph(
                    title="Database: transaction ids in use",
                    lines=[Line(label="ids", value=of("MaximumUsedTransactionIDs", "Maximum"))],
                    alarms=(ids,),
                ),
                Graph(
                    title="Database: latency of the disk, s",
                    lines=[
                        Line(label="read", value=of("ReadLatency", "Average")),
                        Line(label="write", value=of("WriteLatency", "Average")),
                    ],
                ),
            ),
            alarms=(
                cpu,
                storage,
                io,
                throughput,
                ids,
                *([_cpu_credits(balance)] if bursts else []),
            ),
            queries=_queries(database),
        ),
        cpu,
    )


def _balance(value: Metric, slug: str, what: str) -> Alarm:
    return Alarm(
        slug=slug,
        meaning=f"The database's disk has used up its burst of {what} and becomes slow.",
        value=value,
        comparison="<",
        threshold=_LOW_BALANCE_PERCENT,
        points=3,
        missing="missing",  # larger instances never report it
    )


def _cpu_credits(value: Metric) -> Alarm:
    return Alarm(
        slug="database-cpu-credits",
        meaning="The database has used up its CPU credits: from here on it costs more, or is slow.",
        value=value,
        comparison="<",
        threshold=_FEW_CPU_CREDITS,
        points=3,
        period=300,  # AWS reports credits each five minutes
        missing="missing",  # late data is no lack of credits
    )


def _queries(database: Database) -> tuple[SavedQuery, ...]:
    """Of PostgreSQL's log. ``log_min_duration_statement`` decides what counts as slow."""
    groups = tuple(database.instance.log_group_names[:1])
    return (
        SavedQuery(
            name="database-slow-sql",
            log_groups=groups,
            text='filter @message like "duration: "\n| parse @message "duration: * ms *" as '
            "duration_ms, statement\n| sort duration_ms desc\n| limit 20",
        ),
        SavedQuery(
            name="database-errors",
            log_groups=groups,
            text="filter @message like /:(ERROR|FATAL|PANIC):/\n| parse @message "
            "/:(?<severity>ERROR|FATAL|PANIC): +(?<error>.+)/\n"
            "| stats count(*) as errors by severity, error\n| sort errors desc",
        ),
    )
