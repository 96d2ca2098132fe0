"""CloudTrail and Config."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import HUNDRED_THOUSANDTH, Entry, items
from pipeline.cost.pricing import Pricing, Subject

MANAGEMENT = "monthly_additional_management_events"
DATA = "monthly_data_events"
INSIGHTS = "monthly_insight_events"
ITEMS, CUSTOM_ITEMS = "monthly_config_items", "monthly_custom_config_items"
EVALUATIONS = "monthly_rule_evaluations"


def trail(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudtrail``: further copies of management events, data events and insights.

    The first copy of management events in a region costs nothing. So those are priced for a
    further trail of the plan, and where the usage states them.
    """
    trails = pricing.subjects("aws_cloudtrail")
    is_further = any(one.address == subject.address for one in trails[1:])
    if is_further or pricing.stated(subject, MANAGEMENT) is not None:
        yield _events(subject, pricing, "management", MANAGEMENT)
    categories = _categories(subject)
    if "Data" in categories or pricing.stated(subject, DATA) is not None:
        yield _events(subject, pricing, "data", DATA)
    if subject.get("insight_selector", []):
        yield _events(subject, pricing, "insights", INSIGHTS)
    if "NetworkActivity" in categories:
        yield _events(subject, pricing, "network activity", DATA)


def _categories(subject: Subject) -> set[str]:
    """Which events it takes, beside those of management."""
    found = set()
    for position in range(len(items(subject, "event_selector"))):
        if subject.get(f"event_selector.{position}.data_resource", []):
            found.add("Data")
    for position in range(len(items(subject, "advanced_event_selector"))):
        fields = f"advanced_event_selector.{position}.field_selector"
        for number in range(len(items(subject, fields))):
            if subject.get(f"{fields}.{number}.field", "") == "eventCategory":
                found |= {str(one) for one in items(subject, f"{fields}.{number}.equals")}
    return found


def _events(subject: Subject, pricing: Pricing, kind: str, usage_key: str) -> CostLine:
    return pricing.used(
        subject,
        f"{kind} events",
        f"cloudtrail.{kind.replace(' ', '_')}",
        usage_key,
        scale=HUNDRED_THOUSANDTH,
    )


def recorder(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_config_configuration_recorder``: what it records, as it changes or once a day."""
    daily = subject.get("recording_mode.0.recording_frequency", "CONTINUOUS") == "DAILY"
    key = "config.item.daily" if daily else "config.item"
    yield pricing.used(subject, "items recorded", key, ITEMS)
    if pricing.stated(subject, CUSTOM_ITEMS) is not None:
        yield pricing.used(subject, "custom items", "config.item.custom", CUSTOM_ITEMS)


def rule(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_config_config_rule``, or one of an organisation: how often it is evaluated."""
    yield pricing.used(subject, "evaluations", "config.rule_evaluation", EVALUATIONS)


_WHAT = "evaluations are billed, and not what a rule looks at"
_ORGANIZATION_RULE = (
    "excluded_accounts",
    "input_parameters",
    "maximum_execution_frequency",
    "name",
    "resource_id_scope",
    "resource_types_scope",
    "tag_key_scope",
    "tag_value_scope",
)

ENTRIES: dict[str, Entry] = {
    "aws_cloudtrail": Entry(
        trail,
        frozenset({MANAGEMENT, DATA, INSIGHTS}),
        free={
            "advanced_event_selector.name": "it is a name",
            **{
                f"advanced_event_selector.field_selector.{name}": "the usage states the events"
                for name in (
                    "ends_with",
                    "not_ends_with",
                    "not_equals",
                    "not_starts_with",
                    "starts_with",
                )
            },
            "cloud_watch_logs_group_arn": "the log group is billed",
            "cloud_watch_logs_role_arn": "permissions cost nothing",
            **dict.fromkeys(
                (
                    "enable_log_file_validation",
                    "enable_logging",
                    "event_selector.data_resource",
                    "event_selector.exclude_management_event_sources",
                    "event_selector.include_management_events",
                    "event_selector.read_write_type",
                    "include_global_service_events",
                    "insight_selector",
                    "is_multi_region_trail",
                    "is_organization_trail",
                ),
                "the usage states the events that are billed",
            ),
            "name": "it is a name",
            "s3_bucket_name": "the bucket is billed",
            "s3_key_prefix": "it is a name",
            "sns_topic_name": "the topic is billed",
        },
    ),
    "aws_config_configuration_recorder": Entry(
        recorder,
        frozenset({ITEMS, CUSTOM_ITEMS}),
        free={
            "name": "it is a name",
            "recording_group": "the usage states how many items it takes",
            "recording_mode.recording_mode_override": "the usage states how many items it takes",
        },
    ),
    "aws_config_config_rule": Entry(
        rule,
        frozenset({EVALUATIONS}),
        free={
            **dict.fromkeys(
                (
                    "evaluation_mode",
                    "input_parameters",
                    "maximum_execution_frequency",
                    "name",
                    "scope",
                ),
                _WHAT,
            ),
            "source": "the function of a rule is billed itself",
        },
    ),
    "aws_config_organization_custom_rule": Entry(
        rule,
        frozenset({EVALUATIONS}),
        free={
            **dict.fromkeys((*_ORGANIZATION_RULE, "trigger_types"), _WHAT),
            "lambda_function_arn": "the function of a rule is billed itself",
        },
    ),
    "aws_config_organization_managed_rule": Entry(
        rule,
        frozenset({EVALUATIONS}),
        free=dict.fromkeys((*_ORGANIZATION_RULE, "rule_identifier"), _WHAT),
    ),
}
