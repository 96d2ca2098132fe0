"""API Gateway: HTTP, WebSocket and REST APIs and their stages."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, Entry, items, steps
from pipeline.cost.pricers.functions import TRACES, traces
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

REQUESTS, REQUEST_SIZE = "monthly_requests", "request_size_kb"
MESSAGES, MESSAGE_SIZE = "monthly_messages", "message_size_kb"
MINUTES, INFRACOST_MINUTES = "monthly_connection_minutes", "monthly_connection_mins"
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
        own = pricing.stated(subject, INFRACOST_MINUTES) is None
        yield pricing.used(
            subject,
            "connection minutes",
            "api.websocket.minute",
            MINUTES if own else INFRACOST_MINUTES,
            scale=MILLIONTH,
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


def rest_stage(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_api_gateway_stage``: its cache by the hour, and traces."""
    if subject.get("cache_cluster_enabled", False):
        size = subject.get("cache_cluster_size")
        if size is None:
            raise Unknown("cache_cluster_size", subject.address)
        yield pricing.fixed(f"cache of {size} GB", f"api.cache.{size}", HOURS)
    if subject.get("xray_tracing_enabled", False):
        yield traces(subject, pricing)


def method_settings(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_api_gateway_method_settings``: metrics by method, where they are switched on."""
    if subject.get("settings.0.metrics_enabled", False):
        yield _metrics(subject, pricing, "metrics by method")


def stage(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_apigatewayv2_stage``: metrics by route, where they are switched on.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
    """
    routes = len(items(subject, "route_settings"))
    switches = ["default_route_settings.0", *(f"route_settings.{i}" for i in range(routes))]
    if any(subject.get(f"{where}.detailed_metrics_enabled", False) for where in switches):
        yield _metrics(subject, pricing, "metrics by route")


def _metrics(subject: Subject, pricing: Pricing, what: str) -> CostLine:
    return pricing.used(
        subject,
        what,
        "cloudwatch.metric",
        METRICS,
        note="as custom metrics; only those that are called in an hour count for it",
    )


_SETTING = "requests are billed, and not how an API answers them"
_LOGS = "CloudWatch bills the log group that they go to"
_ROUTE = ("data_trace_enabled", "logging_level")
_LIMITS = ("throttling_burst_limit", "throttling_rate_limit")

ENTRIES: dict[str, Entry] = {
    "aws_apigatewayv2_api": Entry(
        api,
        frozenset(
            {REQUESTS, REQUEST_SIZE, MESSAGES, MESSAGE_SIZE, MINUTES, INFRACOST_MINUTES, OUT}
        ),
        free=dict.fromkeys(
            (
                "api_key_selection_expression",
                "body",
                "cors_configuration",
                "credentials_arn",
                "disable_execute_api_endpoint",
                "fail_on_warnings",
                "ip_address_type",
                "name",
                "route_key",
                "route_selection_expression",
                "target",
                "version",
            ),
            _SETTING,
        ),
    ),
    "aws_apigatewayv2_stage": Entry(
        stage,
        frozenset({METRICS}),
        free={
            "access_log_settings": _LOGS,
            **{
                f"{block}.{name}": _LOGS
                for block in ("default_route_settings", "route_settings")
                for name in _ROUTE
            },
            **{
                f"{block}.{name}": _SETTING
                for block in ("default_route_settings", "route_settings")
                for name in _LIMITS
            },
            **dict.fromkeys(
                (
                    "api_id",
                    "auto_deploy",
                    "client_certificate_id",
                    "deployment_id",
                    "name",
                    "route_settings.route_key",
                    "stage_variables",
                ),
                _SETTING,
            ),
        },
    ),
    "aws_api_gateway_rest_api": Entry(
        rest_api,
        frozenset({REQUESTS, OUT}),
        free=dict.fromkeys(
            (
                "api_key_source",
                "binary_media_types",
                "body",
                "disable_execute_api_endpoint",
                "endpoint_configuration",
                "fail_on_warnings",
                "minimum_compression_size",
                "name",
                "parameters",
                "put_rest_api_mode",
            ),
            _SETTING,
        ),
    ),
    "aws_api_gateway_stage": Entry(
        rest_stage,
        frozenset({TRACES}),
        free={
            "access_log_settings": _LOGS,
            **dict.fromkeys(
                (
                    "canary_settings",
                    "client_certificate_id",
                    "deployment_id",
                    "documentation_version",
                    "rest_api_id",
                    "stage_name",
                    "variables",
                ),
                _SETTING,
            ),
        },
    ),
    "aws_api_gateway_method_settings": Entry(
        method_settings,
        frozenset({METRICS}),
        free={
            **dict.fromkeys((f"settings.{name}" for name in _ROUTE), _LOGS),
            **dict.fromkeys((f"settings.{name}" for name in _LIMITS), _SETTING),
            **dict.fromkeys(
                (
                    "settings.cache_data_encrypted",
                    "settings.cache_ttl_in_seconds",
                    "settings.caching_enabled",
                    "settings.require_authorization_for_cache_control",
                    "settings.unauthorized_cache_control_header_strategy",
                ),
                "the stage's cache is billed",
            ),
            **dict.fromkeys(("method_path", "rest_api_id", "stage_name"), _SETTING),
        },
    ),
}
