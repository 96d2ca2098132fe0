"""Rules of the flow logs: where records go, how long they stay, and when colder storage pays."""

from __future__ import annotations

from collections.abc import Iterator

from stacks.rag.settings import RagSettings
from stacks.settings import SHORTEST_RETENTION_DAYS, EnvironmentSettings

_FIELD = "network.flow_logs"
COLDER_DAYS = 90
"""Glacier Instant Retrieval bills an object for 90 days at least, however early it goes.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
"""


def _destinations(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    """Somewhere records must stay for a year: Checkov asks it of log groups (CKV_AWS_338)."""
    logs = rag.network.flow_logs
    if logs.cloudwatch_days is None and logs.archive is None:
        yield (
            f"{_FIELD}.cloudwatch_days=None: without an archive either nothing records the traffic; "
            "set cloudwatch_days, archive, or both"
        )
        return
    archived = logs.archive.expire_after_days if logs.archive else 0
    if max(logs.cloudwatch_days or 0, archived) >= SHORTEST_RETENTION_DAYS:
        return
    if logs.archive:
        field, mend = f"archive.expire_after_days={archived}", "raise it"
    else:
        field, mend = f"cloudwatch_days={logs.cloudwatch_days}", "add an archive, or raise it"
    yield (
        f"{_FIELD}.{field}: the policies demand that records are kept for a year in one of the "
        f"destinations; {mend} to {SHORTEST_RETENTION_DAYS} or more"
    )


def _colder(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    archive = rag.network.flow_logs.archive
    if archive is None or archive.colder_after_days is None:
        return
    colder, end = archive.colder_after_days, archive.expire_after_days
    if end - colder < COLDER_DAYS:
        yield (
            f"{_FIELD}.archive.colder_after_days={colder}: colder storage is billed for "
            f"{COLDER_DAYS} days at least, and records expire after {end}; set it to None, or raise "
            f"expire_after_days to {colder + COLDER_DAYS}"
        )


RULES = (_destinations, _colder)
