"""Data protection policies: what they mask in what is shown.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/mask-sensitive-log-data.html
"""

from __future__ import annotations

import functools
import json
import re
from typing import Any, Final

from moto.core.utils import unix_time_millis, utcnow
from moto.logs.exceptions import InvalidParameterException, ResourceNotFoundException
from moto.logs.models import LogGroup, LogsBackend

_IDENTIFIERS: Final = {
    "EmailAddress": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "IpAddress": r"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b",
    "AwsSecretKey": r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])",
}
"""The managed identifiers that are masked here; policies may name others, which mask nothing."""


def put(backend: LogsBackend, identifier: str, document: str) -> dict[str, Any]:
    """Sets a log group's policy.

    Args:
        backend: of the caller.
        identifier: name or ARN of the group.
        document: the policy, JSON.

    Raises:
        LogsClientError: if the group does not exist, or the policy is none.
    """
    group = _group(backend, identifier)
    try:
        statements = json.loads(document)["Statement"]
        operations = {name for each in statements for name in each["Operation"]}
        identified = [each["DataIdentifier"] for each in statements]
    except (ValueError, KeyError, TypeError):
        raise InvalidParameterException(
            "the policy document needs statements with DataIdentifier and Operation"
        ) from None
    if operations != {"Audit", "Deidentify"} or any(each != identified[0] for each in identified):
        raise InvalidParameterException(
            "a policy has one statement that audits and one that deidentifies, "
            "with the same data identifiers"
        )
    now = int(unix_time_millis(utcnow()))
    group.__dict__["data_protection"] = {"policyDocument": document, "lastUpdatedTime": now}
    return {"logGroupIdentifier": identifier, **group.__dict__["data_protection"]}


def get(backend: LogsBackend, identifier: str) -> dict[str, Any]:
    """A log group's policy; only the group's identifier if it has none.

    Raises:
        LogsClientError: if the group does not exist.
    """
    group = _group(backend, identifier)
    return {"logGroupIdentifier": identifier, **group.__dict__.get("data_protection", {})}


def delete(backend: LogsBackend, identifier: str) -> None:
    """Takes a log group's policy away.

    Raises:
        LogsClientError: if the group does not exist.
    """
    _group(backend, identifier).__dict__.pop("data_protection", None)


def described(group: LogGroup) -> dict[str, str]:
    """What DescribeLogGroups says of the policy."""
    return {"dataProtectionStatus": "ACTIVATED"} if "data_protection" in group.__dict__ else {}


def group_of(backend: LogsBackend, request: dict[str, Any]) -> LogGroup:
    """The group that a request names or identifies.

    Raises:
        LogsClientError: if it does not exist.
    """
    return _group(backend, request.get("logGroupName") or request["logGroupIdentifier"])


def masked(group: LogGroup, message: str) -> str:
    """A message as the group's policy lets it be seen: one * for each masked character."""
    policy = group.__dict__.get("data_protection")
    pattern = _pattern(policy["policyDocument"]) if policy else None
    return pattern.sub(lambda found: "*" * len(found[0]), message) if pattern else message


@functools.lru_cache(maxsize=64)
def _pattern(document: str) -> re.Pattern[str] | None:
    custom = {
        each["Name"]: each["Regex"]
        for each in json.loads(document).get("Configuration", {}).get("CustomDataIdentifier", [])
    }
    known = _IDENTIFIERS | custom
    named = [
        identifier.rpartition("/")[2]
        for statement in json.loads(document)["Statement"]
        if "Deidentify" in statement["Operation"]
        for identifier in statement["DataIdentifier"]
    ]
    found = [known[name] for name in named if name in known]
    return re.compile("|".join(f"(?:{each})" for each in found)) if found else None


def _group(backend: LogsBackend, identifier: str) -> LogGroup:
    name = identifier.partition(":log-group:")[2].removesuffix(":*") or identifier
    if name not in backend.groups:
        raise ResourceNotFoundException
    found: LogGroup = backend.groups[name]
    return found
