"""CloudWatch is told that a deployment runs; whatever goes wrong is one line and stops nothing."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws
from moto.cloudwatch.models import cloudwatch_backends

from pipeline.release import announce
from pipeline.release.announce import Series, announced
from pipeline.release.credentials import sign_in
from pipeline.release.session import signed_in

REGION, ACCOUNT = "ap-southeast-1", "123456789012"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/mapvibe-dev-pipeline-apply"


def series(stack: str = "dev", **env: str) -> Series:
    return Series(
        region=REGION,
        namespace="MapVibe/Pipeline",
        name="DeploymentRunning",
        dimensions={"stack": stack},
        env=env,
    )


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """AWS within this process."""
    monkeypatch.delenv("AWS_WEB_IDENTITY_TOKEN_FILE", raising=False)
    with mock_aws():
        yield


def published() -> list[tuple[str, dict[str, str], float]]:
    """Name, dimensions and value of all that CloudWatch got in the namespace."""
    data: list[Any] = list(cloudwatch_backends[ACCOUNT][REGION].metric_data)
    assert {each.namespace for each in data} <= {"MapVibe/Pipeline"}
    return [(each.name, {d.name: d.value for d in each.dimensions}, each.value) for each in data]


ONE = ("DeploymentRunning", {"stack": "dev"}, 1)


@pytest.mark.usefixtures("aws")
def test_it_is_published_at_the_begin_and_at_the_end() -> None:
    lines: list[str] = []
    with announced([series()], warn=lines.append):
        assert published() == [ONE]
    assert published() == [ONE, ONE]
    assert lines == []
    assert [each.name for each in threading.enumerate() if each.name == "announce"] == []


@pytest.mark.usefixtures("aws")
def test_it_is_published_again_while_the_deployment_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    put, third = announce._put, threading.Event()
    times: list[str] = []

    def counted(each: Series) -> None:
        put(each)
        times.append(each.name)
        if len(times) == 3:
            third.set()

    monkeypatch.setattr(announce, "_put", counted)
    with announced([series()], warn=pytest.fail, seconds=0.02):
        assert third.wait(30)
    count = len(times)
    assert count >= 4
    assert published() == [ONE] * count


@pytest.mark.usefixtures("aws")
def test_the_end_is_published_when_the_deployment_fails_too() -> None:
    with pytest.raises(ValueError, match="terraform"), announced([series()], warn=pytest.fail):
        raise ValueError("terraform")
    assert published() == [ONE, ONE]


@pytest.mark.usefixtures("aws")
def test_each_stack_is_published_for_itself() -> None:
    with announced([series("dev"), series("web-dev")], warn=pytest.fail):
        assert [dimensions for _, dimensions, _ in published()] == [
            {"stack": "dev"},
            {"stack": "web-dev"},
        ]


@pytest.mark.usefixtures("aws")
def test_a_stacks_role_signs_in_with_the_jobs_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = {
        "AWS_ID_TOKEN": "a.b.c",
        "AWS_ROLE_ARN": ROLE_ARN,
        "CI_PROJECT_ID": "42",
        "CI_JOB_ID": "7",
    }
    env = sign_in(job, tmp_path, stack="dev")
    asked: list[dict[str, Any]] = []
    client = boto3.client

    def watched(service: str, **options: Any) -> Any:
        made = client(service, **options)
        ask = made.assume_role_with_web_identity

        def assume(**arguments: Any) -> Any:
            asked.append(arguments)
            return ask(**arguments)

        made.assume_role_with_web_identity = assume
        return made

    monkeypatch.setattr(boto3, "client", watched)
    session = signed_in(REGION, env)
    assert asked == [
        {"RoleArn": ROLE_ARN, "RoleSessionName": "gitlab-42-7", "WebIdentityToken": "a.b.c"}
    ]
    assert session.get_credentials().token
    announce._put(series(**env))
    assert published() == [ONE]


FAULTS = [
    pytest.param(
        ClientError(
            {"Error": {"Code": "AccessDenied", "Message": "not\nallowed"}}, "PutMetricData"
        ),
        "allow cloudwatch:PutMetricData",
        id="not allowed",
    ),
    pytest.param(
        EndpointConnectionError(endpoint_url="https://x"), "AWS's own words", id="no answer"
    ),
    pytest.param(ValueError("Invalid endpoint: x"), "AWS's own words", id="no endpoint"),
    pytest.param(FileNotFoundError(2, "No such file", "token"), "AWS's own words", id="no token"),
]


@pytest.mark.parametrize(("fault", "hint"), FAULTS)
def test_a_failure_is_one_line_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, hint: str
) -> None:
    tried = threading.Semaphore(0)

    def fail(_: Series) -> None:
        tried.release()
        raise fault

    monkeypatch.setattr(announce, "_put", fail)
    lines: list[str] = []
    with announced([series()], warn=lines.append, seconds=0.01):
        for _ in range(3):
            assert tried.acquire(timeout=30)
    (line,) = lines
    assert line.startswith("warning: the deployment is not announced")
    assert "\n" not in line
    assert hint in line


def test_a_stack_that_cannot_be_announced_keeps_no_other_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []

    def put(each: Series) -> None:
        if each.dimensions["stack"] == "dev":
            raise EndpointConnectionError(endpoint_url="https://x")
        done.append(each.dimensions["stack"])

    monkeypatch.setattr(announce, "_put", put)
    lines: list[str] = []
    with announced([series("dev"), series("web-dev")], warn=lines.append):
        assert done == ["web-dev"]
    assert done == ["web-dev"] * 2
    assert len(lines) == 1


@pytest.mark.parametrize("fails", [False, True], ids=["applied", "interrupted"])
def test_a_cloudwatch_that_does_not_answer_holds_no_deployment_up(
    monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    answers = threading.Event()
    monkeypatch.setattr(announce, "_put", lambda _: answers.wait(60))
    started, ran = time.monotonic(), False
    with (
        contextlib.suppress(KeyboardInterrupt),
        announced([series()], warn=pytest.fail, patience=0.05),
    ):
        ran = True
        if fails:
            raise KeyboardInterrupt
    took = time.monotonic() - started
    answers.set()
    for each in threading.enumerate():
        if each.name == "announce":
            each.join()
    assert ran
    assert took < 10
