"""Who called which model: asked of the log of invocations, where there is one."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.cost.catalogue import Catalogue
from usage.aws import Account, translated
from usage.errors import UsageError
from usage.measures import TOKENS
from usage.models import Profile, model
from usage.period import Period
from usage.prices import Cost, cost
from usage.report import CallerUsage

_FIELDS = {
    "calls": "count(*)",
    "errors": "count(errorCode)",
    "input": "sum(input.inputTokenCount)",
    "output": "sum(output.outputTokenCount)",
    "cache_read": "sum(input.cacheReadInputTokenCount)",
    "cache_write": "sum(input.cacheWriteInputTokenCount)",
}
"""Column to what is counted; the names are those of the log's records.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
"""

MOST_ROWS = 10_000
"""What a query of Logs Insights returns at most."""

QUERY = (
    "stats "
    + ", ".join(f"{what} as {name}" for name, what in _FIELDS.items())
    + " by identity.arn as caller, modelId as model"
    + f" | sort calls desc | limit {MOST_ROWS}"
)

_DONE = "Complete"
_RUNNING = ("Scheduled", "Running", "Unknown")
_FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS, _PATIENCE_SECONDS = 0.2, 5.0, 900.0

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the log said.

    Attributes:
        rows: a row for each caller and model.
        note: why there are none, or not all; empty where all is well.
    """

    rows: tuple[Row, ...] = ()
    note: str = ""


def ask(
    account: Account, period: Period, *, sleep: Callable[[float], object] = time.sleep
) -> Answer:
    """Ask the log group that Bedrock writes to.

    What may not be read is a note, for the rest of the report does without.

    Args:
        account: where.
        period: when.
        sleep: waits some seconds.
    """
    try:
        group = _log_group(account)
        if group is None:
            return Answer(
                note="by caller: unknown, for the log of invocations is off in this account and "
                "region (rag.invocation_logging)"
            )
        rows = _query(account, group, period, sleep)
    except UsageError as error:
        return Answer(note=f"by caller: unknown ({error})")
    note = "" if rows else "by caller: the log holds no invocation of the period"
    if len(rows) == MOST_ROWS:
        note = f"by caller: only the {MOST_ROWS} pairs of caller and model with the most calls"
    return Answer(rows=rows, note=note)


def usage_by_caller(
    rows: Iterable[Row], profiles: Sequence[Profile], *, catalogue: Catalogue, region: str
) -> tuple[CallerUsage, ...]:
    """Put a caller's models together, the dearest caller first.

    Args:
        rows: as the query returns them.
        profiles: those that could be read.
        catalogue: prices.
        region: where the calls were.
    """
    of_caller: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        of_caller[row.get("caller") or "unknown"].append(row)
    found = [
        CallerUsage(
            arn=arn,
            calls=sum(_number(row, "calls") for row in own),
            errors=sum(_number(row, "errors") for row in own),
            tokens={kind: sum(_number(row, kind) for row in own) for kind in TOKENS},
            cost=sum((_cost(row, profiles, catalogue, region) for row in own), Cost()),
        )
        for arn, own in of_caller.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.cost.usd, -each.calls, each.arn)))


def _cost(row: Row, profiles: Sequence[Profile], catalogue: Catalogue, region: str) -> Cost:
    tokens = {kind: _number(row, kind) for kind in TOKENS}
    called = model(row.get("model") or "unknown", profiles)
    return cost(called, tokens, catalogue=catalogue, region=region)


def _number(row: Row, name: str) -> int:
    try:
        return round(float(row.get(name) or 0))
    except (ValueError, OverflowError):
        # A sum of nothing is no number.
        return 0


def _log_group(account: Account) -> str | None:
    with translated("bedrock:GetModelInvocationLoggingConfiguration"):
        answer = account.client("bedrock").get_model_invocation_logging_configuration()
    to_group = answer.get("loggingConfig", {}).get("cloudWatchConfig", {})
    return to_group.get("logGroupName") or None


def _query(
    account: Account, group: str, period: Period, sleep: Callable[[float], object]
) -> tuple[Row, ...]:
    with translated("logs:StartQuery"):
        client = account.client("logs")
        started = client.start_query(
            logGroupName=group,
            startTime=int(period.start.timestamp()),
            # Both ends belong to the query, and the report's end does not.
            endTime=int(period.end.timestamp()) - 1,
            queryString=QUERY,
        )
    with translated("logs:GetQueryResults"):
        answer = _finished(client, started["queryId"], sleep)
    return tuple(
        {cell["field"]: cell["value"] for cell in row if "value" in cell}
        for row in answer["results"]
    )


def _finished(client: Any, query_id: str, sleep: Callable[[float], object]) -> dict[str, Any]:
    waited, wait = 0.0, _FIRST_WAIT_SECONDS
    while True:
        answer: dict[str, Any] = client.get_query_results(queryId=query_id)
        if answer["status"] == _DONE:
            return answer
        if answer["status"] not in _RUNNING:
            raise UsageError(f"Logs Insights: the query ended as {answer['status']}; try again")
        if waited >= _PATIENCE_SECONDS:
            raise UsageError("Logs Insights: no answer in 15 minutes; ask for a shorter period")
        sleep(wait)
        waited, wait = waited + wait, min(2 * wait, _LONGEST_WAIT_SECONDS)
