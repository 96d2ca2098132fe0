"""Every log has a group of its own that lets its entries go some day."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.plan.values import as_text
from policies.check import Check, Unknown
from policies.stack import Resource, Stack, is_unknown

_GROUP = "aws_cloudwatch_log_group"
_FUNCTION = "aws_lambda_function"
_DATABASES = ("aws_db_instance", "aws_rds_cluster")


class LogRetention(Check):
    """Groups by their retention; functions and databases by the groups that they write to."""

    types = (_GROUP, _FUNCTION, *_DATABASES)

    def concerns(self, resource: Resource, stack: Stack) -> bool:
        """Only databases that export logs."""
        if resource.type in _DATABASES:
            return bool(resource.all("enabled_cloudwatch_logs_exports"))
        return True

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """A group without end, or one that AWS would make by itself."""
        if resource.type == _GROUP:
            yield from _group(resource)
        elif resource.type == _FUNCTION:
            yield from _function(resource, stack)
        else:
            yield from _database(resource, stack)


def _group(group: Resource) -> Iterator[str]:
    days = group.first("retention_in_days")
    if is_unknown(days):
        yield Unknown("its retention is not known yet")
    elif days is None:
        yield "its entries never expire: retention_in_days is not set"
    elif str(days) == "0":
        yield "its entries never expire: 0 days stand for ever"


def _function(function: Resource, stack: Stack) -> Iterator[str]:
    if stack.named_by(function, "logging_config"):
        return
    chosen = function.first("logging_config.log_group")
    name = as_text(chosen) or f"/aws/lambda/{as_text(function.first('function_name'))}"
    yield from _exists(name, stack)


def _database(database: Resource, stack: Stack) -> Iterator[str]:
    kind = "instance" if database.type == _DATABASES[0] else "cluster"
    own = as_text(database.first("identifier") or database.first("cluster_identifier"))
    for log in database.all("enabled_cloudwatch_logs_exports"):
        yield from _exists(f"/aws/rds/{kind}/{own}/{log}", stack)


def _exists(name: str, stack: Stack) -> Iterator[str]:
    """Whether the stack has a group of that name."""
    if is_unknown(name):
        yield Unknown("the name of its log group is not known yet")
        return
    names = [as_text(each.first("name")) for each in stack.of_type(_GROUP)]
    if name in names:
        return
    if any(map(is_unknown, names)):
        yield Unknown(f"whether there is a log group {name} is not known yet")
    else:
        yield f"AWS makes its log group {name}, whose entries never expire"
