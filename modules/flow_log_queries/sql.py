"""The saved questions, in Athena's SQL (that of Trino).

Each one reads a day: the partitions of today and yesterday, and of their records those of the last
24 hours. Without a condition on the partitions a query would read every year that the table has.

Sources: https://docs.aws.amazon.com/athena/latest/ug/vpc-flow-logs-create-table-statement.html and
https://trino.io/docs/current/functions/ipaddress.html
"""

from __future__ import annotations

_LAST_DAY = """\
  -- The last 24 hours, in UTC; for another time change these four lines.
  year IN (year(now()), year(now() - INTERVAL '1' DAY))
  AND month IN (month(now()), month(now() - INTERVAL '1' DAY))
  AND day IN (day(now()), day(now() - INTERVAL '1' DAY))
  AND from_unixtime(start) > now() - INTERVAL '1' DAY"""


def rejected_traffic(table: str) -> str:
    """Refused connections by source and port, the most frequent first.

    Args:
        table: quoted name of the table, see ``FlowLogTable``.
    """
    return f"""\
SELECT
  srcaddr,
  dstaddr,
  dstport,
  protocol,
  interface_id,
  sum(packets) AS packets,
  count(*) AS records,
  from_unixtime(min(start)) AS first_seen,
  from_unixtime(max("end")) AS last_seen
FROM {table}
WHERE
{_LAST_DAY}
  AND action = 'REJECT'
GROUP BY srcaddr, dstaddr, dstport, protocol, interface_id
ORDER BY packets DESC, srcaddr, dstport
LIMIT 100
"""  # noqa: S608 - all of it is ours


def cannot_reach_database(table: str, *, application_range: str, port: int) -> str:
    """Connections of functions to the database that were refused, and by which interface.

    AWS chooses a function's addresses and interfaces, so that the range of its subnets stands for
    it.

    Args:
        table: quoted name of the table.
        application_range: range of the subnets that functions are in, for example 10.20.64.0/18.
        port: TCP port of the database.
    """
    return f"""\
SELECT
  from_unixtime(start) AS seen,
  interface_id AS refused_by,
  srcaddr,
  dstaddr,
  packets
FROM {table}
WHERE
{_LAST_DAY}
  AND action = 'REJECT'
  AND dstport = {port}
  -- An interface without traffic has a record without addresses: there the cast gives NULL.
  AND contains('{application_range}', TRY_CAST(srcaddr AS IPADDRESS))
ORDER BY seen DESC
LIMIT 100
"""  # noqa: S608 - all of it is ours


def top_talkers(table: str) -> str:
    """Which pairs of addresses exchange the most.

    Args:
        table: quoted name of the table.
    """
    return f"""\
SELECT
  srcaddr,
  dstaddr,
  sum(bytes) AS bytes,
  sum(packets) AS packets
FROM {table}
WHERE
{_LAST_DAY}
  AND action = 'ACCEPT'
GROUP BY srcaddr, dstaddr
ORDER BY bytes DESC, srcaddr, dstaddr
LIMIT 50
"""  # noqa: S608 - all of it is ours
