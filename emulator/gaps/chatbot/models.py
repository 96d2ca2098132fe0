"""What the service keeps: configurations of Slack channels, which belong to no region."""

from __future__ import annotations

from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.exceptions import JsonRESTError

Item = dict[str, Any]

_DEFAULTS: Item = {
    "SnsTopicArns": [],
    "LoggingLevel": "NONE",
    "GuardrailPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
    "UserAuthorizationRequired": False,
    "SlackChannelName": "",
}
"""What AWS takes for what is left out.

Source: https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html
"""

_NO_WORKSPACE = "a workspace"
"""Slack knows workspaces by name; the emulator asks no Slack."""


class Conflict(JsonRESTError):
    """There is a configuration of this name."""

    code = 409

    def __init__(self, name: str) -> None:
        """Args: name: of the configuration."""
        super().__init__("ConflictException", f"Configuration {name} already exists")


class NotFound(JsonRESTError):
    """There is no configuration of this ARN."""

    code = 404

    def __init__(self, arn: str) -> None:
        """Args: arn: what was asked for."""
        super().__init__("ResourceNotFoundException", f"No configuration {arn}")


class ChatbotBackend(BaseBackend):
    """The Slack channels of one account."""

    def __init__(self, region_name: str, account_id: str) -> None:
        """Args: region_name: moto's; account_id: whose channels."""
        super().__init__(region_name, account_id)
        self.channels: dict[str, Item] = {}
        self.tags: dict[str, dict[str, str]] = {}

    def create(self, asked: Item) -> Item:
        """Keep a new channel."""
        name = asked["ConfigurationName"]
        arn = f"arn:aws:chatbot::{self.account_id}:chat-configuration/slack-channel/{name}"
        if arn in self.channels:
            raise Conflict(name)
        given = {key: value for key, value in asked.items() if key != "Tags"}
        self.tags[arn] = {tag["TagKey"]: tag["TagValue"] for tag in asked.get("Tags", [])}
        self.channels[arn] = {
            **_DEFAULTS,
            "SlackTeamName": _NO_WORKSPACE,
            **given,
            "ChatConfigurationArn": arn,
            "State": "ENABLED",
        }
        return self._shown(arn)

    def describe(self, arn: str | None) -> list[Item]:
        """All channels, or the one of this ARN: none where there is none."""
        return [self._shown(each) for each in self.channels if arn in (None, each)]

    def update(self, asked: Item) -> Item:
        """Change what was sent and nothing else."""
        arn = asked["ChatConfigurationArn"]
        self._known(arn).update(asked)
        return self._shown(arn)

    def delete(self, arn: str) -> None:
        """Forget a channel."""
        self._known(arn)
        del self.channels[arn], self.tags[arn]

    def tags_of(self, arn: str) -> dict[str, str]:
        """Tags, to be read or changed."""
        self._known(arn)
        return self.tags[arn]

    def _known(self, arn: str) -> Item:
        if arn not in self.channels:
            raise NotFound(arn)
        return self.channels[arn]

    def _shown(self, arn: str) -> Item:
        tags = [{"TagKey": key, "TagValue": value} for key, value in self.tags[arn].items()]
        return {**self.channels[arn], "Tags": tags}


chatbot_backends = BackendDict(
    ChatbotBackend, "chatbot", use_boto3_regions=False, additional_regions=["aws"]
)
