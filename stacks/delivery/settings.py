"""Whose pipeline may deploy an environment, and how it proves who it is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from modules.gitlab_access import Pipeline, SubjectComponent
from modules.gitlab_access.roles import IdentityProvider
from modules.gitlab_access.trust import DEFAULT_COMPONENTS
from stacks.settings import Settings


class DeliverySettings(Settings):
    """GitLab's pipeline: whose jobs may sign in, with which roles."""

    gitlab_url: str = Field(
        default="https://gitlab.com",
        pattern=r"^https://[a-z0-9.-]*[a-z0-9]$",
        description="GitLab's address without a path; it issues the tokens",
    )
    project_path: str = Field(
        pattern=r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$",
        description="group/project whose pipelines plan and apply",
    )
    branch: str = Field(
        default="main",
        pattern=r"^[A-Za-z0-9_./-]+$",
        description="the only branch that applies; protect it",
    )
    subject_components: tuple[SubjectComponent, ...] = Field(
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
