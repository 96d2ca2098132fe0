"""A project on GitLab: python-gitlab under a deadline, its faults as one line each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import gitlab
import msgspec
from gitlab.v4 import objects

from pipeline.errors import PipelineError, Status
from pipeline.gitlab.faults import explain
from pipeline.gitlab.transport import Limits, Transport

TOKEN_VARIABLE = "GITLAB_TOKEN"  # noqa: S105 - the variable's name
_API = "/api/v4"
_PRINTABLE = re.compile(r"[!-~]+")

Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True, slots=True)
class GitLabSettings:
    """Where the project is, and who we are there.

    Attributes:
        url: GitLab's address, without ``/api/v4``.
        project_id: the project's number, or its path.
        token: a project access token with scope ``api``.
        default_branch: what is deployed.
        project_url: the project's page; empty where it is not known.
        ca_file: certificates to trust, for a GitLab with its own authority; empty for the system's.
    """

    url: str
    project_id: str
    token: str = field(repr=False)
    default_branch: str
    project_url: str = ""
    ca_file: str = ""

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> GitLabSettings:
        """Read GitLab's predefined variables, and ``GITLAB_TOKEN``.

        Args:
            env: such as ``os.environ``.

        Raises:
            PipelineError: a variable is missing or is not what it should be.
        """
        token = _needed(
            env,
            TOKEN_VARIABLE,
            "a project access token with scope 'api'; a protected variable is missing on branches "
            "that are not protected",
        )
        if not _PRINTABLE.fullmatch(token):
            raise PipelineError(
                f"{TOKEN_VARIABLE}: holds a blank, a line break or a letter that no token has; "
                "store it again",
                Status.USAGE,
            )
        return cls(
            url=_url(env),
            project_id=_needed(env, "CI_PROJECT_ID", "the project's number"),
            token=token,
            default_branch=_needed(env, "CI_DEFAULT_BRANCH", "the branch that is deployed"),
            project_url=env.get("CI_PROJECT_URL", "").rstrip("/"),
            ca_file=env.get("CI_SERVER_TLS_CA_FILE", ""),
        )


def _needed(env: Mapping[str, str], name: str, what: str) -> str:
    value = env.get(name, "")
    if not value:
        raise PipelineError(f"{name} is not set: {what}", Status.USAGE)
    return value


def _url(env: Mapping[str, str]) -> str:
    name = "CI_API_V4_URL" if env.get("CI_API_V4_URL") else "CI_SERVER_URL"
    url = _needed(env, name, "GitLab's address, such as https://gitlab.example.com").rstrip("/")
    if name == "CI_API_V4_URL" and not url.endswith(_API):
        raise PipelineError(f"{name}: does not end in {_API}", Status.USAGE)
    url = url.removesuffix(_API)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    # Who puts a password into an address would read it in our messages.
    if not usable or parts.username is not None or parts.query or parts.fragment:
        raise PipelineError(
            f"{name}: is no address such as https://gitlab.example.com without a user in it",
            Status.USAGE,
        )
    return url


class Project:
    """One project on GitLab.

    Attributes:
        settings: where it is.
        limits: for its requests.
        api: python-gitlab's project, whose managers send nothing until they are asked.
    """

    def __init__(self, settings: GitLabSettings, limits: Limits) -> None:
        self.settings = settings
        self.limits = limits
        self._transport = Transport(limits)
        self._user: _User | None = None
        # As a bearer: that header is the one which requests drops when an artifact is elsewhere
        # and GitLab redirects to it. The base URL is kept because a GitLab behind a proxy may
        # name itself otherwise in its links to the next page.
        self._server = gitlab.Gitlab(
            settings.url,
            oauth_token=settings.token,
            ssl_verify=settings.ca_file or True,
            keep_base_url=True,
            backend=lambda: self._transport,
        )
        number = settings.project_id
        self.api: objects.Project = self._server.projects.get(number, lazy=True)

    @contextmanager
    def doing(self, what: str) -> Iterator[None]:
        """Bound the block by ``Limits.total`` and turn its faults into one line.

        Args:
            what: is tried, such as ``list the jobs of pipeline 12``.

        Raises:
            PipelineError: with a ``GITLAB_*`` status.
        """
        settings = self.settings
        with self._transport.operation():
            try:
                yield
            except (gitlab.GitlabError, msgspec.ValidationError, OSError) as error:
                raise explain(error, what=what, where=settings.url, secret=settings.token) from None

    def user_id(self) -> int:
        """Whom the token belongs to; asked once.

        Raises:
            PipelineError: GitLab does not say.
        """
        if self._user is None:
            with self.doing("ask whose the token is"):
                self._user = msgspec.convert(self._server.http_get("/user"), _User)
        return self._user.id

    def pause(self, seconds: float) -> None:
        """Wait, in a block of ``doing``."""
        self._transport.pause(seconds)


class _User(msgspec.Struct):
    id: int


def connect(settings: GitLabSettings, *, limits: Limits | None = None) -> Project:
    """Give the project; nothing is sent yet.

    Args:
        settings: where it is.
        limits: for its requests; seconds by default.
    """
    return Project(settings, limits or Limits())


def rows(kind: type[Row], found: Iterable[Any]) -> list[Row]:
    """Read a list that python-gitlab pages through.

    Args:
        kind: of a row.
        found: of ``manager.list(iterator=True, …)``.

    Raises:
        gitlab.GitlabParsingError: it is no list.
        msgspec.ValidationError: a row is not as GitLab describes it.
    """
    try:
        plain = [row if isinstance(row, dict) else row.attributes for row in found]
    except (LookupError, TypeError):
        raise gitlab.GitlabParsingError("its answer is no list") from None
    return msgspec.convert(plain, list[kind])  # type: ignore[valid-type]
