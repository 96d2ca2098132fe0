"""What an environment is made of: typed, validated, frozen. Values are in dev.py and prod.py."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from environments.rules import broken_rules
from modules.gitlab_access import Pipeline, SubjectComponent
from modules.gitlab_access.roles import IdentityProvider
from modules.gitlab_access.trust import DEFAULT_COMPONENTS
from modules.logs import RetentionDays
from modules.naming import Naming
from modules.vpc import FlowLogDestination, NatGateways


def _check_account(value: str) -> str:
    if not re.fullmatch(r"[0-9]{12}", value):
        raise ValueError("not an AWS account; write its 12 digits, as text in quotes")
    return value


def _check_zone(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d[a-h]", value):
        raise ValueError("not an availability zone; write its full name, such as ap-southeast-1a")
    return value


AccountId = Annotated[str, AfterValidator(_check_account)]
Zone = Annotated[str, AfterValidator(_check_zone)]
HttpsOrigin = Annotated[str, Field(pattern=r"^https?://[^/\s*]+$")]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NetworkSettings(_Settings):
    """The VPC and its ways out."""

    cidr: str = Field(description="IPv4 range of the VPC, from /16 to /21")
    zones: tuple[Zone, ...] = Field(
        description="2 or 3 availability zones, full names; a single NAT stands in the first",
    )
    nat: NatGateways = Field(description="NAT gateways: none, single, or per_zone")
    interface_endpoints: tuple[str, ...] = Field(
        default=(), description="AWS services reached privately, for example bedrock-runtime"
    )
    interface_endpoint_zones: tuple[Zone, ...] = Field(
        default=(), description="zones with an interface of each endpoint (billed a zone and hour)"
    )
    flow_logs: FlowLogDestination = Field(
        default="cloudwatch", description="where flow logs go: cloudwatch or s3"
    )


class ProxySettings(_Settings):
    """RDS Proxy in front of the database."""

    zones: tuple[Zone, Zone] = Field(
        description="2 zones of its interfaces; a change replaces the proxy"
    )
    max_connections_percent: int = Field(
        default=90, ge=1, le=100, description="share of the database's connections, percent"
    )
    borrow_timeout_seconds: int = Field(
        default=5, ge=0, le=300, description="how long a client waits for a connection, seconds"
    )


class DatabaseSettings(_Settings):
    """PostgreSQL on RDS."""

    name: str = Field(default="mapvibe", pattern=r"^[a-z][a-z0-9_]{0,62}$")
    engine_version: str = Field(
        default="17",
        pattern=r"^\d{2}(\.\d{1,2})?$",
        description="PostgreSQL version on RDS; a major alone takes AWS's default minor",
    )
    parameter_family: str = Field(
        default="postgres17", description="parameter group family of the engine's major version"
    )
    instance_class: str = Field(description="for example db.t4g.micro")
    storage_gib: int = Field(ge=20, le=65536, description="gp3 storage to begin with, GiB")
    max_storage_gib: int = Field(ge=20, le=65536, description="storage grows up to this, GiB")
    multi_az: bool = Field(description="a standby in a second zone")
    deletion_protection: bool = Field(description="AWS refuses to delete the instance")
    backup_retention_days: int = Field(ge=1, le=35, description="point-in-time recovery, days")
    final_snapshot: bool = Field(description="a snapshot is taken on deletion")
    apply_immediately: bool = Field(description="disruptive changes do not wait for the window")
    application_secret_version: int = Field(
        default=1, ge=1, description="raise by one to change the application role's password"
    )
    proxy: ProxySettings | None = Field(description="RDS Proxy; None connects directly")


class FunctionSettings(_Settings):
    """The Lambda function behind the API."""

    memory_mib: int = Field(ge=128, le=10240, description="memory, MiB")
    timeout_seconds: int = Field(ge=1, le=900, description="longest invocation, seconds")
    reserved_concurrency: int = Field(ge=1, description="invocations at once, at most")
    provisioned_concurrency: int = Field(default=0, ge=0, description="environments kept warm")


class ApiSettings(_Settings):
    """The HTTP API."""

    timeout_ms: int = Field(
        default=30_000, ge=50, le=30_000, description="wait for the function, ms"
    )
    throttle_rate: float = Field(gt=0, description="requests a second, in the long run")
    throttle_burst: int = Field(gt=0, description="requests at once")
    cors_origins: tuple[HttpsOrigin, ...] = Field(
        default=(), description="web origins that may call from a browser"
    )
    jwt_issuer: str | None = Field(default=None, description="OpenID issuer; None leaves it open")
    jwt_audience: tuple[str, ...] = Field(default=(), description="accepted client ids")
    tenant: str = Field(
        default="default",
        min_length=1,
        max_length=200,
        description="whose documents all are, where jwt_issuer is None",
    )
    tenant_claim: str = Field(
        default="sub",
        min_length=1,
        description="claim of the token that names whose documents count, with jwt_issuer",
    )
    domain_name: str | None = Field(default=None, description="custom domain name")
    certificate_arn: str | None = Field(default=None, description="ACM certificate of the domain")


class ModelSettings(_Settings):
    """Models on Amazon Bedrock: ids of models or of inference profiles."""

    answer: str = Field(description="writes the answers (Converse API)")
    embedding: str = Field(description="turns text into vectors")
    embedding_dimension: int = Field(
        default=1024, ge=1, le=4000, description="numbers in a vector; the database's column too"
    )
    answer_max_tokens: int = Field(
        default=800, ge=1, le=8192, description="longest answer, tokens; reserved from the quota"
    )
    minimum_similarity: float = Field(
        default=0.3,
        ge=0,
        le=1,
        description="cosine below which likeness in meaning alone is no ground for an answer",
    )
    guardrail_id: str | None = Field(
        default=None, pattern=r"^[a-z0-9]+$", description="guardrail on prompts and answers"
    )
    guardrail_version: str | None = Field(
        default=None, pattern=r"^([1-9][0-9]{0,7}|DRAFT)$", description="its version"
    )


class DeliverySettings(_Settings):
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


class Environment(_Settings):
    """One environment: one stack, one account, one state."""

    name: Literal["dev", "prod"]
    project: str = Field(default="mapvibe", pattern=r"^[a-z][a-z0-9-]{1,14}[a-z0-9]$")
    account_id: AccountId = Field(description="AWS account, 12 digits; no other is touched")
    region: str = Field(default="ap-southeast-1", description="AWS region")
    owner: str = Field(min_length=1, description="tag Owner: who answers for it")
    cost_center: str = Field(min_length=1, description="tag CostCenter: who pays for it")
    log_retention_days: RetentionDays = Field(description="when log entries expire, days")
    key_deletion_window_days: int = Field(ge=7, le=30, description="grace of a deleted key, days")
    state_lockfile: bool = Field(
        default=False, description="also lock the state with a file in S3 (use_lockfile)"
    )
    allowed_instance_classes: tuple[str, ...] = Field(
        description="database instance classes that this environment may pay for"
    )
    network: NetworkSettings
    database: DatabaseSettings
    function: FunctionSettings
    api: ApiSettings
    models: ModelSettings
    delivery: DeliverySettings | None = Field(
        default=None, description="the pipeline's access; None for an environment applied by hand"
    )

    @model_validator(mode="after")
    def _obey_rules(self) -> Environment:
        """Rules that span modules; all that are broken are told at once."""
        broken = broken_rules(self)
        if broken:
            raise ValueError("\n".join(broken))
        return self

    @property
    def naming(self) -> Naming:
        """Names and ARNs of this environment."""
        return Naming(
            project=self.project,
            environment=self.name,
            account_id=self.account_id,
            region=self.region,
        )

    @property
    def tags(self) -> dict[str, str]:
        """Tags of every resource."""
        return {
            "Project": self.project,
            "Environment": self.name,
            "Owner": self.owner,
            "CostCenter": self.cost_center,
            "ManagedBy": "cdktf",
        }

    def unlocked(self) -> Environment:
        """This environment without the guards that stop ``destroy``; see docs/runbooks/destroy.md.

        The rules that demand the guards are not asked.
        """
        database = self.database.model_copy(update={"deletion_protection": False})
        return self.model_copy(update={"database": database})
