"""Two real applies of one stack at once: one wins, the other waits or fails cleanly, nothing is lost.

Each round asks both for the same new thing, whose making leaves a line in a file outside of the state: two
lines would mean that both had made it, and that the state knows one.
"""

from __future__ import annotations

import hashlib
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest

from backend import lock
from backend.synthesised import StackState, read_state
from backend.versions import list_versions
from modules.naming import Naming
from tests.backend.support import make_remote_state, synthesise
from tests.support.long_form import LONG
from toolchain.run import Done, run_terraform

pytestmark = pytest.mark.drill

ROUNDS = 7 if LONG else 2
"""Of each form: twenty and one."""
FORMS = ("table", "table and file", "file") if LONG else ("table and file",)
_HELD_SECONDS = 2


@dataclass(frozen=True, kw_only=True)
class Clone:
    """One of two checkouts of the project.

    Attributes:
        root: its folder.
        effects: the file that tells what was made.
    """

    root: Path
    effects: Path

    def write(self, naming: Naming, form: str, number: int) -> Path:
        """Describe the stack of a round; returns its folder."""
        folder = synthesise(self.root, naming, "dev", lockfile=form != "table", kept="always")
        path = folder / "cdk.tf.json"
        body = json.loads(path.read_text())
        if form == "file":
            del body["terraform"]["backend"]["s3"]["dynamodb_table"]
        command = f"echo {number} >> {self.effects}; sleep {_HELD_SECONDS}"
        body["resource"]["terraform_data"]["made"] = {
            "triggers_replace": number,
            "provisioner": [{"local-exec": {"command": command}}],
        }
        path.write_text(json.dumps(body))
        return folder


@pytest.fixture
def clones(tmp_path: Path, naming: Naming) -> tuple[Clone, Clone]:
    make_remote_state(naming, s3=boto3.client("s3"), table=boto3.client("dynamodb"))
    effects = tmp_path / "effects"
    return (
        Clone(root=tmp_path / "ann", effects=effects),
        Clone(root=tmp_path / "ben", effects=effects),
    )


def at_once(folders: list[Path], *options: str) -> list[Done]:
    """Apply in every folder at the same moment."""
    start = threading.Barrier(len(folders))

    def apply(folder: Path) -> Done:
        start.wait()
        return run_terraform(folder, "apply", "-input=false", "-auto-approve", *options)

    with ThreadPoolExecutor(len(folders)) as pool:
        return list(pool.map(apply, folders))


def check(state: StackState, number: int, before: tuple[int, str] | None) -> tuple[int, str]:
    """The state is whole, is what its digest says, follows from the last one, and knows the round."""
    current = list_versions(state)[0]
    content = current.content
    assert content is not None
    if state.lock_table:
        digest = hashlib.md5(current.data, usedforsecurity=False).hexdigest()
        assert lock.read_digest(state) == digest
    [made] = [each for each in content.body["resources"] if each["name"] == "made"]
    assert [i["attributes"]["triggers_replace"]["value"] for i in made["instances"]] == [number]
    assert content.resources == {"terraform_data.kept", "terraform_data.made"}
    if before:
        assert content.serial > before[0]
        assert content.lineage == before[1]
    assert lock.find(state) == [], "both gave their locks back"
    return content.serial, content.lineage


@pytest.mark.parametrize("form", FORMS)
def test_one_wins_and_the_other_waits_or_fails_cleanly(
    form: str, clones: tuple[Clone, Clone], naming: Naming
) -> None:
    effects = clones[0].effects
    for clone in clones:
        run_terraform(clone.write(naming, form, 0), "init", "-input=false").check()
    state = read_state(clones[0].root, "dev")
    before, lost = None, 0
    for number in range(ROUNDS):
        folders = [clone.write(naming, form, number) for clone in clones]
        waits = number % 2 == 0
        ended = at_once(folders, "-lock-timeout=120s" if waits else "-lock-timeout=0s")
        refused = [done for done in ended if done.status != 0]
        assert len(refused) <= (0 if waits else 1), [done.errors for done in refused]
        for done in refused:
            assert done.locked
            assert "make show-lock STACK=dev" in done.reason()
            assert "\n" not in done.reason()
        lost += len(refused)
        assert effects.read_text().split() == [str(n) for n in range(number + 1)], "made once each"
        before = check(state, number, before)
    assert lost > 0, "in a round without waiting the two did meet"
