"""Whose pipeline may deploy an environment, and how it proves who it is."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modules.gitlab_access import Pipeline, SubjectComponent
from modules.gitlab_access.roles import IdentityProvider
from modules.gitlab_access.trust import DEFAULT_COMPONENTS
from stacks.settings import ONCE_EACH, Settings, of_form

GitlabUrl = Annotated[
    str,
    of_form(
        r"(?=.{1,255}\Z)https://([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]",
        "AWS takes a token's issuer only so; write https:// and GitLab's host in small letters, "
        "without port, path or slash",
    ),
]
"""Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html"""
ProjectPath = Annotated[
    str,
    of_form(
        r"(?=.{3,255}\Z)[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)+(?<![.])(?<!\.git)",
        "not the path of a project; write its group and its name, such as mapvibe/infrastructure",
    ),
]
"""Source: https://docs.gitlab.com/user/reserved_names/"""
BranchName = Annotated[
    str,
    of_form(
        r"(?!.*(\.\.|//|/\.|\.lock(/|\Z)))[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}(?<![./])",
        "not the name of one branch; write it as git shows it, without asterisk or colon",
    ),
]
"""Source: https://git-scm.com/docs/git-check-ref-format"""


class DeliverySettings(Settings):
    """GitLab's pipeline: whose jobs may sign in, with which roles."""

    gitlab_url: GitlabUrl = Field(
        default="https://gitlab.com",
        description="GitLab's address without a path; it issues the tokens",
    )
    project_path: ProjectPath = Field(
        description="group/project whose pipelines plan and apply",
    )
    branch: BranchName = Field(
        default="main", description="the only branch that applies; protect it"
    )
    subject_components: Annotated[tuple[SubjectComponent, ...], ONCE_EACH] = Field(
        default=DEFAULT_COMPONENTS,
        description="ci_id_token_sub_claim_components of the project",
    )
    environment_protected: bool = Field(
        description="GitLab protects the environment that applies (Premium)"
    )
    deployment_tier: Literal["production", "staging", "testing", "development", "other"] = Field(
        description="GitLab's tier of the environment that applies"
    )
    identity_provider: IdentityProvider = Field(
        default="create",
        description="create the account's identity provider of this address, or take the existing",
    )

    def address_of(self, path: str) -> str:
        """Where a person reads a file or folder of the project."""
        return f"{self.gitlab_url}/{self.project_path}/-/blob/{self.branch}/{path}"

    @property
    def pipeline(self) -> Pipeline:
        """The project, as the trust policies name it."""
        return Pipeline(
            url=self.gitlab_url,
            project_path=self.project_path,
            branch=self.branch,
            components=self.subject_components,
            environment_protected=self.environment_protected,
            deployment_tier=self.deployment_tier,
        )
