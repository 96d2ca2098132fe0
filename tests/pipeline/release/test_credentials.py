"""Each stack's Terraform signs in with the token and the role of that stack, and has no other."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pipeline.errors import PipelineError, Status
from pipeline.release.credentials import sign_in

JOB = {
    "PATH": "/bin",
    "CI_PROJECT_ID": "42",
    "CI_JOB_ID": "90",
    "AWS_ID_TOKEN": "token.of.dev",
    "AWS_ROLE_ARN": "arn:aws:iam::1:role/dev",
    "AWS_ID_TOKEN_WEB": "token.of.web",
    "AWS_ROLE_ARN_WEB": "arn:aws:iam::1:role/web",
}


def test_the_token_becomes_a_private_file_beside_its_role(tmp_path: Path) -> None:
    env = sign_in(JOB, tmp_path, stack="dev")
    path = Path(env["AWS_WEB_IDENTITY_TOKEN_FILE"])
    assert path.read_text() == "token.of.dev"
    assert path.parent == tmp_path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert env["AWS_ROLE_ARN"] == "arn:aws:iam::1:role/dev"
    assert env["AWS_ROLE_SESSION_NAME"] == "gitlab-42-90"


def test_another_stack_has_its_own_and_no_other(tmp_path: Path) -> None:
    env = sign_in(
        JOB, tmp_path, stack="dev/web-dev", token="AWS_ID_TOKEN_WEB", role="AWS_ROLE_ARN_WEB"
    )
    assert Path(env["AWS_WEB_IDENTITY_TOKEN_FILE"]).read_text() == "token.of.web"
    assert {name: value for name, value in env.items() if name.startswith("AWS_ROLE_ARN")} == {
        "AWS_ROLE_ARN": "arn:aws:iam::1:role/web"
    }
    assert not [name for name in env if name.startswith("AWS_ID_TOKEN")]


def test_without_any_token_the_credentials_that_are_there_are_used(tmp_path: Path) -> None:
    own = {"AWS_PROFILE": "dev", "AWS_ROLE_ARN": "arn:aws:iam::1:role/mine", "AWS_ID_TOKEN": ""}
    assert sign_in(own, tmp_path, stack="dev") == own
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("missing", ["AWS_ID_TOKEN_WEB", "AWS_ROLE_ARN_WEB"])
def test_what_is_missing_is_one_line(missing: str, tmp_path: Path) -> None:
    job = {**JOB, missing: ""}
    with pytest.raises(PipelineError) as caught:
        sign_in(
            job, tmp_path, stack="dev/web-dev", token="AWS_ID_TOKEN_WEB", role="AWS_ROLE_ARN_WEB"
        )
    assert str(caught.value).startswith(f"dev/web-dev: {missing} is not set: ")
    assert caught.value.status is Status.USAGE
    assert list(tmp_path.iterdir()) == []
