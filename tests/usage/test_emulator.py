"""The report of what an emulator's CloudWatch holds, asked with the real clients."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import boto3
import pytest

from emulator.control import ephemeral
from emulator.identity import variables
from environments.dev import DEV
from usage.__main__ import main

MODEL = "apac.amazon.nova-lite-v1:0"
VALUES = {
    "Invocations": [1.0, 1.0],
    "InvocationLatency": [500.0, 1_500.0],
    "InputTokenCount": [1_000_000.0, 3_000_000.0],
    "OutputTokenCount": [500_000.0, 500_000.0],
}


def test_it_reads_an_emulator(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """By hand: 4 million tokens at 0.063 USD and 1 million at 0.252."""
    with ephemeral() as server:
        for name, value in variables(server.url, DEV.account_id, DEV.region).items():
            monkeypatch.setenv(name, value)
        earlier = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=30)
        # The default session keeps the credentials of whichever test used it first.
        boto3.Session().client("cloudwatch").put_metric_data(
            Namespace="AWS/Bedrock",
            MetricData=[
                {
                    "MetricName": name,
                    "Dimensions": [{"Name": "ModelId", "Value": MODEL}],
                    "Timestamp": earlier + dt.timedelta(minutes=10 * number),
                    "Value": value,
                }
                for name, values in VALUES.items()
                for number, value in enumerate(values)
            ],
        )
        arguments = ["--environment", "dev", "--hours", "1", "--format", "json"]
        status = main(["report", *arguments])
    said = capsys.readouterr()
    assert (status, said.err) == (0, "")
    document = json.loads(said.out)
    (model,) = (each for each in document["models"] if each["model"] == MODEL)
    assert (model["invocations"], model["usd"], model["without_price"]) == (2, "0.504", [])
    assert model["latency_ms"] == {"average": 1000.0, "p95_worst": 1500.0, "p95_median": 1000.0}
    assert document["notes"][0].startswith("by caller: unknown, for the log of invocations is off")
