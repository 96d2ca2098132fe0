"""Each alarm leads to a page that helps, and each page to an alarm."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stacks.rag.monitoring_settings import MonitoringSettings
from tests.support.services import services
from tests.support.stacks import BY_NAME, Stack, rag_stack

FOLDER = Path(__file__).resolve().parents[3] / "docs/runbooks/alarms"
HEADINGS = ["What it means", "First three looks", "How to mend", "How to silence"]
ADDRESS = "https://gitlab.com/mapvibe/infrastructure/-/blob/main/docs/runbooks/alarms"
LINK = re.compile(rf" Runbook: {re.escape(ADDRESS)}/([a-z-]+)\.md")
WITHOUT_A_LOG = {
    "deployment-running",
    "key-requests",
    "notifications-failed",
    "queue-age",
    "table-errors",
    "table-throttled",
}
"""Alarms that no log of ours says anything about."""

STACKS = (
    *(rag_stack(name) for name in BY_NAME),
    rag_stack("prod", rag__database__instance_class="db.t4g.large"),
    # A verb that no stack uses yet comes with its pages.
    services(ADDRESS),
)


def alarms(stack: Stack) -> dict[str, str]:
    """Name to description of every alarm."""
    return {
        body["alarm_name"]: body["alarm_description"]
        for kind in ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
        for body in stack.resources(kind).values()
    }


def queries(stack: Stack) -> set[str]:
    return {
        body["name"].rpartition("/")[2]
        for body in stack.resources("aws_cloudwatch_query_definition").values()
    }


def pages() -> dict[str, str]:
    return {path.stem: path.read_text() for path in FOLDER.glob("*.md")}


def sections(text: str) -> dict[str, str]:
    """Heading to text."""
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))


def test_every_alarm_leads_to_its_page_and_no_page_is_left_over() -> None:
    led_to = set()
    for stack in STACKS:
        for name, description in alarms(stack).items():
            found = LINK.search(description)
            assert found, description
            assert name.endswith(f"-{found[1]}")
            led_to.add(found[1])
    assert led_to == set(pages())


@pytest.mark.parametrize("slug", pages())
def test_a_page_has_its_parts(slug: str) -> None:
    text = pages()[slug]
    parts = sections(text)
    assert text.startswith(f"# {slug}\n")
    assert list(parts) == HEADINGS
    assert all(parts.values())
    assert "(../on-call.md)" in text.partition("## ")[0]
    assert re.findall(r"^(\d)\. ", parts["First three looks"], re.MULTILINE) == ["1", "2", "3"]


@pytest.mark.parametrize("slug", pages())
def test_a_page_names_what_there_is(slug: str) -> None:
    text = " ".join(pages()[slug].split())
    named = set(re.findall(r"saved query `([a-z-]+)`", text))
    assert named <= queries(rag_stack("prod"))
    assert bool(named) != (slug in WITHOUT_A_LOG)
    settings = set(re.findall(r"`rag\.monitoring\.([a-z_]+)`", text))
    assert settings <= set(MonitoringSettings.model_fields)


@pytest.mark.parametrize("slug", pages())
def test_what_a_page_silences_exists(slug: str) -> None:
    command = re.search(r"--alarm-names ([^`]+)`", " ".join(pages()[slug].split()))
    assert command
    known = {name for stack in STACKS for name in alarms(stack)}
    for name in command[1].split():
        pattern = re.sub("<(zone|queue|table)>", "[a-z0-9-]+", name).replace("<env>", "(dev|prod)")
        assert any(re.fullmatch(pattern, each) for each in known), name


def test_what_the_first_page_names_exists() -> None:
    """Names in docs/runbooks/on-call.md of what somebody looks for at night."""
    text = " ".join((FOLDER.parent / "on-call.md").read_text().split())
    stack = rag_stack("prod")
    there = {
        value
        for _, body in stack.everything()
        for value in (
            *(body.get(field) for field in ("name", "dashboard_name")),
            body.get("tags", {}).get("Name"),
        )
        if isinstance(value, str)
    }
    named = set(re.findall(r"`(mapvibe-<env>-[a-z-]+)`", text))
    assert named
    assert {name.replace("<env>", "prod") for name in named} <= there
    assert any(name.startswith("mapvibe-prod-application-") for name in there)
    assert set(re.findall(r"the output (\w+)", text)) <= set(stack.body["output"])


def test_every_saved_query_is_named_by_a_page() -> None:
    named = {name for text in pages().values() for name in re.findall(r"`([a-z-]+)`", text)}
    assert queries(rag_stack("prod")) <= named


def test_without_a_pipeline_the_page_is_named_by_its_path() -> None:
    found = alarms(rag_stack("dev", delivery=None))
    assert found["mapvibe-dev-api-errors"].endswith(" docs/runbooks/alarms/api-errors.md")


def test_names_say_whose_they_are() -> None:
    assert all(name.startswith("mapvibe-dev-") for name in alarms(rag_stack("dev")))
