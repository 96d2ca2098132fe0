"""What holds data can be brought back as it was."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.plan.values import as_text
from policies.check import Check, Unknown
from policies.stack import Resource, Stack, is_unknown

_DATABASES = ("aws_db_instance", "aws_docdb_cluster", "aws_neptune_cluster", "aws_rds_cluster")
_TABLE = "aws_dynamodb_table"
_BUCKET = "aws_s3_bucket"
_VERSIONING = "aws_s3_bucket_versioning"

_LEAST_DAYS_GUARDED = 7
_LEAST_DAYS = 1


class Backups(Check):
    """Backups of databases, point-in-time recovery of tables, versions of objects."""

    types = (*_DATABASES, _TABLE, _BUCKET)

    def concerns(self, resource: Resource, stack: Stack) -> bool:
        """A replica is backed up where it comes from."""
        return resource.first("replicate_source_db") is None

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """What could not be brought back."""
        if resource.type == _TABLE:
            yield from _table(resource)
        elif resource.type == _BUCKET:
            yield from _bucket(resource, stack)
        else:
            yield from _database(resource, guarded=stack.limits.guarded)


def _database(database: Resource, *, guarded: bool) -> Iterator[str]:
    least = _LEAST_DAYS_GUARDED if guarded else _LEAST_DAYS
    days = database.first("backup_retention_period")
    if is_unknown(days):
        yield Unknown("its backup_retention_period is not known yet")
    elif days is None or float(days) < least:
        yield f"its backups are kept for {days or 0} days, not for {least} or more"
    if guarded and str(database.first("delete_automated_backups")).lower() == "true":
        yield "its backups go with it: delete_automated_backups is on"


def _table(table: Resource) -> Iterator[str]:
    value = table.first("point_in_time_recovery.enabled")
    if is_unknown(value):
        yield Unknown("its point_in_time_recovery is not known yet")
    elif str(value).lower() != "true":
        yield "point_in_time_recovery is not on"


def _bucket(bucket: Resource, stack: Stack) -> Iterator[str]:
    found = [
        as_text(each)
        for own in stack.about(bucket, "bucket", _VERSIONING)
        for each in own.all("versioning_configuration.status")
    ]
    if any(map(is_unknown, found)):
        yield Unknown("whether its versions are kept is not known yet")
    elif set(found) != {"Enabled"}:
        yield "overwritten and deleted objects are gone: versioning is not on"
