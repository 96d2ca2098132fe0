"""Tests of the inventory: what is planted appears, what AWS makes itself does not."""

from __future__ import annotations

import json

import pytest

from emulator.control import Emulator
from emulator.identity import DEFAULT_REGION
from emulator.inventory import inventory
from tests.emulator.conftest import Aws, clients

ACCOUNT = "777700001111"
OTHER_ACCOUNT = "777700002222"
REGION = "eu-west-1"

POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
    }
)
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


@pytest.mark.parametrize("region", [REGION, DEFAULT_REGION])
def test_an_account_nobody_used_is_empty(emulator: Emulator, region: str) -> None:
    assert inventory(emulator.url, OTHER_ACCOUNT, region) == {}


def _network(client: Aws) -> dict[str, list[str]]:
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}"
        )["Subnet"]["SubnetId"]
        for number, zone in enumerate("ab")
    ]
    group = ec2.create_security_group(VpcId=vpc, GroupName="own", Description="own")["GroupId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway"
    )["VpcEndpoint"]["VpcEndpointId"]
    interface = ec2.create_network_interface(SubnetId=subnets[0])["NetworkInterface"]
    flow_log = ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogGroupName="flow",
        DeliverLogsPermissionArn=f"arn:aws:iam::{ACCOUNT}:role/flow",
    )["FlowLogIds"][0]
    return {
        "ec2:vpc": [vpc],
        "ec2:subnet": sorted(subnets),
        "ec2:security-group": [group],
        "ec2:route-table": [table],
        "ec2:network-acl": [acl],
        "ec2:internet-gateway": [gateway],
        "ec2:elastic-ip": [address],
        "ec2:vpc-endpoint": [endpoint],
        "ec2:network-interface": [interface["NetworkInterfaceId"]],
        "ec2:flow-log": [flow_log],
    }


def _database(client: Aws, subnets: list[str]) -> dict[str, list[str]]:
    rds = client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="db",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        EngineVersion="17.5",
        AllocatedStorage=20,
        MasterUsername="owner",
        MasterUserPassword="not-a-secret",
    )
    rds.create_db_snapshot(DBInstanceIdentifier="db", DBSnapshotIdentifier="kept")
    rds.create_db_subnet_group(
        DBSubnetGroupName="group", DBSubnetGroupDescription="d", SubnetIds=subnets
    )
    rds.create_db_parameter_group(
        DBParameterGroupName="settings", DBParameterGroupFamily="postgres17", Description="d"
    )
    rds.create_db_proxy(
        DBProxyName="proxy",
        EngineFamily="POSTGRESQL",
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/own",
        VpcSubnetIds=subnets,
        Auth=[],
    )
    return {
        "rds:instance": ["db"],
        "rds:snapshot": ["kept"],
        "rds:subnet-group": ["group"],
        "rds:parameter-group": ["settings"],
        "rds:proxy": ["proxy"],
    }


def _machine(client: Aws) -> dict[str, list[str]]:
    ec2, iam = client("ec2"), client("iam")
    [image, *_] = ec2.describe_images(
        Owners=["amazon"], Filters=[{"Name": "name", "Values": ["al2023-ami-2023.*-x86_64"]}]
    )["Images"]
    kept, gone = (
        ec2.run_instances(ImageId=image["ImageId"], MinCount=1, MaxCount=1)["Instances"][0]
        for _ in range(2)
    )
    ec2.terminate_instances(InstanceIds=[gone["InstanceId"]])
    [disk] = ec2.describe_instances(InstanceIds=[kept["InstanceId"]])["Reservations"][0][
        "Instances"
    ][0]["BlockDeviceMappings"]
    iam.create_instance_profile(InstanceProfileName="profile")
    return {
        "ec2:instance": [kept["InstanceId"]],
        "ec2:volume": [disk["Ebs"]["VolumeId"]],
        "iam:instance-profile": ["profile"],
    }


def _rest(client: Aws) -> dict[str, list[str]]:
    iam, kms = client("iam"), client("kms")
    role = iam.create_role(RoleName="own", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    iam.create_policy(PolicyName="own", PolicyDocument=POLICY)
    client("lambda").create_function(
        FunctionName="function",
        Role=role,
        Runtime="python3.13",
        Handler="a.b",
        Code={"ZipFile": b"zip"},
    )
    api = client("apigatewayv2").create_api(Name="api", ProtocolType="HTTP")["ApiId"]
    client("logs").create_log_group(logGroupName="/own")
    client("logs").put_query_definition(name="query", queryString="limit 1")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName="alias/own", TargetKeyId=key)
    kms.schedule_key_deletion(KeyId=kms.create_key()["KeyMetadata"]["KeyId"])
    client("secretsmanager").create_secret(Name="secret", SecretString="not-a-secret")
    client("dynamodb").create_table(
        TableName="table",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    )
    client("s3").create_bucket(
        Bucket="own", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    certificate = client("acm").request_certificate(DomainName="api.example.com")["CertificateArn"]
    queue = client("sqs").create_queue(QueueName="queue")["QueueUrl"]
    client("bedrock").put_model_invocation_logging_configuration(
        loggingConfig={"s3Config": {"bucketName": "own"}}
    )
    topic = client("sns").create_topic(Name="topic")["TopicArn"]
    client("cloudwatch").put_metric_alarm(
        AlarmName="alarm",
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    client("athena").create_work_group(Name="questions")
    client("glue").create_database(DatabaseInput={"Name": "records"})
    client("cloudwatch").put_composite_alarm(AlarmName="alarms", AlarmRule="ALARM(alarm)")
    client("cloudwatch").put_dashboard(DashboardName="board", DashboardBody='{"widgets": []}')
    return {
        "athena:workgroup": ["questions"],
        "glue:database": ["records"],
        "iam:role": ["own"],
        "iam:policy": ["own"],
        "lambda:function": ["function"],
        "apigatewayv2:api": [api],
        "logs:group": ["/own"],
        "logs:query-definition": ["query"],
        "kms:key": [key],
        "kms:alias": ["alias/own"],
        "acm:certificate": [certificate],
        "secretsmanager:secret": ["secret"],
        "dynamodb:table": ["table"],
        "s3:bucket": ["own"],
        "sqs:queue": [queue],
        "sns:topic": [topic],
        "cloudwatch:alarm": ["alarm"],
        "bedrock:invocation-logging": ["on"],
        "cloudwatch:composite-alarm": ["alarms"],
        "cloudwatch:dashboard": ["board"],
    }


def test_what_is_planted_appears_and_nothing_else(emulator: Emulator) -> None:
    client = clients(emulator, ACCOUNT, REGION)
    network = _network(client)
    planted = network | _database(client, network["ec2:subnet"]) | _rest(client) | _machine(client)
    assert inventory(emulator.url, ACCOUNT, REGION) == planted
    assert inventory(emulator.url, OTHER_ACCOUNT, REGION) == {}
