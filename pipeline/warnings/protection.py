"""Guards that go: encryption, deletion protection, backups, logs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeGuard

from pipeline.plan.model import Action, Change
from pipeline.plan.values import as_list, blocks, texts
from pipeline.report.model import PlanWarning, Topic

_OFF = {
    "actions_enabled": "the alarm tells nobody any more",
    "deletion_protection": "deletion protection is switched off",
    "deletion_protection_enabled": "deletion protection is switched off",
    "enable_deletion_protection": "deletion protection is switched off",
    "storage_encrypted": "its storage is no longer encrypted",
    "encrypted": "it is no longer encrypted",
    "at_rest_encryption_enabled": "it is no longer encrypted at rest",
    "transit_encryption_enabled": "connections to it are no longer encrypted",
    "require_tls": "connections without TLS are accepted",
    "multi_az": "the standby in a second zone goes",
    "enable_key_rotation": "the key is no longer rotated",
    "iam_database_authentication_enabled": "IAM no longer guards the sign-in to the database",
    "performance_insights_enabled": "performance insights are switched off",
    "is_multi_region_trail": "events of other regions are no longer recorded",
    "enable_log_file_validation": "changed log files are no longer noticed",
    "enable_logging": "events are no longer recorded",
}
"""Attributes whose ``True`` is a guard."""

_ON = {
    "skip_final_snapshot": "no snapshot is taken when it is destroyed",
    "force_destroy": "it can be destroyed although it is not empty",
    "skip_destroy": "it stays when it is destroyed",
}
"""Attributes whose ``True`` takes a guard away."""

_SHORTER = {
    "backup_retention_period": "backups are kept for {after} instead of {before} days",
    "retention_in_days": "log entries are kept for {after} instead of {before} days",
    "deletion_window_in_days": "after a deletion only {after} instead of {before} days are left",
    "recovery_window_in_days": "after a deletion only {after} instead of {before} days are left",
    "message_retention_seconds": "messages are kept for {after} instead of {before} seconds",
}
"""Attributes whose smaller number is less of a guard."""

_REMOVED = {
    "kms_key_id": "it is no longer encrypted with a key of ours",
    "kms_key_arn": "it is no longer encrypted with a key of ours",
    "kms_master_key_id": "it is no longer encrypted with a key of ours",
    "enabled_cloudwatch_logs_exports": "some of its logs are no longer exported",
    "access_log_settings": "requests are no longer logged",
    "dead_letter_config": "failed events are no longer kept",
    "web_acl_id": "the firewall in front of it goes",
}
"""Attributes that must not become empty or lose members."""

_GUARDS = {
    "aws_backup_plan": "backups are no longer made",
    "aws_cloudtrail": "events are no longer recorded",
    "aws_cloudwatch_composite_alarm": "nobody is told any more",
    "aws_cloudwatch_metric_alarm": "nobody is told any more",
    "aws_config_configuration_recorder": "configuration is no longer recorded",
    "aws_flow_log": "network flows are no longer recorded",
    "aws_guardduty_detector": "threats are no longer looked for",
    "aws_s3_bucket_logging": "access to the bucket is no longer logged",
    "aws_s3_bucket_server_side_encryption_configuration": "the bucket's key is no longer used",
    "aws_s3_bucket_versioning": "overwritten objects are no longer kept",
    "aws_wafv2_web_acl_association": "the firewall in front of it goes",
}
"""Types that are guards themselves."""


def unprotected(change: Change) -> Iterator[PlanWarning]:
    """A warning for each guard that the plan takes away from one resource."""
    for text in _texts(change):
        yield PlanWarning(topic=Topic.PROTECTION, address=change.address, text=text)


def _texts(change: Change) -> Iterator[str]:
    if change.action in (Action.DELETE, Action.FORGET):
        if change.type in _GUARDS:
            yield _GUARDS[change.type]
        return
    if change.before is None or change.after is None:
        return
    for found in (_flags, _durations, _lists, _versioning):
        yield from found(change.before, change.after, _is_unknown(change))


def _is_unknown(change: Change) -> Callable[[str], bool]:
    unknown = change.unknown
    return lambda name: isinstance(unknown, Mapping) and bool(unknown.get(name))


Values = Mapping[str, Any]


def _flags(before: Values, after: Values, unknown: Callable[[str], bool]) -> Iterator[str]:
    for name, text in _OFF.items():
        if before.get(name) is True and not after.get(name) and not unknown(name):
            yield text
    for name, text in _ON.items():
        if after.get(name) is True and not before.get(name):
            yield text


def _durations(before: Values, after: Values, unknown: Callable[[str], bool]) -> Iterator[str]:
    for name, text in _SHORTER.items():
        old, new = before.get(name), after.get(name)
        if unknown(name) or not (_is_number(old) and _is_number(new)):
            continue
        if _retention_days(name, old) > _retention_days(name, new):
            shown = {
                "before": "never-ending" if _retention_days(name, old) != old else old,
                "after": new,
            }
            yield text.format(**shown)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _retention_days(name: str, days: float) -> float:
    """CloudWatch keeps log entries for ever where their retention is 0."""
    return float("inf") if name == "retention_in_days" and days == 0 else days


def _lists(before: Values, after: Values, unknown: Callable[[str], bool]) -> Iterator[str]:
    for name, text in _REMOVED.items():
        old, new = before.get(name), after.get(name)
        if not old or unknown(name):
            continue
        plain = all(isinstance(item, str) for item in as_list(old))
        if not new or (isinstance(old, list) and plain and set(old) - set(texts(new))):
            yield text


def _versioning(before: Values, after: Values, unknown: Callable[[str], bool]) -> Iterator[str]:
    """Blocks that hold one switch."""
    for name, switch, on, text in (
        ("versioning_configuration", "status", "Enabled", "overwritten objects are not kept"),
        ("point_in_time_recovery", "enabled", True, "point-in-time recovery is switched off"),
        ("server_side_encryption", "enabled", True, "it is no longer encrypted with a key of ours"),
    ):
        if _block_value(before, name, switch) == on != _block_value(
            after, name, switch
        ) and not unknown(name):
            yield text


def _block_value(values: Values, name: str, switch: str) -> object:
    return next((block.get(switch) for block in blocks(values.get(name))), None)
