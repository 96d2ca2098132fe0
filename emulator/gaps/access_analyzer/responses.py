"""The service's operations, as its REST API takes them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

from moto.core.responses import BaseResponse

from emulator.gaps.access_analyzer.models import AccessAnalyzerBackend, accessanalyzer_backends

Answer = tuple[int, dict[str, Any], str]


class AccessAnalyzerResponse(BaseResponse):
    """Answers requests; moto calls the method that is named as the operation."""

    def __init__(self) -> None:
        """Takes no arguments: moto makes one a request."""
        super().__init__(service_name="accessanalyzer")

    def create_analyzer(self) -> Answer:
        """CreateAnalyzer."""
        return _answer(arn=self._backend.create(self._asked))

    def get_analyzer(self) -> Answer:
        """GetAnalyzer."""
        return _answer(analyzer=self._backend.find(self._analyzer))

    def list_analyzers(self) -> Answer:
        """ListAnalyzers."""
        return _answer(analyzers=self._backend.listed(self._get_param("type")))

    def update_analyzer(self) -> Answer:
        """UpdateAnalyzer."""
        analyzer = self._backend.find(self._analyzer)
        analyzer["configuration"] = self._asked["configuration"]
        return _answer(configuration=analyzer["configuration"])

    def delete_analyzer(self) -> Answer:
        """DeleteAnalyzer."""
        self._backend.delete(self._analyzer)
        return _answer()

    def create_archive_rule(self) -> Answer:
        """CreateArchiveRule."""
        self._backend.create_rule(self._analyzer, self._asked["ruleName"], self._asked["filter"])
        return _answer()

    def get_archive_rule(self) -> Answer:
        """GetArchiveRule."""
        return _answer(archiveRule=self._backend.rule(self._analyzer, self._rule))

    def list_archive_rules(self) -> Answer:
        """ListArchiveRules."""
        return _answer(archiveRules=list(self._backend.rules_of(self._analyzer).values()))

    def update_archive_rule(self) -> Answer:
        """UpdateArchiveRule."""
        self._backend.rule(self._analyzer, self._rule)["filter"] = self._asked["filter"]
        return _answer()

    def delete_archive_rule(self) -> Answer:
        """DeleteArchiveRule."""
        self._backend.rule(self._analyzer, self._rule)
        del self._backend.rules_of(self._analyzer)[self._rule]
        return _answer()

    def list_tags_for_resource(self) -> Answer:
        """ListTagsForResource."""
        return _answer(tags=self._backend.tags_of(self._part(2)))

    def tag_resource(self) -> Answer:
        """TagResource."""
        self._backend.tags_of(self._part(2)).update(self._asked["tags"])
        return _answer()

    def untag_resource(self) -> Answer:
        """UntagResource."""
        tags = self._backend.tags_of(self._part(2))
        for key in self.querystring.get("tagKeys", []):
            tags.pop(key, None)
        return _answer()

    @property
    def _backend(self) -> AccessAnalyzerBackend:
        backend: AccessAnalyzerBackend = accessanalyzer_backends[self.current_account][self.region]
        return backend

    @property
    def _asked(self) -> dict[str, Any]:
        asked: dict[str, Any] = json.loads(self.body or "{}")
        return asked

    @property
    def _analyzer(self) -> str:
        return self._part(2).partition("/")[0]

    @property
    def _rule(self) -> str:
        return self._part(4)

    def _part(self, number: int) -> str:
        """A part of the path, and all that follows the second: an ARN holds slashes."""
        return unquote(unquote(self.path).split("/", number)[number])


def _answer(**members: Any) -> Answer:
    return 200, {"status": 200}, json.dumps(members)
