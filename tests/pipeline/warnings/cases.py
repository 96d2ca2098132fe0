"""Each kind of opening with its quiet sibling: the same resource, safe."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

OURS = "111122223333"
THEIRS = "999999999999"
FOREIGN = f"account {THEIRS} (another account unless it is yours)"


class Case(NamedTuple):
    """A resource that is open.

    Attributes:
        type: its type.
        opened: its attributes.
        text: of the one warning.
        closed: the attributes of the sibling of which nothing is told.
    """

    type: str
    opened: dict[str, Any]
    text: str
    closed: dict[str, Any]


def policy(*rows: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(rows)})


def allow(action: Any, principal: Any = None, resource: Any = "*", **more: Any) -> dict[str, Any]:
    who = {} if principal is None else {"Principal": principal}
    return {"Effect": "Allow", "Action": action, "Resource": resource, **who, **more}


def trust(principal: Any, action: str = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    row = {"Effect": "Allow", "Principal": principal, "Action": action, **more}
    return {"assume_role_policy": policy(row)}


def rule(**values: Any) -> dict[str, Any]:
    return {"ip_protocol": "tcp", "from_port": 22, "to_port": 22, **values}


def listed(**values: Any) -> dict[str, Any]:
    return {"protocol": "tcp", "from_port": 80, "to_port": 80, **values}


INGRESS = "aws_vpc_security_group_ingress_rule"
GATEWAY = "its subnets become public: a way to the internet gateway"
INTERNET = "the database gets an address on the internet"
STARTS = "what it starts gets a public address"
FACES = "it faces the internet"
ANYWHERE, INSIDE = "0.0.0.0/0", "10.0.0.0/8"
SOURCE = {"StringEquals": {"aws:SourceAccount": OURS}}
EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
LOGGING = "http://acs.amazonaws.com/groups/s3/LogDelivery"


def _grantee(uri: str) -> dict[str, Any]:
    grant = {"permission": "READ", "grantee": [{"type": "Group", "uri": uri}]}
    return {"access_control_policy": [{"grant": [grant]}]}


OPENINGS: dict[str, Case] = {
    "rule": Case(
        INGRESS,
        rule(cidr_ipv4=ANYWHERE),
        "opens port 22 to anywhere",
        rule(cidr_ipv4=INSIDE),
    ),
    "rule-ipv6": Case(
        INGRESS,
        rule(cidr_ipv6="::/0", from_port=0, to_port=99),
        "opens ports 0-99 to anywhere",
        rule(cidr_ipv6="fd00::/8", from_port=0, to_port=99),
    ),
    "rule-half-of-the-internet": Case(
        INGRESS,
        rule(cidr_ipv4="0.0.0.0/1", ip_protocol="-1"),
        "opens all ports to 0.0.0.0/1",
        rule(cidr_ipv4="100.64.0.0/10", ip_protocol="-1"),
    ),
    "rule-one-address": Case(
        INGRESS,
        rule(cidr_ipv4="8.8.8.8/32"),
        "opens port 22 to 8.8.8.8/32",
        rule(referenced_security_group_id="sg-1"),
    ),
    "rule-prefix-list": Case(
        INGRESS,
        rule(prefix_list_id="pl-1"),
        "opens port 22 to the prefix list pl-1, whose ranges the plan does not say",
        rule(prefix_list_id=None, cidr_ipv4=INSIDE),
    ),
    "rule-icmp": Case(
        INGRESS,
        rule(cidr_ipv4=ANYWHERE, ip_protocol="icmp", from_port=8, to_port=-1),
        "opens ICMP type 8 to anywhere",
        rule(cidr_ipv4=INSIDE, ip_protocol="icmp", from_port=8, to_port=-1),
    ),
    "old-rule": Case(
        "aws_security_group_rule",
        {"type": "ingress", "cidr_blocks": [INSIDE, ANYWHERE], "protocol": "-1"},
        "opens all ports to anywhere",
        {"type": "egress", "cidr_blocks": [ANYWHERE], "protocol": "-1"},
    ),
    "group": Case(
        "aws_security_group",
        {"ingress": [listed(cidr_blocks=[ANYWHERE], ipv6_cidr_blocks=["::/0"])]},
        "opens port 80 to anywhere",
        {"ingress": [listed(cidr_blocks=[INSIDE])], "egress": [listed(cidr_blocks=[ANYWHERE])]},
    ),
    "default-group": Case(
        "aws_default_security_group",
        {"ingress": [listed(cidr_blocks=["0.0.0.0/1", "128.0.0.0/1"])]},
        "opens port 80 to anywhere",
        {"ingress": [listed(cidr_blocks=[], self=True)]},
    ),
    "acl-rule": Case(
        "aws_network_acl_rule",
        {"egress": False, "rule_action": "allow", "cidr_block": ANYWHERE, "protocol": "-1"},
        "opens all ports to anywhere",
        {"egress": False, "rule_action": "deny", "cidr_block": ANYWHERE, "protocol": "-1"},
    ),
    "acl": Case(
        "aws_network_acl",
        {"ingress": [listed(action="allow", cidr_block=ANYWHERE)]},
        "opens port 80 to anywhere",
        {"ingress": [listed(action="deny", cidr_block=ANYWHERE)], "egress": []},
    ),
    "default-acl": Case(
        "aws_default_network_acl",
        {"ingress": [listed(action="allow", ipv6_cidr_block="::/0", protocol="17")]},
        "opens UDP port 80 to anywhere",
        {"egress": [listed(action="allow", cidr_block=ANYWHERE)], "ingress": []},
    ),
    "lightsail-ports": Case(
        "aws_lightsail_instance_public_ports",
        {"port_info": [listed(cidrs=[ANYWHERE])]},
        "opens port 80 to anywhere",
        {"port_info": [listed(cidrs=[INSIDE])]},
    ),
    "gateway-route": Case(
        "aws_route",
        {"destination_cidr_block": ANYWHERE, "gateway_id": "igw-1"},
        GATEWAY,
        {"destination_cidr_block": ANYWHERE, "nat_gateway_id": "nat-1"},
    ),
    "gateway-in-table": Case(
        "aws_route_table",
        {"route": [{"cidr_block": ANYWHERE, "gateway_id": "igw-1"}]},
        GATEWAY,
        {"route": [{"cidr_block": ANYWHERE, "gateway_id": "", "nat_gateway_id": "nat-1"}]},
    ),
    "gateway-in-default-table": Case(
        "aws_default_route_table",
        {"route": [{"ipv6_cidr_block": "::/0", "gateway_id": "igw-1"}]},
        GATEWAY,
        {"route": [{"ipv6_cidr_block": "::/0", "egress_only_gateway_id": "eigw-1"}]},
    ),
    "subnet": Case(
        "aws_subnet",
        {"map_public_ip_on_launch": True},
        "what starts in it gets a public address",
        {"map_public_ip_on_launch": False},
    ),
    "instance": Case(
        "aws_instance",
        {"associate_public_ip_address": True},
        "it gets a public address",
        {"associate_public_ip_address": False},
    ),
    "launch-template": Case(
        "aws_launch_template",
        {"network_interfaces": [{"associate_public_ip_address": "true"}]},
        STARTS,
        {"network_interfaces": [{"associate_public_ip_address": "false"}]},
    ),
    "launch-configuration": Case(
        "aws_launch_configuration",
        {"associate_public_ip_address": True},
        STARTS,
        {"associate_public_ip_address": None},
    ),
    "ecs-service": Case(
        "aws_ecs_service",
        {"network_configuration": [{"assign_public_ip": True}]},
        STARTS,
        {"network_configuration": [{"assign_public_ip": False}]},
    ),
    "scheduled-task": Case(
        "aws_scheduler_schedule",
        {"target": [{"ecs_parameters": [{"network_configuration": [{"assign_public_ip": True}]}]}]},
        STARTS,
        {"target": [{"ecs_parameters": [{"network_configuration": [{}]}]}]},
    ),
    "address": Case("aws_eip", {"instance": "i-1"}, "it gets a public address", {"domain": "vpc"}),
    "address-association": Case(
        "aws_eip_association",
        {"network_interface_id": "eni-1"},
        "it gets a public address",
        {"network_interface_id": ""},
    ),
    "database": Case(
        "aws_db_instance",
        {"publicly_accessible": True},
        INTERNET,
        {"publicly_accessible": False},
    ),
    "warehouse": Case(
        "aws_redshiftserverless_workgroup",
        {"publicly_accessible": True},
        INTERNET,
        {"publicly_accessible": False},
    ),
    "broker": Case(
        "aws_mq_broker",
        {"publicly_accessible": True},
        "the broker gets an address on the internet",
        {"publicly_accessible": None},
    ),
    "replication-by-default": Case(
        "aws_dms_replication_instance",
        {"replication_instance_id": "a"},
        "the replication instance gets an address on the internet",
        {"replication_instance_id": "a", "publicly_accessible": False},
    ),
    "kafka": Case(
        "aws_msk_cluster",
        {
            "broker_node_group_info": [
                {"connectivity_info": [{"public_access": [{"type": "SERVICE_PROVIDED_EIPS"}]}]}
            ]
        },
        "its brokers get addresses on the internet",
        {
            "broker_node_group_info": [
                {"connectivity_info": [{"public_access": [{"type": "DISABLED"}]}]}
            ]
        },
    ),
    "kafka-without-sign-in": Case(
        "aws_msk_cluster",
        {"client_authentication": [{"unauthenticated": True}]},
        "clients need not sign in",
        {"client_authentication": [{"unauthenticated": False, "sasl": [{"iam": True}]}]},
    ),
    "search": Case(
        "aws_opensearch_domain",
        {"domain_name": "a", "vpc_options": []},
        "its endpoint is on the internet, guarded by its access policy only",
        {"domain_name": "a", "vpc_options": [{"subnet_ids": ["subnet-1"]}]},
    ),
    "search-serverless": Case(
        "aws_opensearchserverless_security_policy",
        {"policy": json.dumps([{"Rules": [], "AllowFromPublic": True}])},
        "its collections are reachable from the internet",
        {"policy": json.dumps([{"Rules": [], "AllowFromPublic": False}])},
    ),
    "load-balancer": Case("aws_lb", {"internal": False}, FACES, {"internal": True}),
    "load-balancer-by-default": Case(
        "aws_alb", {"name": "a", "internal": None}, FACES, {"name": "a", "internal": True}
    ),
    "classic-load-balancer": Case("aws_elb", {"name": "a"}, FACES, {"internal": True}),
    "gateway-load-balancer": Case(
        "aws_lb",
        {"load_balancer_type": "network", "internal": False},
        FACES,
        {"load_balancer_type": "gateway", "internal": False},
    ),
    "kubernetes": Case(
        "aws_eks_cluster",
        {"vpc_config": [{"endpoint_public_access": True, "public_access_cidrs": [ANYWHERE]}]},
        "opens the cluster's endpoint to anywhere",
        {"vpc_config": [{"endpoint_public_access": False, "public_access_cidrs": [ANYWHERE]}]},
    ),
    "kubernetes-by-default": Case(
        "aws_eks_cluster",
        {"vpc_config": [{"subnet_ids": ["subnet-1"]}]},
        "opens the cluster's endpoint to anywhere",
        {"vpc_config": [{"endpoint_public_access": True, "public_access_cidrs": [INSIDE]}]},
    ),
    "kubernetes-to-one-office": Case(
        "aws_eks_cluster",
        {"vpc_config": [{"endpoint_public_access": True, "public_access_cidrs": ["8.8.8.8/32"]}]},
        "opens the cluster's endpoint to 8.8.8.8/32",
        {"vpc_config": [{"endpoint_public_access": False}]},
    ),
    "kubernetes-nodes": Case(
        "aws_eks_node_group",
        {"remote_access": [{"ec2_ssh_key": "a", "source_security_group_ids": []}]},
        "opens port 22 of its nodes to anywhere",
        {"remote_access": [{"ec2_ssh_key": "a", "source_security_group_ids": ["sg-1"]}]},
    ),
    "app-runner-by-default": Case(
        "aws_apprunner_service",
        {"service_name": "a"},
        FACES,
        {"network_configuration": [{"ingress_configuration": [{"is_publicly_accessible": False}]}]},
    ),
    "transfer-by-default": Case(
        "aws_transfer_server", {"domain": "S3"}, FACES, {"endpoint_type": "VPC"}
    ),
    "http-route": Case(
        "aws_apigatewayv2_route",
        {"authorization_type": "NONE"},
        "anybody may call the route, without signing in",
        {"authorization_type": "JWT"},
    ),
    "rest-method": Case(
        "aws_api_gateway_method",
        {"authorization": "NONE"},
        "anybody may call the method, without signing in",
        {"authorization": "AWS_IAM"},
    ),
    "rest-method-of-browsers": Case(
        "aws_api_gateway_method",
        {"authorization": "NONE", "http_method": "GET"},
        "anybody may call the method, without signing in",
        {"authorization": "NONE", "http_method": "OPTIONS"},
    ),
    "any-website": Case(
        "aws_apigatewayv2_api",
        {"cors_configuration": [{"allow_origins": ["*"]}]},
        "scripts of any website may read its answers",
        {"cors_configuration": [{"allow_origins": ["https://app.example"]}]},
    ),
    "function-url": Case(
        "aws_lambda_function_url",
        {"authorization_type": "NONE"},
        "anybody may call the function, without signing in",
        {"authorization_type": "AWS_IAM"},
    ),
    "identities": Case(
        "aws_cognito_identity_pool",
        {"allow_unauthenticated_identities": True},
        "anybody gets credentials, without signing in",
        {"allow_unauthenticated_identities": False},
    ),
    "bucket-acl-of-old": Case(
        "aws_s3_bucket",
        {"acl": "public-read-write"},
        "anybody may read and write the bucket",
        {"acl": "private"},
    ),
    "bucket-acl": Case(
        "aws_s3_bucket_acl",
        {"acl": "public-read"},
        "anybody may read the bucket",
        {"acl": "log-delivery-write"},
    ),
    "object-acl": Case(
        "aws_s3_object",
        {"acl": "authenticated-read"},
        "anybody with an AWS account may read it",
        {"acl": "bucket-owner-full-control"},
    ),
    "grant": Case(
        "aws_s3_bucket_acl", _grantee(EVERYBODY), "an ACL lets everybody in", _grantee(LOGGING)
    ),
    "grant-of-old": Case(
        "aws_s3_bucket",
        {"grant": [{"uri": EVERYBODY}]},
        "an ACL lets everybody in",
        {"grant": [{"uri": LOGGING}]},
    ),
    "bucket-block": Case(
        "aws_s3_bucket_public_access_block",
        {"block_public_policy": False},
        "public bucket policies are no longer blocked",
        {"block_public_policy": True},
    ),
    "account-block": Case(
        "aws_s3_account_public_access_block",
        {"restrict_public_buckets": False},
        "a public bucket is no longer restricted",
        {"restrict_public_buckets": True},
    ),
    "access-point-block": Case(
        "aws_s3_access_point",
        {"public_access_block_configuration": [{"block_public_acls": False}]},
        "public ACLs are no longer blocked",
        {"public_access_block_configuration": [{"block_public_acls": True}]},
    ),
    "snapshots-block": Case(
        "aws_ebs_snapshot_block_public_access",
        {"state": "unblocked"},
        "snapshots may be shared with anybody",
        {"state": "block-all-sharing"},
    ),
    "snapshot": Case(
        "aws_db_snapshot",
        {"shared_accounts": ["all"]},
        "anybody may copy the snapshot",
        {"shared_accounts": []},
    ),
    "cluster-snapshot": Case(
        "aws_db_cluster_snapshot",
        {"shared_accounts": [THEIRS]},
        f"{FOREIGN} may copy the snapshot",
        {"shared_accounts": None},
    ),
    "volume-snapshot": Case(
        "aws_snapshot_create_volume_permission",
        {"account_id": THEIRS},
        f"{FOREIGN} may copy the snapshot",
        {"account_id": None},
    ),
    "image": Case(
        "aws_ami_launch_permission",
        {"group": "all"},
        "anybody may start the image",
        {"organization_arn": f"arn:aws:organizations::{OURS}:organization/o-1"},
    ),
    "document": Case(
        "aws_ssm_document",
        {"permissions": {"type": "Share", "account_ids": "All"}},
        "anybody may use the document",
        {"permissions": {}},
    ),
    "function-for-anybody": Case(
        "aws_lambda_permission",
        {"principal": "*"},
        "anybody may call the function",
        {"principal": "*", "principal_org_id": "o-1"},
    ),
    "function-for-an-account": Case(
        "aws_lambda_permission",
        {"principal": THEIRS},
        f"{FOREIGN} may call the function",
        {"principal": None},
    ),
    "function-for-a-service": Case(
        "aws_lambda_permission",
        {"principal": "s3.amazonaws.com", "source_arn": None},
        "s3.amazonaws.com, for any account (no source_arn), may call the function",
        {"principal": "s3.amazonaws.com", "source_arn": "arn:aws:s3:::mapvibe"},
    ),
    "function-for-a-device": Case(
        "aws_lambda_permission",
        {"principal": "alexa-appkit.amazon.com"},
        "alexa-appkit.amazon.com, for any account (no source_arn), may call the function",
        {"principal": "alexa-appkit.amazon.com", "event_source_token": "amzn1.ask.skill.a"},
    ),
    "layer": Case(
        "aws_lambda_layer_version_permission",
        {"principal": "*", "organization_id": ""},
        "anybody may use the layer",
        {"principal": "*", "organization_id": "o-1"},
    ),
    "bus": Case(
        "aws_cloudwatch_event_permission",
        {"principal": "*", "condition": []},
        "anybody may send events to the bus",
        {"principal": "*", "condition": [{"key": "aws:PrincipalOrgID", "value": "o-1"}]},
    ),
    "endpoint-service": Case(
        "aws_vpc_endpoint_service",
        {"allowed_principals": ["*"]},
        "anybody may connect to the service",
        {"allowed_principals": []},
    ),
    "bucket-policy": Case(
        "aws_s3_bucket_policy",
        {"policy": policy(allow("s3:GetObject", "*"))},
        "its policy lets anybody s3:GetObject on *",
        {
            "policy": policy(
                allow("s3:GetObject", "*", Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}})
            )
        },
    ),
    "queue-policy": Case(
        "aws_sqs_queue",
        {"policy": policy(allow("sqs:SendMessage", {"AWS": "*"}))},
        "its policy lets anybody sqs:SendMessage on *",
        {"policy": policy(allow("sqs:*", {"AWS": "*"}, Effect="Deny"))},
    ),
    "key-policy": Case(
        "aws_kms_key",
        {"policy": policy(allow("kms:*", "*"))},
        "its policy lets anybody kms:* on *",
        {"policy": policy(allow("kms:Decrypt", {"Service": "logs.ap-southeast-1.amazonaws.com"}))},
    ),
    "key-policy-of-another-account": Case(
        "aws_kms_replica_key",
        {"policy": policy(allow("kms:Decrypt", {"AWS": f"arn:aws:iam::{THEIRS}:root"}))},
        f"its policy lets {FOREIGN} kms:Decrypt on *",
        {"policy": policy(allow("kms:Decrypt", {"AWS": "AROAEXAMPLE"}))},
    ),
    "logs-of-load-balancers": Case(
        "aws_s3_bucket_policy",
        {"policy": policy(allow("s3:PutObject", {"AWS": THEIRS}))},
        f"its policy lets {FOREIGN} s3:PutObject on *",
        {"policy": policy(allow("s3:PutObject", {"AWS": "arn:aws:iam::114774131450:root"}))},
    ),
    "search-policy": Case(
        "aws_opensearch_domain_policy",
        {"access_policies": policy(allow("es:*", "*"))},
        "its policy lets anybody es:* on *",
        {
            "access_policies": policy(
                allow("es:*", "*", Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})
            )
        },
    ),
    "packages-policy": Case(
        "aws_codeartifact_domain_permissions_policy",
        {"policy_document": policy(allow("codeartifact:*", "*"))},
        "its policy lets anybody codeartifact:* on *",
        {
            "policy_document": policy(
                allow(
                    "codeartifact:*",
                    "*",
                    Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
                )
            )
        },
    ),
    "queue-for-a-service": Case(
        "aws_sqs_queue_policy",
        {"policy": policy(allow("sqs:SendMessage", {"Service": "sns.amazonaws.com"}))},
        "its policy lets sns.amazonaws.com, for any account, sqs:SendMessage on *",
        {
            "policy": policy(
                allow("sqs:SendMessage", {"Service": "sns.amazonaws.com"}, Condition=SOURCE)
            )
        },
    ),
    "trust-in-anybody": Case(
        "aws_iam_role",
        trust({"AWS": "*"}),
        "anybody may assume the role",
        trust({"Service": "lambda.amazonaws.com"}),
    ),
    "trust-in-an-account": Case(
        "aws_iam_role",
        trust({"AWS": f"arn:aws:iam::{THEIRS}:root"}),
        f"{FOREIGN} may assume the role",
        trust({"Service": ["ec2.amazonaws.com", "s3.amazonaws.com"]}),
    ),
    "trust-in-all-subjects": Case(
        "aws_iam_role",
        trust(
            {"Federated": f"arn:aws:iam::{OURS}:oidc-provider/gitlab.com"},
            "sts:AssumeRoleWithWebIdentity",
            Condition={"StringEquals": {"gitlab.com:aud": "https://gitlab.com"}},
        ),
        "anybody whom gitlab.com signs in (no condition on :sub limits it) may assume the role",
        trust(
            {"Federated": f"arn:aws:iam::{OURS}:oidc-provider/gitlab.com"},
            "sts:AssumeRoleWithWebIdentity",
            Condition={"StringLike": {"gitlab.com:sub": "project_path:mapvibe/*:ref_type:branch"}},
        ),
    ),
    "trust-in-saml": Case(
        "aws_iam_role",
        trust(
            {"Federated": f"arn:aws:iam::{OURS}:saml-provider/office"},
            "sts:AssumeRoleWithSAML",
        ),
        "office (no condition on SAML:aud limits it) may assume the role",
        trust(
            {"Federated": f"arn:aws:iam::{OURS}:saml-provider/office"},
            "sts:AssumeRoleWithSAML",
            Condition={"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
        ),
    ),
    "managed-policy": Case(
        "aws_iam_role_policy_attachment",
        {"policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"},
        "gets the policy arn:aws:iam::aws:policy/AdministratorAccess",
        {"policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
    ),
    "managed-policy-of-a-role": Case(
        "aws_iam_role",
        {"managed_policy_arns": ["arn:aws:iam::aws:policy/PowerUserAccess"]},
        "gets the policy arn:aws:iam::aws:policy/PowerUserAccess",
        {"managed_policy_arns": []},
    ),
    "managed-policies-only": Case(
        "aws_iam_user_policy_attachments_exclusive",
        {"policy_arns": ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]},
        "gets the policy arn:aws:iam::aws:policy/AmazonS3FullAccess",
        {"policy_arns": []},
    ),
    "managed-policy-of-sign-in": Case(
        "aws_ssoadmin_managed_policy_attachment",
        {"managed_policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess-Amplify"},
        "gets the policy arn:aws:iam::aws:policy/AdministratorAccess-Amplify",
        {"managed_policy_arn": ""},
    ),
    "administrator-inline": Case(
        "aws_iam_role",
        {"inline_policy": [{"name": "a", "policy": policy(allow("*"))}]},
        "may now * on *",
        {"inline_policy": [{"policy": policy(allow("sqs:SendMessage", resource="arn:q"))}]},
    ),
    "administrator-of-sign-in": Case(
        "aws_ssoadmin_permission_set_inline_policy",
        {"inline_policy": policy(allow("iam:*"))},
        "may now iam:* on *",
        {"inline_policy": policy(allow("iam:GetRole"))},
    ),
    "writing-policies": Case(
        "aws_iam_policy",
        {"policy": policy(allow("iam:PutRolePolicy", resource="arn:aws:iam::1:role/*"))},
        "may give itself more permissions: iam:PutRolePolicy on arn:aws:iam::1:role/*",
        {"policy": policy(allow("iam:GetRolePolicy", resource="arn:aws:iam::1:role/*"))},
    ),
    "own-keys": Case(
        "aws_iam_user_policy",
        {"policy": policy(allow("iam:CreateAccessKey", resource="arn:aws:iam::*:user/*"))},
        "may give itself more permissions: iam:CreateAccessKey on arn:aws:iam::*:user/*",
        {
            "policy": policy(
                allow("iam:CreateAccessKey", resource="arn:aws:iam::*:user/${aws:username}")
            )
        },
    ),
    "bounded-writing": Case(
        "aws_iam_group_policy",
        {"policy": policy(allow("iam:Attach*", resource="arn:aws:iam::1:role/a"))},
        "may give itself more permissions: iam:Attach* on arn:aws:iam::1:role/a",
        {
            "policy": policy(
                allow(
                    "iam:Attach*",
                    resource="arn:aws:iam::1:role/a",
                    Condition={"StringEquals": {"iam:PermissionsBoundary": "arn:aws:iam::1:b"}},
                )
            )
        },
    ),
    "running-as-any-role": Case(
        "aws_iam_role_policy",
        {
            "policy": policy(
                allow("iam:PassRole", resource="arn:aws:iam::1:role/*"),
                allow("ecs:RunTask", resource="arn:aws:ecs:a:1:task-definition/a"),
            )
        },
        "may run code as any role that it hands over: iam:PassRole on arn:aws:iam::1:role/* "
        "with ecs:RunTask on arn:aws:ecs:a:1:task-definition/a",
        {
            "policy": policy(
                allow("iam:PassRole", resource="arn:aws:iam::1:role/task"),
                allow("ecs:RunTask", resource="arn:aws:ecs:a:1:task-definition/a"),
            )
        },
    ),
    "giving-any-role": Case(
        "aws_iam_role_policy",
        {"policy": policy(allow("iam:PassRole"))},
        "may give any role to a service: iam:PassRole on *",
        {
            "policy": policy(
                allow(
                    "iam:PassRole",
                    Condition={"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}},
                )
            )
        },
    ),
    "becoming-any-role": Case(
        "aws_iam_role_policy",
        {"policy": policy(allow("sts:AssumeRole", resource="arn:aws:iam::*:role/*"))},
        "may become any role that trusts its account: sts:AssumeRole on arn:aws:iam::*:role/*",
        {"policy": policy(allow("sts:AssumeRole", resource="arn:aws:iam::1:role/reader"))},
    ),
    "changing-functions": Case(
        "aws_iam_role_policy",
        {"policy": policy(allow("lambda:UpdateFunctionCode"))},
        "may change the code of what has other roles: lambda:UpdateFunctionCode on *",
        {
            "policy": policy(
                allow("lambda:UpdateFunctionCode", resource="arn:aws:lambda:a:1:function:own:*")
            )
        },
    ),
}
