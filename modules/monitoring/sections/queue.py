"""SQS queues: how many messages wait, and how long the oldest has waited.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

from __future__ import annotations

from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

from modules.alerting import Severity
from modules.metrics import Metric, metric
from modules.monitoring.alarm import Alarm
from modules.monitoring.section import Graph, Line, Section

TITLE = "Queues"
_NOTE = "Old messages: whoever reads the queue has stopped, or is too slow."


def section(queue: SqsQueue, *, role: str, oldest_seconds: float) -> Section:
    """What is shown and judged of a queue that somebody reads.

    A message that fails again and again is not what the age is of: after three attempts SQS
    leaves it out. It needs a queue of dead letters.

    Args:
        queue: the queue.
        role: what stands after the environment in its name.
        oldest_seconds: how long a message may wait.
    """
    old = Alarm(
        slug="queue-age",
        of=role,
        meaning=f"A message has waited in {queue.name_input} longer than {oldest_seconds:g} s.",
        value=_of(queue, "ApproximateAgeOfOldestMessage"),
        comparison=">",
        threshold=oldest_seconds,
        points=3,
        missing="notBreaching",  # an empty queue has no oldest message
    )
    return Section(
        title=TITLE,
        note=_NOTE,
        widgets=(
            Graph(
                title=f"{queue.name_input}: messages",
                lines=[
                    Line(label="waiting", value=_waiting(queue)),
                    Line(
                        label="being read",
                        value=_of(queue, "ApproximateNumberOfMessagesNotVisible"),
                    ),
                ],
            ),
            Graph(
                title=f"{queue.name_input}: age of the oldest message, s",
                lines=[Line(label="oldest", value=_of(queue, "ApproximateAgeOfOldestMessage"))],
                alarms=(old,),
            ),
        ),
        alarms=(old,),
    )


def dead_letters(
    queue: SqsQueue, *, of: str, owner: str, severity: Severity
) -> tuple[Alarm, Graph]:
    """Of a queue that nobody reads: a single message is too many, however old it is.

    Args:
        queue: the queue of dead letters.
        of: whose alarm it is.
        owner: whose events end there.
        severity: of an event that is lost.
    """
    waiting = Alarm(
        slug="dead-letters",
        of=of,
        meaning=f"An event of {owner} was given up and waits in its queue of dead letters.",
        value=_waiting(queue),
        comparison=">",
        threshold=0,
        points=1,
        # SQS stops reporting an empty queue after some hours.
        missing="notBreaching",
        severity=severity,
    )
    return waiting, Graph(
        title=f"{owner}: dead letters",
        lines=[Line(label="waiting", value=_waiting(queue))],
        alarms=(waiting,),
    )


def _waiting(queue: SqsQueue) -> Metric:
    return _of(queue, "ApproximateNumberOfMessagesVisible")


def _of(queue: SqsQueue, name: str) -> Metric:
    return metric("AWS/SQS", name, "Maximum", {"QueueName": str(queue.name_input)})
