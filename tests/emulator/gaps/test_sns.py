"""Gaps of SNS."""

from __future__ import annotations

import pytest

from tests.emulator.conftest import Aws
from tests.emulator.deployed import function


@pytest.mark.gap("sns/functions-and-metrics")
def test_a_function_that_is_not_there_does_not_fail_the_publisher(aws: Aws) -> None:
    sns = aws("sns")
    topic = sns.create_topic(Name="to-a-function")["TopicArn"]
    function(aws, "goes")
    arn = aws("lambda").get_function(FunctionName="goes")["Configuration"]["FunctionArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn)
    aws("lambda").delete_function(FunctionName="goes")

    assert sns.publish(TopicArn=topic, Message="hello")["MessageId"]
