"""Logging in to PostgreSQL with a password, on a connection that libpq does not own.

Source: https://www.rfc-editor.org/rfc/rfc5802 and RFC 7677, without channel binding: the server is
reached through a Unix socket.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata

MECHANISM = b"SCRAM-SHA-256"
_NO_BINDING = "n,,"


class Client:
    """One login."""

    def __init__(self, password: str) -> None:
        """Prepares it.

        Args:
            password: of the role, whose name PostgreSQL knows from the first message.
        """
        # For passwords that people type, SASLprep is this normalisation.
        self._password = unicodedata.normalize("NFKC", password).encode()
        self._bare = f"n=,r={secrets.token_urlsafe(18)}"

    def first(self) -> bytes:
        """Gives the first message: the mechanism and our nonce."""
        text = f"{_NO_BINDING}{self._bare}".encode()
        return MECHANISM + b"\0" + len(text).to_bytes(4) + text

    def final(self, challenge: bytes) -> bytes:
        """Gives the second message: the proof.

        Args:
            challenge: what the server sent.
        """
        text = challenge.decode()
        given = dict(part.split("=", 1) for part in text.split(","))
        salt, rounds = base64.b64decode(given["s"]), int(given["i"])
        salted = hashlib.pbkdf2_hmac("sha256", self._password, salt, rounds)
        key = hmac.digest(salted, b"Client Key", "sha256")
        ours = f"c={base64.b64encode(_NO_BINDING.encode()).decode()},r={given['r']}"
        stored = hashlib.sha256(key).digest()
        signature = hmac.digest(stored, f"{self._bare},{text},{ours}".encode(), "sha256")
        proof = bytes(a ^ b for a, b in zip(key, signature, strict=True))
        return f"{ours},p={base64.b64encode(proof).decode()}".encode()
