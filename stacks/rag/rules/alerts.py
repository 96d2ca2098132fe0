"""Rules of alerts: an alarm that nobody hears of is none."""

from __future__ import annotations

from collections.abc import Iterator

from stacks.rag.settings import RagSettings
from stacks.settings import EnvironmentSettings


def _somebody_is_called(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    if rag.alerts.slack is None and not rag.alerts.critical_emails:
        yield (
            "alerts.critical_emails=(): without Slack nobody would hear of a critical alarm; name "
            'an address, or set alerts.slack to "notifier"'
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
    _somebody_is_called,
)
