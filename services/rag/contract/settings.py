"""The settings of the functions: one field a setting, with the variable that carries it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from .certificates import AMAZON_ROOTS
from .variables import SettingsError, Variable

AuthMode = Literal["iam", "password"]
SslMode = Literal["disable", "require", "verify-ca", "verify-full"]

Region = Annotated[str, Variable("AWS_REGION", "where AWS is called", set_by_lambda=True)]

Dimension = Annotated[
    int,
    # An HNSW index on halfvec takes no more.
    Variable("EMBEDDING_DIMENSION", "numbers in a vector", maximum=4000),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Guardrail:
    """A guardrail of Amazon Bedrock.

    Attributes:
        id: its id or ARN.
        version: a number, or ``DRAFT``.
    """

    id: str
    version: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiSettings:
    """Models, retrieval and tenants: settings of the function that answers the API.

    Without defaults, which are the stack's: a value that is missing in the stack stops its synthesis.
    """

    region: Region
    answer_model_id: Annotated[
        str, Variable("ANSWER_MODEL_ID", "model or inference profile that writes answers")
    ]
    embedding_model_id: Annotated[
        str, Variable("EMBEDDING_MODEL_ID", "model that turns text into vectors")
    ]
    embedding_dimension: Dimension
    answer_max_tokens: Annotated[
        int,
        Variable("ANSWER_MAX_TOKENS", "how long an answer may be at most, tokens", maximum=8192),
    ]
    minimum_similarity: Annotated[
        float,
        Variable(
            "MINIMUM_SIMILARITY",
            "cosine similarity below which a chunk found by meaning alone supports no answer",
        ),
    ]
    guardrail_id: Annotated[
        str | None, Variable("GUARDRAIL_ID", "guardrail that checks prompts and answers")
    ] = None
    guardrail_version: Annotated[
        str | None, Variable("GUARDRAIL_VERSION", "its version: a number, or DRAFT")
    ] = None
    tenant: Annotated[
        str | None, Variable("TENANT", "everybody's tenant, where the API has no authorizer")
    ] = None
    tenant_claim: Annotated[
        str | None, Variable("TENANT_CLAIM", "claim of the verified token that names the tenant")
    ] = None

    def __post_init__(self) -> None:
        """Refuse what contradicts itself.

        Raises:
            SettingsError: naming the variables.
        """
        if (self.tenant is None) == (self.tenant_claim is None):
            # With both, a token without the claim could silently become the fixed tenant.
            raise SettingsError("exactly one of TENANT and TENANT_CLAIM must be set")
        if (self.guardrail_id is None) != (self.guardrail_version is None):
            raise SettingsError("GUARDRAIL_ID and GUARDRAIL_VERSION must be set together")

    @property
    def guardrail(self) -> Guardrail | None:
        """The guardrail, if there is one."""
        if self.guardrail_id is None or self.guardrail_version is None:
            return None
        return Guardrail(id=self.guardrail_id, version=self.guardrail_version)


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseSettings:
    """The database: settings of both functions."""

    region: Region
    host: Annotated[
        str, Variable("DATABASE_HOST", "endpoint of RDS Proxy, or of the database without one")
    ]
    port: Annotated[int, Variable("DATABASE_PORT", "its port", maximum=65535)]
    name: Annotated[str, Variable("DATABASE_NAME", "the database")]
    user: Annotated[str, Variable("DATABASE_USER", "the role to connect as")]
    auth: Annotated[
        AuthMode,
        Variable("DATABASE_AUTH", "iam for a token signed on the spot, password for a fixed one"),
    ] = "iam"
    password: Annotated[str | None, Variable("DATABASE_PASSWORD", "only for password")] = field(
        default=None, repr=False
    )
    sslmode: Annotated[
        SslMode, Variable("DATABASE_SSLMODE", "libpq's; below verify-full only for tests")
    ] = "verify-full"
    sslrootcert: Annotated[
        str, Variable("DATABASE_SSLROOTCERT", "PEM file of the authorities to trust")
    ] = str(AMAZON_ROOTS)
    health_timeout_ms: Annotated[
        int,
        # An HTTP API gives up after 30 s.
        Variable("HEALTH_TIMEOUT_MS", "how long a health check waits", maximum=25_000),
    ] = 2000

    def __post_init__(self) -> None:
        """Refuse what contradicts itself.

        Raises:
            SettingsError: naming the variables.
        """
        if self.auth == "iam" and self.sslmode == "disable":
            # A token is a password for fifteen minutes: it must not travel in clear.
            raise SettingsError("DATABASE_SSLMODE must not be disable when DATABASE_AUTH is iam")
        if self.auth == "password" and self.password is None:
            raise SettingsError("DATABASE_PASSWORD is not set")


@dataclass(frozen=True, kw_only=True, slots=True)
class MigrationSettings:
    """Further settings of the function that migrates."""

    embedding_dimension: Dimension


@dataclass(frozen=True, kw_only=True, slots=True)
class MigrationSecrets:
    """The secrets that the function that migrates reads."""

    region: Region
    application: Annotated[
        str, Variable("APP_SECRET_ARN", "secret of the application's database role")
    ]
    master: Annotated[
        str | None, Variable("MASTER_SECRET_ARN", "the master's secret, where there is no proxy")
    ] = None
