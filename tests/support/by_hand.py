"""What a person changes in a deployed environment behind Terraform's back, each kind once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

EVERYTHING = json.dumps(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)
ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
RANGE = "198.51.100.0/24"
NUMBER = 77


@dataclass(frozen=True, kw_only=True)
class ByHand:
    """Changes in one deployed dev.

    Attributes:
        client: gives a boto3 client by the service's name.
        attributes: of every resource of the state, by type and name.
        made: what was made, by the placeholder that the runbook has for it.
    """

    client: Callable[[str], Any]
    attributes: Mapping[str, Mapping[str, Mapping[str, Any]]]
    made: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_state(cls, client: Callable[[str], Any], bucket: str, key: str) -> ByHand:
        """Read what is deployed from its state."""
        state = json.load(client("s3").get_object(Bucket=bucket, Key=key)["Body"])
        found: dict[str, dict[str, Mapping[str, Any]]] = {}
        for each in state["resources"]:
            if each["mode"] == "managed" and each["instances"]:
                values = each["instances"][0]["attributes"]
                found.setdefault(each["type"], {})[each["name"]] = values
        return cls(client=client, attributes=found)

    def _one(self, resource_type: str, beginning: str) -> Mapping[str, Any]:
        found = self.attributes[resource_type]
        return found[next(name for name in sorted(found) if name.startswith(beginning))]

    def change(self) -> None:
        """Change what Terraform manages; a deployment puts it back."""
        self.client("ec2").delete_tags(
            Resources=[self._one("aws_vpc", "network")["id"]], Tags=[{"Key": "Owner"}]
        )
        self.client("logs").put_retention_policy(
            logGroupName="/aws/lambda/mapvibe-dev-rag", retentionInDays=1
        )
        self.client("iam").put_role_policy(
            RoleName="mapvibe-dev-rag", PolicyName="invoke-models", PolicyDocument=EVERYTHING
        )
        self.client("s3").put_public_access_block(
            Bucket=self._one("aws_s3_bucket", "invocation-logging")["bucket"],
            PublicAccessBlockConfiguration={
                "BlockPublicAcls": False,
                "IgnorePublicAcls": False,
                "BlockPublicPolicy": False,
                "RestrictPublicBuckets": False,
            },
        )
        self.client("cloudwatch").disable_alarm_actions(AlarmNames=["mapvibe-dev-api-errors"])
        ours = self._one("aws_vpc_security_group_ingress_rule", "database_proxy_to-instance")
        self.client("ec2").modify_security_group_rules(
            GroupId=ours["security_group_id"],
            SecurityGroupRules=[
                {
                    "SecurityGroupRuleId": ours["security_group_rule_id"],
                    "SecurityGroupRule": {
                        "IpProtocol": "tcp",
                        "FromPort": 5432,
                        "ToPort": 5432,
                        "CidrIpv4": "0.0.0.0/0",
                    },
                }
            ],
        )

    def change_slowly_mended(self, *, back: bool = False) -> None:
        """Change, or put back, what a deployment takes long for, or makes a new version of."""
        self.client("lambda").update_function_configuration(
            FunctionName="mapvibe-dev-rag", MemorySize=512 if back else 128
        )
        self.client("rds").modify_db_instance(
            DBInstanceIdentifier="mapvibe-dev-database",
            BackupRetentionPeriod=1 if back else 0,
            ApplyImmediately=True,
        )

    def add(self) -> None:
        """Add what no plan takes away."""
        ec2, iam = self.client("ec2"), self.client("iam")
        group = self._one("aws_security_group", "database_instance")["id"]
        table = self._one("aws_route_table", "network_application")["id"]
        acl = self._one("aws_network_acl", "network_database")["id"]
        queue = self._one("aws_sqs_queue", "rag_dead-letters")["url"]
        rules = ec2.authorize_security_group_ingress(
            GroupId=group,
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": 5433,
                    "ToPort": 5433,
                    "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
                }
            ],
        )["SecurityGroupRules"]
        iam.put_role_policy(
            RoleName="mapvibe-dev-rag", PolicyName="by-hand", PolicyDocument=EVERYTHING
        )
        iam.attach_role_policy(RoleName="mapvibe-dev-rag", PolicyArn=ADMINISTRATOR)
        ec2.create_network_acl_entry(
            NetworkAclId=acl,
            RuleNumber=NUMBER,
            Protocol="-1",
            RuleAction="allow",
            Egress=False,
            CidrBlock="0.0.0.0/0",
        )
        ec2.create_route(
            RouteTableId=table,
            DestinationCidrBlock=RANGE,
            GatewayId=self._one("aws_internet_gateway", "network")["id"],
        )
        anybody = EVERYTHING.replace('"Action"', '"Principal": "*", "Action"')
        self.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": anybody})
        self.made.update(
            GROUP_ID=group,
            RULE_ID=rules[0]["SecurityGroupRuleId"],
            TABLE_ID=table,
            ACL_ID=acl,
            QUEUE_URL=queue,
            ROLE="mapvibe-dev-rag",
            POLICY="by-hand",
            POLICY_ARN=ADMINISTRATOR,
            NUMBER=str(NUMBER),
            RANGE=RANGE,
        )
