"""What the RAG system is made of: network, database, function, API, models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from modules.vpc import FlowLogFormat, NatGateways
from stacks.rag.forms import (
    Audience,
    CertificateArn,
    Claim,
    DatabaseName,
    DomainName,
    EngineVersion,
    GuardrailId,
    GuardrailVersion,
    Issuer,
    ModelId,
    Origin,
    Tenant,
    VpcRange,
)
from stacks.rag.monitoring_settings import (
    AlertSettings,
    GrafanaSettings,
    InvocationLoggingSettings,
    MonitoringSettings,
)
from stacks.rag.postgresql import MajorVersion
from stacks.settings import MOST_RECOVERY_DAYS, ONCE_EACH, Days, InstanceClass, Settings, Zone

EndpointService = Literal[
    "bedrock-runtime", "kms", "lambda", "logs", "monitoring", "rds", "secretsmanager", "sqs", "sts", "xray",
]  # fmt: skip
"""Services that the system's functions can have a use for; AWS offers many more.

Source: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
"""

LARGEST_STORAGE_GIB = 65_536
"""Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html"""

MOST_SECRET_VERSIONS = 1_000_000


class FlowLogArchiveSettings(Settings):
    """Flow logs in S3: cheap to keep, and to search with Athena."""

    format: FlowLogFormat = Field(
        default="parquet", description="parquet; plain-text where there is little traffic"
    )
    colder_after_days: int | None = Field(
        default=90, ge=30, description="days until large files move to Glacier Instant Retrieval"
    )
    expire_after_days: int = Field(
        default=365, ge=1, le=3650, description="days until the records are deleted"
    )
    force_destroy: bool = Field(
        default=False, description="cdktf destroy deletes the records; else AWS refuses"
    )
    scan_limit_gib: int = Field(
        default=10, ge=1, le=1024, description="a query that reads more is stopped, GiB"
    )


class FlowLogSettings(Settings):
    """Where the records of all traffic go: one destination at least, and a year in one of them."""

    cloudwatch_days: Days | None = Field(
        default=14, description="days that CloudWatch Logs keeps them; None sends it none"
    )
    archive: FlowLogArchiveSettings | None = Field(
        default=FlowLogArchiveSettings(), description="S3 keeps them; None sends it none"
    )


class NetworkSettings(Settings):
    """The VPC and its ways out."""

    cidr: VpcRange = Field(description="IPv4 range of the VPC, from /16 to /21")
    zones: Annotated[tuple[Zone, ...], ONCE_EACH] = Field(
        description="2 or 3 availability zones, full names; a single NAT stands in the first",
    )
    nat: NatGateways = Field(description="NAT gateways: none, single, or per_zone")
    interface_endpoints: Annotated[tuple[EndpointService, ...], ONCE_EACH] = Field(
        default=(), description="AWS services reached privately, for example bedrock-runtime"
    )
    interface_endpoint_zones: Annotated[tuple[Zone, ...], ONCE_EACH] = Field(
        default=(), description="zones with an interface of each endpoint (billed a zone and hour)"
    )
    flow_logs: FlowLogSettings = Field(
        default=FlowLogSettings(), description="where the records of all traffic go"
    )


class ProxySettings(Settings):
    """RDS Proxy in front of the database."""

    zones: Annotated[tuple[Zone, Zone], ONCE_EACH] = Field(
        description="2 zones of its interfaces; a change replaces the proxy"
    )
    max_connections_percent: int = Field(
        default=90, ge=1, le=100, description="share of the database's connections, percent"
    )
    borrow_timeout_seconds: int = Field(
        default=5, ge=0, le=300, description="how long a client waits for a connection, seconds"
    )


class DatabaseSettings(Settings):
    """PostgreSQL on RDS."""

    name: DatabaseName = Field(default="mapvibe", description="the first database")
    engine_version: EngineVersion = Field(
        default="17",
        description="PostgreSQL version on RDS; a major alone takes AWS's default minor",
    )
    major_upgrade_to: MajorVersion | None = Field(
        default=None,
        description="the one major version that a deployed database may be upgraded to",
    )
    instance_class: InstanceClass = Field(description="for example db.t4g.micro")
    storage_gib: int = Field(
        ge=20, le=LARGEST_STORAGE_GIB, description="gp3 storage to begin with, GiB"
    )
    max_storage_gib: int = Field(
        ge=20, le=LARGEST_STORAGE_GIB, description="storage grows up to this, GiB"
    )
    multi_az: bool = Field(description="a standby in a second zone")
    deletion_protection: bool = Field(description="AWS refuses to delete the instance")
    backup_retention_days: int = Field(ge=1, le=35, description="point-in-time recovery, days")
    final_snapshot: bool = Field(description="a snapshot is taken on deletion")
    apply_immediately: bool = Field(description="disruptive changes do not wait for the window")
    application_secret_version: int = Field(
        default=1,
        ge=1,
        le=MOST_SECRET_VERSIONS,
        description="raise by one to change the application role's password",
    )
    proxy: ProxySettings | None = Field(description="RDS Proxy; None connects directly")

    @property
    def major_version(self) -> str:
        """The major version of PostgreSQL."""
        return self.engine_version.partition(".")[0]

    @property
    def allow_major_upgrade(self) -> bool:
        """Whether AWS may change the deployed database's major version to this one."""
        return self.major_upgrade_to == self.major_version


class FunctionSettings(Settings):
    """The Lambda function behind the API."""

    memory_mib: int = Field(ge=128, le=10240, description="memory, MiB")
    timeout_seconds: int = Field(ge=1, le=900, description="longest invocation, seconds")
    reserved_concurrency: int = Field(ge=1, description="invocations at once, at most")
    provisioned_concurrency: int = Field(default=0, ge=0, description="environments kept warm")


class ApiSettings(Settings):
    """The HTTP API."""

    timeout_ms: int = Field(
        default=30_000, ge=50, le=30_000, description="wait for the function, ms"
    )
    throttle_rate: float = Field(
        gt=0, le=10_000, allow_inf_nan=False, description="requests a second, in the long run"
    )
    throttle_burst: int = Field(gt=0, le=5_000, description="requests at once")
    cors_origins: Annotated[tuple[Origin, ...], ONCE_EACH] = Field(
        default=(), description="web origins that may call from a browser"
    )
    jwt_issuer: Issuer | None = Field(
        default=None, description="OpenID issuer; None leaves it open"
    )
    jwt_audience: Annotated[tuple[Audience, ...], ONCE_EACH] = Field(
        default=(), max_length=50, description="accepted client ids"
    )
    tenant: Tenant = Field(
        default="default", description="whose documents all are, where jwt_issuer is None"
    )
    tenant_claim: Claim = Field(
        default="sub",
        description="claim of the token that names whose documents count, with jwt_issuer",
    )
    domain_name: DomainName | None = Field(default=None, description="custom domain name")
    certificate_arn: CertificateArn | None = Field(
        default=None, description="ACM certificate of the domain"
    )


class ModelSettings(Settings):
    """Models on Amazon Bedrock: ids of models or of inference profiles."""

    answer: ModelId = Field(description="writes the answers (Converse API)")
    embedding: ModelId = Field(description="turns text into vectors")
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
        allow_inf_nan=False,
        description="cosine below which likeness in meaning alone is no ground for an answer",
    )
    guardrail_id: GuardrailId | None = Field(
        default=None, description="guardrail on prompts and answers"
    )
    guardrail_version: GuardrailVersion | None = Field(default=None, description="its version")


class RagSettings(Settings):
    """The RAG system of one environment."""

    network: NetworkSettings
    database: DatabaseSettings
    function: FunctionSettings
    api: ApiSettings
    models: ModelSettings
    alerts: AlertSettings = Field(
        default=AlertSettings(), description="who is called when an alarm goes off"
    )
    monitoring: MonitoringSettings = Field(
        default=MonitoringSettings(), description="when alarms go off"
    )
    invocation_logging: InvocationLoggingSettings | None = Field(
        default=None,
        description="the log of Bedrock's invocations; None where another environment owns it",
    )
    grafana: GrafanaSettings | None = Field(
        default=None, description="Grafana on a machine of its own; needs NAT. None for none"
    )

    @property
    def secret_recovery_days(self) -> int:
        """Days in which a deleted secret can be restored; its name is taken as long.

        What may be destroyed can be made anew at once.
        """
        return MOST_RECOVERY_DAYS if self.database.deletion_protection else 0

    def unlocked(self) -> RagSettings:
        """These settings without the guards that stop ``destroy``; see docs/runbooks/destroy.md."""
        logs = self.network.flow_logs
        if logs.archive:
            archive = logs.archive.model_copy(update={"force_destroy": True})
            logs = logs.model_copy(update={"archive": archive})
        network = self.network.model_copy(update={"flow_logs": logs})
        database = self.database.model_copy(update={"deletion_protection": False})
        logging = self.invocation_logging
        if logging:
            logging = logging.model_copy(update={"force_destroy": True})
        return self.model_copy(
            update={"network": network, "database": database, "invocation_logging": logging}
        )
