"""Arguments that are judged wherever they stand: the provider's schema says which types have them.

``python -m pipeline schema`` finds them by these names; ``pipeline/schema/judged.json`` holds
where they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from pipeline.schema import Need, judged

DOCUMENTS = frozenset(
    {
        "access_policies",
        "access_policy",
        "assume_role_policy",
        "delivery_destination_policy",
        "inline_policy",
        "policy",
        "policy_document",
        "repository_policy",
        "resource_policy",
    }
)
"""Names of arguments that hold a policy document."""

GRANT_NOTHING = frozenset(
    {
        "aws_cloudwatch_log_account_policy",
        "aws_cloudwatch_log_data_protection_policy",
        "aws_cloudwatch_log_index_policy",
        "aws_ecr_lifecycle_policy",
        "aws_iot_policy_attachment",
        "aws_networkmanager_core_network_policy_attachment",
        "aws_opensearchserverless_lifecycle_policy",
        "aws_ses_receipt_filter",
        "aws_sns_topic_data_protection_policy",
        "aws_transfer_access",
        "aws_transfer_user",
        "aws_verifiedaccess_endpoint",
        "aws_verifiedaccess_group",
    }
)
"""Types whose ``policy`` is no IAM policy, or only narrows what another one grants."""


class Switch(NamedTuple):
    """What opens with an argument's value.

    Attributes:
        opened: values that open; ``None`` among them where it is open unless somebody writes
            another value.
        text: what that means.
    """

    opened: tuple[Any, ...]
    text: str


_ON = (True, "true", "ENABLED")
_PUBLIC_ADDRESS = Switch(_ON, "what it starts gets a public address")
_READS = "anybody may read {}"
_WRITES = "anybody may read and write {}"

SWITCHES: Mapping[str, tuple[Switch, ...]] = {
    "acl": (
        Switch(("public-read",), _READS.format("it")),
        Switch(("public-read-write",), _WRITES.format("it")),
        Switch(("authenticated-read",), "anybody with an AWS account may read it"),
    ),
    "allow_unauthenticated_identities": (
        Switch(_ON, "anybody gets credentials, without signing in"),
    ),
    "anonymous_auth_enabled": (Switch(_ON, "anybody may use it, without signing in"),),
    "assign_public_ip": (_PUBLIC_ADDRESS,),
    "associate_public_ip_address": (_PUBLIC_ADDRESS,),
    "auto_assign_public_ips": (_PUBLIC_ADDRESS,),
    "block_public_acls": (Switch((False,), "public ACLs are no longer blocked"),),
    "block_public_policy": (Switch((False,), "public bucket policies are no longer blocked"),),
    "ignore_public_acls": (Switch((False,), "public ACLs are no longer ignored"),),
    "internal": (Switch((False, None), "it faces the internet"),),
    "map_public_ip_on_launch": (Switch(_ON, "what starts in it gets a public address"),),
    "public_connectivity": (Switch(_ON, "it gets an address on the internet"),),
    "publicly_accessible": (Switch(_ON, "the database gets an address on the internet"),),
    "restrict_public_buckets": (Switch((False,), "a public bucket is no longer restricted"),),
    "unauthenticated": (Switch(_ON, "clients need not sign in"),),
}
"""Name of an argument to what opens with it, in whichever type it is."""

_OWN_WORDS: Mapping[tuple[str, str], tuple[Switch, ...]] = {
    ("aws_dms_replication_instance", "publicly_accessible"): (
        # DMS gives an address to an instance about which nobody says otherwise. Source:
        # https://docs.aws.amazon.com/dms/latest/APIReference/API_CreateReplicationInstance.html
        Switch((*_ON, None), "the replication instance gets an address on the internet"),
    ),
    ("aws_m2_environment", "publicly_accessible"): (
        Switch(_ON, "the environment gets an address on the internet"),
    ),
    ("aws_mq_broker", "publicly_accessible"): (
        Switch(_ON, "the broker gets an address on the internet"),
    ),
    ("aws_instance", "associate_public_ip_address"): (Switch(_ON, "it gets a public address"),),
    ("aws_spot_instance_request", "associate_public_ip_address"): (
        Switch(_ON, "it gets a public address"),
    ),
    ("aws_secretsmanager_secret_policy", "block_public_policy"): (),
    **{
        (bucket, "acl"): (
            Switch(("public-read",), _READS.format("the bucket")),
            Switch(("public-read-write",), _WRITES.format("the bucket")),
            Switch(("authenticated-read",), "anybody with an AWS account may read the bucket"),
        )
        for bucket in ("aws_s3_bucket", "aws_s3_bucket_acl")
    },
}
"""Types in which an argument needs other words, or means something else."""

_OF_TYPE: Mapping[str, tuple[tuple[str, Switch], ...]] = {
    "aws_api_gateway_method": (
        (
            "authorization",
            Switch(("NONE",), "anybody may call the method, without signing in"),
        ),
    ),
    "aws_apigatewayv2_api": (
        (
            "cors_configuration.allow_origins",
            Switch(("*",), "scripts of any website may read its answers"),
        ),
    ),
    "aws_apigatewayv2_route": (
        (
            "authorization_type",
            Switch(("NONE",), "anybody may call the route, without signing in"),
        ),
    ),
    "aws_apprunner_service": (
        (
            "network_configuration.ingress_configuration.is_publicly_accessible",
            Switch((True, None), "it faces the internet"),
        ),
    ),
    "aws_codebuild_project": (
        ("project_visibility", Switch(("PUBLIC_READ",), "anybody may read its logs")),
    ),
    "aws_ebs_snapshot_block_public_access": (
        ("state", Switch(("unblocked",), "snapshots may be shared with anybody")),
    ),
    "aws_ec2_image_block_public_access": (
        ("state", Switch(("unblocked",), "images may be shared with anybody")),
    ),
    "aws_emr_block_public_access_configuration": (
        (
            "block_public_security_group_rules",
            Switch((False,), "clusters may be opened to the internet"),
        ),
    ),
    "aws_lambda_function_url": (
        (
            "authorization_type",
            Switch(("NONE",), "anybody may call the function, without signing in"),
        ),
        ("cors.allow_origins", Switch(("*",), "scripts of any website may read its answers")),
    ),
    "aws_msk_cluster": (
        (
            "broker_node_group_info.connectivity_info.public_access.type",
            Switch(("SERVICE_PROVIDED_EIPS",), "its brokers get addresses on the internet"),
        ),
    ),
    "aws_mwaa_environment": (
        ("webserver_access_mode", Switch(("PUBLIC_ONLY",), "its web server faces the internet")),
    ),
    "aws_transfer_server": (("endpoint_type", Switch(("PUBLIC", None), "it faces the internet")),),
}
"""Type to arguments that only this type has, or whose names mean something else elsewhere."""

NAMES = DOCUMENTS | frozenset(SWITCHES) | frozenset({"shared_accounts"})
"""What ``python -m pipeline schema`` looks for."""


@cache
def documents(resource_type: str) -> Mapping[str, Need]:
    """Where a type holds policy documents, such as ``inline_policy.policy``, and if it must."""
    if resource_type in GRANT_NOTHING:
        return {}
    return _named(resource_type, DOCUMENTS)


@cache
def switches(resource_type: str) -> tuple[tuple[str, Switch], ...]:
    """What may open a resource of a type: where the argument is, and what opens with it."""
    by_name = (
        (path, switch)
        for path in _named(resource_type, SWITCHES)
        for name in (path.rpartition(".")[2],)
        for switch in _OWN_WORDS.get((resource_type, name), SWITCHES[name])
    )
    return (*by_name, *_OF_TYPE.get(resource_type, ()))


@cache
def shared_accounts(resource_type: str) -> tuple[str, ...]:
    """Where a type names the accounts with which it is shared; within blocks they are filters."""
    return tuple(path for path in _named(resource_type, ("shared_accounts",)) if "." not in path)


def _named(resource_type: str, names: Any) -> Mapping[str, Need]:
    found = judged().get(resource_type, {})
    return {path: need for path, need in found.items() if path.rpartition(".")[2] in names}
