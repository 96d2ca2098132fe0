"""Says in one line what went wrong with GitLab, where, and how to mend it."""

from __future__ import annotations

from http import HTTPStatus

import gitlab
import requests

from pipeline.errors import PipelineError, Status

_LONGEST_QUOTE = 200  # characters of GitLab's own words

_RENEW = (
    "the token expired, was revoked or is wrong; rotate it, or make a new one with scope 'api' "
    "and store it in the variable GITLAB_TOKEN (CI_JOB_TOKEN cannot write)"
)
_LOOK = (
    "there is no such thing, or the token may not see it; check CI_PROJECT_ID, the number of the "
    "merge request and that the token belongs to this project"
)
_REMEDIES: dict[int, tuple[Status, str]] = {
    401: (Status.GITLAB_DENIED, _RENEW),
    403: (
        Status.GITLAB_DENIED,
        "the token's scope or role is too low; it needs scope 'api' and the role Developer",
    ),
    404: (Status.GITLAB_MISSING, _LOOK),
    409: (Status.GITLAB_CONFLICT, "something changed meanwhile; run the job again"),
    412: (Status.GITLAB_CONFLICT, "something changed meanwhile; run the job again"),
    429: (Status.GITLAB_BUSY, "too many requests; run the job again later"),
}
_SERVER_FAILS = (Status.GITLAB_FAILED, "GitLab itself failed; run the job again later")
_REFUSED = (Status.GITLAB_FAILED, "GitLab refused the request as it is; see its words")
_NO_ANSWER = (
    Status.GITLAB_FAILED,
    "that is no answer of GitLab's API; check CI_API_V4_URL and what stands in between",
)


def explain(error: Exception, *, what: str, where: str, secret: str) -> PipelineError:
    """Turn any fault into one line.

    Args:
        error: from python-gitlab, from requests, or a wrong shape that msgspec found.
        what: was tried, such as ``list the jobs of pipeline 12``.
        where: GitLab's address.
        secret: the token, which stays out of the text whoever quoted it.
    """
    (status, remedy), said = _explained(error)
    line = f"cannot {what} at {where}: {said}; {remedy}"
    return PipelineError(" ".join(line.replace(secret, "[MASKED]").split()), status)


def _explained(error: Exception) -> tuple[tuple[Status, str], str]:
    if isinstance(error, gitlab.GitlabError) and error.response_code is not None:
        code = error.response_code
        known = _REMEDIES.get(code) or (_SERVER_FAILS if code >= 500 else _REFUSED)
        return known, f"{code} {_words(error) or _phrase(code)}"
    if isinstance(error, gitlab.GitlabParsingError):
        return _NO_ANSWER, _words(error)
    if isinstance(error, gitlab.RedirectError):
        return _NO_ANSWER, "a write was redirected"
    if isinstance(error, OSError):
        return _unreachable(error)
    return _NO_ANSWER, str(error)


def _unreachable(error: OSError) -> tuple[tuple[Status, str], str]:
    status = Status.GITLAB_UNREACHABLE
    if isinstance(error, requests.exceptions.SSLError):
        return (status, "check its certificate, and CI_SERVER_TLS_CA_FILE"), "TLS failed"
    if isinstance(error, requests.Timeout):
        return (status, "run the job again later"), "no answer in time"
    if "NameResolutionError" in str(error):
        return (status, "check CI_API_V4_URL and the runner's DNS"), "its name was not found"
    if isinstance(error, requests.ConnectionError):
        return (status, "check that it runs and can be reached"), "no connection, or it broke"
    return (status, "check CI_API_V4_URL and CI_SERVER_TLS_CA_FILE"), type(error).__name__


def _words(error: gitlab.GitlabError) -> str:
    """GitLab's own words; an HTML page says nothing."""
    said = error.error_message
    if isinstance(said, bytes):
        said = said.decode("utf-8", errors="replace")
    text = " ".join(str(said).split())
    # 401 Unauthorized comes as "401 Unauthorized".
    text = text.removeprefix(f"{error.response_code} ")
    return "" if text.startswith("<") else text[:_LONGEST_QUOTE]


def _phrase(code: int) -> str:
    return HTTPStatus(code).phrase if code in set(HTTPStatus) else "unknown status"
