"""What an alarm does when its state changes: it publishes to SNS topics, if it may."""

from __future__ import annotations

import logging

from moto.kms.models import kms_backends
from moto.sns.exceptions import SNSNotFoundError
from moto.sns.models import Topic, sns_backends

from emulator.cloudwatch.alarm import Alarm
from emulator.cloudwatch.policy import Caller

_LOGGER = logging.getLogger("emulator.cloudwatch")

_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")


class ActionError(Exception):
    """An action that failed; only the alarm's history tells."""


def notify(alarm: Alarm, action: str, *, message: str, subject: str) -> None:
    """Does one action of an alarm. The caller holds moto's lock, as a request has it.

    Args:
        alarm: whose.
        action: an ARN.
        message: for whoever is subscribed.
        subject: of the message.

    Raises:
        ActionError: if the action failed, with AWS's words where they are known.
    """
    parts = action.split(":")
    if parts[2:3] != ["sns"] or len(parts) != 6:
        raise ActionError(f"The emulator only does actions of SNS topics, not {action}")
    region, account_id = parts[3:5]
    backend = sns_backends[account_id][region]
    try:
        topic = backend.get_topic(action)
    except SNSNotFoundError as error:
        raise ActionError("Topic does not exist") from error
    caller = Caller(account_id=alarm.account_id, alarm_arn=alarm.alarm_arn)
    if not caller.allowed(topic.policy, action="SNS:Publish", resource=topic.arn):
        raise ActionError(
            f"CloudWatch Alarms is not authorized to perform: SNS:Publish on resource: {topic.arn}"
        )
    if topic.kms_master_key_id and not _may_use_key(caller, topic, region):
        raise ActionError(
            "CloudWatch Alarms does not have authorization to access the SNS topic encryption key."
        )
    try:
        backend.publish(message, arn=topic.arn, subject=subject)
    except Exception as error:  # a subscriber that can't be reached must not end the evaluation
        _LOGGER.exception("the message of alarm %s was not delivered", alarm.name)
        raise ActionError(f"{type(error).__name__}: {error}") from error


def _may_use_key(caller: Caller, topic: Topic, region: str) -> bool:
    """Whether CloudWatch, which calls KMS itself, may use a topic's key.

    SNS's own key, `alias/aws/sns`, never lets it: nobody can change that key's policy.
    """
    name: str = topic.kms_master_key_id
    account_id = name.split(":")[4] if name.startswith("arn:") else topic.account_id
    backend = kms_backends[account_id][region]
    key = backend.keys.get(backend.any_id_to_key_id(name)) if _exists(name, backend) else None
    return key is not None and all(
        caller.allowed(key.policy, action=action, resource=key.arn) for action in _KEY_ACTIONS
    )


def _exists(name: str, backend: object) -> bool:
    """An alias that is none would be an error of moto's own."""
    alias = name.rsplit(":", 1)[-1]
    return not alias.startswith("alias/") or backend.alias_exists(alias)  # type: ignore[attr-defined]
