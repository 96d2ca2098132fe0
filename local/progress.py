"""Runs a talkative command: its progress on the terminal, every word of it in a log."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from toolchain.progress import Progress

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PROGRESS = re.compile(
    r"aws_[\w.-]+: (?:Creation|Modifications|Destruction) complete after .*?(?= \[id|$)"
    r"|Plan: .*|Apply complete!.*|Destroy complete!.*|No changes\."
    r"|terraform \w+: \d+ s.*"
)
_FAULT = re.compile(r"\bError\b|\bERROR\b|error:|fatal:|not found|denied|Traceback|FAILED")
_AFTER_A_FAULT, _AT_THE_END, _SHOWN_ON_FAILURE = 8, 15, 60  # lines


def follow(
    command: list[str], *, folder: Path, process: Mapping[str, str], log: Path, label: str = ""
) -> int:
    """Run a command; returns its exit status.

    Args:
        command: program and arguments.
        folder: where to run it.
        process: its environment.
        log: gets the whole output; its name is the command's. When the command fails, the lines
            that say why are shown.
        label: stands before each line of progress, where several commands run at once.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []

    def show(text: str) -> None:
        print(f"    {label}{text}", flush=True)  # noqa: T201

    with (
        log.open("w") as file,
        Progress(log.stem, show, endpoint=process.get("AWS_ENDPOINT_URL")) as progress,
        subprocess.Popen(
            command,
            cwd=folder,
            env=dict(process),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as running,
    ):
        assert running.stdout is not None  # noqa: S101 - for the type checker: it is a pipe
        try:
            for raw in running.stdout:
                line = _COLOUR.sub("", raw.rstrip())
                file.write(line + "\n")
                file.flush()
                lines.append(line)
                found = _PROGRESS.search(line)
                if found:
                    show(found.group(0))
                progress.line(line, shown=found is not None)
        except KeyboardInterrupt:
            # The terminal has told the command too, which may have a state to save.
            file.write(_COLOUR.sub("", running.stdout.read()))
            raise
    if running.returncode != 0:
        print("\n".join(relevant_lines(lines)), flush=True)  # noqa: T201
    return running.returncode


def relevant_lines(lines: Sequence[str]) -> list[str]:
    """Choose the lines of a failed command's output that say why: each error and the end."""
    wanted = set(range(max(0, len(lines) - _AT_THE_END), len(lines)))
    for number, line in enumerate(lines):
        if _FAULT.search(line):
            wanted |= set(range(number, min(number + _AFTER_A_FAULT, len(lines))))
    chosen: list[str] = []
    before = -1
    for number in sorted(wanted)[-_SHOWN_ON_FAILURE:]:
        if number > before + 1:
            chosen.append("…")
        chosen.append(lines[number])
        before = number
    return chosen
