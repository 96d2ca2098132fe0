"""What the emulator lacks is said at once, in words, and tried once."""

from __future__ import annotations

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from emulator.control import Emulator
from emulator.errors import NOT_IMPLEMENTED
from emulator.identity import access_key_id
from tests.emulator.conftest import REGION

# One operation that moto lacks for each of AWS's protocols.
LACKING = {
    "query": ("rds", "describe_certificates", {}, "DescribeCertificates"),
    "ec2": ("ec2", "describe_fpga_images", {}, "DescribeFpgaImages"),
    "json": ("kms", "describe_custom_key_stores", {}, "DescribeCustomKeyStores"),
    "rest-json": (
        "apigatewayv2",
        "create_deployment",
        {"ApiId": "a"},
        "POST /v2/apis/a/deployments",
    ),
    "rest-xml": ("route53", "list_cidr_collections", {}, "GET /2013-04-01/cidrcollection"),
    "a whole service": ("freetier", "get_free_tier_usage", {}, "GetFreeTierUsage"),
}


@pytest.mark.parametrize("protocol", LACKING)
def test_what_is_lacking_is_named_and_not_tried_again(
    emulator: Emulator, account_id: str, protocol: str
) -> None:
    service, call, arguments, operation = LACKING[protocol]
    client = boto3.client(
        service,
        endpoint_url=emulator.url,
        region_name=REGION,
        aws_access_key_id=access_key_id(account_id),
        aws_secret_access_key="local",
        config=Config(retries={"mode": "standard", "total_max_attempts": 5}),
    )

    with pytest.raises(ClientError) as refused:
        getattr(client, call)(**arguments)

    answer = refused.value.response
    assert answer["Error"]["Code"] == "NotImplemented"
    assert f"the emulator cannot do {client.meta.service_model.signing_name}: " in str(
        refused.value
    )
    assert operation in answer["Error"]["Message"]
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == NOT_IMPLEMENTED
    assert answer["ResponseMetadata"]["RetryAttempts"] == 0
