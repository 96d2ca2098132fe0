"""Where the toolchain keeps its files, all inside the repository."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The repository's folder."""


@dataclass(frozen=True)
class Layout:
    """The toolchain's files below one repository; tests give another root."""

    root: Path = ROOT

    @property
    def bin(self) -> Path:
        """The virtual environment's commands, our wrappers among them."""
        return self.root / ".venv" / "bin"

    @property
    def local(self) -> Path:
        """Downloaded tools and generated configuration; never committed."""
        return self.root / ".local"

    @property
    def settings(self) -> Path:
        """What ``install`` found on this machine; the wrappers read it on every run."""
        return self.root / ".venv" / "toolchain.env"

    @property
    def terraform_rc(self) -> Path:
        """Terraform's CLI configuration; exists only while a provider mirror is used."""
        return self.local / "terraform.rc"

    @property
    def node_modules(self) -> Path:
        """The folder that ``npm ci`` fills."""
        return self.root / "node_modules"

    @property
    def cdktf_entry(self) -> Path:
        """The JavaScript file that is the CDKTF command line."""
        return self.node_modules / "cdktf-cli" / "bundle" / "bin" / "cdktf"
