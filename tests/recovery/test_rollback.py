"""Which version serves, which would, and what is refused; on the emulator's Lambda.

tests/deploy/test_dev_changes.py rolls back what Terraform deployed.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from modules.naming import Naming
from recovery import __main__ as command_line
from recovery import rollback
from recovery.errors import RecoveryError
from recovery.functions import AliasedFunction, aliased_functions
from recovery.rollback import roll_back
from recovery.versions import await_provisioned
from tests.backend.conftest import emulator, naming
from tests.backend.support import synthesise
from tests.support.stacks import BY_NAME, rag_stack

__all__ = ["emulator", "naming"]

API, WORKER, MIGRATIONS = "mapvibe-dev-api", "mapvibe-dev-worker", "mapvibe-dev-migrations"


def _code(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("handler.py", f"def handle(event, context): return {text!r}\n")
    return buffer.getvalue()


def _stack(root: Path, naming: Naming) -> None:
    """A stack of three functions, of which one is behind the API and one is invoked by Terraform."""
    path = synthesise(root, naming, "dev") / "cdk.tf.json"
    body = json.loads(path.read_text())
    names = {"api": API, "worker": WORKER, "migrations": MIGRATIONS}
    body["resource"] = {
        "aws_lambda_function": {key: {"function_name": name} for key, name in names.items()},
        "aws_lambda_alias": {
            f"{key}_alias": {"name": "live", "function_name": f"${{aws_lambda_function.{key}.id}}"}
            for key in names
        },
        "aws_apigatewayv2_integration": {
            route: {"integration_uri": "${aws_lambda_alias.api_alias.invoke_arn}"}
            for route in ("one", "two")
        },
        "aws_lambda_invocation": {
            "migrate": {
                "function_name": "${aws_lambda_function.migrations.function_name}",
                "qualifier": "${aws_lambda_alias.migrations_alias.name}",
            }
        },
    }
    path.write_text(json.dumps(body))


class Functions:
    """Lambda as a deployment leaves it."""

    def __init__(self, root: Path, aws: Any) -> None:
        self.root = root
        self.aws = aws
        self.said: list[str] = []

    def create(self, name: str, role: str) -> None:
        self.aws.create_function(
            FunctionName=name,
            Role=role,
            Runtime="python3.13",
            Handler="handler.handle",
            Description="Answers",
            MemorySize=512,
            Code={"ZipFile": _code("one")},
            Publish=True,
        )
        self.aws.create_alias(FunctionName=name, Name="live", FunctionVersion="1")

    def deploy(self, name: str = API, code: str | None = None, **configuration: Any) -> None:
        if code:
            self.aws.update_function_code(FunctionName=name, ZipFile=_code(code))
        if configuration:
            self.aws.update_function_configuration(FunctionName=name, **configuration)
        version = self.aws.publish_version(FunctionName=name)["Version"]
        self.aws.update_alias(FunctionName=name, Name="live", FunctionVersion=version)

    def serves(self, name: str = API) -> str:
        return str(self.aws.get_alias(FunctionName=name, Name="live")["FunctionVersion"])

    def roll_back(self, **options: Any) -> None:
        self.said.clear()
        answer: Callable[[str], str] = lambda _: "yes"  # noqa: E731
        roll_back("dev", root=self.root, show=self.said.append, **{"ask": answer, **options})

    @property
    def text(self) -> str:
        return "\n".join(self.said)


@pytest.fixture
def functions(tmp_path: Path, naming: Naming) -> Functions:
    _stack(tmp_path, naming)
    role = boto3.client("iam").create_role(
        RoleName="role", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17"})
    )["Role"]["Arn"]
    made = Functions(tmp_path, boto3.client("lambda"))
    for name in (API, WORKER, MIGRATIONS):
        made.create(name, role)
    return made


def test_the_version_before_serves_and_the_way_back_is_told(functions: Functions) -> None:
    functions.deploy(code="two", MemorySize=768, Environment={"Variables": {"TOKEN": "s3cret"}})
    functions.roll_back()
    assert functions.serves() == "1"
    assert "serves now   version 2  20" in functions.text
    assert "would serve  version 1  20" in functions.text
    assert "512 MiB  code " in functions.text
    assert "differs in   code; memory 768 → 512 MiB; variables TOKEN" in functions.text
    assert "s3cret" not in functions.text
    assert "migrations   stay: " in functions.text
    assert "Back again: make rollback STACK=dev VERSION=2" in functions.text
    assert "revert the commit" in functions.said[-1]
    functions.roll_back(version=2)
    assert functions.serves() == "2"
    assert functions.serves(WORKER) == functions.serves(MIGRATIONS) == "1"


def test_the_same_code_says_nothing_of_migrations(functions: Functions) -> None:
    functions.deploy(MemorySize=768)
    functions.deploy(MemorySize=1024)
    functions.roll_back()
    assert functions.serves() == "2"
    assert "differs in   memory 1024 → 768 MiB" in functions.text
    assert "migrations" not in functions.text


def test_another_function_is_named(functions: Functions) -> None:
    functions.deploy(WORKER, code="two")
    functions.roll_back(function="worker")
    assert functions.serves(WORKER) == "1"
    assert "STACK=dev FUNCTION=worker VERSION=2" in functions.text


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({}, f"{API}: there is no version before 1, which serves"),
        ({"version": 7}, f"{API}: no version 7; there are: 1"),
        ({"version": 1}, f"{API}: version 1 serves already"),
        ({"function": "migrations"}, f"{MIGRATIONS}: it runs in deployments only"),
        ({"function": "other"}, f"FUNCTION=NAME: {API}, {WORKER}"),
    ],
)
def test_what_is_refused_changes_nothing(
    options: dict[str, Any], line: str, functions: Functions
) -> None:
    with pytest.raises(RecoveryError) as caught:
        functions.roll_back(**options)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)
    assert functions.serves() == "1"


@pytest.mark.parametrize("answer", ["", "no", None])
def test_a_person_agrees_or_nothing_happens(answer: str | None, functions: Functions) -> None:
    functions.deploy(code="two")
    ask = None if answer is None else (lambda _: answer)
    with pytest.raises(RecoveryError, match="nothing was changed"):
        functions.roll_back(ask=ask)
    assert functions.serves() == "2"


def test_weights_that_were_left_on_the_alias_go(functions: Functions) -> None:
    functions.deploy(code="two")
    functions.deploy(code="three")
    functions.aws.update_alias(
        FunctionName=API, Name="live", RoutingConfig={"AdditionalVersionWeights": {"1": 0.5}}
    )
    functions.roll_back()
    alias = functions.aws.get_alias(FunctionName=API, Name="live")
    assert alias["FunctionVersion"] == "2"
    assert not (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights")


def test_with_provisioned_concurrency_it_waits_until_it_is_warm(functions: Functions) -> None:
    functions.deploy(code="two")
    functions.aws.put_provisioned_concurrency_config(
        FunctionName=API, Qualifier="live", ProvisionedConcurrentExecutions=2
    )
    functions.roll_back()
    assert functions.serves() == "1"
    assert "  2 of 2 environments are warm" in functions.said


class Warming:
    """Lambda that answers one after the other, in the form of GetProvisionedConcurrencyConfig."""

    class exceptions:  # noqa: N801 - as boto3 calls it
        class ProvisionedConcurrencyConfigNotFoundException(Exception):
            """There is none."""

    def __init__(self, *statuses: str) -> None:
        self._left = list(statuses)

    def get_provisioned_concurrency_config(self, **_: str) -> dict[str, Any]:
        status = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        return {
            "RequestedProvisionedConcurrentExecutions": 2,
            "AvailableProvisionedConcurrentExecutions": 2 if status == "READY" else 0,
            "Status": status,
            "StatusReason": "FUNCTION_ERROR_INIT_FAILURE",
        }


ONE = AliasedFunction(name=API, alias="live", behind_api=True, deploys=False)


def test_warming_takes_a_while_fails_or_never_ends() -> None:
    said: list[str] = []
    waited: list[float] = []
    await_provisioned(Warming("IN_PROGRESS", "READY"), ONE, show=said.append, sleep=waited.append)
    assert [line.split()[0] for line in said] == ["0", "2"]
    assert waited == [5.0]
    with pytest.raises(RecoveryError, match="kept warm: FUNCTION_ERROR_INIT_FAILURE"):
        await_provisioned(Warming("FAILED"), ONE, show=said.append, sleep=waited.append)
    with pytest.raises(RecoveryError, match="not warm within 600 s"):
        await_provisioned(Warming("IN_PROGRESS"), ONE, show=said.append, sleep=waited.append)


def test_the_command_line_is_one_line_where_it_fails(
    functions: Functions,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(rollback, "ROOT", functions.root)
    assert command_line.main(["rollback", "prod"]) == 1
    assert capsys.readouterr().err == ("stack 'prod': not in cdktf.out/stacks; there are dev\n")
    functions.deploy(code="two")
    assert command_line.main(["rollback", "dev", "--yes"]) == 0
    assert functions.serves() == "1"
    for name in (API, WORKER, MIGRATIONS):
        functions.aws.delete_function(FunctionName=name)
    assert command_line.main(["rollback", "dev", "--yes"]) == 1
    error = capsys.readouterr().err
    assert error.endswith("was it ever deployed?\n")
    assert error.count("\n") == 1


@pytest.mark.parametrize("name", BY_NAME)
def test_our_stacks_have_one_function_behind_the_api(name: str) -> None:
    found = {
        each.name.removeprefix(f"mapvibe-{name}-"): (each.behind_api, each.deploys)
        for each in aliased_functions(rag_stack(name).body)
    }
    assert found == {
        "rag": (True, False),
        "migrations": (False, True),
        "notifier": (False, False),
    }
