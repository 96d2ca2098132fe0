"""The routes of the API. Terraform deploys exactly these, and the service answers each of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """A route of the API.

    Attributes:
        key: API Gateway's route key.
        needs_token: whether the API's authorizer, where it has one, guards the route.
    """

    key: str
    needs_token: bool = True


ROUTES = (
    Route("POST /documents"),
    Route("GET /documents"),
    Route("GET /documents/{id}"),
    Route("DELETE /documents/{id}"),
    Route("POST /search"),
    Route("POST /query"),
    # These two say nothing of anybody's documents.
    Route("GET /health", needs_token=False),
    Route("GET /openapi.json", needs_token=False),
)
"""Each has its operation in ``services/rag/operations.py``."""
