"""The command line: one clear line and an exit status, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import (
    EndpointConnectionError,
    NoCredentialsError,
    TokenRetrievalError,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from environments.dev import DEV
from tests.usage.fakes import FakeAccount, Metrics, raising, refusal
from usage import aws, make
from usage.__main__ import main
from usage.aws import Denied, translated
from usage.errors import UsageError

MODEL = "apac.amazon.nova-lite-v1:0"


def account(**changes: Any) -> FakeAccount:
    """The account of dev, in which nothing happened."""
    services: dict[str, Any] = {
        "sts": {"get_caller_identity": lambda: {"Account": DEV.account_id}},
        "cloudwatch": {
            "list_metrics": lambda **_: [],
            "get_metric_data": Metrics({}).get_metric_data,
        },
        "bedrock": {"get_model_invocation_logging_configuration": dict},
    }
    return FakeAccount(**services | changes)


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeAccount], None]:
    """Make the command use an account."""

    def use(chosen: FakeAccount) -> None:
        monkeypatch.setattr(make, "Account", lambda region: chosen)

    return use


def test_an_environment_without_a_call_is_no_error(use: Any, capsys: Any) -> None:
    use(account())
    assert main(["report", "--environment", "dev", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {each["model"] for each in document["models"]} == {
        DEV.rag.models.answer,  # type: ignore[union-attr]
        DEV.rag.models.embedding,  # type: ignore[union-attr]
    }
    assert document["environments"] == ["dev"]
    assert document["notes"][0].startswith("by caller: unknown, for the log of invocations is off")


def test_models_that_cloudwatch_has_forgotten_are_named_and_others_too(
    use: Any, capsys: Any
) -> None:
    listed = {"Metrics": [{"Dimensions": [{"Name": "ModelId", "Value": "x.another"}]}]}
    use(
        account(
            cloudwatch={
                "list_metrics": lambda **_: [listed],
                "get_metric_data": Metrics({}).get_metric_data,
            }
        )
    )
    assert main(["report", "--format", "csv"]) == 0
    models = [line.split(",")[0] for line in capsys.readouterr().out.splitlines()]
    assert set(models) == {"model", "total", "x.another", MODEL, "cohere.embed-multilingual-v3"}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--hours", "1", "--from", "2026-01-01"], "--hours: it ends now"),
        (["--from", "soon"], "--from soon: not a time of ISO 8601"),
        (["--environment", "moon"], "--environment moon: there is none of that name; use one of"),
        (["--environment", "prod"], "AWS credentials: they are of account 111122223333, but prod"),
        (["--output", "/nowhere/x"], "--output /nowhere/x: cannot be written: No such file"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], line: str, use: Any, capsys: Any) -> None:
    use(account())
    assert main(["report", *arguments]) == 1
    said = capsys.readouterr()
    assert said.err.startswith(line)
    assert said.err.count("\n") == 1
    assert said.out == ""


@pytest.mark.parametrize("arguments", [[], ["report", "--format", "pdf"], ["report", "--hours", "x"],
                                       ["empty-logs"], ["report", "--hour", "3"]])  # fmt: skip
def test_wrong_arguments_have_a_status_of_their_own(arguments: list[str], capsys: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


@settings(max_examples=60, deadline=None)
@given(hours=st.text(max_size=8), start=st.text(max_size=12), end=st.text(max_size=12))
def test_any_command_line_ends_with_a_status(hours: str, start: str, end: str) -> None:
    """Validated command line: nothing is asked of AWS before the period is known to be one."""
    words = [f"--hours={hours}", f"--from={start}", f"--to={end}"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make, "make", raising(UsageError("asked")))
        try:
            status = main(["report", *words])
        except SystemExit as ended:
            status = int(str(ended.code))
    assert status in (1, 2)


def test_a_file_holds_what_the_terminal_would_have(use: Any, tmp_path: Path, capsys: Any) -> None:
    use(account())
    target = tmp_path / "usage.html"
    assert main(["report", "--format", "html", "--output", str(target)]) == 0
    assert target.read_text().startswith("<!DOCTYPE html>")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (NoCredentialsError(), "AWS: no credentials (Unable to locate credentials); sign in"),
        (refusal("ExpiredTokenException"), "AWS: the token has expired; sign in"),
        (TokenRetrievalError(provider="sso", error_msg="x"), "AWS: the sign-in has expired"),
        (refusal("InvalidClientTokenId"), "AWS: the credentials are not accepted (InvalidClient"),
        (
            EndpointConnectionError(endpoint_url="https://x.example.com"),
            "AWS: not reached (Could not connect to the endpoint URL",
        ),
        (refusal("Throttling", "slow\ndown"), "AWS: cloudwatch:ListMetrics: An error occurred"),
        (ValueError("Invalid endpoint: x"), "AWS: cloudwatch:ListMetrics: Invalid endpoint: x"),
    ],
)
def test_what_aws_says_is_one_line(error: Exception, line: str) -> None:
    with pytest.raises(UsageError) as caught, translated("cloudwatch:ListMetrics"):
        raise error
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("message", "action"),
    [
        (
            "User: arn:x is not authorized to perform: logs:StartQuery on resource: y",
            "logs:StartQu",
        ),
        ("no", "cloudwatch:ListMetrics"),
    ],
)
def test_a_denied_action_is_named(message: str, action: str) -> None:
    with (
        pytest.raises(Denied, match=f"AWS: {action}.* is denied"),
        translated("cloudwatch:ListMetrics"),
    ):
        raise refusal("AccessDenied", message)


def test_a_denied_log_leaves_the_rest_of_the_report(use: Any, capsys: Any) -> None:
    denied = raising(refusal("AccessDeniedException"))
    use(account(bedrock={"get_model_invocation_logging_configuration": denied}))
    assert main(["report", "--environment", "dev"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "bedrock:GetModelInvocationLoggingConfiguration is denied" in text


def test_without_a_region_somebody_must_name_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(UsageError, match="no region; name one with --region or --environment"):
        aws.Account()
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(UsageError, match=r"nobody.*; correct AWS_PROFILE"):
        aws.Account()
