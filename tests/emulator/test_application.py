"""Tests of what the emulator as a whole does beside its gaps."""

from __future__ import annotations

import io
import json
import urllib.request
import zipfile

import boto3
import pytest
from botocore.config import Config

from emulator.application import HEALTH_PATH
from emulator.control import Emulator
from emulator.wsgi import account_of
from tests.emulator.conftest import REGION, clients


def _account(server: Emulator, access_key_id: str) -> str:
    sts = boto3.client(
        "sts",
        endpoint_url=server.url,
        region_name=REGION,
        aws_access_key_id=access_key_id,
        aws_secret_access_key="local",
    )
    return str(sts.get_caller_identity()["Account"])


@pytest.mark.parametrize("account_id", ["210987654321", "000000000042"])
def test_the_account_follows_from_the_access_key(emulator: Emulator, account_id: str) -> None:
    assert _account(emulator, f"local-{account_id}") == account_id


@pytest.mark.parametrize("key", ["local-42", "local-1234567890123", "AKIAIOSFODNN7EXAMPLE"])
def test_other_access_keys_name_no_account(key: str) -> None:
    signature = f"AWS4-HMAC-SHA256 Credential={key}/20260101/{REGION}/sts/aws4_request"

    assert account_of({"HTTP_AUTHORIZATION": signature}) is None


def test_accounts_do_not_see_each_other(emulator: Emulator) -> None:
    one, other = clients(emulator, "111111111111"), clients(emulator, "222222222222")
    arn = one("sns").create_topic(Name="mine")["TopicArn"]

    assert arn == f"arn:aws:sns:{REGION}:111111111111:mine"
    assert [topic["TopicArn"] for topic in one("sns").list_topics()["Topics"]] == [arn]
    assert other("sns").list_topics()["Topics"] == []


def test_presigned_urls_belong_to_the_account_that_signed_them(
    emulator: Emulator, account_id: str
) -> None:
    clients(emulator, account_id)("s3").create_bucket(Bucket="presigned")
    s3 = boto3.client(
        "s3",
        endpoint_url=emulator.url,
        region_name=REGION,
        aws_access_key_id=f"local-{account_id}",
        aws_secret_access_key="local",
        config=Config(signature_version="s3v4"),
    )
    url = s3.generate_presigned_url("put_object", {"Bucket": "presigned", "Key": "key"})

    # moto would take urllib's own content type for a form.
    headers = {"Content-Type": "text/plain"}
    request = urllib.request.Request(url, b"content", headers, method="PUT")  # noqa: S310 - loopback
    urllib.request.urlopen(request).close()  # noqa: S310 - loopback

    assert s3.get_object(Bucket="presigned", Key="key")["Body"].read() == b"content"


def test_policies_of_aws_itself_exist(emulator: Emulator, account_id: str) -> None:
    arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"

    assert clients(emulator, account_id)("iam").get_policy(PolicyArn=arn)["Policy"]["Arn"] == arn


def test_functions_are_invoked_without_containers(emulator: Emulator, account_id: str) -> None:
    aws = clients(emulator, account_id)
    role = aws("iam").create_role(
        RoleName="invoked", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}'
    )["Role"]["Arn"]
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("handler.py", "raise RuntimeError\n")
    aws("lambda").create_function(
        FunctionName="invoked",
        Role=role,
        Runtime="python3.13",
        Handler="handler.handle",
        Code={"ZipFile": code.getvalue()},
    )

    answer = aws("lambda").invoke(FunctionName="invoked", Payload=b"{}")

    assert answer["StatusCode"] == 200
    assert answer["Payload"].read()


def test_health_names_the_process(emulator: Emulator) -> None:
    with urllib.request.urlopen(f"{emulator.url}{HEALTH_PATH}") as answer:  # noqa: S310 - loopback
        assert json.load(answer) == {"pid": emulator.pid}
