"""Environments of several stacks: dev has two, staging one, prod three."""

from __future__ import annotations

from pipeline.errors import Status
from tests.pipeline.commands.support import CommandLine, Merged
from tests.pipeline.gitlab import world


def planned(job: CommandLine, *environments: str) -> dict[str, str]:
    """Seal plans; gives the fingerprint of each stack."""
    found: dict[str, str] = {}
    for name in environments:
        ended = job("plan", name, "--no-cost", "--seal")
        assert (ended.status, ended.err) == (Status.OK, "")
        found |= {each.name: each.fingerprint for each in job.report(f"reports/{name}.json").stacks}
    return found


def review(merged: Merged, marks: dict[str, str]) -> None:
    """Let the note of the merge request show these fingerprints."""
    pairs = " ".join("=".join(pair) for pair in marks.items())
    text = f"<!-- mapvibe:plan {pairs} commit=abc pipeline=6000 -->\n"
    world.add_note(merged.gitlab, text, author=world.BOT)
