"""In a guarded environment nothing that holds data goes by mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from pipeline.plan.values import as_map
from policies.check import Check, Unknown
from policies.stack import Resource, Stack, is_unknown, values_in

_MUST_BE: Mapping[str, tuple[str, str]] = {
    "aws_cognito_user_pool": ("deletion_protection", "active"),
    "aws_db_instance": ("deletion_protection", "true"),
    "aws_docdb_cluster": ("deletion_protection", "true"),
    "aws_dynamodb_table": ("deletion_protection_enabled", "true"),
    "aws_lb": ("enable_deletion_protection", "true"),
    "aws_neptune_cluster": ("deletion_protection", "true"),
    "aws_rds_cluster": ("deletion_protection", "true"),
}
"""Type to the argument that keeps it; it is off unless somebody writes it."""

_MUST_NOT_BE: Mapping[str, str] = {
    "aws_athena_database": "force_destroy",
    "aws_backup_vault": "force_destroy",
    "aws_db_instance": "skip_final_snapshot",
    "aws_docdb_cluster": "skip_final_snapshot",
    "aws_ecr_repository": "force_delete",
    "aws_neptune_cluster": "skip_final_snapshot",
    "aws_rds_cluster": "skip_final_snapshot",
    "aws_s3_bucket": "force_destroy",
}
"""Type to the argument that lets it go with all that is in it."""

_KEPT_BY_TERRAFORM = frozenset(
    {
        "aws_db_instance",
        "aws_docdb_cluster",
        "aws_dynamodb_table",
        "aws_neptune_cluster",
        "aws_rds_cluster",
    }
)
"""AWS's guard answers in the middle of an apply, Terraform's before it begins."""

_LIFECYCLE = "aws_s3_bucket_lifecycle_configuration"

_GRACE: Mapping[str, str] = {
    "aws_kms_key": "deletion_window_in_days",
    "aws_secretsmanager_secret": "recovery_window_in_days",
}
_GRACE_DAYS = 30
"""In which it can be brought back; AWS takes as many where nobody writes it. A bucket whose objects
expire within that time holds nothing to guard.

Sources: https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html and
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
"""


class DeletionProtection(Check):
    """AWS's guard and Terraform's, and the time in which a key or a secret can be brought back."""

    types = tuple(dict.fromkeys((*_MUST_BE, *_MUST_NOT_BE, *_GRACE)))

    def concerns(self, resource: Resource, stack: Stack) -> bool:
        """Another environment may be destroyed and made again."""
        return stack.limits.guarded

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """A guard that is missing."""
        if resource.type in _MUST_BE:
            name, wanted = _MUST_BE[resource.type]
            yield from _switch(resource, name, lambda value: value == wanted, "is not on")
        name = _MUST_NOT_BE.get(resource.type, "")
        if name and not _expires(resource, stack):
            yield from _switch(resource, name, lambda value: value != "true", "is on")
        if resource.type in _KEPT_BY_TERRAFORM and not stack.planned:
            lifecycle = as_map(resource.first("lifecycle"))
            if lifecycle.get("prevent_destroy") is not True:
                yield "lifecycle.prevent_destroy is not on"
        if name := _GRACE.get(resource.type, ""):
            yield from _grace(resource, name)


def _expires(resource: Resource, stack: Stack) -> bool:
    """Whether a bucket holds nothing for long: then nothing is lost that would not go anyway."""
    rules = (
        as_map(rule)
        for own in stack.about(resource, "bucket", _LIFECYCLE)
        for rule in own.all("rule")
    )
    return any(
        rule.get("status") == "Enabled"
        and not any(value for _, value in values_in(rule.get("filter")))
        and any(_is_short(days) for _, days in values_in(rule.get("expiration")))
        for rule in rules
    )


def _is_short(days: object) -> bool:
    return isinstance(days, int) and 0 < days <= _GRACE_DAYS


def _switch(resource: Resource, name: str, good: Callable[[str], bool], text: str) -> Iterator[str]:
    value = resource.first(name)
    if is_unknown(value):
        yield Unknown(f"its {name} is not known yet")
    elif not good(str(value).lower()):
        yield f"{name} {text}"


def _grace(resource: Resource, name: str) -> Iterator[str]:
    value = resource.first(name)
    if is_unknown(value):
        yield Unknown(f"its {name} is not known yet")
    elif value is not None and float(value) < _GRACE_DAYS:
        yield f"it can be brought back for {value} days ({name}), not for {_GRACE_DAYS}"
