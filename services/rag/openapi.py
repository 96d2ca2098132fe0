"""The OpenAPI document, made from the routes and the forms of requests and answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from .routes import Description, Operation
from .schemas import ProblemDetails

_EVERYWHERE = (HTTPStatus.INTERNAL_SERVER_ERROR,)
_SCHEMAS = "#/components/schemas/"


def openapi(operations: Mapping[str, Operation]) -> str:
    """Return the document, JSON.

    Source: https://spec.openapis.org/oas/v3.1.0

    Args:
        operations: by API Gateway's route key.
    """
    models: set[type[BaseModel]] = {ProblemDetails}
    paths: dict[str, dict[str, Any]] = {}
    for key, operation in operations.items():
        method, path = key.split(" ")
        paths.setdefault(path, {})[method.lower()] = _described_operation(operation, path)
        description = operation.description
        models |= {model for model in (description.body, description.answer) if model}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, schemas = models_json_schema(
        [(model, "validation") for model in ordered], ref_template=_SCHEMAS + "{model}"
    )
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "MapVibe RAG",
                "version": "1",
                "description": "Store documents, search them, and ask questions that are answered "
                "from them with citations.",
            },
            "paths": paths,
            "components": {
                "schemas": schemas["$defs"],
                "securitySchemes": {
                    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
                },
            },
        }
    )


def _described_operation(operation: Operation, path: str) -> dict[str, Any]:
    description = operation.description
    members: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": operation.function.__name__,
        "parameters": [*_path_parameters(path), *_query_parameters(description.query)],
        "responses": _responses(description),
        # Where the environment has no authorizer, none is needed.
        "security": [{"token": []}, {}] if operation.route.needs_token else [],
    }
    if description.body is not None:
        members["requestBody"] = {"required": True, "content": _content(description.body)}
    return members


def _path_parameters(path: str) -> list[dict[str, Any]]:
    if "{id}" not in path:
        return []
    schema = {"type": "string", "minLength": 1}
    return [{"name": "id", "in": "path", "required": True, "schema": schema}]


def _query_parameters(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    if model is None:
        return []
    properties = model.model_json_schema()["properties"]
    return [
        {"name": name, "in": "query", **_described_parameter(schema)}
        for name, schema in properties.items()
    ]


def _described_parameter(schema: dict[str, Any]) -> dict[str, Any]:
    """Say of a parameter that is JSON itself what is in it; of any other, its form."""
    for choice in schema.get("anyOf", []):
        if choice.get("contentMediaType") == "application/json":
            inner = {"schema": choice["contentSchema"]}
            return {"description": schema["description"], "content": {"application/json": inner}}
    return {"schema": schema}


def _responses(description: Description) -> dict[str, Any]:
    responses: dict[str, Any] = {
        str(int(status)): {
            "description": status.phrase,
            "content": {
                "application/problem+json": {"schema": {"$ref": _SCHEMAS + "ProblemDetails"}}
            },
        }
        for status in (*description.problems, *_EVERYWHERE)
    }
    success: dict[str, Any] = {"description": description.success.phrase}
    if description.answer is not None:
        success["content"] = _content(description.answer)
        for status in description.also:
            responses[str(int(status))] = {**success, "description": status.phrase}
    elif description.success is HTTPStatus.OK:
        success["content"] = {"application/json": {"schema": {"type": "object"}}}
    responses[str(int(description.success))] = success
    return dict(sorted(responses.items()))


def _content(model: type[BaseModel]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": _SCHEMAS + model.__name__}}}
