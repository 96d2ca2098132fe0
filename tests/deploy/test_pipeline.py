"""The whole pipeline with the real runner: a merge request, main, the button for prod, a schedule.

AWS is the emulator, reached as GitLab's jobs reach it: with a token, for the credentials of a role.
The tests of this file run in order and share one project.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from local.ci import LocalPipeline, local_pipeline
from pipeline.errors import Status
from pipeline.report.fingerprints import fingerprints
from tests.deploy.conftest import ROOT

pytestmark = [pytest.mark.deploy, pytest.mark.xdist_group("pipeline")]

SAMPLE = "tests/stacks/rag/test_addresses.py"
"""What the job of unit tests runs here: all of them run beside this one."""


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPipeline]:
    work = tmp_path_factory.mktemp("pipeline")
    with local_pipeline(ROOT, work, tests=SAMPLE) as made:
        yield made


def passed(pipeline: LocalPipeline, run: str) -> set[str]:
    return set(re.findall(r"^ PASS  (\S+)", pipeline.log(run), re.MULTILINE))


def test_a_merge_request_gets_one_comment_with_plans_and_costs(pipeline: LocalPipeline) -> None:
    assert pipeline.merge_request() == 0, pipeline.log("merge-request")
    assert passed(pipeline, "merge-request") == {
        "lint",
        "test",
        "synth",
        "policies",
        "plan:dev",
        "plan:prod",
        "comment",
    }
    [note] = pipeline.notes()
    assert re.search(r"^\| `dev` \| \d+ \|", note, re.MULTILINE)
    assert re.search(r"^\| `prod` \| \d+ \|", note, re.MULTILINE)
    assert "USD a month" in note
    assert set(fingerprints(note)) == {"dev", "prod"}


def test_a_merge_requests_plan_is_not_kept(pipeline: LocalPipeline) -> None:
    for environment in ("dev", "prod"):
        assert pipeline.artifact(f"plan:{environment}", f"reports/{environment}.json").is_file()
        sealed = pipeline.artifact(f"plan:{environment}", f"reports/{environment}.plan.sealed")
        assert not sealed.exists()


def test_the_widget_gets_the_counts(pipeline: LocalPipeline) -> None:
    path = pipeline.artifact("plan:dev", "reports/dev.widget.json")
    counts = json.loads(path.read_text())
    assert set(counts) == {"create", "update", "delete"}
    assert counts["create"] > 100


def test_a_second_run_updates_the_comment(pipeline: LocalPipeline) -> None:
    before = pipeline.notes()
    status = pipeline.run_job("comment")
    assert status == 0, pipeline.log("comment")
    assert len(pipeline.notes()) == len(before)


def test_main_applies_dev_as_it_was_reviewed_and_waits_with_prod(pipeline: LocalPipeline) -> None:
    reviewed = fingerprints(pipeline.notes()[0])
    pipeline.merge()
    assert pipeline.default_branch() == 0, pipeline.log("default-branch")
    log = pipeline.log("default-branch")
    assert {"compare", "apply:dev"} <= passed(pipeline, "default-branch")
    for environment in ("dev", "prod"):
        assert f"{environment}: same ({reviewed[environment]})" in log
    assert "apply:prod" not in passed(pipeline, "default-branch")
    applied = pipeline.notes()[1]
    assert "dev: applied" in applied
    assert reviewed["dev"] in applied


def test_no_plan_lies_in_clear_and_no_password_anywhere(pipeline: LocalPipeline) -> None:
    """A plan file is a zip archive with a member tfplan."""
    for path in (pipeline.project / ".gitlab-ci-local" / "artifacts").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"tfplan" not in content or not content.startswith(b"PK"), path
            assert b'"resource_changes"' not in content, path


def test_a_person_presses_play_and_prod_is_applied(pipeline: LocalPipeline) -> None:
    assert pipeline.play("apply:prod") == 0, pipeline.log("play-apply-prod")
    assert "prod: applied" in pipeline.notes()[2]
    environment = pipeline.artifact("apply:prod", ".gitlab-ci-reports/dotenv/reports/prod.env")
    assert environment.read_text().startswith("API_URL=https://")


def test_nothing_has_drifted(pipeline: LocalPipeline) -> None:
    assert pipeline.schedule() == 0, pipeline.log("schedule")
    for environment in ("dev", "prod"):
        line = f"{environment}: everything is as the default branch describes it"
        assert line in pipeline.log("schedule")


def test_what_nobody_reviewed_needs_a_second_look(pipeline: LocalPipeline) -> None:
    path = pipeline.project / "environments" / "prod.py"
    path.write_text(path.read_text().replace("memory_mib=1024", "memory_mib=1536"))
    pipeline.push("More memory, past every review")
    assert pipeline.plan_again("prod") == 0, pipeline.log("plan-prod")
    assert pipeline.play("apply:prod") != 0
    log = pipeline.log("play-apply-prod")
    assert f"FAIL {Status.UNREVIEWED.value}" in log
    [fingerprint] = set(re.findall(r"ACCEPT_PLAN=([0-9a-f]{20})", log))
    assert pipeline.play("apply:prod", ACCEPT_PLAN=fingerprint) == 0, pipeline.log(
        "play-apply-prod"
    )
