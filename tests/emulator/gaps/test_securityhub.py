"""Gaps of Security Hub."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws


@pytest.mark.gap("securityhub/configuration")
def test_new_controls_are_handled_as_it_was_told(aws: Aws) -> None:
    hub = aws("securityhub")
    with pytest.raises(ClientError, match="not subscribed"):
        hub.update_security_hub_configuration(AutoEnableControls=False)
    hub.enable_security_hub(EnableDefaultStandards=False)
    hub.update_security_hub_configuration(
        AutoEnableControls=False, ControlFindingGenerator="STANDARD_CONTROL"
    )
    shown = hub.describe_hub()
    assert (shown["AutoEnableControls"], shown["ControlFindingGenerator"]) == (
        False,
        "STANDARD_CONTROL",
    )
    hub.disable_security_hub()
    hub.enable_security_hub()
    assert hub.describe_hub()["AutoEnableControls"] is True
    hub.disable_security_hub()
