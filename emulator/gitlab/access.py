"""Who is asking, and whether GitLab would let them."""

from __future__ import annotations

from werkzeug.wrappers import Request

from emulator.gitlab.answers import ApiError
from emulator.gitlab.state import State, Token

# What a job token may do here, by the names of the routes: https://docs.gitlab.com/ci/jobs/ci_job_token/
_FOR_JOBS = frozenset(
    {"notes", "note", "merge_requests", "merge_request", "commit_merge_requests", "artifact"}
)


def authenticate(request: Request, state: State, route: str) -> Token:
    """Give the token of a request.

    Args:
        request: with a `PRIVATE-TOKEN`, a bearer or a `JOB-TOKEN`.
        state: what there is.
        route: the route's name.

    Raises:
        ApiError: there is none, it is not good, or it may not do this.
    """
    job = request.headers.get("JOB-TOKEN")
    sent = request.headers.get("PRIVATE-TOKEN") or _bearer(request) or job
    token = next((each for each in state.tokens if each.value == sent), None)
    if token is None or (token.kind == "job") != (sent == job):
        raise ApiError(401, "401 Unauthorized")
    if token.expired:
        raise ApiError(
            401,
            error="invalid_token",
            error_description=(
                "Token is expired. You can either do re-authorization or token refresh."
            ),
        )
    # A route that is closed to job tokens does not look at them at all.
    if token.kind == "job" and (route not in _FOR_JOBS or request.method != "GET"):
        raise ApiError(401, "401 Unauthorized")
    _require_scope(request, token)
    return token


def _require_scope(request: Request, token: Token) -> None:
    enough = {"api"} if request.method != "GET" else {"api", "read_api"}
    if token.kind == "access" and not enough & set(token.scopes):
        raise ApiError(
            403,
            error="insufficient_scope",
            error_description=(
                "The request requires higher privileges than provided by the access token."
            ),
            scope=" ".join(sorted(enough)),
        )


def _bearer(request: Request) -> str | None:
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    return value if scheme.lower() == "bearer" else None
