"""Seals a saved plan: encrypted and authenticated, with a header that anybody can read.

A plan file holds secrets in clear, and an artifact of a pipeline can be read and replaced by
others. A sealed plan is one line of JSON (``head -n 1`` shows it), a nonce of 12 bytes, and the
plan file encrypted with AES-256-GCM, whose tag covers the line as well.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipeline.errors import PipelineError, Status
from pipeline.release.files import write_private

FORMAT = 2
"""Version of the sealed file; a reader refuses another."""

KEY_VARIABLE = "PLAN_KEY"
"""The protected variable that holds the key."""

LARGEST = 256 * 2**20
"""Bytes of the largest plan file; it is held in memory whole."""

_LARGEST_HEADER = 2**20
_KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What a sealed plan says of itself: readable in clear, and authenticated.

    Attributes:
        stack: how reports call the stack: ``dev``, or ``dev/web-dev``.
        commit: the commit that was planned.
        pipeline_id: GitLab's id of the pipeline that planned.
        created_at: when it was sealed, UTC.
        fingerprint: of the planned changes.
        files: SHA-256 of each file of the stack's folder, by path relative to it.
        format: version of the sealed file.
    """

    stack: str
    commit: str
    pipeline_id: int
    created_at: Annotated[datetime, msgspec.Meta(tz=True)]
    fingerprint: str
    files: dict[str, str]
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Key:
    """One key or more: the first seals, all unseal, so that a key can be changed without a gap.

    Attributes:
        secrets: keys of 32 bytes; never shown.
    """

    secrets: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def from_text(cls, text: str) -> Key:
        """Read the value of ``PLAN_KEY``.

        Args:
            text: base64 of 32 bytes; several keys are separated by commas.

        Raises:
            PipelineError: it is no such value; the message does not show it.
        """
        if not text.strip():
            raise PipelineError(
                f"{KEY_VARIABLE} is not set: without a key no plan is kept or applied; "
                "set it as a protected variable",
                Status.USAGE,
            )
        parts = text.split(",")
        return cls(
            tuple(
                _secret(part.strip(), f"key {position} of {len(parts)}")
                for position, part in enumerate(parts, start=1)
            )
        )


def new_key() -> str:
    """A new random key, as ``PLAN_KEY`` takes it."""
    return base64.b64encode(os.urandom(_KEY_BYTES)).decode()


def seal(plan_file: Path, *, header: Header, key: Key, to: Path) -> None:
    """Write a plan file sealed, with mode 0600 and in one step.

    Args:
        plan_file: what ``terraform plan -out`` wrote.
        header: what it says of itself.
        key: its first secret seals.
        to: the sealed file.

    Raises:
        PipelineError: the plan file is missing or larger than 256 MB.
    """
    plain = _read(plan_file, limit=LARGEST, remedy="run 'terraform plan -out' first")
    line = msgspec.json.encode(header, order="sorted") + b"\n"
    nonce = os.urandom(_NONCE_BYTES)
    write_private(to, line + nonce + AESGCM(key.secrets[0]).encrypt(nonce, plain, line))


def unseal(sealed: Path, *, key: Key, to: Path) -> Header:
    """Write the plan file of a sealed one, with mode 0600, once all of it is authenticated.

    Args:
        sealed: what ``seal`` wrote.
        key: any of its secrets may be the one that sealed.
        to: the plain plan file; nothing is written there on failure.

    Returns:
        The header.

    Raises:
        PipelineError: it is not what was sealed, or by another key (TAMPERED_PLAN); it has the
            format of another version (STALE_PLAN); it is missing or too large.
    """
    content = _read(
        sealed,
        limit=LARGEST + _LARGEST_HEADER + _NONCE_BYTES + _TAG_BYTES,
        remedy="the plan job of this pipeline makes it: run a new pipeline",
    )
    line_end = content.find(b"\n", 0, _LARGEST_HEADER) + 1
    line, nonce = content[:line_end], content[line_end : line_end + _NONCE_BYTES]
    rest = content[line_end + _NONCE_BYTES :]
    if not line or len(rest) < _TAG_BYTES:
        raise _tampered(sealed)
    plain = _decrypted(key, nonce, rest, line)
    if plain is None:
        raise _tampered(sealed)
    header = _header(line, sealed)
    write_private(to, plain)
    return header


def _decrypted(key: Key, nonce: bytes, rest: bytes, line: bytes) -> bytes | None:
    for secret in key.secrets:
        try:
            return AESGCM(secret).decrypt(nonce, rest, line)
        except InvalidTag:
            continue
    return None


def _header(line: bytes, sealed: Path) -> Header:
    try:
        header = msgspec.json.decode(line, type=Header)
    except msgspec.MsgspecError:
        header = None
    # Authentic, so nobody changed it: another version of this program wrote it.
    if header is None or header.format != FORMAT:
        raise PipelineError(
            f"{sealed}: sealed by another version of the pipeline; run a new pipeline",
            Status.STALE_PLAN,
        )
    return header


def _secret(text: str, which: str) -> bytes:
    try:
        secret = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != _KEY_BYTES:
        raise PipelineError(
            f"{KEY_VARIABLE}: {which} is not base64 of {_KEY_BYTES} bytes; "
            "make a new one with 'python -m pipeline key'",
            Status.USAGE,
        )
    return secret


def _read(path: Path, *, limit: int, remedy: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise PipelineError(f"{path}: cannot be read: {error.strerror}; {remedy}") from None
    if len(content) > limit:
        raise PipelineError(f"{path}: larger than {limit // 2**20} MB, which no plan should be")
    return content


def _tampered(sealed: Path) -> PipelineError:
    return PipelineError(
        f"{sealed}: cannot be authenticated: it was changed or cut, or sealed with a key that is "
        f"not in {KEY_VARIABLE}; do not apply it, run a new pipeline",
        Status.TAMPERED_PLAN,
    )
