"""``.gitlab-ci.yml`` with the jobs of every environment: which run when, and what none may do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from environments.app import write_listing
from environments.load import load_environments
from pipeline.commands import jobs as jobs_command
from pipeline.environments import read_environments
from stacks.deployments import deployment_running
from tests.pipeline.environments import environments_json
from tests.support.stacks import delivery_stack, rag_stack

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / ".gitlab-ci.yml"
JOBS = ROOT / jobs_command.FILE

PROJECT_ID, FORK_ID = "1217", "4711"  # the first is that of every project of gitlab-ci-local
MERGE_REQUEST = {
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_IID": "7",
    "CI_MERGE_REQUEST_PROJECT_ID": PROJECT_ID,
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": PROJECT_ID,
}
FORK = {**MERGE_REQUEST, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": FORK_ID}
IN_THE_FORK = {
    **MERGE_REQUEST,
    "CI_MERGE_REQUEST_PROJECT_ID": FORK_ID,
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": PROJECT_ID,
}
"""Such a pipeline runs in the fork unless a member of the project starts it."""
SYNTHESISED = ("cdktf.out/manifest.json", "cdktf.out/environments.json", "cdktf.out/stacks/")
VALIDATE = {"lint", "test", "synth", "policies"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds nothing but the pipeline's files; its default branch is main."""
    return repository(tmp_path_factory.mktemp("project"), JOBS.read_text())


def repository(folder: Path, environments: str) -> Path:
    """A repository of the pipeline's file and these jobs of environments."""
    shutil.copy(FILE, folder)
    path = folder / jobs_command.FILE
    path.parent.mkdir()
    path.write_text(environments)
    for arguments in (
        ["init", "--quiet", "--initial-branch=main"],
        ["add", "--all"],
        ["-c", "user.name=T", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", "File"],
        ["remote", "add", "origin", "http://127.0.0.1:9/mapvibe/infrastructure.git"],
        ["update-ref", "refs/remotes/origin/main", "main"],
        ["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
    return folder


def runner(project: Path, *options: str, **variables: str) -> str:
    """What gitlab-ci-local says of the file; nothing runs."""
    given = [word for pair in variables.items() for word in ("--variable", "=".join(pair))]
    known = ",".join((*MERGE_REQUEST, "CI_COMMIT_BRANCH"))
    command = [str(ROOT / ".venv" / "bin" / "gitlab-ci-local"), *options, *given]
    done = subprocess.run(
        [*command, "--ignore-predefined-vars", known],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HOME": str(project)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def jobs(project: Path, **variables: str) -> dict[str, str]:
    """Name of each job that a pipeline has to when it runs."""
    options = (
        ["--unset-variable", "CI_COMMIT_BRANCH"] if "CI_MERGE_REQUEST_IID" in variables else []
    )
    text = runner(project, "--list-json", *options, **variables)
    found = json.loads(text[text.index("[") :])
    return {job["name"]: job["when"] for job in found if job["when"] != "never"}


def test_a_merge_request_is_validated_planned_and_commented(project: Path) -> None:
    assert jobs(project, **MERGE_REQUEST) == {
        **dict.fromkeys(VALIDATE, "on_success"),
        "plan:dev": "on_success",
        "plan:prod": "on_success",
        "comment": "always",
    }


@pytest.mark.parametrize("where", [FORK, IN_THE_FORK], ids=["in-the-project", "in-the-fork"])
def test_a_merge_request_of_a_fork_gets_no_job_with_credentials(
    project: Path, where: dict[str, str]
) -> None:
    assert jobs(project, **where) == dict.fromkeys(VALIDATE, "on_success")


@pytest.mark.parametrize("source", ["push", "web"])
def test_the_default_branch_applies_dev_and_waits_for_a_person_with_prod(
    project: Path, source: str
) -> None:
    assert jobs(project, CI_PIPELINE_SOURCE=source) == {
        **dict.fromkeys(VALIDATE, "on_success"),
        "plan:dev": "on_success",
        "plan:prod": "on_success",
        "compare": "on_success",
        "apply:dev": "on_success",
        "apply:prod": "manual",
    }


@pytest.mark.parametrize(("failed", "other"), [("dev", "prod"), ("prod", "dev")])
def test_after_a_failed_apply_everything_waits_for_a_person(
    project: Path, failed: str, other: str
) -> None:
    found = jobs(project, CI_PIPELINE_SOURCE="parent_pipeline", AFTER_FAILURE=failed)
    assert found == {
        **dict.fromkeys(VALIDATE, "on_success"),
        f"plan:{failed}": "on_success",
        "compare": "on_success",
        f"apply:{failed}": "manual",
    }
    assert f"apply:{other}" not in found


def test_a_schedule_looks_for_drift(project: Path) -> None:
    assert jobs(project, CI_PIPELINE_SOURCE="schedule") == {
        "synth": "on_success",
        "drift:dev": "on_success",
        "drift:prod": "on_success",
    }


def test_a_schedule_of_tests_runs_them_all(project: Path) -> None:
    assert jobs(project, CI_PIPELINE_SOURCE="schedule", SCHEDULE="tests") == {
        "test:everything": "on_success",
        "test:drills": "on_success",
    }


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose environments are dev with two stacks, staging and prod."""
    folder = tmp_path_factory.mktemp("three")
    path = folder / "environments.json"
    found = environments_json(dev=["account-dev", "dev"], staging=["staging"], prod=["prod"])
    path.write_text(json.dumps(found))
    return repository(folder, jobs_command.render(read_environments(path)))


def test_a_further_environment_has_its_jobs_in_order(three: Path) -> None:
    names = ("dev", "staging", "prod")
    plans = {f"plan:{name}": "on_success" for name in names}
    assert jobs(three, **MERGE_REQUEST) == {
        **dict.fromkeys(VALIDATE, "on_success"),
        **plans,
        "comment": "always",
    }
    found = jobs(three, CI_PIPELINE_SOURCE="push")
    assert found == {
        **dict.fromkeys(VALIDATE, "on_success"),
        **plans,
        "compare": "on_success",
        "apply:dev": "on_success",
        "apply:staging": "on_success",
        "apply:prod": "manual",
    }
    assert [name for name in found if name.startswith("apply:")] == [f"apply:{n}" for n in names]
    assert jobs(three, CI_PIPELINE_SOURCE="parent_pipeline", AFTER_FAILURE="staging") == {
        **dict.fromkeys(VALIDATE, "on_success"),
        "plan:staging": "on_success",
        "compare": "on_success",
        "apply:staging": "manual",
    }
    assert jobs(three, CI_PIPELINE_SOURCE="schedule") == {
        "synth": "on_success",
        **{f"drift:{name}": "on_success" for name in names},
    }


def test_each_stack_of_an_environment_is_applied_with_a_token_of_its_own(three: Path) -> None:
    text = runner(three, "--preview")
    whole = yaml.safe_load(text[text.index("---") :])
    assert whole["apply:dev"]["id_tokens"] == {
        "AWS_ID_TOKEN_ACCOUNT": {"aud": "mapvibe-dev-pipeline-apply-account"},
        "AWS_ID_TOKEN": {"aud": "mapvibe-dev-pipeline-apply"},
    }
    assert whole["plan:dev"]["id_tokens"] == {"AWS_ID_TOKEN": {"aud": "mapvibe-dev-pipeline-plan"}}


def test_the_jobs_of_the_environments_are_up_to_date(tmp_path: Path) -> None:
    write_listing(tmp_path, load_environments())
    found = read_environments(tmp_path / "environments.json")
    assert JOBS.read_text() == jobs_command.render(found)


def test_the_jobs_know_the_metric_that_their_role_may_publish(tmp_path: Path) -> None:
    write_listing(tmp_path, load_environments())
    for environment in read_environments(tmp_path / "environments.json"):
        for stack in environment.stacks:
            metric = stack.deployment_metric
            assert metric is not None
            drawn = deployment_running(stack.id)
            assert (metric.namespace, metric.name) == (drawn.namespace, drawn.name)
            assert metric.dimensions == drawn.dimensions
            assert metric.region == "ap-southeast-1"


def test_the_jobs_know_the_topics_of_their_environment(tmp_path: Path) -> None:
    write_listing(tmp_path, load_environments())
    for environment in read_environments(tmp_path / "environments.json"):
        alarms = rag_stack(environment.name).resources("aws_cloudwatch_metric_alarm").values()
        told = {arn for alarm in alarms for arn in alarm.get("alarm_actions", ())}
        assert set(environment.alert_topics.values()) == told


@pytest.mark.parametrize("file", [FILE, JOBS], ids=lambda path: path.name)
def test_gitlabs_schema_holds(file: Path) -> None:
    command = [
        str(ROOT / ".venv" / "bin" / "check-jsonschema"),
        "--builtin-schema",
        "vendor.gitlab-ci",
        "--data-transform",
        "gitlab-ci",
        str(file),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def file(project: Path) -> dict[str, Any]:
    """The jobs with their templates filled in."""
    text = runner(project, "--preview")
    whole = yaml.safe_load(text[text.index("---") :])
    return {
        name: body for name, body in whole.items() if isinstance(body, dict) and "stage" in body
    }


APPLIES = ["apply:dev", "apply:prod"]
WITH_CREDENTIALS = [*APPLIES, "plan:dev", "plan:prod", "drift:dev", "drift:prod"]


def test_every_image_is_pinned_by_digest(file: dict[str, Any]) -> None:
    images = {body["image"]["name"] for name, body in file.items() if "trigger" not in body}
    assert len(images) == 1
    assert all("@sha256:" in image and len(image.split("@sha256:")[1]) == 64 for image in images)


def test_only_plans_and_applies_get_tokens_each_for_the_role_of_its_environment(
    file: dict[str, Any],
) -> None:
    found = {
        name: (body["id_tokens"]["AWS_ID_TOKEN"]["aud"], body["variables"]["ENVIRONMENT"])
        for name, body in file.items()
        if "id_tokens" in body
    }
    assert sorted(found) == sorted(WITH_CREDENTIALS)
    audiences = {name: aud for name, (aud, _) in found.items()}
    for environment in load_environments():
        outputs = delivery_stack(environment.name).body["output"]
        plan, apply = (outputs[f"{kind}_audience"]["value"] for kind in ("plan", "apply"))
        assert audiences[f"plan:{environment.name}"] == plan
        assert audiences[f"drift:{environment.name}"] == plan
        assert audiences[f"apply:{environment.name}"] == apply


@pytest.mark.parametrize("name", APPLIES)
def test_nothing_interrupts_an_apply_and_nothing_tries_it_again(
    file: dict[str, Any], name: str
) -> None:
    job = file[name]
    assert job["interruptible"] is False
    assert job["retry"] in (0, {"max": 0})
    assert job["resource_group"] == "$ENVIRONMENT"
    assert job["timeout"] == "2 hours"


def test_prod_asks_before_it_is_applied_and_only_as_reviewed(file: dict[str, Any]) -> None:
    job = file["apply:prod"]
    assert "PROD" in job["manual_confirmation"]
    assert job["environment"]["name"] == "prod"
    assert job["environment"]["deployment_tier"] == "production"
    assert job["variables"]["APPLY_OPTIONS"] == "--as-reviewed"
    last = job["rules"][-1]
    assert (last["when"], last["allow_failure"]) == ("manual", False)


@pytest.mark.parametrize("name", ["plan:dev", "plan:prod", "drift:dev", "drift:prod"])
def test_a_plan_never_takes_part_in_a_protected_environment(
    file: dict[str, Any], name: str
) -> None:
    environment = file[name]["environment"]
    assert environment["name"] == "plan/$ENVIRONMENT"
    assert environment["action"] == "access"
    assert environment["deployment_tier"] == "other"


def test_only_the_default_branch_keeps_a_plan(file: dict[str, Any]) -> None:
    for name in ("plan:dev", "plan:prod"):
        sealing = [r for r in file[name]["rules"] if "--seal" in str(r.get("variables", ""))]
        assert [rule["if"] for rule in sealing] == ["$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"]
        assert [rule["interruptible"] for rule in sealing] == [False]


def test_artifacts_are_for_developers_and_never_hold_a_whole_stack(file: dict[str, Any]) -> None:
    for name, body in file.items():
        paths = body.get("artifacts", {}).get("paths", [])
        if paths:
            assert body["artifacts"]["access"] == "developer", name
        for path in paths:
            assert path.startswith(("reports/", *SYNTHESISED))
            assert not path.endswith(("stacks/", "cdktf.out", "*", ".tfplan")), path


def test_a_difference_from_the_review_is_seen_and_stops_only_prod(file: dict[str, Any]) -> None:
    assert file["compare"]["allow_failure"] == {"exit_codes": [10, 11]}


def test_a_failed_apply_starts_a_pipeline_that_plans_again(file: dict[str, Any]) -> None:
    text = yaml.load(FILE.read_text(), Loader=_Loader)  # noqa: S506 - a SafeLoader
    assert text[".replan"]["trigger"] == {"include": [{"local": ".gitlab-ci.yml"}]}
    assert text[".replan"]["rules"][-1]["when"] == "on_failure"
    found = yaml.safe_load(JOBS.read_text())
    for name in ("dev", "prod"):
        job = found[f"replan:{name}"]
        assert job["needs"] == [f"apply:{name}"]
        assert job["variables"] == {"AFTER_FAILURE": name}


def test_the_tests_of_a_merge_request_measure_the_coverage() -> None:
    job = yaml.load(FILE.read_text(), _Loader)["test"]  # noqa: S506 - a SafeLoader
    [tests] = [line for line in job["script"] if "pytest" in line]
    assert '-m "not deploy"' in tests
    assert "${TESTS:---cov " in tests
    assert job["variables"]["TESTS"] == ""


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # it has no types
    """Reads GitLab's ``!reference`` as the list that it is."""


_Loader.add_constructor("!reference", lambda loader, node: loader.construct_sequence(node))
