"""Publishes to an environment's alert topics what a scheduled job has found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from pipeline.errors import PipelineError
from pipeline.release.session import LIMITS, failure, signed_in

_SUBJECT = 100
_MESSAGE_BYTES = 200_000
"""SNS takes 256 KiB.

Source: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
"""


def publish_alert(topic: str, *, subject: str, text: str, env: Mapping[str, str]) -> None:
    """Publish one message.

    Args:
        topic: ARN of the topic.
        subject: ASCII, one line; cut at what SNS takes.
        text: the message.
        env: the environment in which the job's role signs in.

    Raises:
        PipelineError: nobody was told.
    """
    region = topic.split(":")[3]
    try:
        client: Any = signed_in(region, env).client(
            "sns", region_name=region, config=Config(**LIMITS)
        )
        client.publish(
            TopicArn=topic,
            Subject=subject[:_SUBJECT],
            Message=text.encode()[:_MESSAGE_BYTES].decode(errors="ignore"),
        )
    except (BotoCoreError, ClientError, OSError, ValueError) as error:
        allow = "sns:Publish, and the topic's key"
        raise PipelineError(f"{topic}: nobody was told: {failure(error, allow=allow)}") from error
