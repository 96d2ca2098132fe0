"""S3: bucket policies."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket, S3Backend

from emulator.gaps.registry import Gap, replace


def _policy_conditions() -> None:
    @replace(FakeBucket, "get_permission")
    def _(
        original: Callable[..., PermissionResult], self: FakeBucket, action: str, resource: str
    ) -> PermissionResult:
        policy = json.loads(self.policy) if self.policy else {}
        statements = _statements(policy)
        if not any("Condition" in statement for statement in statements):
            return original(self, action, resource)
        deciding = [
            {key: value for key, value in statement.items() if key != "Condition"}
            for statement in statements
            if _conditions_hold(statement)
        ]
        document = json.dumps({**policy, "Statement": deciding})
        return IAMPolicy(document).is_action_permitted(action, resource)


def _statements(policy: dict[str, Any]) -> list[dict[str, Any]]:
    statements = policy.get("Statement", [])
    return statements if isinstance(statements, list) else [statements]


def _conditions_hold(statement: dict[str, Any]) -> bool:
    """Whether every condition is known to hold; a statement with any other does not decide."""
    return all(
        _condition_holds(operator, key, wanted)
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
    )


def _condition_holds(operator: str, key: str, wanted: str | bool | list[str | bool]) -> bool:
    # The emulator stands for an endpoint that is reached over TLS. It knows nothing of other keys
    # (who calls, from which network, with which encryption), so they never hold.
    if key.lower() != "aws:securetransport" or operator.lower() not in ("bool", "boolifexists"):
        return False
    values = wanted if isinstance(wanted, list) else [wanted]
    return "true" in {str(value).lower() for value in values}


def _logging_grant() -> None:
    @replace(FakeBucket, "_log_permissions_enabled_policy")
    def _(
        original: Callable[..., bool], target_bucket: FakeBucket, target_prefix: str | None
    ) -> bool:
        if not target_bucket.policy:
            return original(target_bucket, target_prefix)
        policy = json.loads(target_bucket.policy)
        for_services = [
            statement
            for statement in _statements(policy)
            if isinstance(statement.get("Principal"), dict)
        ]
        legible = copy.copy(target_bucket)
        legible.policy = json.dumps({**policy, "Statement": for_services}).encode()
        return original(legible, target_prefix)


_SUSPENDED = threading.Lock()


def _versions_of_suspended() -> None:
    """A lifted suspension would be seen by other calls for a moment, so that they wait for each other."""

    @replace(S3Backend, "delete_object")
    def _(
        original: Callable[..., Any],
        self: S3Backend,
        bucket_name: str,
        key_name: str,
        version_id: str | None = None,
        bypass: bool = False,
    ) -> Any:
        bucket = self.get_bucket(bucket_name)
        with _SUSPENDED:
            if version_id is None or bucket.versioning_status != "Suspended":
                return original(self, bucket_name, key_name, version_id, bypass)
            bucket.versioning_status = "Enabled"
            try:
                return original(self, bucket_name, key_name, version_id, bypass)
            finally:
                bucket.versioning_status = "Suspended"


GAPS = (
    Gap(
        service="s3",
        name="policy-conditions",
        moto="takes any condition of a bucket policy's statement for a reason to deny",
        aws="evaluates it: here aws:SecureTransport is true, and a statement with any other "
        "condition decides nothing",
        fill=_policy_conditions,
    ),
    Gap(
        service="s3",
        name="logging-grant",
        moto="fails on a log bucket whose policy also has a statement for everyone",
        aws="looks for the grant to the logging service among all statements",
        fill=_logging_grant,
    ),
    Gap(
        service="s3",
        name="versions-of-suspended",
        moto="forgets versions where versioning is suspended: deleting one deletes another",
        aws="deletes the version that is named, as long as there is one",
        fill=_versions_of_suspended,
    ),
)
