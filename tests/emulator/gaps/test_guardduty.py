"""Gaps of GuardDuty."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.conftest import Aws


def plans(guardduty: Any, detector: str) -> dict[str, str]:
    features = guardduty.get_detector(DetectorId=detector)["Features"]
    return {each["Name"]: each["Status"] for each in features}


@pytest.mark.gap("guardduty/features")
def test_a_detector_keeps_the_plans_that_nobody_changed(aws: Aws) -> None:
    guardduty = aws("guardduty")
    detector = guardduty.create_detector(Enable=True)["DetectorId"]
    first = plans(guardduty, detector)
    assert first["LAMBDA_NETWORK_LOGS"] == "ENABLED"
    assert first["RUNTIME_MONITORING"] == "DISABLED"

    for name in ("LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS"):
        guardduty.update_detector(
            DetectorId=detector, Features=[{"Name": name, "Status": "DISABLED"}]
        )

    changed = {"LAMBDA_NETWORK_LOGS": "DISABLED", "RDS_LOGIN_EVENTS": "DISABLED"}
    assert plans(guardduty, detector) == first | changed
    guardduty.delete_detector(DetectorId=detector)
