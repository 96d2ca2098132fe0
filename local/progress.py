"""Runs a talkative command: its progress on the terminal, every word of it in a log."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PROGRESS = re.compile(
    r"(?P<address>aws_[\w.-]+): (?:(?:Creation|Modifications|Destruction) complete after .*?(?= \[id|$)"
    r"|Still \w+\.\.\. \[(?:id=\S+, )?(?:\d+m)?[03]0s elapsed\])"
    r"|Plan: .*|Apply complete!.*|Destroy complete!.*|No changes\."
)
_SHOWN_ON_FAILURE = 60


def follow(
    command: list[str], *, folder: Path, process: Mapping[str, str], log: Path, label: str = ""
) -> int:
    """Run a command; returns its exit status.

    Args:
        command: program and arguments.
        folder: where to run it.
        process: its environment.
        log: gets the whole output. When the command fails, the end of it is shown.
        label: stands before each line of progress, where several commands run at once.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    with (
        log.open("w") as file,
        subprocess.Popen(
            command,
            cwd=folder,
            env=dict(process),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as running,
    ):
        assert running.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
        try:
            for raw in running.stdout:
                line = _COLOUR.sub("", raw.rstrip())
                file.write(line + "\n")
                lines.append(line)
                if found := _PROGRESS.search(line):
                    print(f"    {label}{found.group(0)}", flush=True)  # noqa: T201
        except KeyboardInterrupt:
            # The terminal has told the command too, which may have a state to save.
            file.write(_COLOUR.sub("", running.stdout.read()))
            raise
    if running.returncode != 0:
        print("\n".join(lines[-_SHOWN_ON_FAILURE:]), flush=True)  # noqa: T201
    return running.returncode
