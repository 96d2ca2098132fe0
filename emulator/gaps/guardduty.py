"""GuardDuty: the plans of a detector.

Source: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateDetector.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from moto.guardduty.models import Detector

from emulator.gaps.registry import Gap, replace

_PLANS: Final = (
    "S3_DATA_EVENTS",
    "EKS_AUDIT_LOGS",
    "EBS_MALWARE_PROTECTION",
    "RDS_LOGIN_EVENTS",
    "EKS_RUNTIME_MONITORING",
    "LAMBDA_NETWORK_LOGS",
    "RUNTIME_MONITORING",
)
_OFF_AT_FIRST: Final = ("EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING")


def _features() -> None:
    @replace(Detector, "__init__")
    def _(original: Callable[..., None], self: Detector, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        first = [
            {"name": name, "status": "DISABLED" if name in _OFF_AT_FIRST else "ENABLED"}
            for name in _PLANS
        ]
        self.features = _merged(first, self.features)

    @replace(Detector, "update")
    def _(
        original: Callable[..., None],
        self: Detector,
        enable: bool,
        finding_publishing_frequency: str,
        data_sources: dict[str, Any],
        features: list[dict[str, Any]] | None,
    ) -> None:
        merged = _merged(self.features, features or [])
        original(self, enable, finding_publishing_frequency, data_sources, merged)


def _merged(features: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_name = {each["name"]: each for each in (*features, *new)}
    return list(by_name.values())


GAPS = (
    Gap(
        service="guardduty",
        name="features",
        moto="forgets all plans of a detector but those of the last change",
        aws="has every plan on from the beginning, but runtime monitoring, and changes what it is told",
        fill=_features,
    ),
)
