"""What warm invocations share: settings, connections, models."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache

from .connections import Connections
from .contract import ApiSettings, DatabaseSettings
from .contract.variables import load
from .database import connect
from .endpoint_probe import bedrock_endpoint
from .health import HealthCheck
from .ingestion import Ingestion
from .models import Answerer, Embedder
from .models.bedrock import BedrockEmbedder
from .models.converse import BedrockAnswerer
from .query_engine import QueryEngine


@dataclass(frozen=True, kw_only=True)
class Service:
    """The parts of the API.

    Attributes:
        settings: models, retrieval, tenants.
        connections: to the database.
        embedder: turns text into vectors.
        answerer: writes answers.
        health: checks the database and the endpoint of the models.
    """

    settings: ApiSettings
    connections: Connections
    embedder: Embedder
    answerer: Answerer
    health: HealthCheck

    def query_engine(self, tenant: str) -> QueryEngine:
        """Return what searches a tenant's documents and answers from them."""
        return QueryEngine(
            self.connections,
            self.embedder,
            self.answerer,
            tenant=tenant,
            minimum_similarity=self.settings.minimum_similarity,
            max_tokens=self.settings.answer_max_tokens,
        )

    def ingestion(self, tenant: str) -> Ingestion:
        """Return what stores a tenant's documents, for one request."""
        return Ingestion(self.connections, self.embedder, tenant=tenant)


@lru_cache(maxsize=1)
def service() -> Service:
    """Return the service that warm invocations share.

    It is made in the first invocation and not at import: with a missing variable the function
    starts all the same, answers with an error and logs the variable's name.

    Raises:
        SettingsError: a variable is missing or wrong.
    """
    database, api = load(DatabaseSettings, os.environ), load(ApiSettings, os.environ)
    connections = Connections(lambda seconds: connect(database, timeout_seconds=seconds))
    return Service(
        settings=api,
        connections=connections,
        embedder=BedrockEmbedder(
            model_id=api.embedding_model_id,
            dimension=api.embedding_dimension,
            region=api.region,
        ),
        answerer=BedrockAnswerer(
            model_id=api.answer_model_id, region=api.region, guardrail=api.guardrail
        ),
        health=HealthCheck(
            connections,
            bedrock_endpoint(os.environ, api.region),
            timeout_seconds=database.health_timeout_ms / 1000,
        ),
    )
