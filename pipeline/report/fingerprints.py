"""The hidden line of a note by which a later pipeline knows what was reviewed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.errors import PipelineError, Status
from pipeline.report.model import Report

_NAME = r"[A-Za-z0-9][A-Za-z0-9._/-]*"
_HIDDEN = re.compile(
    rf"^<!-- mapvibe:plan((?: {_NAME}=[A-Za-z0-9:_-]+)*) commit=([0-9A-Za-z]*) pipeline=(\d+) -->\s*$",
    re.MULTILINE,
)
_PAIR = re.compile(rf"({_NAME})=([A-Za-z0-9:_-]+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reviewed:
    """What the hidden line of a note says.

    Attributes:
        fingerprints: name of each stack to the fingerprint of its planned changes.
        commit: the commit that was planned; empty where it was not known.
        pipeline_id: the pipeline that wrote the note; 0 where it was not known.
    """

    fingerprints: dict[str, str]
    commit: str
    pipeline_id: int


def hidden_line(report: Report) -> str:
    """The line that ``reviewed`` reads back; a stack without a plan is not in it.

    Raises:
        PipelineError: a name, fingerprint or commit cannot be written in it.
    """
    pairs = "".join(
        f" {each.name}={each.fingerprint}"
        for each in report.stacks
        if each.fingerprint and not each.failure
    )
    line = f"<!-- mapvibe:plan{pairs} commit={report.commit} pipeline={report.pipeline_id} -->"
    if not _HIDDEN.fullmatch(line) or line != line.strip():
        raise PipelineError(
            "report: a stack's name, a fingerprint or the commit has characters other than "
            "letters, digits, '.', '_' and '-'; correct the arguments",
            Status.USAGE,
        )
    return line


def reviewed(markdown: str) -> Reviewed | None:
    """Read the hidden line of a note; ``None`` where there is none.

    The first one counts: ``markdown.render`` writes it above everything that comes from a plan,
    and nothing that comes from a plan can look like it.
    """
    found = _HIDDEN.search(markdown)
    if not found:
        return None
    return Reviewed(
        fingerprints=dict(_PAIR.findall(found[1])),
        commit=found[2],
        pipeline_id=int(found[3]),
    )


def fingerprints(markdown: str) -> dict[str, str]:
    """Name of each stack to fingerprint, from a note's text; empty where the note has none."""
    found = reviewed(markdown)
    return found.fingerprints if found else {}
