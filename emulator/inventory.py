"""What exists in an account of the emulator, so that a test can say that nothing was left behind.

What AWS itself puts into every account does not count: default VPCs and what belongs to them, keys
and policies that AWS manages, default parameter groups, keys that wait for their deletion.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import ClientError

from emulator import identity
from emulator.session import session

Item = dict[str, Any]


@dataclass(frozen=True)
class Listing:
    """One operation that lists resources, and what is the caller's own among them."""

    kind: str
    service: str
    operation: str
    key: str
    identifier: str
    own: Callable[[Any], bool] = lambda _item: True
    arguments: tuple[tuple[str, Any], ...] = ()

    def items(self, client: Any) -> Iterator[Any]:
        """Lists the caller's own resources, whatever the number of pages."""
        arguments = dict(self.arguments)
        if client.can_paginate(self.operation):
            pages = client.get_paginator(self.operation).paginate(**arguments)
        else:
            pages = [getattr(client, self.operation)(**arguments)]
        for page in pages:
            yield from filter(self.own, page[self.key])


def _own_endpoint(endpoint: Item) -> bool:
    return endpoint["State"].lower() not in {"deleting", "deleted"}


def _own_route_table(table: Item) -> bool:
    # AWS makes and deletes the main table with the VPC, which is listed already.
    return not any(association.get("Main") for association in table["Associations"])


def _own_parameter_group(group: Item) -> bool:
    return not group["DBParameterGroupName"].startswith("default.")


def _own_snapshot(snapshot: Item) -> bool:
    return bool(snapshot["SnapshotType"] == "manual")


def _own_role(role: Item) -> bool:
    return not role["Path"].startswith("/aws-service-role/")


# Everything in a VPC is filtered by `_outside_default_vpc` too.
_LISTINGS: Final = (
    Listing("ec2:vpc", "ec2", "describe_vpcs", "Vpcs", "VpcId"),
    Listing("ec2:subnet", "ec2", "describe_subnets", "Subnets", "SubnetId"),
    Listing(
        "ec2:security-group",
        "ec2",
        "describe_security_groups",
        "SecurityGroups",
        "GroupId",
        lambda group: group["GroupName"] != "default",
    ),
    Listing(
        "ec2:network-acl",
        "ec2",
        "describe_network_acls",
        "NetworkAcls",
        "NetworkAclId",
        lambda acl: not acl["IsDefault"],
    ),
    Listing(
        "ec2:route-table",
        "ec2",
        "describe_route_tables",
        "RouteTables",
        "RouteTableId",
        _own_route_table,
    ),
    Listing(
        "ec2:internet-gateway",
        "ec2",
        "describe_internet_gateways",
        "InternetGateways",
        "InternetGatewayId",
    ),
    Listing(
        "ec2:nat-gateway",
        "ec2",
        "describe_nat_gateways",
        "NatGateways",
        "NatGatewayId",
        lambda gateway: gateway["State"] != "deleted",
    ),
    Listing("ec2:elastic-ip", "ec2", "describe_addresses", "Addresses", "AllocationId"),
    Listing(
        "ec2:vpc-endpoint",
        "ec2",
        "describe_vpc_endpoints",
        "VpcEndpoints",
        "VpcEndpointId",
        _own_endpoint,
    ),
    Listing("ec2:flow-log", "ec2", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    Listing(
        "ec2:network-interface",
        "ec2",
        "describe_network_interfaces",
        "NetworkInterfaces",
        "NetworkInterfaceId",
    ),
    Listing("ec2:volume", "ec2", "describe_volumes", "Volumes", "VolumeId"),
    Listing("rds:instance", "rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier"),
    Listing(
        "rds:snapshot",
        "rds",
        "describe_db_snapshots",
        "DBSnapshots",
        "DBSnapshotIdentifier",
        _own_snapshot,
    ),
    Listing(
        "rds:subnet-group",
        "rds",
        "describe_db_subnet_groups",
        "DBSubnetGroups",
        "DBSubnetGroupName",
    ),
    Listing(
        "rds:parameter-group",
        "rds",
        "describe_db_parameter_groups",
        "DBParameterGroups",
        "DBParameterGroupName",
        _own_parameter_group,
    ),
    Listing("rds:proxy", "rds", "describe_db_proxies", "DBProxies", "DBProxyName"),
    Listing("lambda:function", "lambda", "list_functions", "Functions", "FunctionName"),
    Listing("apigatewayv2:api", "apigatewayv2", "get_apis", "Items", "ApiId"),
    Listing("apigatewayv2:domain-name", "apigatewayv2", "get_domain_names", "Items", "DomainName"),
    Listing("logs:group", "logs", "describe_log_groups", "logGroups", "logGroupName"),
    Listing(
        "logs:query-definition", "logs", "describe_query_definitions", "queryDefinitions", "name"
    ),
    Listing(
        "iam:instance-profile",
        "iam",
        "list_instance_profiles",
        "InstanceProfiles",
        "InstanceProfileName",
    ),
    Listing("iam:role", "iam", "list_roles", "Roles", "RoleName", _own_role),
    Listing(
        "iam:policy",
        "iam",
        "list_policies",
        "Policies",
        "PolicyName",
        arguments=(("Scope", "Local"),),
    ),
    Listing("secretsmanager:secret", "secretsmanager", "list_secrets", "SecretList", "Name"),
    Listing("dynamodb:table", "dynamodb", "list_tables", "TableNames", ""),
    Listing("s3:bucket", "s3", "list_buckets", "Buckets", "Name"),
    Listing(
        "chatbot:slack-channel",
        "chatbot",
        "describe_slack_channel_configurations",
        "SlackChannelConfigurations",
        "ChatConfigurationArn",
    ),
    Listing("sns:subscription", "sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
    Listing("sns:topic", "sns", "list_topics", "Topics", "TopicArn"),
    Listing(
        "acm:certificate", "acm", "list_certificates", "CertificateSummaryList", "CertificateArn"
    ),
    Listing(
        "kms:alias",
        "kms",
        "list_aliases",
        "Aliases",
        "AliasName",
        lambda alias: not alias["AliasName"].startswith("alias/aws/"),
    ),
    Listing("cloudtrail:trail", "cloudtrail", "list_trails", "Trails", "Name"),
    Listing("guardduty:detector", "guardduty", "list_detectors", "DetectorIds", ""),
    Listing("accessanalyzer:analyzer", "accessanalyzer", "list_analyzers", "analyzers", "name"),
    Listing("events:rule", "events", "list_rules", "Rules", "Name"),
    Listing(
        "config:recorder",
        "config",
        "describe_configuration_recorders",
        "ConfigurationRecorders",
        "name",
    ),
    Listing(
        "config:delivery-channel",
        "config",
        "describe_delivery_channels",
        "DeliveryChannels",
        "name",
    ),
    Listing(
        "athena:workgroup",
        "athena",
        "list_work_groups",
        "WorkGroups",
        "Name",
        lambda workgroup: workgroup["Name"] != "primary",
    ),
    Listing("glue:database", "glue", "get_databases", "DatabaseList", "Name"),
    Listing("cloudwatch:alarm", "cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    Listing(
        "cloudwatch:composite-alarm",
        "cloudwatch",
        "describe_alarms",
        "CompositeAlarms",
        "AlarmName",
        arguments=(("AlarmTypes", ["CompositeAlarm"]),),
    ),
    Listing(
        "cloudwatch:dashboard", "cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"
    ),
)


def inventory(
    url: str, account_id: str, region: str = identity.DEFAULT_REGION
) -> dict[str, list[str]]:
    """Lists the resources of an account in a region, and its global ones.

    Args:
        url: of the emulator.
        account_id: twelve digits.
        region: such as `eu-west-1`.

    Returns:
        Identifiers by kind, such as `{"s3:bucket": ["state"]}`; kinds without any are left out.
    """
    own = session(account_id, region)

    def client(service: str) -> Any:
        settings = Config(
            s3={"addressing_style": "path"},
            retries={"total_max_attempts": 1},
            # S3 Control puts the account before the endpoint's host, which has no such name.
            proxies={"http": url},
        )
        return own.client(service, endpoint_url=url, config=settings)

    found = dict(_found(client))
    return {kind: sorted(names) for kind, names in found.items() if names}


def _found(client: Callable[[str], Any]) -> Iterator[tuple[str, list[str]]]:
    clients = {service: client(service) for service in {listing.service for listing in _LISTINGS}}
    default_vpcs = _default_vpcs(clients["ec2"])
    for listing in _LISTINGS:
        yield (
            listing.kind,
            [
                item[listing.identifier] if listing.identifier else item
                for item in listing.items(clients[listing.service])
                if not _vpcs_of(item) & default_vpcs
            ],
        )
    yield "ec2:instance", list(_instances(clients["ec2"]))
    yield "kms:key", list(_keys(client("kms")))
    # The client leaves the key out of the answer when there are no queues.
    yield "sqs:queue", client("sqs").list_queues().get("QueueUrls", [])
    # A setting of the account, which is there or not.
    logging = client("bedrock").get_model_invocation_logging_configuration().get("loggingConfig")
    yield "bedrock:invocation-logging", ["on"] if logging else []
    yield "account:setting", list(_settings(client))


def _settings(client: Callable[[str], Any]) -> Iterator[str]:
    """What the account, or its region, keeps beside resources, where it is not AWS's own default."""
    ec2, account = client("ec2"), client("sts").get_caller_identity()["Account"]
    if ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"]:
        yield "disk-encryption"
    if ec2.get_snapshot_block_public_access_state()["State"] != "unblocked":
        yield "snapshots-blocked"
    if ec2.get_image_block_public_access_state()["ImageBlockPublicAccessState"] != "unblocked":
        yield "images-blocked"
    if ec2.get_instance_metadata_defaults().get("AccountLevel"):
        yield "instance-metadata"
    asked: tuple[tuple[str, str, str, Item], ...] = (
        ("passwords", "iam", "get_account_password_policy", {}),
        ("public-access-block", "s3control", "get_public_access_block", {"AccountId": account}),
        (
            "security-contact",
            "account",
            "get_alternate_contact",
            {"AlternateContactType": "SECURITY"},
        ),
        ("security-hub", "securityhub", "describe_hub", {}),
    )
    for name, service, operation, arguments in asked:
        # Each answers with an error where nobody has set it.
        with contextlib.suppress(ClientError):
            getattr(client(service), operation)(**arguments)
            yield name


def _default_vpcs(ec2: Any) -> set[str]:
    defaults = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])
    return {vpc["VpcId"] for vpc in defaults["Vpcs"]}


def _vpcs_of(item: Any) -> set[str]:
    if not isinstance(item, dict):
        return set()
    attachments = item.get("Attachments", [])
    return {part["VpcId"] for part in (item, *attachments) if "VpcId" in part}


def _instances(ec2: Any) -> Iterator[str]:
    """A terminated instance is shown for an hour."""
    for page in ec2.get_paginator("describe_instances").paginate():
        for reservation in page["Reservations"]:
            for instance in reservation["Instances"]:
                if instance["State"]["Name"] != "terminated":
                    yield instance["InstanceId"]


def _keys(kms: Any) -> Iterator[str]:
    for page in kms.get_paginator("list_keys").paginate():
        for key in page["Keys"]:
            about = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
            if about["KeyManager"] == "CUSTOMER" and about["KeyState"] != "PendingDeletion":
                yield about["KeyId"]
