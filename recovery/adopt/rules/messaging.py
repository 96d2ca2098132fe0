"""SNS and SQS."""

from __future__ import annotations

from recovery.adopt.rule import Rule, listed

_TOPIC = "arn:aws:sns:{region}:{account}:{name}"

RULES = {
    "aws_sns_topic": Rule(
        look=listed("sns.get_topic_attributes", "[Attributes]", TopicArn=_TOPIC),
        id="{TopicArn}",
        arn="sns:",
        removal="sns delete-topic --topic-arn {arn}",
    ),
    "aws_sns_topic_subscription": Rule(
        look=listed("sns.list_subscriptions_by_topic", "Subscriptions", TopicArn="{topic_arn}"),
        same={"Protocol": "protocol", "Endpoint": "endpoint"},
        # One that nobody confirmed has no ARN yet; to subscribe again sends the message again.
        fits=lambda subscription, _values: subscription["SubscriptionArn"].startswith("arn:"),
        id="{SubscriptionArn}",
    ),
    "aws_sqs_queue": Rule(
        look=listed("sqs.get_queue_url", "[@]", QueueName="{name}"),
        id="{QueueUrl}",
        arn="sqs:",
        removal="sqs delete-queue --queue-url https://sqs.{region}.amazonaws.com/{account}/{id}",
    ),
}
