"""A function for the tests of what needs none that is deployed."""

from __future__ import annotations

from typing import Any

from emulator.functions.deployed import Function


def a_function(**changes: Any) -> Function:
    """A function without anything but what is given."""
    described: dict[str, Any] = {
        "account_id": "123456789012",
        "region": "us-east-1",
        "name": "f",
        "version": "1",
        "arn": "arn",
        "handler": "tiny.app.handler",
        "memory_mib": 128,
        "timeout_seconds": 30,
        "environment": {},
        "code_sha256": "",
        "log_format": "JSON",
        "log_level": "INFO",
        "log_group": "/aws/lambda/f",
        "invoked_arn": "arn",
        "concurrency": 1,
        "statements": "[]",
    }
    return Function(**(described | changes))
