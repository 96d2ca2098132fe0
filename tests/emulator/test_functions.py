"""Tests of functions that really run, in a real emulator."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator import control
from emulator.control import Emulator
from emulator.functions.invoker import Invoker, Outcome
from emulator.functions.source import Source
from tests.emulator.conftest import REGION, Aws, clients
from tests.emulator.deployed import eventually, function, invoke
from tests.emulator.functions_described import a_function
from tests.emulator.published import Published

HANDLER = """
import importlib, os, signal, subprocess, sys, time
from pathlib import Path

def handler(event, context):
    return globals()[event.get("do", "echo")](event, context)

def echo(event, context):
    return {"event": event, "pid": os.getpid()}

def describe(event, context):
    names = ("aws_request_id", "function_name", "function_version", "memory_limit_in_mb",
             "invoked_function_arn")
    left = context.get_remaining_time_in_millis()
    return {"left": left, **{name: getattr(context, name) for name in names}}

def environment(event, context):
    return dict(os.environ)

def who(event, context):
    import boto3
    found = boto3.client("sts").get_caller_identity()
    return {name: found[name] for name in ("Account", "Arn")}

def fail(event, context):
    raise ValueError("no such thing")

def unserialisable(event, context):
    return {1, 2}

def sleep(event, context):
    if "started" in event:
        Path(event["started"]).write_text(str(os.getpid()))
    time.sleep(event["seconds"])
    return os.getpid()

def spawn(event, context):
    child = subprocess.Popen(["sleep", "600"])
    Path(event["started"]).write_text(f"{os.getpid()} {child.pid}")
    time.sleep(600)

def leave(event, context):
    sys.exit(event["status"])

def die(event, context):
    os.kill(os.getpid(), signal.SIGKILL)

def say(event, context):
    print(event["text"])
    os.write(1, b"past Python's own buffer\\n")
    return "said"

def big(event, context):
    return "x" * event["size"]

def touch(event, context):
    Path(event["path"]).write_text("touched")

def identity(event, context):
    import boto3
    return boto3.client("sts").get_caller_identity()["Account"]

def imports(event, context):
    try:
        importlib.import_module(event["name"])
    except ImportError:
        return False
    return True
"""


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of one service, with the handlers of this file."""
    folder = tmp_path_factory.mktemp("services")
    tiny = folder / "tiny"
    tiny.mkdir()
    (tiny / "__init__.py").touch()
    (tiny / "app.py").write_text(HANDLER)
    (tiny / "syntax.py").write_text("def handler(:\n")
    (tiny / "importing.py").write_text("import no_such_module\n")
    (tiny / "raising.py").write_text("raise KeyError('at import')\n")
    (tiny / "leaving.py").write_text("import os\nos._exit(7)\n")
    # Of the project, not of a service.
    (folder / "app.py").write_text("def handler(event, context):\n    return 'ran'\n")
    return folder


@pytest.fixture(scope="module")
def emulator(services: Path) -> Iterator[Emulator]:
    """An emulator that runs these handlers, with something of its own in its environment."""
    os.environ["OF_THE_EMULATOR"] = "1"
    try:
        with control.ephemeral(services) as running:
            yield running
    finally:
        del os.environ["OF_THE_EMULATOR"]


@pytest.fixture
def aws(emulator: Emulator, account_id: str) -> Aws:
    """Clients of an account of the test's own."""
    return clients(emulator, account_id, "eu-west-1")


def _log(emulator: Emulator, name: str) -> str:
    output = Path(f"/proc/{emulator.pid}/fd/1").readlink()
    return (output.parent / "functions" / f"{name}.log").read_text()


def _running(pid: int) -> bool:
    """Whether a process runs; a zombie counts, for nobody has taken its status."""
    return Path(f"/proc/{pid}").exists()


def test_the_code_runs_with_event_and_context(aws: Aws, account_id: str) -> None:
    function(aws, "run", Timeout=30, MemorySize=256)

    told, answer = invoke(aws, "run", {"do": "describe"})

    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    assert "FunctionError" not in answer
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", told.pop("aws_request_id"))
    assert 0 < told.pop("left") <= 30_000
    assert told == {
        "function_name": "run",
        "function_version": "$LATEST",
        "memory_limit_in_mb": "256",
        "invoked_function_arn": f"arn:aws:lambda:eu-west-1:{account_id}:function:run",
    }
    assert invoke(aws, "run", {"text": "Phở"})[0]["event"] == {"text": "Phở"}


def test_the_environment_is_what_terraform_and_lambda_give(
    aws: Aws, emulator: Emulator, account_id: str, services: Path
) -> None:
    given = {"TABLE": "places", "TZ": "Asia/Ho_Chi_Minh"}
    function(aws, "environment", Environment={"Variables": given})

    found, _ = invoke(aws, "environment", {"do": "environment"})

    expected = given | {
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL": emulator.url,
        "AWS_LAMBDA_FUNCTION_NAME": "environment",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "LAMBDA_TASK_ROOT": str(services),
        "_HANDLER": "tiny.app.handler",
        "POWERTOOLS_TRACE_DISABLED": "true",
    }
    assert found | expected == found
    others = {name for name in found if not name.startswith(("AWS_", "LC_"))} - expected.keys()
    assert others == {"HOME", "LANG", "NO_PROXY", "PATH"}


def test_a_function_is_its_role_for_aws(aws: Aws, account_id: str) -> None:
    """In its own account, under a name that says which function it was."""
    function(aws, "who", Timeout=60)
    given = {"AWS_ENDPOINT_URL": "http://example.com", "AWS_SESSION_TOKEN": "deployed"}
    function(aws, "masked", Timeout=60, Environment={"Variables": given})

    for name in ("who", "masked"):
        found, _ = invoke(aws, name, {"do": "who"})
        assert found["Account"] == account_id
        assert found["Arn"] == f"arn:aws:sts::{account_id}:assumed-role/{name}/{name}"


def test_the_projects_own_packages_are_out_of_reach(aws: Aws) -> None:
    function(aws, "imports", Timeout=60)

    found = {
        name: invoke(aws, "imports", {"do": "imports", "name": name})[0]
        for name in ("emulator", "modules", "services", "boto3", "tiny.app")
    }

    wanted = {"emulator": False, "modules": False, "services": False}
    assert found == wanted | {"boto3": True, "tiny.app": True}


@pytest.mark.parametrize("handler", ["handler.handle", "app.handler", "tiny.other.f", "..x.y", "z"])
def test_a_handler_that_is_not_here_is_moto_s_to_answer(aws: Aws, handler: str) -> None:
    function(aws, "other", handler)

    assert invoke(aws, "other", {"echoed": True})[0] == {"echoed": True}


def test_the_function_calls_back_into_the_emulator(aws: Aws, account_id: str) -> None:
    function(aws, "identity", Timeout=60)

    assert invoke(aws, "identity", {"do": "identity"})[0] == account_id


def test_an_exception_is_an_unhandled_error(aws: Aws, services: Path, emulator: Emulator) -> None:
    function(aws, "fail")

    error, answer = invoke(aws, "fail", {"do": "fail"})

    assert (answer["StatusCode"], answer["FunctionError"]) == (200, "Unhandled")
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "no such thing")
    assert [line.split(",")[0] for line in error["stackTrace"]] == [
        f'  File "{services}/tiny/app.py"'
    ] * 2
    assert "ValueError: no such thing" in _log(emulator, "fail")
    assert invoke(aws, "fail")[0]["event"] == {}


def test_an_answer_that_is_no_json_is_an_error(aws: Aws) -> None:
    function(aws, "marshal")

    error, answer = invoke(aws, "marshal", {"do": "unserialisable"})

    assert answer["FunctionError"] == "Unhandled"
    assert error["errorType"] == "Runtime.MarshalError"
    assert "Object of type set is not JSON serializable" in error["errorMessage"]


@pytest.mark.parametrize(
    ("handler", "kind", "text"),
    [
        ("tiny.syntax.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module"),
        ("tiny.importing.handler", "Runtime.ImportModuleError", "No module named 'no_such_module'"),
        ("tiny.raising.handler", "KeyError", "at import"),
        ("tiny.app.nothing", "Runtime.HandlerNotFound", "Handler 'nothing' missing on module"),
        ("tiny.leaving.handler", "Runtime.ExitError", "exit status 7"),
    ],
)
def test_a_handler_that_cannot_be_loaded_says_why(
    aws: Aws, handler: str, kind: str, text: str
) -> None:
    function(aws, "unloadable", handler)

    for _ in range(2):
        error, answer = invoke(aws, "unloadable")
        assert answer["FunctionError"] == "Unhandled"
        assert error["errorType"] == kind
        assert text in error["errorMessage"]


def test_a_function_that_takes_too_long_is_stopped(aws: Aws, tmp_path: Path) -> None:
    function(aws, "slow", Timeout=1)
    started = tmp_path / "started"

    event = {"do": "sleep", "seconds": 600, "started": str(started)}
    error, answer = invoke(aws, "slow", event)

    assert answer["FunctionError"] == "Unhandled"
    assert error["errorMessage"].endswith("Task timed out after 1.00 seconds")
    assert not _running(int(started.read_text()))
    assert invoke(aws, "slow")[0]["event"] == {}


@pytest.mark.parametrize(
    ("event", "text"),
    [
        ({"do": "leave", "status": 3}, "Runtime exited with error: exit status 3"),
        ({"do": "leave", "status": 0}, "Runtime exited without providing a reason"),
        ({"do": "die"}, "Runtime exited with error: signal: killed"),
    ],
)
def test_a_worker_that_ends_is_an_exit_error(aws: Aws, event: dict[str, Any], text: str) -> None:
    function(aws, "exit")
    pid = invoke(aws, "exit")[0]["pid"]

    error, answer = invoke(aws, "exit", event)

    assert answer["FunctionError"] == "Unhandled"
    assert error["errorType"] == "Runtime.ExitError"
    assert error["errorMessage"].endswith(text)
    assert not _running(pid)
    assert invoke(aws, "exit")[0]["event"] == {}


def test_events_and_answers_have_lambda_s_limits(aws: Aws) -> None:
    function(aws, "limits", Timeout=60)
    most = 6_291_456
    with pytest.raises(ClientError) as refused:
        aws("lambda").invoke(FunctionName="limits", Payload=b'"' + b"x" * (most - 1) + b'"')
    assert refused.value.response["Error"]["Code"] == "RequestEntityTooLargeException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    event = json.dumps({"padding": ""})
    event = json.dumps({"padding": "x" * (most - len(event))})
    assert len(aws("lambda").invoke(FunctionName="limits", Payload=event)["Payload"].read()) > most

    error, answer = invoke(aws, "limits", {"do": "big", "size": 6_291_555})
    assert answer["FunctionError"] == "Unhandled"
    assert error["errorType"] == "Function.ResponseSizeTooLarge"
    assert len(invoke(aws, "limits", {"do": "big", "size": 6_291_554})[0]) == 6_291_554


def test_an_event_that_is_no_json_is_refused(aws: Aws) -> None:
    function(aws, "json")

    with pytest.raises(aws("lambda").exceptions.InvalidRequestContentException):
        aws("lambda").invoke(FunctionName="json", Payload=b"{")


def test_an_event_can_run_in_the_background_or_not_at_all(aws: Aws, tmp_path: Path) -> None:
    function(aws, "later", Timeout=30)
    ran, never = tmp_path / "ran", tmp_path / "never"

    event = {"do": "touch", "path": str(never)}
    _, dry = invoke(aws, "later", event, InvocationType="DryRun")
    _, accepted = invoke(aws, "later", event | {"path": str(ran)}, InvocationType="Event")

    assert (dry["StatusCode"], accepted["StatusCode"]) == (204, 202)
    assert eventually(ran.exists)
    assert not never.exists()


def test_a_worker_is_kept_and_concurrent_requests_get_others(aws: Aws, emulator: Emulator) -> None:
    function(aws, "warm", Timeout=30)
    pid = invoke(aws, "warm")[0]["pid"]
    assert invoke(aws, "warm")[0]["pid"] == pid

    with ThreadPoolExecutor(3) as three:
        pids = list(
            three.map(lambda _: invoke(aws, "warm", {"do": "sleep", "seconds": 1})[0], range(3))
        )

    assert len(set(pids)) == 3
    assert pid in pids
    aws("lambda").update_function_configuration(FunctionName="warm", MemorySize=256)
    assert invoke(aws, "warm")[0]["pid"] not in pids
    assert not any(map(_running, pids))


def test_an_idle_worker_that_dies_is_replaced(aws: Aws) -> None:
    function(aws, "dying")
    pid = invoke(aws, "dying")[0]["pid"]

    os.kill(pid, signal.SIGKILL)

    assert eventually(lambda: not _running(pid))  # not even as a zombie
    assert invoke(aws, "dying")[0]["pid"] != pid


def test_more_invocations_than_reserved_are_throttled(aws: Aws, tmp_path: Path) -> None:
    function(aws, "reserved", Timeout=60)
    aws("lambda").put_function_concurrency(FunctionName="reserved", ReservedConcurrentExecutions=1)
    started = tmp_path / "started"
    event = {"do": "sleep", "seconds": 3, "started": str(started)}
    busy = threading.Thread(target=invoke, args=(aws, "reserved", event))
    busy.start()
    assert eventually(started.exists)

    with pytest.raises(aws("lambda").exceptions.TooManyRequestsException) as refused:
        invoke(aws, "reserved")
    # The emulator itself goes on meanwhile.
    assert aws("sts").get_caller_identity()
    assert busy.is_alive()
    busy.join()

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 429
    assert invoke(aws, "reserved")[0]["event"] == {}


def test_a_version_keeps_its_environment_and_an_alias_moves(aws: Aws) -> None:
    functions = aws("lambda")
    function(aws, "versions", Publish=True, Environment={"Variables": {"N": "one"}})
    functions.create_alias(FunctionName="versions", Name="live", FunctionVersion="1")
    functions.update_function_configuration(
        FunctionName="versions", Environment={"Variables": {"N": "two"}}
    )

    def seen(**qualifier: str) -> tuple[str, str, str]:
        found, answer = invoke(aws, "versions", {"do": "environment"}, **qualifier)
        return found["N"], found["AWS_LAMBDA_FUNCTION_VERSION"], answer["ExecutedVersion"]

    assert seen() == ("two", "$LATEST", "$LATEST")
    assert seen(Qualifier="live") == seen(Qualifier="1") == ("one", "1", "1")
    functions.publish_version(FunctionName="versions")
    functions.update_alias(FunctionName="versions", Name="live", FunctionVersion="2")
    assert seen(Qualifier="live") == ("two", "2", "2")
    functions.update_function_configuration(
        FunctionName="versions", Environment={"Variables": {"N": "three"}}
    )
    assert seen() == ("three", "$LATEST", "$LATEST")
    with pytest.raises(functions.exceptions.ResourceNotFoundException):
        seen(Qualifier="9")


@pytest.mark.parametrize(
    "name", ["{arn}", "{arn}:1", "{account}:function:named", "named:live", "named"]
)
def test_a_function_goes_by_its_names(aws: Aws, account_id: str, name: str) -> None:
    function(aws, "named", Publish=True)
    aws("lambda").create_alias(FunctionName="named", Name="live", FunctionVersion="1")
    arn = f"arn:aws:lambda:eu-west-1:{account_id}:function:named"

    told, _ = invoke(aws, name.format(arn=arn, account=account_id), {"do": "describe"})

    qualifier = name.removeprefix("{arn}").removeprefix("named") if ":function:" not in name else ""
    assert told["invoked_function_arn"] == f"{arn}{qualifier}"


def test_changed_code_is_run_without_a_deployment(aws: Aws, services: Path) -> None:
    module = services / "tiny" / "changing.py"
    source = "import os\n\ndef handler(event, context):\n    return {}, os.getpid()\n"
    module.write_text(source.format(1))
    function(aws, "changing", "tiny.changing.handler")

    answers = []
    for n in range(1, 5):
        module.write_text(source.format(n))  # of the same size, within the same second
        answers.append(invoke(aws, "changing")[0])

    assert [answer for answer, _ in answers] == [1, 2, 3, 4]
    assert [_running(pid) for _, pid in answers] == [False, False, False, True]
    assert not list((services / "tiny").glob("__pycache__/changing*"))


def test_what_the_code_prints_is_logged_and_disturbs_nothing(aws: Aws, emulator: Emulator) -> None:
    function(aws, "say")

    assert invoke(aws, "say", {"do": "say", "text": "bún chả"})[0] == "said"
    assert _log(emulator, "say") == "bún chả\npast Python's own buffer\n"


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_the_emulator(services: Path, tmp_path: Path, end: int) -> None:
    with control.ephemeral(services) as emulator:
        aws = clients(emulator, "123456789012")
        function(aws, "idle")
        function(aws, "busy", Timeout=600)
        idle = invoke(aws, "idle")[0]["pid"]
        started = tmp_path / "started"
        event = {"do": "spawn", "started": str(started)}
        invoke(aws, "busy", event, InvocationType="Event")
        assert eventually(lambda: started.exists() and started.read_text())
        workers = [idle, *map(int, started.read_text().split())]
        assert all(map(_running, workers))

        os.kill(emulator.pid, end)

        assert eventually(lambda: not any(map(_alive, workers)))


def _alive(pid: int) -> bool:
    """Whether a process runs; whose child an orphan's zombie is, is not ours to choose."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_function_finds_the_database_that_was_deployed(aws: Aws) -> None:
    made = aws("rds").create_db_instance(
        DBInstanceIdentifier="found",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername="master",
        ManageMasterUserPassword=True,
    )["DBInstance"]
    given = {"DATABASE_HOST": made["Endpoint"]["Address"], "DATABASE_PORT": "5432"}
    function(aws, "database", Timeout=60, Environment={"Variables": given})

    found, _ = invoke(aws, "database", {"do": "environment"})

    assert found["DATABASE_HOST"] == given["DATABASE_HOST"]
    with socket.create_connection((found["PGHOSTADDR"], int(found["DATABASE_PORT"])), timeout=10):
        pass
    assert "BEGIN CERTIFICATE" in Path(found["DATABASE_SSLROOTCERT"]).read_text()


class _Databases:
    """Stands in for the databases behind RDS hosts."""

    def environment(self, account_id: str, region: str, host: str) -> dict[str, str]:
        if host == "broken":
            raise OSError("no disk")
        return {"PGHOSTADDR": "127.0.0.1", "DATABASE_PORT": f"{account_id} {region} {host}"}

    def behind(self, account_id: str, region: str, host: str) -> str:
        return f"{account_id} {region} {host}"


@pytest.mark.parametrize("variables", [{"DATABASE_HOST": "proxy", "DATABASE_PORT": "5432"}, {}])
def test_a_function_with_a_database_is_told_where_it_is(
    services: Path, tmp_path: Path, variables: dict[str, str]
) -> None:
    found = json.loads(_invoked(services, tmp_path, variables).payload)

    told = {name: found[name] for name in ("PGHOSTADDR", "DATABASE_PORT") if name in found}
    reached = {"PGHOSTADDR": "127.0.0.1", "DATABASE_PORT": f"111122223333 {REGION} proxy"}
    assert told == (reached if variables else {})
    assert found["AWS_LAMBDA_LOG_LEVEL"] == "INFO"


def test_a_database_that_does_not_start_is_one_line(services: Path, tmp_path: Path) -> None:
    outcome = _invoked(services, tmp_path, {"DATABASE_HOST": "broken"})

    assert outcome.failed
    assert json.loads(outcome.payload) == {
        "errorType": "Emulator.DatabaseError",
        "errorMessage": "the emulator can't start the database behind broken: no disk",
    }


def _invoked(services: Path, logs: Path, variables: dict[str, str]) -> Outcome:
    """Runs a function outside an emulator, with databases that are none."""
    invoker = Invoker(
        source=Source(services),
        url="http://127.0.0.1:1",
        logs=logs,
        publisher=Published(),
        databases=_Databases(),
    )
    deployed = a_function(account_id="111122223333", region=REGION, environment=variables)
    return invoker.invoke(deployed, b'{"do": "environment"}')
