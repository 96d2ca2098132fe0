"""An API for the tests of the rules."""

from __future__ import annotations

from typing import Any

from emulator.api.deployed import Api


def an_api(**changes: Any) -> Api:
    """An API without anything but what is given."""
    described: dict[str, Any] = {
        "account_id": "123456789012",
        "region": "us-east-1",
        "api_id": "id",
        "cors": None,
        "routes": (),
        "integrations": {},
        "authorizers": {},
        "stage_variables": {},
        "default_settings": {},
        "route_settings": {},
    }
    return Api(**(described | changes))
