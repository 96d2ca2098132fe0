"""KMS: the keys that AWS makes for its own services, and how often keys rotate."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.kms.models import KmsBackend
from moto.kms.responses import KmsResponse

from emulator.gaps.registry import Gap, replace

_DEFAULT_ROTATION_DAYS = 365


def _managed_keys() -> None:
    @replace(KmsBackend, "_generate_default_keys")
    def _(original: Callable[..., str | None], self: KmsBackend, alias_name: str) -> str | None:
        key_id = original(self, alias_name)
        if key_id:
            self.keys[key_id].key_manager = "AWS"
        return key_id


def _rotation_period() -> None:
    @replace(KmsResponse, "enable_key_rotation")
    def _(original: Callable[..., str], self: KmsResponse) -> str:
        answer = original(self)
        days = self._get_param("RotationPeriodInDays") or _DEFAULT_ROTATION_DAYS
        _asked_key(self).rotation_period_in_days = days
        return answer

    @replace(KmsResponse, "get_key_rotation_status")
    def _(original: Callable[..., str], self: KmsResponse) -> str:
        status = json.loads(original(self))
        if status["KeyRotationEnabled"]:
            status["RotationPeriodInDays"] = _asked_key(self).rotation_period_in_days
        return json.dumps(status)


def _asked_key(request: KmsResponse) -> Any:
    backend = request.kms_backend
    return backend.keys[backend.get_key_id(request._get_param("KeyId"))]


GAPS = (
    Gap(
        service="kms",
        name="managed-keys",
        moto="passes the keys behind alias/aws/... off as the customer's",
        aws="says that AWS manages them; nobody else can delete them",
        fill=_managed_keys,
    ),
    Gap(
        service="kms",
        name="rotation-period",
        moto="forgets how often a key is to rotate",
        aws="keeps the period, a year by default, and returns it while rotation is on",
        fill=_rotation_period,
    ),
)
