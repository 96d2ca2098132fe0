"""The service's operations, as its REST API takes them."""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import BaseResponse

from emulator.gaps.chatbot.models import ChatbotBackend, chatbot_backends

Answer = tuple[int, dict[str, Any], str]


class ChatbotResponse(BaseResponse):
    """Answers requests; moto calls the method that is named as the operation."""

    def __init__(self) -> None:
        """Takes no arguments: moto makes one a request."""
        super().__init__(service_name="chatbot")

    def create_slack_channel_configuration(self) -> Answer:
        """CreateSlackChannelConfiguration."""
        return _answer(201, ChannelConfiguration=self._backend.create(self._asked))

    def describe_slack_channel_configurations(self) -> Answer:
        """DescribeSlackChannelConfigurations."""
        found = self._backend.describe(self._asked.get("ChatConfigurationArn"))
        return _answer(200, SlackChannelConfigurations=found)

    def update_slack_channel_configuration(self) -> Answer:
        """UpdateSlackChannelConfiguration."""
        return _answer(200, ChannelConfiguration=self._backend.update(self._asked))

    def delete_slack_channel_configuration(self) -> Answer:
        """DeleteSlackChannelConfiguration."""
        self._backend.delete(self._asked["ChatConfigurationArn"])
        return _answer(204)

    def list_tags_for_resource(self) -> Answer:
        """ListTagsForResource."""
        tags = self._backend.tags_of(self._asked["ResourceARN"])
        return _answer(200, Tags=[{"TagKey": k, "TagValue": v} for k, v in tags.items()])

    def tag_resource(self) -> Answer:
        """TagResource."""
        tags = {tag["TagKey"]: tag["TagValue"] for tag in self._asked["Tags"]}
        self._backend.tags_of(self._asked["ResourceARN"]).update(tags)
        return _answer(200)

    def untag_resource(self) -> Answer:
        """UntagResource."""
        tags = self._backend.tags_of(self._asked["ResourceARN"])
        for key in self._asked["TagKeys"]:
            tags.pop(key, None)
        return _answer(200)

    @property
    def _backend(self) -> ChatbotBackend:
        backend: ChatbotBackend = chatbot_backends[self.current_account]["aws"]
        return backend

    @property
    def _asked(self) -> dict[str, Any]:
        asked: dict[str, Any] = json.loads(self.body or "{}")
        return asked


def _answer(status: int, **members: Any) -> Answer:
    return status, {"status": status}, json.dumps(members) if members else ""
