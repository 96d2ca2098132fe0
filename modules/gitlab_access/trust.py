"""Whose ID tokens AWS accepts: GitLab's instance, the project, the branch and the environment.

AWS reads two claims of any GitLab's token in a trust policy, ``sub`` and ``aud``; of gitlab.com's
alone a few more, such as ``project_id``, which a GitLab of one's own would do without. ``sub`` is
therefore what says what a job may do, and GitLab composes it of the components that the project has
chosen.

Sources: https://docs.gitlab.com/ci/secrets/id_token_authentication/,
https://docs.gitlab.com/ci/cloud_services/aws/ and
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from modules.gitlab_access.applied_stack import PIPELINE, system_of
from modules.iam import Statement
from modules.naming import Naming

SubjectComponent = Literal[
    "project_path", "ref_type", "ref", "ref_protected", "environment_protected", "deployment_tier"
]
"""Claims that GitLab can put into ``sub``; all but the first three need GitLab 18.7."""

DEFAULT_COMPONENTS: tuple[SubjectComponent, ...] = ("project_path", "ref_type", "ref")
"""What GitLab puts into ``sub`` unless the project says otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pipeline:
    """The project whose jobs may sign in.

    Attributes:
        url: GitLab's address, ``https://`` and a host; the issuer of the tokens.
        project_path: group and project. A fork has another path and gets nothing.
        branch: the only branch whose jobs may apply.
        components: of what the project's tokens compose ``sub``, ``DEFAULT_COMPONENTS`` first.
        environment_protected: whether GitLab protects the environment that applies.
        deployment_tier: GitLab's tier of the environment that applies.
    """

    url: str
    project_path: str
    branch: str
    components: Sequence[SubjectComponent]
    environment_protected: bool
    deployment_tier: str

    @property
    def host(self) -> str:
        """The issuer without its scheme: prefix of AWS's condition keys."""
        return self.url.removeprefix("https://")

    @property
    def apply_subject(self) -> str:
        """The one ``sub`` that may apply."""
        values: Mapping[SubjectComponent, str] = {
            "project_path": self.project_path,
            "ref_type": "branch",
            "ref": self.branch,
            "ref_protected": "true",
            "environment_protected": str(self.environment_protected).lower(),
            "deployment_tier": self.deployment_tier,
        }
        return ":".join(f"{component}:{values[component]}" for component in self.components)

    @property
    def plan_subject(self) -> str:
        """Pattern of every ``sub`` of the project's own branches.

        Git forbids colons and asterisks in a branch's name, so that no branch can stand for more
        than itself. Source: https://git-scm.com/docs/git-check-ref-format
        """
        return f"project_path:{self.project_path}:ref_type:branch:ref:*"


def plan_audience(environment: Naming) -> str:
    """Audience of the token that the environment's plan jobs ask for: the plan role's name."""
    return environment.name(f"{PIPELINE}-plan")


def apply_audience(environment: Naming, stack_id: str) -> str:
    """Audience of the token that the jobs ask for which apply a stack: their role's name.

    Args:
        environment: names of the environment.
        stack_id: the stack's id, ``<environment>`` or ``<system>-<environment>``.
    """
    system = system_of(stack_id, environment)
    return environment.name(f"{PIPELINE}-apply-{system}" if system else f"{PIPELINE}-apply")


def provider_arn(environment: Naming, pipeline: Pipeline) -> str:
    """ARN of the account's identity provider for this GitLab."""
    return environment.iam_arn(f"oidc-provider/{pipeline.host}")


def trust(
    provider: str, *, pipeline: Pipeline, audience: str, subject: str, pattern: bool
) -> Statement:
    """Who may assume a role: tokens of this audience and this subject.

    Each role has an audience of its own. A job names the audiences it wants in the project's
    pipeline file, so this holds nobody back who may change that file; it keeps a token of a plan
    job, which runs providers and packages of others, from being good for an apply.

    Args:
        provider: ARN of the identity provider.
        pipeline: the project.
        audience: the token's ``aud``.
        subject: the token's ``sub``.
        pattern: whether the subject holds an asterisk.
    """
    exact = {f"{pipeline.host}:aud": audience}
    subjects = {f"{pipeline.host}:sub": subject}
    return Statement(
        principals={"Federated": provider},
        actions=("sts:AssumeRoleWithWebIdentity",),
        resources=(),
        conditions={"StringEquals": exact, "StringLike": subjects}
        if pattern
        else {"StringEquals": {**exact, **subjects}},
    )
