"""A message on its way from a topic to a function.

Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html; the names of the two URLs are
those of AWS's own Lambda libraries.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Notification:
    """One message for one subscription.

    Attributes:
        account_id, region: of the topic.
        topic_arn: which topic.
        subscription_arn: which of its subscriptions.
        function_arn: with the qualifier that the subscription names.
        message: as the topic would post it: `MessageId`, `Message`, `Signature` and so on.
        dead_letter_arn: queue for what cannot be delivered; None without one.
    """

    account_id: str
    region: str
    topic_arn: str
    subscription_arn: str
    function_arn: str
    message: Mapping[str, Any]
    dead_letter_arn: str | None

    def event(self) -> bytes:
        """The event that the function gets, as JSON."""
        posted = dict(self.message)
        sns = {
            "Type": posted["Type"],
            "MessageId": posted["MessageId"],
            "TopicArn": self.topic_arn,
            "Subject": posted.get("Subject"),
            "Message": posted["Message"],
            "Timestamp": posted["Timestamp"],
            "SignatureVersion": posted["SignatureVersion"],
            "Signature": posted["Signature"],
            "SigningCertUrl": posted["SigningCertURL"],
            "UnsubscribeUrl": (
                f"https://sns.{self.region}.amazonaws.com/"
                f"?Action=Unsubscribe&SubscriptionArn={self.subscription_arn}"
            ),
            "MessageAttributes": posted.get("MessageAttributes") or {},
        }
        record = {
            "EventSource": "aws:sns",
            "EventVersion": "1.0",
            "EventSubscriptionArn": self.subscription_arn,
            "Sns": sns,
        }
        return json.dumps({"Records": [record]}, ensure_ascii=False, default=_text).encode()


def _text(value: Any) -> str:
    """The value of a binary attribute."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} in a message's attributes")
