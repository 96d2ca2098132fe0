"""Pages whose commands a test types, as they are written, with their placeholders filled in."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "runbooks"
PAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.md")))
_BLOCK = re.compile(r"^( *)```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_SECONDS = 900.0
_CLI = Path(__file__).with_name("aws_cli.py")
_AWS = f'aws() {{ "{sys.executable}" "{_CLI}" "$@"; }}\n'
"""A machine may lack the AWS CLI, or have one of another age."""


def commands(page: str) -> list[str]:
    """The commands in a page's ``sh`` blocks; one that goes on behind a backslash is one.

    Args:
        page: name of the page, without ``.md``; it may stand in a folder below.
    """
    text = (FOLDER / f"{page}.md").read_text(encoding="utf-8")
    blocks = [textwrap.dedent(found[2]) for found in _BLOCK.finditer(text)]
    lines = [line for block in blocks for line in re.sub(r"\\\n\s*", "", block).splitlines()]
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


@dataclass(kw_only=True)
class Page:
    """A runbook that is followed.

    Attributes:
        root: the folder in which its commands are typed.
        process: the environment of the shell.
        left: commands that nobody has typed yet.
    """

    root: Path
    process: Mapping[str, str]
    left: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, page: str, *, root: Path, process: Mapping[str, str]) -> Page:
        """Open the page of this name."""
        return cls(root=root, process=process, left=commands(page))

    def type(
        self, command: str, answer: str = "", more: str = "", **filled: str
    ) -> tuple[int, str]:
        """Run a command of the page in a shell; gives its status and all that it printed.

        Args:
            command: as it stands in the page.
            answer: what a person types into it.
            more: an option in place of the person whom the command asks in a terminal.
            filled: placeholder to what stands for it.
        """
        self.left.remove(command)
        for name, value in filled.items():
            assert name in command, f"{name} does not stand in: {command}"
            command = command.replace(name, shlex.quote(value))
        done = subprocess.run(
            ["bash", "-c", f"{_AWS}{command} {more}"],
            cwd=self.root,
            env=dict(self.process),
            input=answer,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
        return done.returncode, done.stdout

    def skip(self, command: str, *, reason: str) -> None:
        """Pass over a command that nothing here can run."""
        assert reason
        self.left.remove(command)
