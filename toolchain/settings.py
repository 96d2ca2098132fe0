"""What ``install`` found on this machine, kept where shell and Python both read it."""

from __future__ import annotations

import os
import shlex
import tempfile
from dataclasses import dataclass
from pathlib import Path

from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.mirror import PROVIDER_VERSION, holds

_PREFIX = "TOOLCHAIN_"

_CDKTF_LOCKS_FOR = "linux_amd64"
"""The platform that ``cdktf deploy`` asks ``terraform providers lock`` for, wherever it runs."""


@dataclass(frozen=True)
class Settings:
    """The tools that ``install`` chose."""

    node: Path
    terraform: Path
    mirror: Path | None = None

    @property
    def lock_arguments(self) -> str:
        """What ``terraform providers lock`` needs: it ignores the CLI configuration's mirror.

        Empty where the mirror can't answer for the platform that CDKTF locks.
        """
        if self.mirror is None or not holds(self.mirror, PROVIDER_VERSION, _CDKTF_LOCKS_FOR):
            return ""
        return f"-fs-mirror={shlex.quote(str(self.mirror))}"

    def save(self, layout: Layout) -> None:
        """Write them for the wrappers; a path inside the repository is stored relative to it."""
        values = {
            "NODE": _stored(self.node, layout),
            "TERRAFORM": _stored(self.terraform, layout),
            "MIRROR": str(self.mirror or ""),
            "LOCK_ARGUMENTS": self.lock_arguments,
        }
        lines = (f"{_PREFIX}{name}={shlex.quote(value)}\n" for name, value in values.items())
        write_atomically(layout.settings, "".join(lines))

    @staticmethod
    def load(layout: Layout) -> Settings:
        """Read them.

        Raises:
            ToolchainError: ``install`` has not run.
        """
        try:
            words = shlex.split(layout.settings.read_text(), comments=True)
            found = dict(word.removeprefix(_PREFIX).split("=", 1) for word in words)
            return Settings(
                node=layout.root / found["NODE"],
                terraform=layout.root / found["TERRAFORM"],
                mirror=Path(found["MIRROR"]) if found["MIRROR"] else None,
            )
        except (OSError, ValueError, KeyError):
            raise ToolchainError(
                f"{layout.settings} is missing or damaged: run 'make setup' in {layout.root}"
            ) from None


def write_atomically(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Write a whole file in one step: a reader sees the old one or the new one.

    A symbolic link at ``path`` is replaced, never written through.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w") as file:
        file.write(text)
    temporary = Path(name)
    temporary.chmod(mode)
    temporary.replace(path)


def _stored(path: Path, layout: Layout) -> str:
    return str(path.relative_to(layout.root)) if path.is_relative_to(layout.root) else str(path)
