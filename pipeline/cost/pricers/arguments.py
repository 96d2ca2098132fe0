"""Arguments that cost nothing in any type, by their name.

A name stands here only where it cannot cost anything in whatever type has it; else its decision
is in the type's ``Entry``.
"""

from __future__ import annotations

from collections.abc import Mapping

_NAMES: Mapping[str, tuple[str, ...]] = {
    "tags and labels are for people and their tools": (
        "copy_tags_to_snapshot",
        "propagate_tags",
        "tags",
        "tags_all",
        "volume_tags",
    ),
    "names and descriptions are for people": (
        "bucket_prefix",
        "comment",
        "description",
        "display_name",
        "identifier_prefix",
        "name",
        "name_prefix",
    ),
    "it is where a thing is or what it belongs to, which has a price of its own or none": (
        "availability_zone",
        "availability_zones",
        "db_subnet_group_name",
        "device_index",
        "device_name",
        "network_card_index",
        "network_interface_id",
        "placement_group",
        "security_group_ids",
        "security_groups",
        "virtual_name",
        "vpc_id",
        "vpc_security_group_ids",
    ),
    "how an instance starts, and who may enter it, has no fee": (
        "get_password_data",
        "key_name",
        "maintenance_options",
        "metadata_options",
        "private_dns_name_options",
        "user_data",
        "user_data_base64",
        "user_data_replace_on_change",
    ),
    "permissions cost nothing: https://docs.aws.amazon.com/IAM/latest/UserGuide/introduction.html": (
        "execution_role_arn",
        "iam_instance_profile",
        "monitoring_role_arn",
        "policy",
        "role",
        "role_arn",
        "service_linked_role_arn",
        "service_role",
    ),
    "the key is billed, as aws_kms_key, and not what it encrypts": (
        "encrypted",
        "kms_key",
        "kms_key_arn",
        "kms_key_id",
        "kms_master_key_id",
        "performance_insights_kms_key_id",
        "storage_encrypted",
    ),
    "it decides how Terraform or AWS creates, changes or deletes, and not what there is": (
        "apply_immediately",
        "delete_on_termination",
        "deletion_protection",
        "disable_api_stop",
        "disable_api_termination",
        "final_snapshot_identifier",
        "force_delete",
        "force_destroy",
        "skip_destroy",
        "skip_final_snapshot",
        "triggers",
        "wait_for_deployment",
        "wait_for_steady_state",
    ),
    "a protocol, an address inside a network or a time limit costs nothing": (
        "customer_owned_ipv4_pool",
        "idle_timeout",
        "ipv6_address_count",
        "ipv6_addresses",
        "port",
        "private_dns_enabled",
        "private_ip",
    ),
}

NEVER_BILLED: Mapping[str, str] = {
    name: reason for reason, names in _NAMES.items() for name in names
}
"""The last part of an argument's path, such as ``kms_key_id``, to why it costs nothing."""
