"""Who is called when an alarm goes off: topics, e-mail, and a Slack channel."""

import bindings as bindings  # must run before the first provider import
from modules.alerting.alerts import Alerts
from modules.alerting.amazon_q import AmazonQ
from modules.alerting.notifier import SlackNotifier, webhook_secret_name
from modules.alerting.topics import SEVERITIES, Severity, topic_arn

__all__ = [
    "SEVERITIES",
    "Alerts",
    "AmazonQ",
    "Severity",
    "SlackNotifier",
    "topic_arn",
    "webhook_secret_name",
]
