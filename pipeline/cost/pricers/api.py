"""API Gateway: HTTP, WebSocket and REST APIs."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, Entry, steps
from pipeline.cost.pricing import Pricing, Subject

REQUESTS, REQUEST_SIZE = "monthly_requests", "request_size_kb"
MESSAGES, MESSAGE_SIZE = "monthly_messages", "message_size_kb"
MINUTES = "monthly_connection_minutes"
OUT = "monthly_data_transfer_out_gb"
METRICS = "monthly_detailed_metrics"
_HTTP_STEP_KB, _WEBSOCKET_STEP_KB = 512, 32
"""Requests and messages are metered in these. Source: https://aws.amazon.com/api-gateway/pricing/"""


def api(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_apigatewayv2_api``: requests, or messages and connections; answers going out."""
    if subject.get("protocol_type") == "WEBSOCKET":
        size = steps(pricing.stated(subject, MESSAGE_SIZE), _WEBSOCKET_STEP_KB)
        key = "api.websocket.message"
        yield pricing.used(subject, "messages", key, MESSAGES, scale=size * MILLIONTH)
        yield pricing.used(
            subject, "connection minutes", "api.websocket.minute", MINUTES, scale=MILLIONTH
        )
    else:
        size = steps(pricing.stated(subject, REQUEST_SIZE), _HTTP_STEP_KB)
        yield pricing.used(
            subject, "requests", "api.http.request", REQUESTS, scale=size * MILLIONTH
        )
    yield pricing.used(subject, "data out to the internet", "transfer.internet", OUT)


def rest_api(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_api_gateway_rest_api``."""
    yield pricing.used(subject, "requests", "api.rest.request", REQUESTS, scale=MILLIONTH)
    yield pricing.used(subject, "data out to the internet", "transfer.internet", OUT)


def stage(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_apigatewayv2_stage``: metrics by route, where they are switched on.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
    """
    if subject.get("default_route_settings.0.detailed_metrics_enabled", False):
        yield pricing.used(
            subject,
            "metrics by route",
            "cloudwatch.metric",
            METRICS,
            note="as custom metrics; only routes that are called in an hour count for it",
        )


ENTRIES: dict[str, Entry] = {
    "aws_apigatewayv2_api": Entry(
        api, frozenset({REQUESTS, REQUEST_SIZE, MESSAGES, MESSAGE_SIZE, MINUTES, OUT})
    ),
    "aws_apigatewayv2_stage": Entry(stage, frozenset({METRICS})),
    "aws_api_gateway_rest_api": Entry(rest_api, frozenset({REQUESTS, OUT})),
}
