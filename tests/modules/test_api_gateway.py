"""The API: routes, permissions, throttles, logs, authorizer, domain."""

from __future__ import annotations

import json

import pytest

from modules.api_gateway.routes import (
    permission_path,
    route_id,
    split_route,
    statement_id,
)
from tests.support.stacks import Stack, rag_stack

CERTIFICATE = (
    "arn:aws:acm:ap-southeast-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"
)


def signed_in() -> Stack:
    return rag_stack(
        "dev",
        rag__api__jwt_issuer="https://issuer.example.com",
        rag__api__jwt_audience=("client",),
        rag__api__cors_origins=("https://app.example.com",),
        rag__api__domain_name="api.example.com",
        rag__api__certificate_arn=CERTIFICATE,
    )


@pytest.mark.parametrize(
    ("key", "identifier", "path"),
    [
        ("GET /health", "get-health", "GET/health"),
        ("DELETE /documents/{id}", "delete-documents-id", "DELETE/documents/*"),
        ("ANY /{proxy+}", "any-proxy", "*/*"),
        ("GET /openapi.json", "get-openapi.json", "GET/openapi.json"),
    ],
)
def test_route_keys(key: str, identifier: str, path: str) -> None:
    assert route_id(key) == identifier
    assert permission_path(key) == path


def test_a_statement_id_holds_no_dot() -> None:
    assert statement_id("api", "GET /openapi.json") == "api-get-openapi_json"


@pytest.mark.parametrize(
    "key", ["", "GET", "get /health", "GET health", "GET /a b", "GET  /health"]
)
def test_malformed_route_keys_are_refused(key: str) -> None:
    with pytest.raises(ValueError, match="must be a method"):
        split_route(key)


def test_the_permission_is_scoped_to_its_route_and_alias() -> None:
    permission = rag_stack("dev").one("aws_lambda_permission", "get-health")
    assert permission["source_arn"].endswith(".execution_arn}/*/GET/health")
    assert "aws_lambda_alias." in permission["qualifier"]
    assert permission["principal"] == "apigateway.amazonaws.com"


def test_the_integration_calls_the_alias_and_waits_longer_than_the_function_runs() -> None:
    stack = rag_stack("dev")
    integration = stack.one("aws_apigatewayv2_integration", "get-health")
    assert integration["payload_format_version"] == "2.0"
    assert "aws_lambda_alias." in integration["integration_uri"]
    function = stack.one("aws_lambda_function", "rag_function")
    assert integration["timeout_milliseconds"] >= function["timeout"] * 1000


def test_the_stage_throttles_and_logs_the_integrations_error() -> None:
    stage = rag_stack("dev").one("aws_apigatewayv2_stage")
    assert stage["default_route_settings"]["throttling_rate_limit"] == 20
    assert stage["default_route_settings"]["throttling_burst_limit"] == 40
    fields = json.loads(stage["access_log_settings"]["format"])
    assert fields["integrationError"] == "$context.integrationErrorMessage"


def test_the_stage_comes_after_its_routes() -> None:
    stack = rag_stack("dev")
    routes = {
        f"aws_apigatewayv2_route.{name}" for name in stack.resources("aws_apigatewayv2_route")
    }
    assert routes <= set(stack.one("aws_apigatewayv2_stage")["depends_on"])


def test_nothing_optional_is_there_by_default() -> None:
    stack = rag_stack("dev")
    assert "cors_configuration" not in stack.one("aws_apigatewayv2_api")
    for kind in ("authorizer", "domain_name", "api_mapping"):
        assert not stack.resources(f"aws_apigatewayv2_{kind}")


def test_authorizer_cors_and_domain() -> None:
    stack = signed_in()
    authorizer = stack.one("aws_apigatewayv2_authorizer")
    assert authorizer["jwt_configuration"] == {
        "issuer": "https://issuer.example.com",
        "audience": ["client"],
    }
    api = stack.one("aws_apigatewayv2_api")
    assert api["cors_configuration"]["allow_origins"] == ["https://app.example.com"]
    assert api["disable_execute_api_endpoint"] is True
    domain = stack.one("aws_apigatewayv2_domain_name")
    assert domain["domain_name_configuration"]["certificate_arn"] == CERTIFICATE
    assert domain["domain_name_configuration"]["security_policy"] == "TLS_1_2"
    assert stack.one("aws_apigatewayv2_api_mapping")
    assert "domain_name}" in stack.body["output"]["api_url"]["value"]


def test_the_liveness_route_stays_open_beside_an_authorizer() -> None:
    assert signed_in().one("aws_apigatewayv2_route", "get-health")["authorization_type"] == "NONE"
