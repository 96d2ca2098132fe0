"""A service of AWS publishes to a topic, if the topic's policy and its key's policy let it."""

from __future__ import annotations

from moto.kms.models import KmsBackend, kms_backends
from moto.sns.exceptions import SNSNotFoundError
from moto.sns.models import Topic, sns_backends

from emulator.service_policy import Caller

_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")


class PublishError(Exception):
    """A message that the topic did not take, with AWS's words where they are known."""


def publish(
    caller: Caller, topic_arn: str, *, message: str, subject: str | None, called: str
) -> None:
    """Publishes a message. The caller holds moto's lock, as a request has it.

    Args:
        caller: the service, and for what it acts.
        topic_arn: where to.
        message: for whoever is subscribed.
        subject: of the message; None for none.
        called: the service's name in what is said when it is refused.

    Raises:
        PublishError: if there is no such topic, or the service may not.
    """
    region, account_id = topic_arn.split(":")[3:5]
    backend = sns_backends[account_id][region]
    try:
        topic = backend.get_topic(topic_arn)
    except SNSNotFoundError as error:
        raise PublishError("Topic does not exist") from error
    if not caller.allowed(topic.policy, action="SNS:Publish", resource=topic.arn):
        raise PublishError(
            f"{called} is not authorized to perform: SNS:Publish on resource: {topic.arn}"
        )
    if topic.kms_master_key_id and not _may_use_key(caller, topic, region):
        raise PublishError(
            f"{called} does not have authorization to access the SNS topic encryption key."
        )
    backend.publish(message, arn=topic.arn, subject=subject)


def _may_use_key(caller: Caller, topic: Topic, region: str) -> bool:
    """Whether a service, for which SNS calls KMS, may use a topic's key.

    SNS's own key, `alias/aws/sns`, never lets it: nobody can change that key's policy. SNS names the
    topic in the encryption context.

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """
    name: str = topic.kms_master_key_id
    account_id = name.split(":")[4] if name.startswith("arn:") else topic.account_id
    backend = kms_backends[account_id][region]
    key = backend.keys.get(backend.any_id_to_key_id(name)) if _exists(name, backend) else None
    context = {"kms:encryptioncontext:aws:sns:topicarn": str(topic.arn)}
    return key is not None and all(
        caller.allowed(key.policy, action=action, resource=key.arn, context=context)
        for action in _KEY_ACTIONS
    )


def _exists(name: str, backend: KmsBackend) -> bool:
    """An alias that is none would be an error of moto's own."""
    alias = name.rsplit(":", 1)[-1]
    return not alias.startswith("alias/") or backend.alias_exists(alias)
