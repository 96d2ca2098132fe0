"""What holds data is encrypted with a key of ours, which only we can let somebody use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.plan.values import as_text
from policies.check import Check, Unknown
from policies.stack import Resource, Stack, is_unknown


@dataclass(frozen=True, slots=True)
class _Key:
    """Where a type names its key.

    Attributes:
        path: of the key.
        switches: arguments that must be on beside it.
    """

    path: str
    switches: tuple[str, ...] = ()


_KEYS: Mapping[str, _Key] = {
    "aws_athena_workgroup": _Key(
        "configuration.result_configuration.encryption_configuration.kms_key_arn"
    ),
    "aws_backup_vault": _Key("kms_key_arn"),
    "aws_cloudtrail": _Key("kms_key_id"),
    "aws_cloudwatch_log_group": _Key("kms_key_id"),
    "aws_db_instance": _Key("kms_key_id", ("storage_encrypted",)),
    "aws_docdb_cluster": _Key("kms_key_id", ("storage_encrypted",)),
    "aws_dynamodb_table": _Key(
        "server_side_encryption.kms_key_arn", ("server_side_encryption.enabled",)
    ),
    "aws_ebs_volume": _Key("kms_key_id", ("encrypted",)),
    "aws_ecr_repository": _Key("encryption_configuration.kms_key"),
    "aws_efs_file_system": _Key("kms_key_id", ("encrypted",)),
    "aws_elasticache_replication_group": _Key("kms_key_id", ("at_rest_encryption_enabled",)),
    "aws_instance": _Key("root_block_device.kms_key_id", ("root_block_device.encrypted",)),
    "aws_kinesis_stream": _Key("kms_key_id"),
    "aws_neptune_cluster": _Key("kms_key_arn", ("storage_encrypted",)),
    "aws_opensearch_domain": _Key("encrypt_at_rest.kms_key_id", ("encrypt_at_rest.enabled",)),
    "aws_rds_cluster": _Key("kms_key_id", ("storage_encrypted",)),
    "aws_redshift_cluster": _Key("kms_key_id", ("encrypted",)),
    "aws_secretsmanager_secret": _Key("kms_key_id"),
    "aws_sns_topic": _Key("kms_master_key_id"),
    "aws_sqs_queue": _Key("kms_master_key_id"),
}
"""What holds data, messages or secrets, except buckets."""

_BUCKET = "aws_s3_bucket"
_ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration"
_BY_DEFAULT = "rule.apply_server_side_encryption_by_default"
_KMS = {"aws:kms", "aws:kms:dsse"}
_AWS_OWN = "alias/aws/"
"""Keys of AWS's own: the whole account may use them, and their policies can't be changed.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-cmk
"""


class CustomerKeys(Check):
    """A key of ours is named, and encryption is switched on beside it."""

    types = (_BUCKET, *_KEYS)

    def concerns(self, resource: Resource, stack: Stack) -> bool:
        """What is restored or replicated has the key of what it comes from."""
        return not any(map(resource.first, ("replicate_source_db", "snapshot_identifier")))

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """No key, one of AWS's own, or no encryption."""
        if resource.type == _BUCKET:
            yield from _bucket(resource, stack)
            return
        key = _KEYS[resource.type]
        for path in key.switches:
            value = resource.first(path)
            if is_unknown(value):
                yield Unknown(f"its {path} is not known yet")
            elif str(value).lower() != "true":
                yield f"it is not encrypted: {path} is not on"
        yield from _named(resource.all(key.path), key.path)


def _bucket(bucket: Resource, stack: Stack) -> Iterator[str]:
    found = stack.about(bucket, "bucket", _ENCRYPTION)
    algorithms = {
        as_text(each) for own in found for each in own.all(f"{_BY_DEFAULT}.sse_algorithm")
    }
    if any(map(is_unknown, algorithms)):
        yield Unknown("how it is encrypted is not known yet")
    elif not algorithms or not algorithms <= _KMS:
        yield "its objects are encrypted with S3's key, not with one of ours"
    else:
        keys = [each for own in found for each in own.all(f"{_BY_DEFAULT}.kms_master_key_id")]
        yield from _named(keys, "kms_master_key_id")


def _named(keys: list[object], path: str) -> Iterator[str]:
    """A reference to a key is one, although nobody knows its ARN yet."""
    if not keys:
        yield f"no key of ours is named ({path})"
    for key in map(as_text, keys):
        if _AWS_OWN in key:
            yield f"its key is AWS's own: {key}"
