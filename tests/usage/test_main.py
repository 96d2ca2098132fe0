"""The command line: one clear line and an exit status, never a traceback."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import subprocess
import sys
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
from tests.usage.samples import NOW, PERIOD
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


@pytest.mark.parametrize("settings_name_models", [True, False])
def test_models_that_may_not_be_listed_leave_those_of_the_settings(
    use: Any, capsys: Any, settings_name_models: bool
) -> None:
    of = DEV.account_id if settings_name_models else "999988887777"
    use(
        account(
            sts={"get_caller_identity": lambda: {"Account": of}},
            cloudwatch={
                "list_metrics": raising(refusal("AccessDenied")),
                "get_metric_data": Metrics({}).get_metric_data,
            },
        )
    )
    assert main(["report", "--format", "json"]) == (0 if settings_name_models else 1)
    said = capsys.readouterr()
    if settings_name_models:
        document = json.loads(said.out)
        assert len(document["models"]) == 2
        assert "cloudwatch:ListMetrics is denied" in document["notes"][0]
    else:
        assert said.err.startswith("AWS: cloudwatch:ListMetrics is denied")


def test_profiles_that_may_not_be_listed_leave_a_model_without_a_price(
    use: Any, capsys: Any
) -> None:
    arn = f"arn:aws:bedrock:ap-southeast-1:{DEV.account_id}:application-inference-profile/abc"
    listed = {"Metrics": [{"Dimensions": [{"Name": "ModelId", "Value": arn}]}]}
    used = Metrics({("InputTokenCount", arn, "Sum"): [(dt.datetime.now(dt.UTC), 5.0)]})
    use(
        account(
            cloudwatch={
                "list_metrics": lambda **_: [listed],
                "get_metric_data": used.get_metric_data,
            },
            bedrock={
                "get_model_invocation_logging_configuration": dict,
                "list_inference_profiles": raising(refusal("AccessDeniedException")),
            },
        )
    )
    assert main(["report", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [each["model"] for each in document["models"] if each["without_price"]] == [arn]
    assert "bedrock:ListInferenceProfiles is denied" in document["notes"][0]


@pytest.mark.parametrize(("hours", "told"), [("335", False), ("337", True)])
def test_models_that_cloudwatch_lists_no_longer_are_told_of(
    use: Any, capsys: Any, hours: str, told: bool
) -> None:
    use(account())
    assert main(["report", "--format", "json", "--hours", hours]) == 0
    notes = " ".join(json.loads(capsys.readouterr().out)["notes"])
    assert ("lists them no longer" in notes) is told


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (["2>&1", ">/dev/full"], "usage report: standard output cannot be written: No space left"),
        (["2>&1", ">&-"], "usage report: standard output is closed"),
        (["|", "true"], ""),
    ],
    ids=["full", "closed", "a reader that went"],
)
def test_an_output_that_takes_nothing_is_one_line(end: list[str], said: str) -> None:
    """In a process of its own: the most of it happens when Python ends."""
    code = (
        "import time; from usage.__main__ import _report, main; import usage.make as m; "
        "from tests.usage.samples import report; "
        "m.make = lambda *_, **__: (time.sleep(0.5), report())[1]; raise SystemExit(main(['report']))"
    )
    command = f'"{sys.executable}" -c "{code}" {" ".join(end)}'
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    ended = subprocess.run(  # noqa: S602 - redirections are what is tested
        command,
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=buffered,
    )
    assert ended.stdout.startswith(said)
    assert "Traceback" not in ended.stdout + ended.stderr
    assert "Exception" not in ended.stdout + ended.stderr


def test_what_a_terminal_cannot_show_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    name = {"Metrics": [{"Dimensions": [{"Name": "ModelId", "Value": "x.\u2603"}]}]}
    found = account(
        cloudwatch={
            "list_metrics": lambda **_: [name],
            "get_metric_data": Metrics({}).get_metric_data,
        }
    )
    monkeypatch.setattr(make, "Account", lambda region: found)
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["report"]) == 0
    out.seek(0)
    assert "x.\\u2603" in out.read()


def test_an_interruption_while_it_starts_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr("usage.__main__._parser", raising(KeyboardInterrupt()))
    assert main(["report"]) == 1
    assert capsys.readouterr().err == "usage: interrupted\n"


def test_without_a_region_somebody_must_name_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    with pytest.raises(UsageError, match="no region; name one with --region or --environment"):
        aws.Account()
    with pytest.raises(UsageError, match="no region"):
        make.make(PERIOD, now=NOW, environment="dev", region="")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(UsageError, match=r"nobody.*; correct AWS_PROFILE"):
        aws.Account()
