"""Asks an endpoint for a TCP connection and nothing more: calling a model would cost money."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


class EndpointProbe(threading.Thread):
    """Connects in a thread of its own, because resolving a name has no time-out."""

    def __init__(self, host: str, port: int, *, timeout_seconds: float) -> None:
        """Prepare the probe.

        Args:
            host: name or address.
            port: its port.
            timeout_seconds: how long connecting may take once the name is resolved.
        """
        super().__init__(name="health-check-endpoint", daemon=True)
        self._address = (host, port)
        self._timeout = timeout_seconds
        self._error: OSError | None = None

    def run(self) -> None:
        """Do the work of the thread."""
        try:
            socket.create_connection(self._address, timeout=self._timeout).close()
        except OSError as error:
            self._error = error

    def wait(self, timeout_seconds: float) -> None:
        """Wait for the connection, but no longer than that.

        Args:
            timeout_seconds: how long.

        Raises:
            OSError: connecting failed; a ``TimeoutError`` if it has not ended.
        """
        self.join(timeout_seconds)
        if self.is_alive():
            raise TimeoutError
        if self._error is not None:
            raise self._error


def bedrock_endpoint(environment: Mapping[str, str], region: str) -> tuple[str, int]:
    """Return the endpoint of Amazon Bedrock that boto3 would call.

    Args:
        environment: usually ``os.environ``.
        region: of the models.

    Returns:
        Host and port.
    """
    url = urlsplit(
        environment.get("AWS_ENDPOINT_URL_BEDROCK_RUNTIME")
        or environment.get("AWS_ENDPOINT_URL")
        or f"https://bedrock-runtime.{region}.amazonaws.com"
    )
    return url.hostname or "", url.port or _PORTS.get(url.scheme, 443)
