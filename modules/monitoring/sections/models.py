"""Models on Amazon Bedrock: calls, tokens, latency, refusals, and what an hour costs.

``Invocations`` counts accepted calls in AWS's newer pages and successful ones in its older pages;
throttled calls are in neither. Shares are therefore never computed of it here.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modules.metrics import Metric, metric
from modules.monitoring.alarm import Alarm
from modules.monitoring.formula import Formula
from modules.monitoring.section import Graph, Line, LogTable, SavedQuery, Section

TITLE = "Models"
_NOTE = "Throttled calls: the quota is used up. The cost is that of list prices."
_PERIOD = 300
_HOUR = 3_600


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelPrice:
    """List prices of a model.

    Attributes:
        input_usd: a million tokens that it reads.
        output_usd: a million tokens that it writes; 0 for a model that writes none.
    """

    input_usd: float
    output_usd: float = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelThresholds:
    """When the models' alarms go off; they count all callers in the account and region.

    Attributes:
        model_tokens_hourly: tokens an hour, read and written.
        model_calls_hourly: calls an hour.
        model_errors: errors in five minutes.
        model_latency_ms: average, milliseconds.
    """

    model_tokens_hourly: int
    model_calls_hourly: int
    model_errors: int
    model_latency_ms: float


def section(
    prices: Mapping[str, ModelPrice | None], thresholds: ModelThresholds, *, log_group: str | None
) -> Section:
    """What is shown and judged of some models.

    Args:
        prices: id of a model or an inference profile, as it is called, to its prices;
            None where they are not known.
        thresholds: when the alarms go off.
        log_group: name of the group that logs each call, if there is one.
    """
    models = list(prices)
    tokens, calls, errors, latency = _alarms(thresholds)
    query = _calls_query(log_group) if log_group else None
    return Section(
        title=TITLE,
        note=_NOTE,
        widgets=(
            _graph("calls", {m: _of(m, "Invocations", "Sum") for m in models}),
            _graph(
                "tokens",
                {
                    f"{m} {label}": _of(m, name, "Sum")
                    for m in models
                    for label, name in (("in", "InputTokenCount"), ("out", "OutputTokenCount"))
                },
            ),
            _graph(
                "average latency, ms",
                {m: _of(m, "InvocationLatency", "Average") for m in models},
                latency,
            ),
            _graph(
                "errors",
                {m: _errors({"ModelId": m}) for m in models},
                errors,
            ),
            _graph("throttled calls", {m: _of(m, "InvocationThrottles", "Sum") for m in models}),
            _graph(
                "cost an hour, USD", {m: _cost(m, price) for m, price in prices.items() if price}
            ),
            *((LogTable(title="Models: newest calls", query=query),) if query else ()),
        ),
        alarms=(tokens, calls, errors, latency),
        queries=(query,) if query else (),
    )


def _graph(what: str, lines: Mapping[str, Metric | Formula], *alarms: Alarm) -> Graph:
    return Graph(
        title=f"Models: {what}",
        lines=[Line(label=label, value=value) for label, value in lines.items()],
        alarms=alarms,
        period=_PERIOD,
    )


def _alarms(thresholds: ModelThresholds) -> tuple[Alarm, Alarm, Alarm, Alarm]:
    """Of all models together: what others of the account use costs as much."""
    return (
        Alarm(
            slug="model-tokens",
            meaning=f"Models used more than {thresholds.model_tokens_hourly} tokens in an hour.",
            value=Formula(
                expression="read + written",
                metrics={
                    "read": _all("InputTokenCount", "Sum"),
                    "written": _all("OutputTokenCount", "Sum"),
                },
            ),
            comparison=">",
            threshold=thresholds.model_tokens_hourly,
            points=1,
            period=_HOUR,
            missing="notBreaching",  # no data means no calls
        ),
        Alarm(
            slug="model-calls",
            meaning=f"Models were called more than {thresholds.model_calls_hourly} times in an "
            "hour.",
            value=_all("Invocations", "Sum"),
            comparison=">",
            threshold=thresholds.model_calls_hourly,
            points=1,
            period=_HOUR,
            missing="notBreaching",  # no data means no calls
        ),
        Alarm(
            slug="model-errors",
            meaning=f"More than {thresholds.model_errors} calls of models failed in five minutes.",
            value=_errors({}),
            comparison=">",
            threshold=thresholds.model_errors,
            points=1,
            period=_PERIOD,
            missing="notBreaching",  # no data means no errors
        ),
        Alarm(
            slug="model-latency",
            meaning=f"Models take longer than {thresholds.model_latency_ms:g} ms on average.",
            value=_all("InvocationLatency", "Average"),
            comparison=">",
            threshold=thresholds.model_latency_ms,
            points=1,
            period=_PERIOD,
            missing="notBreaching",  # no data means no calls
        ),
    )


def _errors(dimensions: Mapping[str, str]) -> Formula:
    names = {"client": "InvocationClientErrors", "server": "InvocationServerErrors"}
    return Formula(
        expression="client + server",
        metrics={
            id_: metric("AWS/Bedrock", name, "Sum", dimensions) for id_, name in names.items()
        },
    )


def _cost(model: str, price: ModelPrice) -> Formula:
    """USD that an hour would cost at the pace of each period."""
    expression = f"(read * {price.input_usd:g} + written * {price.output_usd:g})"
    metrics = {
        "read": _of(model, "InputTokenCount", "Sum"),
        "written": _of(model, "OutputTokenCount", "Sum"),
    }
    if not price.output_usd:
        del metrics["written"]
        expression = f"read * {price.input_usd:g}"
    return Formula(expression=f"{expression} / 1000000 * 3600 / PERIOD(read)", metrics=metrics)


def _calls_query(log_group: str) -> SavedQuery:
    """Never the text of a call, which the log may hold."""
    return SavedQuery(
        name="model-calls",
        log_groups=(log_group,),
        text="fields @timestamp, modelId, operation, input.inputTokenCount, "
        "output.outputTokenCount, errorCode, identity.arn\n| sort @timestamp desc\n| limit 20",
    )


def _of(model: str, name: str, statistic: str) -> Metric:
    return metric("AWS/Bedrock", name, statistic, {"ModelId": model})


def _all(name: str, statistic: str) -> Metric:
    return metric("AWS/Bedrock", name, statistic)
