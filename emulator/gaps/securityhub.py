"""Security Hub: its settings for new controls.

Source: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_UpdateSecurityHubConfiguration.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from moto.securityhub.models import SecurityHubBackend
from moto.securityhub.responses import SecurityHubResponse

from emulator.gaps.registry import Gap, add, replace

_KEPT: Final = "hub_configuration"


def _configuration() -> None:
    @replace(SecurityHubBackend, "describe_hub")
    def _(
        original: Callable[..., dict[str, Any]],
        self: SecurityHubBackend,
        hub_arn: str | None = None,
    ) -> dict[str, Any]:
        return original(self, hub_arn) | getattr(self, _KEPT, {})

    @replace(SecurityHubBackend, "disable_security_hub")
    def _(original: Callable[..., Any], self: SecurityHubBackend) -> Any:
        setattr(self, _KEPT, {})
        return original(self)

    @add(SecurityHubResponse, "update_security_hub_configuration")
    def _(self: SecurityHubResponse) -> str:
        backend, asked = self.securityhub_backend, json.loads(self.body or "{}")
        backend.describe_hub()  # refuses where there is no hub
        setattr(backend, _KEPT, getattr(backend, _KEPT, {}) | asked)
        return "{}"


GAPS = (
    Gap(
        service="securityhub",
        name="configuration",
        moto="cannot change how new controls are handled",
        aws="keeps it, and shows it with the hub",
        fill=_configuration,
    ),
)
