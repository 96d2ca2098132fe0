"""Amazon Q Developer in chat applications: Slack channels."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws

ROLE = "arn:aws:iam::123456789012:role/channel"
READ_ONLY = "arn:aws:iam::aws:policy/CloudWatchReadOnlyAccess"


@pytest.mark.gap("chatbot/slack-channels")
def test_a_slack_channel_lives_and_goes(aws: Aws) -> None:
    chatbot = aws("chatbot")
    made = chatbot.create_slack_channel_configuration(
        ConfigurationName="channel",
        SlackTeamId="T0123ABCD",
        SlackChannelId="C0123ABCD",
        IamRoleArn=ROLE,
        GuardrailPolicyArns=[READ_ONLY],
        Tags=[{"TagKey": "Owner", "TagValue": "team"}],
    )["ChannelConfiguration"]
    arn = made["ChatConfigurationArn"]
    assert arn.endswith(":chat-configuration/slack-channel/channel")
    with pytest.raises(ClientError, match="ConflictException"):
        chatbot.create_slack_channel_configuration(
            ConfigurationName="channel",
            SlackTeamId="T0123ABCD",
            SlackChannelId="C0123ABCD",
            IamRoleArn=ROLE,
        )

    chatbot.update_slack_channel_configuration(
        ChatConfigurationArn=arn, SlackChannelId="C0123ABCE", SnsTopicArns=["arn:aws:sns:x:1:t"]
    )
    (kept,) = chatbot.describe_slack_channel_configurations(ChatConfigurationArn=arn)[
        "SlackChannelConfigurations"
    ]
    assert (kept["SlackChannelId"], kept["SnsTopicArns"]) == ("C0123ABCE", ["arn:aws:sns:x:1:t"])
    assert (kept["LoggingLevel"], kept["GuardrailPolicyArns"]) == ("NONE", [READ_ONLY])

    chatbot.tag_resource(ResourceARN=arn, Tags=[{"TagKey": "Project", "TagValue": "p"}])
    chatbot.untag_resource(ResourceARN=arn, TagKeys=["Owner"])
    assert chatbot.list_tags_for_resource(ResourceARN=arn)["Tags"] == [
        {"TagKey": "Project", "TagValue": "p"}
    ]

    chatbot.delete_slack_channel_configuration(ChatConfigurationArn=arn)
    assert not chatbot.describe_slack_channel_configurations()["SlackChannelConfigurations"]
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        chatbot.list_tags_for_resource(ResourceARN=arn)
