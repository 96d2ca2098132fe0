"""Terraform deploys the routes that the service answers, and guards what holds documents."""

from __future__ import annotations

import pytest

from services.rag.contract import API_HANDLER, MIGRATIONS_HANDLER, ROUTES
from tests.support.stacks import Stack, rag_stack

SIGN_IN = {
    "rag__api__jwt_issuer": "https://issuer.example.com",
    "rag__api__jwt_audience": ("client",),
}


def routes(stack: Stack) -> dict[str, str]:
    found = stack.resources("aws_apigatewayv2_route").values()
    return {route["route_key"]: route["authorization_type"] for route in found}


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_every_route_of_the_service_is_deployed_and_no_other(name: str) -> None:
    assert set(routes(rag_stack(name))) == {route.key for route in ROUTES}


def test_with_sign_in_only_open_routes_need_no_token() -> None:
    expected = {route.key: "JWT" if route.needs_token else "NONE" for route in ROUTES}
    assert routes(rag_stack("dev", **SIGN_IN)) == expected


def test_whose_documents_count_is_said_in_exactly_one_way() -> None:
    def told(stack: Stack) -> dict[str, str]:
        variables = stack.one("aws_lambda_function", "rag")["environment"]["variables"]
        return {name: variables[name] for name in variables if name.startswith("TENANT")}

    assert told(rag_stack("dev")) == {"TENANT": "default"}
    assert told(rag_stack("dev", **SIGN_IN)) == {"TENANT_CLAIM": "sub"}


def test_the_function_has_a_guardrail_and_may_use_it_where_one_is_set() -> None:
    stack = rag_stack("dev", rag__models__guardrail_id="abc123", rag__models__guardrail_version="2")
    variables = stack.one("aws_lambda_function", "rag")["environment"]["variables"]
    assert (variables["GUARDRAIL_ID"], variables["GUARDRAIL_VERSION"]) == ("abc123", "2")
    assert "ApplyGuardrail" in str(stack.one("aws_iam_role_policy", "apply-guardrail"))
    assert "ApplyGuardrail" not in str(rag_stack("dev").body)


def test_new_code_is_reached_only_after_the_migrations() -> None:
    alias = rag_stack("dev").one("aws_lambda_alias", "rag")
    assert [name for name in alias["depends_on"] if name.startswith("aws_lambda_invocation.")]


def test_the_migrations_run_again_when_what_they_make_changes() -> None:
    stack = rag_stack("dev")
    invocation = stack.one("aws_lambda_invocation", "migrate")
    assert invocation["triggers"]["migrations"] == "of tests"
    assert invocation["triggers"]["embedding_dimension"] == "1024"
    assert stack.one("aws_lambda_function", "migrations")["handler"] == MIGRATIONS_HANDLER
    assert stack.one("aws_lambda_function", "rag")["handler"] == API_HANDLER
