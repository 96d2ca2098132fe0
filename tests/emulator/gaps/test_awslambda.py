"""Gaps of Lambda."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws

QUEUE = "arn:aws:sqs:us-east-1:000000000001:dead"


def _code() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("handler.py", "def handle(event, context): return event\n")
    return buffer.getvalue()


def _create(aws: Aws, name: str, **settings: Any) -> Any:
    role = aws("iam").create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}),
    )["Role"]["Arn"]
    functions = aws("lambda")
    functions.create_function(
        FunctionName=name,
        Role=role,
        Runtime="python3.13",
        Handler="handler.handle",
        Code={"ZipFile": _code()},
        **settings,
    )
    return functions


@pytest.mark.gap("lambda/dead-letters-and-logging")
def test_dead_letters_and_logging_are_kept_and_changed(aws: Aws) -> None:
    functions = _create(
        aws,
        "kept",
        DeadLetterConfig={"TargetArn": QUEUE},
        LoggingConfig={"LogFormat": "JSON", "LogGroup": "/own", "SystemLogLevel": "WARN"},
        Publish=True,
    )
    wanted = {
        "LogFormat": "JSON",
        "LogGroup": "/own",
        "ApplicationLogLevel": "INFO",
        "SystemLogLevel": "WARN",
    }
    for qualifier in ("$LATEST", "1"):
        made = functions.get_function(FunctionName="kept", Qualifier=qualifier)["Configuration"]
        assert made["DeadLetterConfig"] == {"TargetArn": QUEUE}
        assert made["LoggingConfig"] == wanted

    changed = functions.update_function_configuration(
        FunctionName="kept",
        DeadLetterConfig={"TargetArn": ""},
        LoggingConfig={"LogFormat": "Text"},
    )
    assert "DeadLetterConfig" not in changed
    assert changed["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/kept"}
    published = functions.get_function_configuration(FunctionName="kept", Qualifier="1")
    assert published["LoggingConfig"] == wanted


@pytest.mark.gap("lambda/dead-letters-and-logging")
def test_logging_has_defaults(aws: Aws) -> None:
    made = _create(aws, "defaults").get_function_configuration(FunctionName="defaults")

    assert made["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/defaults"}
    assert "DeadLetterConfig" not in made


@pytest.mark.gap("lambda/configuration-updates")
@pytest.mark.parametrize(
    "change",
    [
        {"KMSKeyArn": "arn:aws:kms:us-east-1:000000000001:key/one"},
        {"TracingConfig": {"Mode": "Active"}},
        {"EphemeralStorage": {"Size": 1024}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_configuration_can_be_changed(aws: Aws, change: dict[str, Any]) -> None:
    name = f"changed-{next(iter(change))}"
    functions = _create(aws, name)

    functions.update_function_configuration(FunctionName=name, **change)

    found = functions.get_function_configuration(FunctionName=name)
    assert found | change == found


@pytest.mark.gap("lambda/provisioned-concurrency")
def test_provisioned_concurrency_is_kept_per_qualifier(aws: Aws) -> None:
    functions = _create(aws, "provisioned", Publish=True)
    functions.create_alias(FunctionName="provisioned", Name="live", FunctionVersion="1")
    live = {"FunctionName": "provisioned", "Qualifier": "live"}

    functions.put_provisioned_concurrency_config(**live, ProvisionedConcurrentExecutions=2)
    found = functions.get_provisioned_concurrency_config(**live)
    assert found["Status"] == "READY"
    assert found["RequestedProvisionedConcurrentExecutions"] == 2
    assert found["AvailableProvisionedConcurrentExecutions"] == 2
    missing = functions.exceptions.ProvisionedConcurrencyConfigNotFoundException
    with pytest.raises(missing):
        functions.get_provisioned_concurrency_config(FunctionName="provisioned", Qualifier="1")
    functions.delete_provisioned_concurrency_config(**live)
    with pytest.raises(missing):
        functions.get_provisioned_concurrency_config(**live)


@pytest.mark.gap("lambda/provisioned-concurrency")
def test_provisioned_concurrency_stays_within_the_reserved(aws: Aws) -> None:
    functions = _create(aws, "reserved", Publish=True)
    functions.put_function_concurrency(FunctionName="reserved", ReservedConcurrentExecutions=2)
    first = {"FunctionName": "reserved", "Qualifier": "1"}

    with pytest.raises(ClientError, match="should not be greater than"):
        functions.put_provisioned_concurrency_config(**first, ProvisionedConcurrentExecutions=3)
    functions.put_provisioned_concurrency_config(**first, ProvisionedConcurrentExecutions=2)


@pytest.mark.gap("lambda/provisioned-concurrency")
def test_provisioned_concurrency_needs_its_version(aws: Aws) -> None:
    functions = _create(aws, "versionless")

    with pytest.raises(functions.exceptions.ResourceNotFoundException):
        functions.put_provisioned_concurrency_config(
            FunctionName="versionless", Qualifier="1", ProvisionedConcurrentExecutions=1
        )
