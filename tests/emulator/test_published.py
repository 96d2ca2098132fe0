"""What a running emulator publishes arrives in its CloudWatch, and costs no time."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from emulator import control
from emulator.api import metrics
from emulator.cloudwatch.endpoint import CLOCK_PATH
from emulator.cloudwatch.store import Store
from emulator.control import Emulator
from modules.metrics import definition
from tests.emulator.conftest import Aws, clients
from tests.emulator.deployed import api, eventually, function, http

REGION = "ap-southeast-1"
FUNCTION = "tiny"
TITAN = "amazon.titan-embed-text-v2:0"
HANDLER = "def handler(event, context):\n    return {'statusCode': 503}\n"


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """An emulator whose only service is never well."""
    services = tmp_path_factory.mktemp("services")
    (services / "tiny").mkdir()
    (services / "tiny" / "app.py").write_text(HANDLER)
    with control.ephemeral(services) as running:
        yield running


@pytest.fixture
def aws(emulator: Emulator, account_id: str) -> Aws:
    return clients(emulator, account_id, REGION)


def total(aws: Aws, metric: str, dimensions: dict[str, str]) -> float:
    """The sum of the last minutes."""
    namespace, name = metric.rsplit("/", 1)
    now = datetime.now(UTC)
    points = aws("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=now - timedelta(minutes=10),
        EndTime=now + timedelta(hours=6),  # the emulator's clock may be ahead
        Period=60,
        Statistics=["Sum"],
    )["Datapoints"]
    return float(sum(each["Sum"] for each in points))


def test_requests_functions_and_models_are_seen(
    emulator: Emulator, aws: Aws, account_id: str
) -> None:
    function(aws, FUNCTION, Publish=True)
    aws("lambda").create_alias(FunctionName=FUNCTION, Name="live", FunctionVersion="1")
    api_id = api(aws, {"GET /ask": {}}, account_id=account_id, function_name=FUNCTION)
    for _ in range(3):
        assert http(emulator, "GET", f"/_api/{api_id}/ask")[0] == 503
    aws("bedrock-runtime").invoke_model(modelId=TITAN, body=json.dumps({"inputText": "lantern"}))

    by_stage = {"ApiId": api_id, "Stage": "$default"}
    by_alias = {"FunctionName": FUNCTION, "Resource": f"{FUNCTION}:live"}
    assert total(aws, "AWS/ApiGateway/Count", by_stage) == 3
    assert total(aws, "AWS/ApiGateway/5xx", by_stage) == 3
    assert total(aws, "AWS/Lambda/Invocations", by_alias) == 3
    assert total(aws, "AWS/Lambda/Errors", by_alias) == 0
    assert total(aws, "AWS/Bedrock/InputTokenCount", {"ModelId": TITAN}) > 0
    other = clients(emulator, account_id, "eu-west-1")
    assert total(other, "AWS/ApiGateway/Count", by_stage) == 0


def test_each_minute_of_its_clock_is_published(emulator: Emulator, aws: Aws) -> None:
    url = aws("sqs").create_queue(QueueName="letters")["QueueUrl"]
    aws("sqs").send_message(QueueUrl=url, MessageBody="one")
    arguments = {
        "DBInstanceIdentifier": "db",
        "DBInstanceClass": "db.t4g.micro",
        "Engine": "postgres",
        "AllocatedStorage": 20,
        "MasterUsername": "app",
        "MasterUserPassword": "longer than eight",
    }
    aws("rds").create_db_instance(**arguments)
    speed = json.dumps({"speed": 120}).encode()
    assert http(emulator, "POST", CLOCK_PATH, speed)[0] == 200

    visible = "AWS/SQS/ApproximateNumberOfMessagesVisible"
    assert eventually(lambda: total(aws, visible, {"QueueName": "letters"}) >= 1)
    free = "AWS/RDS/FreeStorageSpace"
    assert eventually(lambda: total(aws, free, {"DBInstanceIdentifier": "db"}) >= 20 << 30)


def test_publishing_a_request_costs_no_time() -> None:
    """A request takes milliseconds; its metrics a small part of one."""
    store, requests = Store(), 500
    began = time.perf_counter()
    for _ in range(requests):
        values = metrics.observations(
            "id", status=200, latency_seconds=0.01, integration_seconds=0.009, data_bytes=900
        )
        store.publish("123456789012", REGION, *values)
    assert (time.perf_counter() - began) / requests < 0.001


def test_what_the_docs_say_is_published_exists() -> None:
    text = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (AWS/\w+) \| (.+) \| (.+) \|$", text, re.MULTILINE)
    assert len(rows) > 5
    for namespace, dimensions, names in rows:
        by = {name for name in re.findall(r"`(\w+)`", dimensions) if name != "Resource"}
        for name in re.findall(r"`([\w%]+)`", names):
            known = definition(namespace, name).dimension_sets
            assert frozenset(by) in known or frozenset() in known, (namespace, name, by)
