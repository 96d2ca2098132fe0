"""What the channel reads of budgets, anomalies and events; and that nothing keeps a message from it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifier import blocks
from services.notifier.event import read_event
from services.notifier.message import Notice, PlainMessage
from services.notifier.notices import budget, database, events
from tests.services.notifier import samples
from tests.services.notifier.block_kit import problems
from tests.services.notifier.conftest import Notify, World
from tests.services.notifier.messages import event
from tests.services.notifier.test_messages import sent

RUNBOOKS = "https://gitlab.example.com/mapvibe/infrastructure/-/blob/main/docs/runbooks"

READ: list[tuple[Any, str, list[str]]] = [
    # message, header, parts of what stands below it
    (samples.BUDGET, "Budget Test Budget: $0.59 spent of $0.20", ["*Threshold* &gt; $0.16"]),
    (
        samples.BUDGET.replace("ACTUAL", "FORECASTED"),
        "Budget Test Budget: $0.59 forecast of $0.20",
        ["<https://console.aws.amazon.com/billing/home#/budgets|Details>"],
    ),
    (
        samples.ANOMALY,
        "Cost anomaly of ServiceName: $1,001.00 more than expected",
        [
            "*Expected* $300.00\n*Spent* $1,301.00\n*Since* 2021-05-25\n*Account* 123456789012",
            "AnomalousServiceName · AnomalousUsageType · AnomalousRegionName",
            "AnomalousLinkedAccountName: $601.00",
            f"<{RUNBOOKS}/cost-spike.md|Runbook> · <{samples.ANOMALY['anomalyDetailsLink']}|Details>",
        ],
    ),
    (
        samples.ANOMALY_EVENT,
        "Cost anomaly of ServiceName: $1,001.00 more than expected",
        ["AnomalousUsageType"],
    ),
    (
        samples.RDS,
        "RDS dbinstanceid: Finished DB Instance backup",
        ["*Event* RDS-EVENT-0002", "#dbinstance:id=dbinstanceid|Details>", "2019-01-02 12:45:06"],
    ),
    (
        samples.RDS_EVENT,
        "RDS my-db-instance: A Multi-AZ failover has completed.",
        ["*Categories* failover\n*Event* RDS-EVENT-0049", "account 123456789012 · us-east-1"],
    ),
    (
        samples.GUARDDUTY,
        "GuardDuty: Canary test finding.",
        [
            "*Severity* 5 (medium)\n*Finding* Canary:EC2/Stateless.IntegTest\n*Seen* 1",
            "nothing has to be done",
            f"<{RUNBOOKS}/security-alarms.md|Runbook>",
        ],
    ),
    (
        samples.ACCESS_ANALYZER,
        "Access Analyzer: others can reach arn:aws:s3:::amzn-s3-demo-bucket",
        ["*Status* ACTIVE", "*Who* AWS 999988887777\n*May* s3:GetObject", "· us-west-2 ·"],
    ),
    (
        samples.SIGN_IN,
        "Anaya signed in to the console without MFA",
        ["*Who* Anaya\n*From* 192.0.2.0", "|Runbook>"],
    ),
    (samples.ROOT_SIGN_IN, "root signed in to the console", ["*Who* root"]),
    (
        samples.FAILED_SIGN_IN,
        "Anaya failed to sign in to the console without MFA",
        ["*Refused* Failed authentication"],
    ),
    (
        samples.API_CALL,
        "StopLogging by arn:aws:sts::123456789012:assumed-role/admin/session (refused)",
        ["*Refused* AccessDenied not authorized", '{"name": "mapvibe-trail"}'],
    ),
    (
        samples.OTHER_EVENT,
        "EC2 Instance State-change Notification",
        ["*From* aws.ec2\n*Of* arn:aws:ec2:us-east-1:123456789012:instance/i-1234567890abcdef0",
         '"state": "terminated"'],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("message", "header", "parts"), READ, ids=lambda v: str(v)[:40])
def test_each_service_is_read(
    world: World,
    notify: Notify,
    monkeypatch: pytest.MonkeyPatch,
    message: Any,
    header: str,
    parts: list[str],
) -> None:
    monkeypatch.setenv("RUNBOOKS", RUNBOOKS)
    notify(event(message, severity="warning", subject=samples.BUDGET_SUBJECT))
    first, *below = sent(world)
    assert first == f":large_yellow_circle: {header}"
    whole = "\n".join(below)
    for part in parts:
        assert part in whole


def test_without_the_runbooks_address_there_is_no_link_to_one(world: World, notify: Notify) -> None:
    notify(event(samples.BUDGET))
    assert "Runbook" not in "".join(sent(world))


def test_a_budget_in_another_form_is_told_as_it_is(world: World, notify: Notify) -> None:
    """AWS documents no form, so that it may change on any day."""
    text = samples.BUDGET.replace("Budgeted Amount", "Limit")
    notify(event(text, subject=samples.BUDGET_SUBJECT))
    header, said, _ = sent(world)
    assert header == f":red_circle: {samples.BUDGET_SUBJECT}"
    assert "Limit: $0.20" in said


def test_no_link_shows_one_address_and_leads_to_another(world: World, notify: Notify) -> None:
    link = "https://evil.example|Runbook> <!channel"
    notify(event({**samples.ANOMALY, "anomalyDetailsLink": link}))
    assert "evil.example" not in "".join(sent(world))


def test_a_mistake_in_a_reader_loses_no_message(
    world: World, notify: Notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr("services.notifier.notices._READERS", (fail,))
    notify(event(samples.RDS_EVENT))
    assert '"EventID": "RDS-EVENT-0049"' in sent(world)[1]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda each: (
        st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=8), each, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def spoiled(draw: st.DrawFn) -> Any:
    """A sample in which something is missing, or is something else."""
    messages = [message for message, _, _ in READ if isinstance(message, dict)]
    message = copy.deepcopy(draw(st.sampled_from(messages)))
    at: Any = message
    while isinstance(at, dict) and at:
        key = draw(st.sampled_from(sorted(at)))
        if not isinstance(at[key], dict) or draw(st.booleans()):
            at[key] = draw(JSON)
            break
        at = at[key]
    return message


@settings(max_examples=300, deadline=None)
@given(spoiled(), st.booleans())
def test_nothing_that_a_service_writes_is_lost_or_refused(message: Any, guarded: bool) -> None:
    """Whatever stands in a message, it is told, in a form that Slack takes."""
    (read,) = read_event(event(message))
    assert isinstance(read, Notice | PlainMessage)
    runbooks = RUNBOOKS if guarded else ""
    payload = blocks.payload(read, environment="e", dashboard="", runbooks=runbooks)
    json.dumps(payload).encode()
    assert problems(payload) == []


def test_no_reader_fails_on_a_spoiled_sample(caplog: pytest.LogCaptureFixture) -> None:
    """The last resort is for mistakes that nobody has found yet: these none of them makes."""

    @settings(max_examples=300, deadline=None, database=None)
    @given(spoiled())
    def check(message: Any) -> None:
        read_event(event(message))
        assert caplog.records == []

    check()


@pytest.mark.parametrize("page", [budget.RUNBOOK, database.RUNBOOK, events.RUNBOOK])
def test_the_page_that_a_message_leads_to_is_there(page: str) -> None:
    assert (Path(__file__).resolve().parents[3] / "docs/runbooks" / page).is_file()
