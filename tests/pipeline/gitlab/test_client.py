"""Settings from the environment, and what a connection sends."""

from __future__ import annotations

import pytest

from pipeline.errors import PipelineError, Status
from pipeline.gitlab.client import GitLabSettings
from tests.pipeline.gitlab.conftest import Server

ENVIRONMENT = {
    "CI_API_V4_URL": "https://gitlab.example.com/git/api/v4",
    "CI_SERVER_URL": "https://other.example.com",
    "CI_PROJECT_ID": "42",
    "CI_PROJECT_URL": "https://gitlab.example.com/git/group/infra",
    "CI_DEFAULT_BRANCH": "main",
    "GITLAB_TOKEN": "glpat-x",
    "CI_SERVER_TLS_CA_FILE": "/builds/ca.crt",
}


def test_the_settings_are_gitlabs_own_variables() -> None:
    assert GitLabSettings.from_environment(ENVIRONMENT) == GitLabSettings(
        url="https://gitlab.example.com/git",
        project_id="42",
        token="glpat-x",
        default_branch="main",
        project_url="https://gitlab.example.com/git/group/infra",
        ca_file="/builds/ca.crt",
    )


def test_the_servers_address_is_enough() -> None:
    env = {**ENVIRONMENT, "CI_API_V4_URL": ""}

    assert GitLabSettings.from_environment(env).url == "https://other.example.com"


@pytest.mark.parametrize("name", ["CI_PROJECT_ID", "CI_DEFAULT_BRANCH", "GITLAB_TOKEN"])
def test_a_variable_that_is_missing_is_named(name: str) -> None:
    env = {key: value for key, value in ENVIRONMENT.items() if key != name}

    with pytest.raises(PipelineError, match=f"^{name} is not set: ") as caught:
        GitLabSettings.from_environment(env)
    assert caught.value.status is Status.USAGE


def test_without_any_address_the_servers_is_asked_for() -> None:
    env = {"CI_PROJECT_ID": "42", "GITLAB_TOKEN": "x", "CI_DEFAULT_BRANCH": "main"}

    with pytest.raises(PipelineError, match=r"^CI_SERVER_URL is not set: "):
        GitLabSettings.from_environment(env)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("gitlab.example.com/api/v4", id="no scheme"),
        pytest.param("ftp://gitlab.example.com/api/v4", id="another scheme"),
        pytest.param("https:///api/v4", id="no host"),
        pytest.param("https://h:x/api/v4", id="no port"),
        pytest.param("https://[/api/v4", id="no address"),
        pytest.param("https://mai:hunter2@gitlab.example.com/api/v4", id="with a password"),
        pytest.param("https://gitlab.example.com/api/v3", id="another version"),
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(PipelineError, match=r"^CI_API_V4_URL: ") as caught:
        GitLabSettings.from_environment({**ENVIRONMENT, "CI_API_V4_URL": url})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "token", ["glpat-x\n", "glpat x", "glpat-\u00e9"], ids=["line", "blank", "letter"]
)
def test_a_token_that_cannot_be_sent_is_refused_and_not_shown(token: str) -> None:
    with pytest.raises(PipelineError, match=r"^GITLAB_TOKEN: ") as caught:
        GitLabSettings.from_environment({**ENVIRONMENT, "GITLAB_TOKEN": token})
    assert token not in str(caught.value)


def test_connecting_sends_nothing(server: Server) -> None:
    server.project()

    assert server.gitlab.requests == []


def test_whose_the_token_is_is_asked_once(server: Server) -> None:
    project = server.project()

    assert [project.user_id(), project.user_id()] == [7, 7]
    assert server.gitlab.requests == ["GET /api/v4/user"]
