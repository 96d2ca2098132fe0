"""What the service keeps in a region: analyzers, their archive rules and tags."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.exceptions import JsonRESTError

Item = dict[str, Any]


class Conflict(JsonRESTError):
    """There is one of this name, or one of this type, of which a region has no second."""

    code = 409

    def __init__(self, what: str) -> None:
        """Args: what: is there already."""
        super().__init__("ConflictException", f"{what} already exists")


class NotFound(JsonRESTError):
    """There is none of this name."""

    code = 404

    def __init__(self, what: str) -> None:
        """Args: what: was asked for."""
        super().__init__("ResourceNotFoundException", f"There is no {what}")


class AccessAnalyzerBackend(BaseBackend):
    """The analyzers of one account in one region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        """Args: region_name: of the analyzers; account_id: whose."""
        super().__init__(region_name, account_id)
        self.analyzers: dict[str, Item] = {}
        self.rules: dict[str, dict[str, Item]] = {}

    def create(self, asked: Item) -> str:
        """Keep a new analyzer; gives its ARN."""
        name = asked["analyzerName"]
        if name in self.analyzers:
            raise Conflict(f"An analyzer named {name}")
        arn = f"arn:aws:access-analyzer:{self.region_name}:{self.account_id}:analyzer/{name}"
        self.analyzers[name] = {
            "arn": arn,
            "name": name,
            "type": asked["type"],
            "createdAt": _now(),
            "status": "ACTIVE",
            "tags": dict(asked.get("tags") or {}),
            **({"configuration": asked["configuration"]} if asked.get("configuration") else {}),
        }
        self.rules[name] = {}
        for rule in asked.get("archiveRules") or []:
            self.create_rule(name, rule["ruleName"], rule["filter"])
        return arn

    def find(self, name: str) -> Item:
        """One analyzer by name."""
        if name not in self.analyzers:
            raise NotFound(f"analyzer {name}")
        return self.analyzers[name]

    def listed(self, kind: str | None) -> list[Item]:
        """All analyzers, or those of a type."""
        return [each for each in self.analyzers.values() if kind in (None, each["type"])]

    def delete(self, name: str) -> None:
        """Forget an analyzer and its archive rules."""
        self.find(name)
        del self.analyzers[name], self.rules[name]

    def create_rule(self, analyzer: str, name: str, criteria: Item) -> None:
        """Keep a new archive rule."""
        if name in self.rules_of(analyzer):
            raise Conflict(f"An archive rule named {name}")
        now = _now()
        self.rules[analyzer][name] = {
            "ruleName": name,
            "filter": criteria,
            "createdAt": now,
            "updatedAt": now,
        }

    def rules_of(self, analyzer: str) -> dict[str, Item]:
        """The archive rules of an analyzer by name, to be read or changed."""
        self.find(analyzer)
        return self.rules[analyzer]

    def rule(self, analyzer: str, name: str) -> Item:
        """One archive rule."""
        if name not in self.rules_of(analyzer):
            raise NotFound(f"archive rule {name}")
        return self.rules[analyzer][name]

    def tags_of(self, arn: str) -> dict[str, str]:
        """Tags of an analyzer, to be read or changed."""
        tags: dict[str, str] = self.find(arn.rpartition("/")[2])["tags"]
        return tags


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


accessanalyzer_backends = BackendDict(AccessAnalyzerBackend, "accessanalyzer")
