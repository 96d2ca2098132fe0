"""The report as JSON, for programs: exact figures, money as text."""

from __future__ import annotations

import json
from typing import Any

from usage.measures import TOKENS
from usage.prices import Cost
from usage.report import DENOMINATOR, CallerUsage, Counts, ModelUsage, Report

FORMAT = 1
"""Raised when a field changes its meaning or goes; a new field leaves it."""


def as_json(report: Report) -> str:
    """Text of the file.

    Args:
        report: what to write.
    """
    return json.dumps(document(report), indent=2) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "format": FORMAT,
        "made": report.made.isoformat(),
        "region": report.region,
        "environments": list(report.environments),
        "period": {
            "start": report.period.start.isoformat(),
            "end": report.period.end.isoformat(),
            "hours": report.period.hours,
            "step_seconds": report.period.step,
        },
        "models": [_model(report, each) for each in report.models],
        "total": _counts(report.total),
        "projection": {
            "usd_a_month": f"{report.month:f}",
            "basis": report.basis,
            "without": list(report.without),
        },
        "days": [{"day": str(day), **_cost(each)} for day, each in report.days.items()],
        "callers": [_caller(each) for each in report.callers],
        "error_rate_is": DENOMINATOR,
        "notes": list(report.notes),
    }


def _model(report: Report, usage: ModelUsage) -> dict[str, Any]:
    model, latency = usage.model, usage.latency
    return {
        "model": model.id,
        "name": model.name,
        "scope": model.scope,
        "configured_in": list(model.configured_in),
        **_counts(usage.counts),
        "share_of_cost": report.share_of_cost(usage),
        "share_of_calls": report.share_of_calls(usage),
        "latency_ms": {
            "average": latency.average,
            "p95_worst": latency.p95_worst,
            "p95_median": latency.p95_median,
        },
    }


def _counts(counts: Counts) -> dict[str, Any]:
    return {
        "invocations": counts.invocations,
        "client_errors": counts.client_errors,
        "server_errors": counts.server_errors,
        "throttles": counts.throttles,
        "error_rate": counts.error_rate,
        "tokens": {kind: counts.tokens[kind] for kind in TOKENS},
        **_cost(counts.cost),
    }


def _caller(usage: CallerUsage) -> dict[str, Any]:
    return {
        "arn": usage.arn,
        "calls": usage.calls,
        "errors": usage.errors,
        "tokens": {kind: usage.tokens[kind] for kind in TOKENS},
        **_cost(usage.cost),
    }


def _cost(cost: Cost) -> dict[str, Any]:
    return {
        "usd": f"{cost.usd:f}",
        "without_price": [kind for kind in TOKENS if kind in cost.unknown],
    }
