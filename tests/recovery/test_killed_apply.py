"""An apply that is killed at a random moment, and the steps of docs/runbooks/state.md after it.

The seed stands in the name of each test, and ``DRILL_SEED=N`` replays a run.
"""

from __future__ import annotations

import functools
import os
import random
import secrets
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emulator import control
from tests.support.killed import Drill, copy_of_project
from tests.support.long_form import LONG, scheduled

pytestmark = [pytest.mark.deploy, pytest.mark.drill]

# Workers of one run must choose the same moments.
_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or secrets.token_hex()
SEED = int(os.environ.get("DRILL_SEED", zlib.crc32(_RUN.encode()) % 1_000_000))
QUICK, WHOLE = (15, 5) if LONG else (1, 0)
"""Rounds with dev without what takes minutes to make, and with all of it."""


def moments() -> list[Any]:
    """Whether it is all of dev, how many resources are made before, and seconds that go on then.

    Terraform writes its state every 20 seconds at most.
    """
    chance = random.Random(SEED)  # noqa: S311 - moments, not secrets
    found = []
    for whole in (False,) * QUICK + (True,) * WHOLE:
        made, seconds = chance.randrange(225 if whole else 170), round(chance.uniform(0, 20), 1)
        name = f"seed-{SEED}-{'all' if whole else 'quick'}-{made}-{seconds}s"
        found.append(pytest.param(whole, made, seconds, id=name))
    return found


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], Path]:
    """A copy of the project with all of dev, or without what takes minutes to make."""

    @functools.cache
    def copy(whole: bool) -> Path:
        root = tmp_path_factory.mktemp("killed") / "project"
        copy_of_project(root, slow=whole)
        return root

    return copy


@pytest.mark.parametrize(("whole", "made", "seconds"), moments())
def test_a_killed_apply_is_taken_up(
    project: Callable[[bool], Path], tmp_path: Path, whole: bool, made: int, seconds: float
) -> None:
    root = tmp_path / "project"
    shutil.copytree(project(whole), root, symlinks=True)
    with control.ephemeral() as emulator:
        drill = Drill(root=root, emulator=emulator)
        drill.prepare()
        drill.apply_killed_after(made, seconds)

        said = drill.type("backend unlock dev") + drill.type("recovery adopt dev --yes")
        if "nothing to adopt" in said:
            status, applied = drill.terraform("apply", "-input=false", "-auto-approve")
            assert status == 0, applied

        status, planned = drill.terraform("plan", "-input=false", "-detailed-exitcode")
        assert status == 0, f"{said}\n{planned}"
        assert drill.unknown() == []
        assert "Not to be adopted" not in said, said


@scheduled
def test_what_a_stack_does_not_know_is_seen(
    project: Callable[[bool], Path], tmp_path: Path
) -> None:
    """Without this, a round could not fail for what was left behind."""
    with control.ephemeral() as emulator:
        drill = Drill(root=project(False), emulator=emulator)
        drill.prepare()
        vpc = drill.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        assert drill.unknown() == [f"ec2:vpc {vpc}"]
