"""Permissions that are arguments of a resource, not a policy: who may use what."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache

from pipeline.plan.masked import Masked
from pipeline.plan.values import as_map, as_text
from pipeline.report.model import Topic
from pipeline.warnings.accounts import is_service
from pipeline.warnings.callers import Caller
from pipeline.warnings.judged import shared_accounts
from pipeline.warnings.side import HIDDEN, Opening, Side

_ANYBODY = frozenset({"*", "all", "All"})
_COPY = "may copy the snapshot"
_START = "may start the image"

_MAY: Mapping[str, tuple[tuple[str, str], ...]] = {
    "aws_ami_launch_permission": (("account_id", _START), ("group", _START)),
    "aws_cloudwatch_event_permission": (("principal", "may send events to the bus"),),
    "aws_dlm_lifecycle_policy": (
        ("policy_details.schedule.share_rule.target_accounts", "may copy the snapshots"),
    ),
    "aws_globalaccelerator_cross_account_attachment": (
        ("principals", "may put an accelerator in front of it"),
    ),
    "aws_imagebuilder_distribution_configuration": (
        ("distribution.ami_distribution_configuration.launch_permission.user_groups", _START),
        ("distribution.ami_distribution_configuration.launch_permission.user_ids", _START),
        ("distribution.ami_distribution_configuration.target_account_ids", _START),
    ),
    "aws_kms_grant": (("grantee_principal", "may use the key"),),
    "aws_lakeformation_permissions": (("principal", "may use the data"),),
    "aws_lambda_layer_version_permission": (("principal", "may use the layer"),),
    "aws_lambda_permission": (("principal", "may call the function"),),
    "aws_network_interface_permission": (("aws_account_id", "may attach the interface"),),
    "aws_ram_principal_association": (("principal", "may use what is shared"),),
    "aws_redshift_endpoint_authorization": (("account", "may connect to the cluster"),),
    "aws_signer_signing_profile_permission": (("principal", "may sign with the profile"),),
    "aws_snapshot_create_volume_permission": (("account_id", _COPY),),
    "aws_ssm_document": (("permissions.account_ids", "may use the document"),),
    "aws_vpc_endpoint_service": (("allowed_principals", "may connect to the service"),),
    "aws_vpc_endpoint_service_allowed_principal": (
        ("principal_arn", "may connect to the service"),
    ),
}
"""Type to where it names an account or anybody, and what they may do then."""

_LIMITS = (
    "condition",
    "event_source_token",
    "organization_id",
    "principal_org_id",
    "source_account",
    "source_arn",
)
"""Arguments that say for whom, where the principal is anybody or a service."""

_SOURCES = ("source_account", "source_arn")

_WITH_GRANTS = ("aws_s3_bucket", "aws_s3_bucket_acl")
_EVERYBODY = ("/AllUsers", "/AuthenticatedUsers")


def openings(side: Side) -> Iterator[Opening]:
    """Who may use a resource beside its own account."""
    if side.type in _WITH_GRANTS:
        yield from _acl(side)
    paths = _paths(side.type)
    limited = bool(paths) and any(_is_set(side, name) for name in _LIMITS)
    for path, may in paths:
        for principal in _principals(side, path):
            if isinstance(principal, Masked):
                yield Opening(f"{path} is {HIDDEN}")
            elif found := _who(side, as_text(principal), limited=limited):
                topic, who = found
                yield Opening(f"{who} {may}", topic=topic)


@cache
def _paths(resource_type: str) -> tuple[tuple[str, str], ...]:
    """Where a type names who may use it, and what they may do."""
    shared = ((path, _COPY) for path in shared_accounts(resource_type))
    return (*_MAY.get(resource_type, ()), *shared)


def _is_set(side: Side, name: str) -> bool:
    return any(side.all(name)) or side.is_unknown(name)


def _principals(side: Side, path: str) -> list[object]:
    found = side.all(path)
    if side.type == "aws_ssm_document":  # a map of texts, with commas between accounts
        return [name for text in found for name in as_text(text).split(",")]
    return found


def _who(side: Side, principal: str, *, limited: bool) -> Caller | None:
    who = "anybody" if principal in _ANYBODY else ""
    if side.type == "aws_lambda_permission" and is_service(principal):
        # A service calls the function for whoever asks it, in any account.
        who = f"{principal}, for any account (no source_arn),"
    if who and not limited:
        return Topic.PUBLIC, who
    if who:
        sources = [as_text(item) for name in _SOURCES for item in side.all(name)]
        foreign = side.accounts.surely_foreign(sources)
    else:
        foreign = side.accounts.foreign(principal)
    return (Topic.IAM, foreign) if foreign else None


def _acl(side: Side) -> Iterator[Opening]:
    for path in ("access_control_policy.grant.grantee.uri", "grant.uri"):
        if any(as_text(uri).endswith(_EVERYBODY) for uri in side.all(path)):
            yield Opening("an ACL lets everybody in")


def serverless(side: Side) -> Iterator[Opening]:
    """Whether a network policy of OpenSearch Serverless lets in from the internet."""
    if side.type != "aws_opensearchserverless_security_policy":
        return
    for text in side.all("policy"):
        try:
            rules = json.loads(as_text(text) or "[]")
        except (ValueError, RecursionError):
            continue
        for rule in rules if isinstance(rules, list) else ():
            if as_map(rule).get("AllowFromPublic") is True:
                yield Opening("its collections are reachable from the internet")
