"""A picture of any stack: of another system, with two of a kind, or of the state."""

from __future__ import annotations

import json
from typing import Any

from docs.draw import mermaid
from tests.support.stacks import (
    account_stack,
    backend_stack,
    delivery_stack,
    governance_stack,
    rag_stack,
)
from tests.support.twins import NAMING, twins

WEB: dict[str, Any] = {
    "aws_cloudfront_distribution": {
        "edge": {
            "origin": [{"domain_name": "${aws_s3_bucket.page.bucket_regional_domain_name}"}],
            "tags": {"Name": "p-dev-web-edge"},
        }
    },
    "aws_s3_bucket": {"page": {"bucket": "p-dev-web-page"}},
    "aws_apigatewayv2_route": {
        "get": {
            "api_id": "${aws_apigatewayv2_api.api.id}",
            "route_key": "GET /",
            "target": "integrations/${aws_apigatewayv2_integration.get.id}",
        },
        "proxied": {
            "api_id": "${aws_apigatewayv2_api.api.id}",
            "route_key": "GET /elsewhere",
            "target": "integrations/${aws_apigatewayv2_integration.proxied.id}",
        },
    },
    "aws_apigatewayv2_integration": {
        "get": {"integration_uri": "${aws_lambda_function.answers.invoke_arn}"},
        "proxied": {"integration_uri": "https://example.com"},
    },
    "aws_apigatewayv2_api": {"api": {"name": "p-dev-web-api"}},
    "aws_lambda_function": {
        "answers": {"function_name": "p-dev-web-answers", "role": "${aws_iam_role.page.arn}"}
    },
    "aws_iam_role_policy": {
        "another": {
            "role": "${aws_iam_role.another.name}",
            "policy": json.dumps(
                {"Statement": [{"Effect": "Deny", "Action": "*", "NotResource": "arn:x"}]}
            ),
        }
    },
}


def test_a_stack_of_another_system() -> None:
    assert mermaid({"resource": WEB}) == (
        "flowchart LR\n"
        '    edge(["CloudFront<br/>p-dev-web-edge"])\n'
        '    api(["API Gateway<br/>p-dev-web-api"])\n'
        '    answers["Lambda<br/>p-dev-web-answers"]\n'
        '    page[("S3<br/>p-dev-web-page")]\n'
        '    api -- "GET /" --> answers\n'
        "    edge --> page\n"
    )


def test_a_stack_without_resources() -> None:
    assert mermaid({}) == "flowchart LR\n"


def test_two_of_a_kind_have_a_box_each() -> None:
    picture = mermaid(twins(NAMING, NAMING.within("reports")).body)
    boxes = [line for line in picture.splitlines() if "-->" not in line and ".->" not in line]
    for text in ("PostgreSQL", "API Gateway", "RDS Proxy", "NAT gateway", "Interface endpoints"):
        assert len([line for line in boxes if text in line]) == 2, text
    ids = [line.split("[")[0].split("(")[0].strip() for line in boxes]
    assert len(set(ids)) == len(ids)
    for number in (0, 1):
        part = f"system_{number}_"
        ways = [line for line in picture.splitlines() if f"{part}answers" in line and "443" in line]
        assert ways == [
            line for line in ways if line.endswith("endpoints" if number == 0 else "endpoints_2")
        ]
        assert ways


def test_a_workgroup_reads_the_records_and_writes_its_answers() -> None:
    picture = mermaid(rag_stack("prod").body)
    workgroup = "flow_log_queries_workgroup_272D408F"
    assert f"{workgroup} -. reads .-> flow_logs_bucket_46D6A62B" in picture
    assert f"{workgroup} --> flow_log_queries_results_bucket_08F90577" in picture
    assert "flow_logs_archive_flow_log_484D8D51 --> flow_logs_bucket_46D6A62B" in picture


def test_the_stacks_that_a_person_applies() -> None:
    state = mermaid(backend_stack("dev").body)
    assert "DynamoDB<br/>mapvibe-dev-state-lock" in state
    assert "bucket_3056591E --> access_log_bucket_300682CE" in state
    delivery = mermaid(delivery_stack("dev").body)
    assert delivery.count("assumes") == 2


def test_an_accounts_record_is_drawn_with_its_bucket() -> None:
    picture = mermaid(account_stack("dev").body)
    assert "trail_3987B402 --> trail_bucket_9474FEA0" in picture
    assert picture.count("GuardDuty") == 2
    assert "event_rules --> mapvibe_dev_alerts_critical" in picture


def test_budgets_and_anomalies_tell_topics_of_another_stack() -> None:
    picture = mermaid(governance_stack("dev").body)
    assert 'mapvibe_dev_alerts_warning["SNS<br/>mapvibe-dev-alerts-warning"]' in picture
    assert "monthly_budget_D397F92C --> mapvibe_dev_alerts_critical" in picture
    assert "cost_anomalies_subscription_CAD6E955 --> mapvibe_dev_alerts_warning" in picture
    assert "event_rules" not in picture
