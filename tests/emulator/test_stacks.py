"""Real Terraform against the emulator: what our stacks use applies, plans empty and goes."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.control import Emulator, process_environment
from emulator.inventory import inventory
from tests.emulator.conftest import clients
from tests.support.grafana import machine
from tests.support.long_form import scheduled
from tests.support.stacks import delivery_stack, governance_stack
from tests.support.twins import NAMING
from toolchain.mirror import find_provider_mirror

pytestmark = pytest.mark.deploy

STACKS = Path(__file__).parent / "stacks"
REGION = "ap-southeast-1"
CHANGED = 2  # the exit code of `plan -detailed-exitcode` with changes


@dataclass(frozen=True)
class Terraform:
    """One stack in a folder of its own."""

    folder: Path
    process: dict[str, str]

    def __call__(self, *words: str, expect: int = 0) -> str:
        """Runs a command and gives what it printed."""
        done = subprocess.run(
            ["terraform", *words, "-no-color"],
            cwd=self.folder,
            env=self.process,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert done.returncode == expect, done.stdout
        return done.stdout

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs."""
        return {
            name: output["value"] for name, output in json.loads(self("output", "-json")).items()
        }


@pytest.fixture
def terraform(tmp_path: Path, emulator: Emulator, account_id: str) -> Callable[[str], Terraform]:
    """Copies a stack into the test's folder and makes Terraform of it."""

    def prepare(name: str) -> Terraform:
        folder = tmp_path / name
        shutil.copytree(STACKS / name, folder)
        process = process_environment(emulator, account_id, REGION)
        process["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{process['PATH']}"
        process["TF_IN_AUTOMATION"] = "1"
        configuration = tmp_path / "terraform.rc"
        configuration.write_text(_cli_configuration(find_provider_mirror()))
        process["TF_CLI_CONFIG_FILE"] = str(configuration)
        return Terraform(folder, process)

    return prepare


def _cli_configuration(mirror: Path | None) -> str:
    """Where providers come from: a mirror on this machine, else the public registry."""
    if mirror is None:
        return ""
    return f'provider_installation {{\n  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n'


def _code(folder: Path, answer: str) -> Path:
    path = folder / f"{answer}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("handler.py", f"def handle(event, context):\n    return {answer!r}\n")
    return path


@scheduled
def test_everything_round_trips(
    terraform: Callable[[str], Terraform], emulator: Emulator, account_id: str, tmp_path: Path
) -> None:
    stack = terraform("everything")
    aws = clients(emulator, account_id, REGION)
    first = f"-var=code={_code(tmp_path, 'one')}"
    stack("init")

    stack("apply", "-auto-approve", first)
    stack("plan", "-detailed-exitcode", first)
    made = stack.outputs()
    assert made["function_version"] == "1"
    assert len(set(made["resource_ids"])) == 2
    assert _refused(aws("rds").delete_db_instance, DBInstanceIdentifier="everything")
    assert _refused(aws("dynamodb").delete_table, TableName="everything-table")

    accident = stack("apply", "-auto-approve", first, "-var=postgres_major=18", expect=1)
    assert "AllowMajorVersionUpgrade flag must be present" in " ".join(accident.split())

    changed = [
        f"-var=code={_code(tmp_path, 'two')}",
        "-var=backup_days=14",
        "-var=storage_limit_gib=200",
        "-var=scan_limit_bytes=21474836480",
        "-var=postgres_major=18",
        "-var=major_upgrade=true",
        "-var=deletion_protection=false",
    ]
    stack("plan", "-detailed-exitcode", *changed, expect=CHANGED)
    stack("apply", "-auto-approve", *changed)
    stack("plan", "-detailed-exitcode", *changed)
    assert stack.outputs()["function_version"] == "2"
    [database] = aws("rds").describe_db_instances(DBInstanceIdentifier="everything")["DBInstances"]
    assert (database["BackupRetentionPeriod"], database["MaxAllocatedStorage"]) == (14, 200)
    assert database["EngineVersion"] == "18.6"

    stack("destroy", "-auto-approve", *changed)
    assert inventory(emulator.url, account_id, REGION) == {"rds:snapshot": ["everything-final"]}


@scheduled
def test_alarms_and_dashboards_round_trip(
    terraform: Callable[[str], Terraform], emulator: Emulator, account_id: str
) -> None:
    stack = terraform("alarms")
    cloudwatch = clients(emulator, account_id, REGION)("cloudwatch")
    stack("init")
    stack("apply", "-auto-approve")
    stack("plan", "-detailed-exitcode")
    assert inventory(emulator.url, account_id, REGION) == {
        "cloudwatch:alarm": [
            f"alarms-{name}" for name in ("anomaly", "deploying", "errors", "latency", "rate")
        ],
        "cloudwatch:composite-alarm": ["alarms-any"],
        "cloudwatch:dashboard": ["alarms"],
        "sns:topic": [f"arn:aws:sns:{REGION}:{account_id}:alarms"],
    }

    changed = ["-var=threshold=6", "-var=rule=ALARM(alarms-errors)"]
    stack("plan", "-detailed-exitcode", *changed, expect=CHANGED)
    stack("apply", "-auto-approve", *changed)
    stack("plan", "-detailed-exitcode", *changed)
    found = cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    [composite] = found["CompositeAlarms"]
    assert composite["AlarmRule"] == "ALARM(alarms-errors)"
    tags = cloudwatch.list_tags_for_resource(ResourceARN=composite["AlarmArn"])["Tags"]
    assert tags == [{"Key": "Project", "Value": "alarms"}]

    stack("destroy", "-auto-approve", *changed)
    assert inventory(emulator.url, account_id, REGION) == {}


@scheduled
def test_logs_and_topics_round_trip(
    terraform: Callable[[str], Terraform], emulator: Emulator, account_id: str, tmp_path: Path
) -> None:
    stack = terraform("logs")
    logs = clients(emulator, account_id, REGION)("logs")
    code = f"-var=code={_code(tmp_path, 'one')}"
    stack("init")

    stack("apply", "-auto-approve", code)
    stack("plan", "-detailed-exitcode", code)
    assert inventory(emulator.url, account_id, REGION)["logs:query-definition"] == ["logs/errors"]

    changed = [code, '-var=pattern={ $.level = "FATAL" }']
    stack("apply", "-auto-approve", *changed)
    stack("plan", "-detailed-exitcode", *changed)
    kept = logs.describe_metric_filters(logGroupName="/logs/app", filterNamePrefix="errors")
    assert [each["filterPattern"] for each in kept["metricFilters"]] == ['{ $.level = "FATAL" }']

    stack("destroy", "-auto-approve", *changed)
    assert inventory(emulator.url, account_id, REGION) == {}


def _refused(call: Callable[..., object], **arguments: str) -> bool:
    try:
        call(**arguments)
    except ClientError:
        return True
    return False


def test_what_the_emulator_lacks_fails_at_once_and_is_named(
    terraform: Callable[[str], Terraform],
) -> None:
    stack = terraform("lacking")
    del stack.process["AWS_MAX_ATTEMPTS"]  # the provider's own default is 25
    stack("init")

    refused = " ".join(stack("apply", "-auto-approve", expect=1).split())

    assert "NotImplemented: the emulator cannot do rds: ModifyCertificates" in refused
    assert "exceeded maximum number of attempts" not in refused


def test_the_pipelines_access_round_trips(
    terraform: Callable[[str], Terraform], emulator: Emulator, account_id: str
) -> None:
    """The stack as it is synthesised, with a local state and in the test's own account."""
    stack = terraform("state")
    for path in stack.folder.iterdir():
        path.unlink()
    body = json.loads(json.dumps(dict(delivery_stack("dev", account_id=account_id).body)))
    del body["terraform"]["backend"]
    body["provider"]["aws"][0]["s3_use_path_style"] = True
    (stack.folder / "cdk.tf.json").write_text(json.dumps(body))
    stack("init")
    stack("apply", "-auto-approve")
    stack("plan", "-detailed-exitcode")

    iam = clients(emulator, account_id, REGION)("iam")
    outputs = stack.outputs()
    role = iam.get_role(RoleName="mapvibe-dev-pipeline-apply")["Role"]
    assert outputs["apply_role_arn"] == role["Arn"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"]["Federated"] == outputs["identity_provider_arn"]
    provider = iam.get_open_id_connect_provider(
        OpenIDConnectProviderArn=outputs["identity_provider_arn"]
    )
    assert outputs["apply_audience"] in provider["ClientIDList"]
    attached = iam.list_attached_role_policies(RoleName="mapvibe-dev-pipeline-plan")
    assert {p["PolicyName"] for p in attached["AttachedPolicies"]} == {
        "mapvibe-dev-pipeline-no-data",
        "mapvibe-dev-pipeline-read",
        "mapvibe-dev-pipeline-read-monitoring",
        "mapvibe-dev-pipeline-tell",
    }

    stack("destroy", "-auto-approve")
    assert iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == []


def test_people_and_their_limits_round_trip(
    terraform: Callable[[str], Terraform], emulator: Emulator, account_id: str
) -> None:
    """Once as users of IAM under the organization's policies, then as groups of Identity Center."""
    stack = terraform("state")
    for path in stack.folder.iterdir():
        path.unlink()
    aws = clients(emulator, account_id, REGION)
    aws("organizations").create_organization(FeatureSet="ALL")
    aws("organizations").enable_policy_type(
        RootId=aws("organizations").list_roots()["Roots"][0]["Id"],
        PolicyType="SERVICE_CONTROL_POLICY",
    )
    [center] = aws("sso-admin").list_instances()["Instances"]

    def write(**changes: Any) -> None:
        only = {"governance__budgets": None, "governance__anomalies": None}
        body = governance_stack("dev", account_id=account_id, **only, **changes).body
        body = json.loads(json.dumps(dict(body)))
        del body["terraform"]["backend"]
        (stack.folder / "cdk.tf.json").write_text(json.dumps(body))

    write(
        governance__people__users__developers=("anna", "bert"),
        governance__people__users__operators=("anna",),
        governance__organization__targets=(account_id,),
    )
    stack("init")
    stack("apply", "-auto-approve")
    stack("plan", "-detailed-exitcode")
    iam, boundary = aws("iam"), "mapvibe-dev-governance-people-boundary"
    bound = iam.get_user(UserName="anna")["User"]["PermissionsBoundary"]
    assert bound["PermissionsBoundaryArn"] == f"arn:aws:iam::{account_id}:policy/{boundary}"
    groups = iam.list_groups_for_user(UserName="anna")["Groups"]
    assert sorted(group["GroupName"] for group in groups) == [
        "mapvibe-dev-governance-developers",
        "mapvibe-dev-governance-operators",
    ]
    policies = aws("organizations").list_policies_for_target(
        TargetId=account_id, Filter="SERVICE_CONTROL_POLICY"
    )["Policies"]
    assert {policy["Name"] for policy in policies} == {
        "FullAWSAccess",
        *(f"mapvibe-dev-governance-{theme}" for theme in ("costs", "places", "guard-rails")),
    }

    write(
        governance__people__identity_center={
            "instance_arn": center["InstanceArn"],
            "developers": "01234567-0123-0123-0123-0123456789ab",
        }
    )
    stack("apply", "-auto-approve")
    stack("plan", "-detailed-exitcode")
    assert iam.list_users()["Users"] == []
    named = {"InstanceArn": center["InstanceArn"]}
    [permission_set] = aws("sso-admin").list_permission_sets(**named)["PermissionSets"]
    kept = aws("sso-admin").get_permissions_boundary_for_permission_set(
        **named, PermissionSetArn=permission_set
    )["PermissionsBoundary"]
    assert kept["CustomerManagedPolicyReference"]["Name"] == boundary

    stack("destroy", "-auto-approve")
    assert aws("sso-admin").list_permission_sets(**named)["PermissionSets"] == []


def test_grafanas_machine_round_trips(
    terraform: Callable[[str], Terraform], emulator: Emulator, account_id: str
) -> None:
    stack = terraform("state")
    for path in stack.folder.iterdir():
        path.unlink()
    naming = replace(NAMING, account_id=account_id)

    def write(version: str) -> None:
        body = json.loads(json.dumps(dict(machine(naming, version=version).body)))
        del body["terraform"]["backend"]
        (stack.folder / "cdk.tf.json").write_text(json.dumps(body))

    write("11.6.15")
    stack("init")
    stack("apply", "-auto-approve")
    stack("plan", "-detailed-exitcode")

    ec2 = clients(emulator, account_id, REGION)("ec2")
    [reservation] = ec2.describe_instances()["Reservations"]
    [instance] = reservation["Instances"]
    told = ec2.describe_instance_attribute(InstanceId=instance["InstanceId"], Attribute="userData")[
        "UserData"
    ]["Value"]
    # What AWS chose stands where Terraform put it.
    key = clients(emulator, account_id, REGION)("kms").describe_key(KeyId="alias/mapvibe-dev-data")[
        "KeyMetadata"
    ]["KeyId"]
    assert f"@value-1@|{key}|g" in base64.b64decode(told).decode()

    write("11.6.16")
    planned = stack("plan", "-detailed-exitcode", expect=CHANGED)
    assert "1 to add, 0 to change, 1 to destroy" in planned
    stack("destroy", "-auto-approve")
    assert inventory(emulator.url, account_id, REGION) == {}


def test_state_is_kept_in_s3_and_locked(
    terraform: Callable[[str], Terraform], emulator: Emulator, account_id: str
) -> None:
    aws = clients(emulator, account_id, REGION)
    key = aws("kms").create_key()["KeyMetadata"]["Arn"]
    aws("s3").create_bucket(
        Bucket="state", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    aws("s3").put_bucket_versioning(Bucket="state", VersioningConfiguration={"Status": "Enabled"})
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": ["arn:aws:s3:::state", "arn:aws:s3:::state/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    aws("s3").put_bucket_policy(
        Bucket="state", Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    )
    aws("dynamodb").create_table(
        TableName="state-lock",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
    )
    stack = terraform("state")

    stack("init", f"-backend-config=kms_key_id={key}")
    stack("apply", "-auto-approve", "-var=revision=1")
    stack("apply", "-auto-approve", "-var=revision=2")
    stack("plan", "-detailed-exitcode", "-var=revision=2")

    versions = aws("s3").list_object_versions(Bucket="state")["Versions"]
    assert [version["Key"] for version in versions] == ["test/terraform.tfstate"] * 2
    state = aws("s3").head_object(Bucket="state", Key="test/terraform.tfstate")
    assert (state["ServerSideEncryption"], state["SSEKMSKeyId"]) == ("aws:kms", key)
    lock = {"LockID": {"S": "state/test/terraform.tfstate"}, "Info": {"S": "{}"}}
    aws("dynamodb").put_item(TableName="state-lock", Item=lock)
    refused = stack("apply", "-auto-approve", "-var=revision=3", expect=1)
    assert "Error acquiring the state lock" in refused
