"""Rules of alerts: an alarm that nobody hears of is none."""

from __future__ import annotations

from collections.abc import Iterator

from modules.alerting import SEVERITIES
from stacks.rag.settings import RagSettings
from stacks.settings import EnvironmentSettings


def _somebody_is_told(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    if rag.alerts.slack is not None:
        return
    for severity in SEVERITIES:
        if not getattr(rag.alerts, f"{severity}_emails"):
            yield (
                f"alerts.{severity}_emails=(): without Slack nobody would hear of a {severity} "
                'alarm; name an address, or set alerts.slack to "notifier"'
            )


def _slack_can_fail(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    """Its webhook begins empty, and what is lost on the way to Slack can't be told by Slack."""
    if environment.guarded and rag.alerts.slack and not rag.alerts.critical_emails:
        yield (
            "alerts.critical_emails=(): a guarded environment must hear when Slack is not told; "
            "name an address"
        )


def _channel(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    alerts = rag.alerts
    if (alerts.slack == "amazon-q") != (alerts.amazon_q is not None):
        yield (
            f"alerts.slack={alerts.slack}: amazon-q needs a channel, and nothing else has one; set "
            'slack="amazon-q" and amazon_q, or amazon_q=None'
        )


RULES = (
    _channel,
    _somebody_is_told,
    _slack_can_fail,
)
