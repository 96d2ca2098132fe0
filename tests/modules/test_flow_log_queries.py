"""The table over the archive, the workgroup, and the saved questions over real rows.

The SQL is Athena's. ``sqlglot`` parses it as such and writes it for PostgreSQL, where it runs over
made-up records; what only Athena has (``contains`` of a network) is one function of the test's.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlglot
from sqlglot import exp

from emulator.postgres import running
from modules.flow_log_queries import cannot_reach_database, rejected_traffic, top_talkers
from modules.flow_log_queries.table import COLUMNS, PARTITIONS
from tests.support.stacks import Stack, rag_stack

TABLE = '"logs"."flow_logs"'
APPLICATION, DATABASE, OUTSIDE = "10.20.64.7", "10.20.128.9", "203.0.113.5"
FUNCTION_INTERFACE, DATABASE_INTERFACE = "eni-0f", "eni-0d"
NEIGHBOUR = "10.20.128.200"  # in the database's subnets, as RDS Proxy is
LAST_BEFORE, LAST_WITHIN = "10.20.63.255", "10.20.127.255"

_WITHIN = """
CREATE FUNCTION within(network text, address text) RETURNS boolean LANGUAGE sql AS
$$ SELECT CASE WHEN address ~ '^[0-9.]+$' THEN address::inet <<= network::inet END $$
"""
"""Whether a network holds an address; NULL if the address is none, as of ``TRY_CAST``."""


def translated(query: str) -> str:
    """A query of Athena's in PostgreSQL's SQL."""
    (statement,) = sqlglot.parse(query, dialect="athena")
    assert isinstance(statement, exp.Select)
    return statement.transform(_contains).sql(dialect="postgres")


def _contains(node: exp.Expression) -> exp.Expression:
    if not isinstance(node, exp.ArrayContains):
        return node
    cast = node.expression
    assert isinstance(cast, exp.TryCast)
    assert cast.to.this == exp.DataType.Type.IPADDRESS
    return exp.Anonymous(this="within", expressions=[node.this, cast.this])


@pytest.fixture(scope="module")
def database() -> Iterator[psycopg.Connection[Any]]:
    # Not tmp_path: pytest makes its folders for us only, and root runs the server as nobody.
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        Path(folder).chmod(0o755)
        with running(Path(folder)) as server, server.connect() as connection:
            connection.execute("SET timezone TO 'UTC'")
            connection.execute("CREATE SCHEMA logs")
            types = {"string": "text"}
            columns = ", ".join(f'"{name}" {types.get(of, of)}' for name, of in COLUMNS.items())
            days = ", ".join(f"{name} int" for name in PARTITIONS)
            connection.execute(f"CREATE TABLE {TABLE} ({columns}, {days})")
            connection.execute(_WITHIN)
            yield connection


@pytest.fixture
def rows(database: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    """An empty table."""
    database.execute(f"TRUNCATE {TABLE}")
    return database


def record(connection: psycopg.Connection[Any], *, ago: int = 60, **changes: Any) -> None:
    """One record, refused between function and database a minute ago unless told otherwise."""
    start = int(time.time()) - ago
    of = time.gmtime(start)
    values: Mapping[str, Any] = {
        "version": 2,
        "account_id": "111122223333",
        "interface_id": FUNCTION_INTERFACE,
        "srcaddr": APPLICATION,
        "dstaddr": DATABASE,
        "srcport": 40000,
        "dstport": 5432,
        "protocol": 6,
        "packets": 3,
        "bytes": 180,
        "start": start,
        "end": start + 60,
        "action": "REJECT",
        "log_status": "OK",
        "year": of.tm_year,
        "month": of.tm_mon,
        "day": of.tm_mday,
        "hour": of.tm_hour,
        **changes,
    }
    names = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(["%s"] * len(values))
    insert = f"INSERT INTO {TABLE} ({names}) VALUES ({places})"  # noqa: S608 - all of it is ours
    connection.execute(insert, list(values.values()))


def nothing_recorded(connection: psycopg.Connection[Any]) -> None:
    """What an interface without traffic leaves behind: dashes, which the table reads as NULL."""
    fields = ("srcport", "dstport", "protocol", "packets", "bytes")
    empty: dict[str, Any] = dict.fromkeys(fields)
    record(connection, srcaddr="-", dstaddr="-", action="-", log_status="NODATA", **empty)


def ask(connection: psycopg.Connection[Any], query: str) -> list[tuple[Any, ...]]:
    return connection.execute(translated(query)).fetchall()


def unreachable(connection: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    query = cannot_reach_database(TABLE, application_range="10.20.64.0/18", port=5432)
    return [row[1:] for row in ask(connection, query)]


def test_who_refuses_the_function(rows: psycopg.Connection[Any]) -> None:
    """Its own interface refuses on the way out, the database's on the way in."""
    record(rows, ago=60)
    record(rows, ago=50, action="ACCEPT")
    record(rows, ago=40, interface_id=DATABASE_INTERFACE, srcaddr=LAST_WITHIN)
    nothing_recorded(rows)
    assert unreachable(rows) == [
        (DATABASE_INTERFACE, LAST_WITHIN, DATABASE, 3),
        (FUNCTION_INTERFACE, APPLICATION, DATABASE, 3),
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"srcaddr": LAST_BEFORE},
        {"srcaddr": NEIGHBOUR},
        {"dstport": 443},
        {"action": "ACCEPT"},
        {"ago": 86_400 + 60},
        {"year": 2020},
    ],
    ids=str,
)
def test_what_else_was_refused_is_another_question(
    rows: psycopg.Connection[Any], other: dict[str, Any]
) -> None:
    record(rows, **other)
    assert unreachable(rows) == []
    record(rows)
    assert len(unreachable(rows)) == 1


def test_yesterday_is_within_the_last_day(rows: psycopg.Connection[Any]) -> None:
    record(rows, ago=86_000)
    assert len(unreachable(rows)) == 1


def test_rejected_traffic_by_source_and_port(rows: psycopg.Connection[Any]) -> None:
    now = int(time.time())
    record(rows, start=now - 300, end=now - 240)
    record(rows, start=now - 60, end=now, packets=4)
    record(rows, srcaddr=OUTSIDE, dstaddr=APPLICATION, dstport=22, packets=50)
    record(rows, srcaddr=OUTSIDE, action="ACCEPT")
    nothing_recorded(rows)
    scan, refused = ask(rows, rejected_traffic(TABLE))
    assert scan[:7] == (OUTSIDE, APPLICATION, 22, 6, FUNCTION_INTERFACE, 50, 1)
    assert refused[:7] == (APPLICATION, DATABASE, 5432, 6, FUNCTION_INTERFACE, 7, 2)
    first, last = refused[7:]
    assert (last - first).total_seconds() == 300


def test_top_talkers(rows: psycopg.Connection[Any]) -> None:
    for size in (1000, 500):
        record(rows, action="ACCEPT", bytes=size)
    record(rows, action="ACCEPT", srcaddr=DATABASE, dstaddr=APPLICATION, bytes=9000)
    record(rows, action="REJECT", bytes=10**9)
    assert ask(rows, top_talkers(TABLE)) == [
        (DATABASE, APPLICATION, 9000, 3),
        (APPLICATION, DATABASE, 1500, 6),
    ]


def saved(stack: Stack) -> dict[str, str]:
    """Name to SQL of the saved queries."""
    found = stack.resources("aws_athena_named_query").values()
    return {body["name"]: body["query"] for body in found}


@pytest.mark.parametrize(("name", "range_"), [("dev", "10.20.64.0/18"), ("prod", "10.40.64.0/18")])
def test_the_questions_are_saved_with_the_environments_own_names(name: str, range_: str) -> None:
    stack = rag_stack(name)
    database = stack.one("aws_glue_catalog_database")["name"]
    table = f'"{database}"."{stack.one("aws_glue_catalog_table")["name"]}"'
    assert table == f'"mapvibe_{name}_flow_logs"."flow_logs"'
    assert saved(stack) == {
        "rejected-traffic": rejected_traffic(table),
        "cannot-reach-database": cannot_reach_database(table, application_range=range_, port=5432),
        "top-talkers": top_talkers(table),
    }


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_every_question_reads_partitions_of_two_days_and_columns_that_exist(name: str) -> None:
    for query in saved(rag_stack(name)).values():
        (statement,) = sqlglot.parse(query, dialect="athena")
        assert isinstance(statement, exp.Select)
        aliases = {alias.alias for alias in statement.find_all(exp.Alias)}
        read = {column.name for column in statement.find_all(exp.Column)}
        assert read - aliases <= {*COLUMNS, *PARTITIONS}
        narrowed = {found.this.name for found in statement.find_all(exp.In)}
        assert narrowed == {"year", "month", "day"}


def where_files_are(table: Mapping[str, Any], **values: int) -> str:
    """The folder that Athena computes for values of the partitions."""
    path: str = table["parameters"]["storage.location.template"]
    for name, value in values.items():
        digits = int(table["parameters"][f"projection.{name}.digits"])
        path = path.replace(f"$${{{name}}}", f"{value:0{digits}d}")
    return path.partition("/AWSLogs/")[2]


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_the_table_looks_where_the_delivery_service_writes(name: str) -> None:
    """The paths are AWS's: https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html ."""
    stack = rag_stack(name)
    table = stack.one("aws_glue_catalog_table")
    account = {"dev": "111122223333", "prod": "444455556666"}[name]
    assert where_files_are(table, year=2026, month=3, day=7, hour=4) == (
        f"aws-account-id={account}/aws-service=vpcflowlogs/aws-region=ap-southeast-1"
        "/year=2026/month=03/day=07/hour=04/"
    )
    assert [key["name"] for key in table["partition_keys"]] == ["year", "month", "day", "hour"]
    delivered = stack.one("aws_flow_log", "archive")["log_destination"].replace(".arn}", ".id}")
    assert table["storage_descriptor"]["location"].startswith(f"s3://{delivered}AWSLogs/")


def test_the_rows_are_read_as_they_are_written() -> None:
    text = rag_stack("dev").one("aws_glue_catalog_table")
    parquet = rag_stack("prod").one("aws_glue_catalog_table")
    assert text["storage_descriptor"]["columns"] == parquet["storage_descriptor"]["columns"]
    assert "LazySimpleSerDe" in text["storage_descriptor"]["ser_de_info"]["serialization_library"]
    assert text["storage_descriptor"]["ser_de_info"]["parameters"]["field.delim"] == " "
    assert text["parameters"]["skip.header.line.count"] == "1"
    assert "Parquet" in parquet["storage_descriptor"]["ser_de_info"]["serialization_library"]
    assert "skip.header.line.count" not in parquet["parameters"]


def test_the_workgroup_decides_for_its_clients() -> None:
    stack = rag_stack("prod", rag__network__flow_logs__archive__scan_limit_gib=3)
    configuration = stack.one("aws_athena_workgroup")["configuration"]
    assert configuration["enforce_workgroup_configuration"] is True
    assert configuration["bytes_scanned_cutoff_per_query"] == 3 * 1024**3
    encryption = configuration["result_configuration"]["encryption_configuration"]
    assert encryption["encryption_option"] == "SSE_KMS"
    (rule,) = stack.one("aws_s3_bucket_lifecycle_configuration", "results")["rule"]
    assert rule["expiration"] == [{"days": 7}]


def test_without_an_archive_there_is_nothing_to_ask() -> None:
    stack = rag_stack("dev", rag__network__flow_logs={"cloudwatch_days": 365, "archive": None})
    kinds = {kind for kind in stack.body["resource"] if "_athena_" in kind or "_glue_" in kind}
    assert kinds == set()
    assert [name for name in stack.resources("aws_s3_bucket") if name.startswith("flow-log")] == []
