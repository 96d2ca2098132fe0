"""dev from nothing to deployed and back, with the real command line, Terraform and provider.

The tests of this file run in order and share one deployment.
"""

from __future__ import annotations

import json

import pytest

from local.documents import SAMPLES
from local.examples import EXAMPLES
from tests.deploy.conftest import Project, planned, python

pytestmark = [pytest.mark.deploy, pytest.mark.xdist_group("dev")]

STATE_BUCKET = "mapvibe-dev-state-111122223333"
STATE_KEY = "mapvibe/dev/terraform.tfstate"


def test_the_deploy_says_where_everything_is(dev: Project) -> None:
    for line in ("nothing would change", "api_url", "proxy_endpoint", "make destroy-local"):
        assert line in dev.log, dev.log
    assert f"s3://{STATE_BUCKET}/{STATE_KEY}" in dev.log


def test_no_state_is_left_on_the_disk(dev: Project) -> None:
    left = [
        path
        for path in dev.root.rglob("*.tfstate*")
        # Terraform's own pointer to the bucket is named like a state and holds none.
        if ".terraform" not in path.parts and not path.is_symlink()
    ]
    assert left == []
    assert not (dev.root / ".local" / "backend-dev").exists()


def test_both_states_are_in_the_bucket_under_our_key(dev: Project) -> None:
    s3, kms = dev.client("s3"), dev.client("kms")
    key = kms.describe_key(KeyId="alias/mapvibe-dev-state")["KeyMetadata"]["KeyId"]
    for stack in ("dev", "backend-dev"):
        head = s3.head_object(Bucket=STATE_BUCKET, Key=f"mapvibe/{stack}/terraform.tfstate")
        assert head["ServerSideEncryption"] == "aws:kms"
        assert key in head["SSEKMSKeyId"] or "alias/mapvibe-dev-state" in head["SSEKMSKeyId"]


def test_the_secret_can_be_read_and_is_in_no_state(dev: Project) -> None:
    """An output reachable, and the promise that no state ever holds the password."""
    body = dev.client("s3").get_object(Bucket=STATE_BUCKET, Key=STATE_KEY)["Body"].read().decode()
    arn = json.loads(body)["outputs"]["database_secret_arn"]["value"]
    secret = dev.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    values = json.loads(secret)
    assert values["username"] == "mapvibe_app"
    assert len(values["password"]) == 40
    assert values["password"] not in body


def test_log_groups_and_proxy_of_the_outputs_exist(dev: Project) -> None:
    status, text = dev.run("cdktf", "output", "dev")
    assert status == 0, text
    groups = {g["logGroupName"] for g in dev.client("logs").describe_log_groups()["logGroups"]}
    assert {"/aws/lambda/mapvibe-dev-rag", "/aws/apigateway/mapvibe-dev-api"} <= groups
    (proxy,) = dev.client("rds").describe_db_proxies()["DBProxies"]
    assert proxy["Endpoint"] in dev.log


def test_the_api_answers_from_the_sample_documents(dev: Project) -> None:
    status, health = dev.api("GET", "/health")
    assert (status, health["status"]) == (200, "ok"), health
    assert health["version"] == "1", "the alias leads to the published version"
    status, answer = dev.api("POST", "/query", EXAMPLES[0].body)
    assert status == 200, answer
    assert answer["answered"]
    assert answer["citations"][0]["document_id"] == "egg-coffee"
    assert dev.environment.rag is not None
    assert answer["model"] == dev.environment.rag.models.answer
    status, documents = dev.api("GET", "/documents?limit=100")
    assert len(documents["documents"]) == len(list(SAMPLES.glob("*.md")))


def test_the_documented_answers_are_those_that_a_newcomer_gets(dev: Project) -> None:
    page = (dev.root / "docs" / "api.md").read_text()
    for example in EXAMPLES:
        assert example.curl() in dev.log
        status, answer = dev.api("POST", example.path, example.body)
        assert status == 200, answer
        # Not the scores: another processor rounds the small model's vectors a little otherwise.
        command = f"$ {example.curl()} | python3 -m json.tool --no-ensure-ascii\n"
        shown = json.loads(page.partition(command)[2].partition("\n\n")[0].partition("```")[0])
        for part in ("answered", "answer", "reason", "model"):
            assert shown.get(part) == answer.get(part)
        for part in ("citations", "results"):
            found = [item["document_id"] for item in answer.get(part, [])]
            assert [item["document_id"] for item in shown.get(part, [])] == found


def test_routes_that_are_not_deployed_and_wrong_requests(dev: Project) -> None:
    assert dev.api("GET", "/nowhere") == (404, {"message": "Not Found"})
    status, problem = dev.api("POST", "/search", {"query": ""})
    assert (status, problem["errors"][0]["pointer"]) == (422, "#/query")


def test_the_migrations_ran_and_running_them_again_changes_nothing(dev: Project) -> None:
    answered = dev.client("lambda").invoke(
        FunctionName="mapvibe-dev-migrations", Qualifier="live", Payload=b"{}"
    )
    result = json.loads(answered["Payload"].read())
    assert "FunctionError" not in answered, result
    assert result["applied"] == []
    assert result["already"] == len(list((dev.root / "services/rag/migrations").glob("*.sql")))
    assert (result["role"], result["dimension"]) == ("mapvibe_app", 1024)


def test_a_change_of_the_code_needs_no_other_deployment(dev: Project) -> None:
    path = dev.root / "services" / "rag" / "openapi.py"
    text = path.read_text()
    path.write_text(text.replace('"MapVibe RAG"', '"changed"'))
    _, described = dev.api("GET", "/openapi.json")
    path.write_text(text)
    _, restored = dev.api("GET", "/openapi.json")
    assert (described["info"]["title"], restored["info"]["title"]) == ("changed", "MapVibe RAG")


def test_deploying_again_changes_nothing(dev: Project) -> None:
    status, log = dev.run(python(), "-m", "local", "deploy", "dev")
    assert status == 0, log
    assert "No changes." in log
    assert " complete after " not in log
    assert "remote state of dev: nothing to change" in (dev.root / ".local/backend.log").read_text()


def test_cdktf_lists_and_diffs(dev: Project) -> None:
    status, listed = dev.run("cdktf", "list")
    assert status == 0, listed
    names = {line.split()[0] for line in listed.splitlines() if line.strip()}
    assert {"dev", "prod", "backend-dev", "backend-prod"} <= names
    status, text = dev.run("cdktf", "diff", "dev")
    assert status == 0, text
    assert "No changes" in text


def test_a_changed_setting_plans_exactly_its_change(dev: Project) -> None:
    dev.change("memory_mib=512", "memory_mib=768")
    status, log = dev.run("cdktf", "synth")
    assert status == 0, log
    changes = planned(dev)
    dev.change("memory_mib=768", "memory_mib=512")
    kinds = {address.split(".")[0]: actions for address, actions in changes.items()}
    assert kinds == {
        "aws_lambda_function": ["update"],
        "aws_lambda_alias": ["update"],
    }, changes


def test_the_wrong_account_changes_nothing(dev: Project) -> None:
    stranger = "999988887777"
    before = dev.inventory()
    status, log = dev.run("cdktf", "deploy", "dev", "--auto-approve", account=stranger)
    assert status != 0
    assert stranger in log
    status, line = dev.run(python(), "-m", "backend", "create", "dev", account=stranger)
    assert status == 1
    assert f"they are of account {stranger}, but dev lives in 111122223333" in line
    assert "Traceback" not in line
    assert dev.inventory(stranger) == {}
    assert dev.inventory() == before


def test_a_second_apply_at_the_same_time_waits_for_the_lock(dev: Project) -> None:
    table = dev.client("dynamodb")
    lock = {"LockID": {"S": f"{STATE_BUCKET}/{STATE_KEY}"}, "Info": {"S": '{"ID":"other"}'}}
    table.put_item(TableName="mapvibe-dev-state-lock", Item=lock)
    status, log = dev.run("terraform", f"-chdir={dev.stack}", "plan", "-input=false")
    table.delete_item(TableName="mapvibe-dev-state-lock", Key={"LockID": lock["LockID"]})
    assert status == 1
    assert "Error acquiring the state lock" in log


def test_a_failed_migration_fails_the_deploy_with_its_message(dev: Project) -> None:
    folder = dev.root / "services" / "rag" / "migrations"
    broken = folder / f"{len(list(folder.glob('*.sql'))) + 1:04}_broken.sql"
    broken.write_text("CREATE TABLE app.half (id int);\nSELECT 1 / 0;\n")
    status, log = dev.run("cdktf", "deploy", "dev", "--auto-approve")
    broken.unlink()
    assert status != 0
    assert f"migration {broken.stem} failed: division by zero" in " ".join(log.split())
    # Callers stay with the old code, which still has the schema it was written for.
    _, health = dev.api("GET", "/health")
    assert (health["status"], health["version"]) == ("ok", "1")
    status, log = dev.run(python(), "-m", "local", "deploy", "dev")
    assert status == 0, log


def test_a_mistake_in_the_settings_never_reaches_terraform(dev: Project) -> None:
    dev.change("timeout_seconds=28", "timeout_seconds=60")
    status, log = dev.run("cdktf", "deploy", "dev", "--auto-approve")
    dev.change("timeout_seconds=60", "timeout_seconds=28")
    assert status != 0
    assert "environments/dev.py: rag.api.timeout_ms=30000: below function.timeout_seconds=60" in log
    assert "Traceback" not in log
