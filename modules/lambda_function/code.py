"""The code of a function: a zip that was built before synth, and its hash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cdktf import AssetType, TerraformAsset
from constructs import Construct


@dataclass(frozen=True, kw_only=True, slots=True)
class CodePackage:
    """A finished zip.

    Attributes:
        path: where the zip lies.
        sha256_hex: SHA-256 of its bytes, hexadecimal.
        sha256_base64: the same in base64, as Terraform's ``source_code_hash`` wants it.
        runtime: Lambda's name of the interpreter that the code's dependencies were built for.
        architecture: the processors that they were built for.
    """

    path: Path
    sha256_hex: str
    sha256_base64: str
    runtime: str = "python3.13"
    architecture: Literal["arm64", "x86_64"] = "arm64"

    def copy_into_stack(self, scope: Construct, construct_id: str) -> str:
        """Copy the zip beside the stack's JSON; returns its path relative to that.

        A path of one machine in the JSON would make every other machine's plan show a change.
        The folder is named after our hash: CDKTF's own sees neither names nor a zip's file times.
        """
        asset = TerraformAsset(
            scope,
            construct_id,
            path=str(self.path.resolve()),
            type=AssetType.FILE,
            asset_hash=self.sha256_hex[:32],
        )
        return asset.path


Code = Callable[[str], CodePackage]
"""Gives the zip of a service by its name, built when it is asked for."""
