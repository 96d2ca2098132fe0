"""What is asked of CloudWatch, Bedrock and the log, and what becomes of their answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipeline.cost.catalogue import Catalogue
from tests.usage.fakes import FakeAccount, Metrics, raising, refusal
from tests.usage.samples import COHERE, NOVA, PERIOD, REGION, points
from usage import callers, collect
from usage.errors import UsageError

STAMPED = dict[str, Any]


def listed(*dimensions: list[tuple[str, str]]) -> STAMPED:
    return {
        "Metrics": [
            {"Dimensions": [{"Name": name, "Value": value} for name, value in each]}
            for each in dimensions
        ]
    }


def test_models_are_those_with_a_metric_of_their_own() -> None:
    pages = [
        listed([("ModelId", NOVA)], []),
        listed([("ModelId", COHERE)], [("ModelId", NOVA)], [("ImageSize", "1"), ("ModelId", "x")]),
    ]
    account = FakeAccount(cloudwatch={"list_metrics": lambda **_: pages})
    assert collect.model_ids(account) == [NOVA, COHERE]


def test_pages_are_put_together_and_batches_are_full() -> None:
    ids = [f"a.model-{number}" for number in range(100)]
    metrics = Metrics({("Invocations", ids[0], "Sum"): points(1, 2, 3, 4, 5)})
    account = FakeAccount(cloudwatch={"get_metric_data": metrics.get_metric_data})
    found = collect.series(account, ids, PERIOD)
    assert found[ids[0]] == {"invocations": points(1, 2, 3, 4, 5)}
    assert found[ids[99]] == {}
    # 100 models of 11 measures, two of which have two names.
    assert metrics.calls == [500, 500, 300]
    assert metrics.periods == {3_600}


@pytest.mark.parametrize("name", ["CacheReadInputTokenCount", "CacheReadInputTokens"])
def test_either_name_of_a_metric_counts_once(name: str) -> None:
    metrics = Metrics({(name, NOVA, "Sum"): points(7)})
    account = FakeAccount(cloudwatch={"get_metric_data": metrics.get_metric_data})
    assert collect.series(account, [NOVA], PERIOD)[NOVA] == {"cache_read": points(7)}
    both = {
        (each, NOVA, "Sum"): points(7)
        for each in ("CacheReadInputTokenCount", "CacheReadInputTokens")
    }
    account = FakeAccount(cloudwatch={"get_metric_data": Metrics(both).get_metric_data})
    assert collect.series(account, [NOVA], PERIOD)[NOVA] == {"cache_read": points(7)}


def test_what_cloudwatch_could_not_answer_is_no_zero() -> None:
    def failing(**arguments: Any) -> list[STAMPED]:
        query = arguments["MetricDataQueries"][0]
        result = {"Id": query["Id"], "Label": "Invocations", "Timestamps": [], "Values": []}
        return [{"MetricDataResults": [{**result, "StatusCode": "InternalError"}]}]

    account = FakeAccount(cloudwatch={"get_metric_data": failing})
    with pytest.raises(UsageError, match="GetMetricData: InternalError for Invocations; try again"):
        collect.series(account, [NOVA], PERIOD)


def test_a_value_that_is_no_number_spoils_nothing() -> None:
    values = {("Invocations", NOVA, "Sum"): points(1, float("nan"), float("inf"), 2)}
    account = FakeAccount(cloudwatch={"get_metric_data": Metrics(values).get_metric_data})
    found = collect.series(account, [NOVA], PERIOD)[NOVA]["invocations"]
    assert [value for _, value in found] == [1, 2]


def test_profiles_of_both_kinds_are_read() -> None:
    def pages(**arguments: Any) -> list[STAMPED]:
        kind = arguments["typeEquals"]
        profile = {"inferenceProfileId": kind, "models": [{"modelArn": "arn:a"}]}
        return [{"inferenceProfileSummaries": [profile]}]

    found = collect.profiles(FakeAccount(bedrock={"list_inference_profiles": pages}))
    assert [(each.id, each.by_aws) for each in found] == [
        ("SYSTEM_DEFINED", True),
        ("APPLICATION", False),
    ]


ON = {"loggingConfig": {"cloudWatchConfig": {"logGroupName": "/aws/bedrock/modelinvocations"}}}


def with_log(*answers: STAMPED, asked: list[STAMPED] | None = None) -> FakeAccount:
    left = list(answers)

    def start(**arguments: Any) -> STAMPED:
        if asked is not None:
            asked.append(arguments)
        return {"queryId": "1"}

    return FakeAccount(
        bedrock={"get_model_invocation_logging_configuration": lambda: ON},
        logs={"start_query": start, "get_query_results": lambda **_: left.pop(0)},
    )


def test_callers_come_from_the_log_when_the_query_has_ended() -> None:
    row = [{"field": "caller", "value": "arn:x"}, {"field": "calls", "value": "3"}]
    asked: list[STAMPED] = []
    waits: list[float] = []
    account = with_log(
        {"status": "Running", "results": []}, {"status": "Complete", "results": [row]}, asked=asked
    )
    answer = callers.ask(account, PERIOD, sleep=waits.append)
    assert answer == callers.Answer(rows=({"caller": "arn:x", "calls": "3"},))
    assert len(waits) == 1
    assert asked[0]["logGroupName"] == "/aws/bedrock/modelinvocations"
    assert asked[0]["startTime"] == int(dt.datetime(2026, 11, 1, tzinfo=dt.UTC).timestamp())
    assert asked[0]["endTime"] == int(dt.datetime(2026, 11, 3, tzinfo=dt.UTC).timestamp()) - 1


@pytest.mark.parametrize(
    ("account", "note"),
    [
        (
            FakeAccount(bedrock={"get_model_invocation_logging_configuration": dict}),
            "by caller: unknown, for the log of invocations is off",
        ),
        (
            FakeAccount(
                bedrock={
                    "get_model_invocation_logging_configuration": raising(
                        refusal("AccessDeniedException")
                    )
                }
            ),
            "by caller: unknown (AWS: bedrock:GetModelInvocationLoggingConfiguration is denied",
        ),
        (with_log({"status": "Failed", "results": []}), "by caller: unknown (Logs Insights: the q"),
        (with_log({"status": "Complete", "results": []}), "by caller: the log holds no invocation"),
    ],
)
def test_without_the_log_the_report_says_so(account: FakeAccount, note: str) -> None:
    answer = callers.ask(account, PERIOD, sleep=lambda _: None)
    assert answer.rows == ()
    assert answer.note.startswith(note)


def test_a_cut_answer_is_named() -> None:
    row = [{"field": "caller", "value": "arn:x"}]
    full = {"status": "Complete", "results": [row] * callers.MOST_ROWS}
    assert "only the 10000 pairs" in callers.ask(with_log(full), PERIOD).note


def test_a_sum_of_nothing_is_zero() -> None:
    (found,) = callers.usage_by_caller(
        [{"caller": "a", "calls": "2", "model": COHERE, "input": "NaN", "output": "-"}],
        (),
        catalogue=Catalogue.load(),
        region=REGION,
    )
    assert (found.calls, set(found.tokens.values())) == (2, {0})


def test_a_row_without_a_caller_is_unknown_and_not_lost() -> None:
    (found,) = callers.usage_by_caller(
        [{"calls": "2", "model": COHERE, "input": "1000000.0"}],
        (),
        catalogue=Catalogue.load(),
        region=REGION,
    )
    assert (found.arn, found.calls, str(found.cost.usd)) == ("unknown", 2, "0.1")
