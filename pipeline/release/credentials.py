"""Credentials for AWS: GitLab's token for a job opens the role that may plan or apply a stack."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.errors import PipelineError, Status
from pipeline.release.files import write_private

TOKEN = "AWS_ID_TOKEN"  # noqa: S105 - the variable's name
ROLE = "AWS_ROLE_ARN"
TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE"  # noqa: S105 - the variable's name
SESSION = "AWS_ROLE_SESSION_NAME"


def sign_in(
    env: Mapping[str, str],
    folder: Path,
    *,
    stack: str,
    token: str = TOKEN,
    role: str = ROLE,
) -> dict[str, str]:
    """The environment in which Terraform signs in with one stack's token, and has no other.

    AWS's libraries give the token to AWS, and get credentials that end with the job. Without any
    token, as on a developer's machine, the credentials that are there are used.

    Args:
        env: such as ``os.environ``.
        folder: private; the token's file is written there.
        stack: its name, for the message.
        token: the variable that holds GitLab's token.
        role: the variable that holds the role's ARN.

    Raises:
        PipelineError: the job has tokens, but this stack's or its role is missing (USAGE).
    """
    if not any(name.startswith(TOKEN) and value for name, value in env.items()):
        return dict(env)
    if not env.get(token):
        raise PipelineError(
            f"{stack}: {token} is not set: the job has no token for this stack; write its jobs "
            "anew with 'python -m pipeline jobs'",
            Status.USAGE,
        )
    if not env.get(role):
        raise PipelineError(
            f"{stack}: {role} is not set: the ARN of the role that the stack's token opens; set it "
            "as a variable of the job's environment (docs/pipeline.md)",
            Status.USAGE,
        )
    path = folder / f"{token.lower()}.token"
    write_private(path, env[token].encode())
    others = {name: value for name, value in env.items() if not name.startswith((TOKEN, ROLE))}
    return {
        **others,
        ROLE: env[role],
        TOKEN_FILE: str(path),
        SESSION: f"gitlab-{env.get('CI_PROJECT_ID', '')}-{env.get('CI_JOB_ID', '')}",
    }
