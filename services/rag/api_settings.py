"""What the API's function is told through its environment, beside the database."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from .settings import SettingsError, integer, required

_MAX_DIMENSION = 4000
"""What an HNSW index on halfvec takes."""

_MAX_TOKENS = 8192


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
    """Models, retrieval and tenants.

    Attributes:
        region: where models are called.
        answer_model_id: model or inference profile that writes answers.
        embedding_model_id: model that turns text into vectors.
        embedding_dimension: numbers in a vector.
        answer_max_tokens: how much an answer may hold at most, tokens.
        guardrail: checks prompts and answers, if there is one.
        tenant: everybody's tenant, where the API has no authorizer.
        tenant_claim: the claim of the verified token that names the tenant; None with ``tenant``.
        minimum_similarity: cosine similarity below which a chunk found by meaning alone is no
            ground for an answer.
    """

    region: str
    answer_model_id: str
    embedding_model_id: str
    embedding_dimension: int
    answer_max_tokens: int
    guardrail: Guardrail | None
    tenant: str | None
    tenant_claim: str | None
    minimum_similarity: float


def load(environment: Mapping[str, str]) -> ApiSettings:
    """Read the settings.

    Args:
        environment: usually ``os.environ``.

    Returns:
        The settings, checked.

    Raises:
        SettingsError: naming the first variable that is missing or wrong.
    """
    tenant, claim = environment.get("TENANT") or None, environment.get("TENANT_CLAIM") or None
    if (tenant is None) == (claim is None):
        # With both, a token without the claim could silently become the fixed tenant.
        raise SettingsError("exactly one of TENANT and TENANT_CLAIM must be set")
    return ApiSettings(
        region=required(environment, "AWS_REGION"),
        answer_model_id=required(environment, "ANSWER_MODEL_ID"),
        embedding_model_id=required(environment, "EMBEDDING_MODEL_ID"),
        embedding_dimension=embedding_dimension(environment),
        answer_max_tokens=integer(
            "ANSWER_MAX_TOKENS", environment.get("ANSWER_MAX_TOKENS") or "800", maximum=_MAX_TOKENS
        ),
        guardrail=_guardrail(environment),
        tenant=tenant,
        tenant_claim=claim,
        minimum_similarity=_fraction(
            "MINIMUM_SIMILARITY", environment.get("MINIMUM_SIMILARITY") or "0.3"
        ),
    )


def embedding_dimension(environment: Mapping[str, str]) -> int:
    """Read how long vectors are.

    Args:
        environment: usually ``os.environ``.

    Returns:
        Numbers in a vector.

    Raises:
        SettingsError: if ``EMBEDDING_DIMENSION`` is missing or wrong.
    """
    text = required(environment, "EMBEDDING_DIMENSION")
    return integer("EMBEDDING_DIMENSION", text, maximum=_MAX_DIMENSION)


def _guardrail(environment: Mapping[str, str]) -> Guardrail | None:
    guardrail_id, version = environment.get("GUARDRAIL_ID"), environment.get("GUARDRAIL_VERSION")
    if bool(guardrail_id) != bool(version):
        raise SettingsError("GUARDRAIL_ID and GUARDRAIL_VERSION must be set together")
    return Guardrail(id=guardrail_id, version=version) if guardrail_id and version else None


def _fraction(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise SettingsError(f"{name} must be a number from 0 to 1")
    return value
