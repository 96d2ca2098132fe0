"""No secret of a deployed dev stands anywhere but where it is kept, in whatever form.

In the deployment of ``test_dev.py``, whose worker runs it. Beside the real secrets a canary is looked
for, a text that is planted in each place: where it is not found, the search has not looked.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pipeline.plan.names import is_secret_name
from tests.deploy.conftest import LINKED, Project, python
from tests.support.leaks import SHORTEST, Search, packed

pytestmark = [pytest.mark.deploy, pytest.mark.xdist_group("dev")]

CANARY = "canary & friends: nobody's secret, <planted>"
STATE_BUCKET = "mapvibe-dev-state-111122223333"
STATE_KEY = "mapvibe/canary/terraform.tfstate"
LOG_GROUP = "/aws/lambda/mapvibe-dev-rag"
FUNCTION = "mapvibe-dev-rag"
WEBHOOK = "mapvibe/dev/alerts/slack-webhook"
NOT_CODE = {*LINKED, ".git", ".local", "cdktf.out", "reports", "__pycache__"}

Files = Iterator[tuple[str, bytes]]


def secrets_of(dev: Project) -> dict[str, str]:
    """Name to value of every secret that the account keeps."""
    manager, found = dev.client("secretsmanager"), {}
    for page in manager.get_paginator("list_secrets").paginate():
        for entry in page["SecretList"]:
            text = manager.get_secret_value(SecretId=entry["ARN"])["SecretString"]
            for key, value in _values(text):
                found[f"{entry['Name']} {key}".strip()] = value
    parameters = dev.client("ssm")
    for page in parameters.get_paginator("describe_parameters").paginate():
        for entry in page["Parameters"]:
            if entry["Type"] == "SecureString":
                name = entry["Name"]
                value = parameters.get_parameter(Name=name, WithDecryption=True)
                found[name] = value["Parameter"]["Value"]
    return found


def _values(text: str) -> Iterator[tuple[str, str]]:
    try:
        parsed = json.loads(text)
    except ValueError:
        yield "", text
        return
    for key, value in parsed.items():
        if is_secret_name(key) and isinstance(value, str):
            yield key, value


def _files(root: Path, *, but: frozenset[str] | set[str] = frozenset()) -> Files:
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        if path.is_file() and not path.is_symlink() and but.isdisjoint(inside.parts):
            yield str(inside), path.read_bytes()


def code(dev: Project) -> Files:
    yield from _files(dev.root, but=NOT_CODE)


def synthesised(dev: Project) -> Files:
    yield from _files(dev.root / "cdktf.out", but={".terraform"})


def plan(dev: Project) -> Files:
    """The plan as a file and as JSON, and what Terraform says."""
    where = f"-chdir={dev.stack}"
    status, said = dev.run("terraform", where, "plan", "-input=false", "-out=canary.tfplan")
    assert status == 0, said
    yield "what it says", said.encode()
    saved = dev.stack / "canary.tfplan"
    yield "file", saved.read_bytes()
    status, shown = dev.run("terraform", where, "show", "-json", saved.name)
    saved.unlink()
    assert status == 0, shown
    yield "JSON", shown.encode()


def artifacts(dev: Project) -> Files:
    """What a job of the pipeline leaves and says: the comment in Markdown, JSON, counts."""
    status, said = dev.run(python(), "-m", "pipeline", "plan", "dev")
    assert status == 0, said
    yield "what it says", said.encode()
    yield from _files(dev.root / "reports")


def buckets(dev: Project) -> Files:
    """Every version of every object: states and their history among them."""
    s3 = dev.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
            for each in page.get("Versions", []):
                version = {"Key": each["Key"], "VersionId": each["VersionId"]}
                body = s3.get_object(Bucket=name, **version)["Body"].read()
                yield f"{name}/{each['Key']} {each['VersionId']}", body


def files_of_the_machine(dev: Project) -> Files:
    """Logs of the deployment, of the emulator and of the functions that it runs."""
    yield "what the deployment said", dev.log.encode()
    yield from _files(dev.root / ".local")


def log_groups(dev: Project) -> Files:
    logs = dev.client("logs")
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            name = group["logGroupName"]
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
                text = "\n".join(event["message"] for event in events["events"])
                yield name, text.encode()


def functions(dev: Project) -> Files:
    """What AWS shows of functions: variables, descriptions, tags."""
    client = dev.client("lambda")
    for function in client.list_functions()["Functions"]:
        shown = client.get_function(FunctionName=function["FunctionName"])
        yield function["FunctionName"], json.dumps(shown, default=str).encode()


PLACES: Mapping[str, Callable[[Project], Files]] = {
    "code": code,
    "synthesised": synthesised,
    "plan": plan,
    "artifacts": artifacts,
    "buckets": buckets,
    "files of the machine": files_of_the_machine,
    "log groups": log_groups,
    "functions": functions,
}


@contextmanager
def _file(path: Path, content: bytes) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    try:
        yield
    finally:
        path.unlink()


@contextmanager
def _output(dev: Project) -> Iterator[None]:
    """An output more in the stack's JSON, which the plan then has."""
    path = dev.stack / "cdk.tf.json"
    text = path.read_text()
    body = json.loads(text)
    body["output"]["canary"] = {"value": CANARY}
    path.write_text(json.dumps(body))
    try:
        yield
    finally:
        path.write_text(text)


@contextmanager
def _object(s3: Any) -> Iterator[None]:
    body = json.dumps({"outputs": {"canary": {"value": CANARY}}}).encode()
    made = s3.put_object(Bucket=STATE_BUCKET, Key=STATE_KEY, Body=body)
    try:
        yield
    finally:
        s3.delete_object(Bucket=STATE_BUCKET, Key=STATE_KEY, VersionId=made["VersionId"])


@contextmanager
def _logged(logs: Any) -> Iterator[None]:
    stream = {"logGroupName": LOG_GROUP, "logStreamName": "canary"}
    logs.create_log_stream(**stream)
    message = json.dumps({"message": json.dumps({"said": CANARY})})
    now = int(time.time() * 1000)
    logs.put_log_events(**stream, logEvents=[{"timestamp": now, "message": message}])
    try:
        yield
    finally:
        logs.delete_log_stream(**stream)


@contextmanager
def _tagged(client: Any) -> Iterator[None]:
    arn = client.get_function(FunctionName=FUNCTION)["Configuration"]["FunctionArn"]
    client.tag_resource(Resource=arn, Tags={"Canary": base64.b64encode(CANARY.encode()).decode()})
    try:
        yield
    finally:
        client.untag_resource(Resource=arn, TagKeys=["Canary"])


@contextmanager
def planted(dev: Project) -> Iterator[None]:
    """The canary in every place, each time in a form that belongs there."""
    with ExitStack() as stack:
        for path, content in (
            ("services/canary.py", b'"""' + base64.b64encode(b"ab" + CANARY.encode()) + b'"""'),
            ("cdktf.out/canary.gz", packed(CANARY.encode())),
            ("reports/canary.md", f"https://x/?q={quote(CANARY, safe='')}".encode()),
            (".local/canary.log", CANARY.encode().hex().encode()),
        ):
            stack.enter_context(_file(dev.root / path, content))
        stack.enter_context(_output(dev))
        stack.enter_context(_object(dev.client("s3")))
        stack.enter_context(_logged(dev.client("logs")))
        stack.enter_context(_tagged(dev.client("lambda")))
        yield


def test_secrets_are_only_where_they_are_kept(dev: Project) -> None:
    manager = dev.client("secretsmanager")
    # Terraform makes it empty, and a person fills it.
    webhook = "https://hooks.slack.com/" + "services/T0CANARY1/B0CANARY1/" + "x9Qm2Lx7Rk4Tz8WcVb3N"
    manager.put_secret_value(SecretId=WEBHOOK, SecretString=webhook)
    secrets = secrets_of(dev)
    assert any("mapvibe_app" in name for name in secrets), secrets.keys()
    assert any(name.startswith("rds!") for name in secrets), secrets.keys()
    assert WEBHOOK in secrets
    assert all(len(value) >= SHORTEST for value in secrets.values())
    search = Search({**secrets, "canary": CANARY})
    with planted(dev):
        found = {place: search.places(collect(dev)) for place, collect in PLACES.items()}
    leaks = {
        f"{place}: {file}": names - {"canary"}
        for place, files in found.items()
        for file, names in files.items()
        if names - {"canary"}
    }
    assert leaks == {}
    unseen = [
        place
        for place, files in found.items()
        if not any("canary" in names for names in files.values())
    ]
    assert unseen == [], "the search did not look there"
