"""A mistake in a file of values is one line, whatever Python would say of it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest

from environments import load
from stacks.errors import ConfigurationError
from tests.environments.conftest import Add

DEV = (Path(load.__file__).parent / "dev.py").read_text()
Load = Callable[[str | None], list[str]]
FILE = "environments/trial.py"


@pytest.fixture
def told(add: Add) -> Load:
    """Loads an environment ``trial`` whose file has this text, and returns the lines of refusal."""

    def lines(text: str | None) -> list[str]:
        add("trial", text)
        with pytest.raises(ConfigurationError) as caught:
            load.load_environment("trial")
        return str(caught.value).splitlines()

    return lines


def edited(old: str, new: str) -> str:
    """The text of dev.py as an environment ``trial``, with one piece of it changed."""
    trial = DEV.replace("DEV =", "TRIAL =").replace('name="dev"', 'name="trial"')
    assert old in trial
    return trial.replace(old, new, 1)


def number(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "beginning"),
    [
        ('zones=("ap-southeast-1a", "ap-southeast-1b"),\n            nat', 'zones=("a",),\n            nat', "rag.network.zones.0=a: not an availability zone"),
        ("storage_gib=20", "storage_gib=2", "rag.database.storage_gib=2: input should be greater"),
        ("timeout_seconds=28", 'timeout_seconds="28"', "rag.function.timeout_seconds=28: input should be a valid integer"),
        ("memory_mib=512, ", "", "rag.function.memory_mib: a value is required; add it"),
        ("memory_mib=512", "memory_mb=512", "rag.function.memory_mb=512: there is no such field; did you mean memory_mib?"),
        ("throttle_rate=20", "throttle_rate=20, colour=1", "rag.api.colour=1: there is no such field; remove it"),
        ('proxy=ProxySettings(zones=("ap-southeast-1a", "ap-southeast-1b"))', "proxy=ProxySettings(zones=())", "rag.database.proxy.zones.0: a value is required"),
        ('project_path="mapvibe/infrastructure"', 'project_path="infrastructure"', "delivery.project_path=infrastructure: not the path"),
        ('owner="platform-team"', 'owner="R&D"', "owner=R&D: not a tag"),
        ('name="trial"', 'name="dev"', "name=dev: not the name of its file; set it to trial"),
        ("TRIAL =", "DEV =", "TRIAL: is not there, or no Environment"),
        ("TRIAL = Environment(", "TRIAL = dict(", "TRIAL: is not there, or no Environment"),
    ],
    ids=lambda v: v[:40],
)  # fmt: skip
def test_a_wrong_value_is_told_with_its_whole_path(
    told: Load, old: str, new: str, beginning: str
) -> None:
    lines = told(edited(old, new))
    matching = [line for line in lines if line.startswith(f"{FILE}: {beginning}")]
    assert len(matching) == 1, lines


@pytest.mark.parametrize(
    ("old", "new", "piece", "says"),
    [
        ("guarded=False,", "guarded=False", "guarded=False", "SyntaxError"),
        ("guarded=False", "guarded=false", "TRIAL = Env", "name 'false' is not defined"),
        ("NetworkSettings(\n", 'NetworkSettings("10.0.0.0/16",\n', "NetworkSettings(", "positional argument"),
        ("    ProxySettings,\n", "    ProxySetings,\n", "from stacks.rag.settings", "cannot import name 'ProxySetings'"),
        ("from environments.settings", "from environment.settings", "from environment.", "No module named 'environment'"),
        ("FunctionSettings(memory", "FunctionSettings.make(memory", "TRIAL = Env", "make"),
        ("storage_gib=20", "storage_gib=20 / 0", "TRIAL = Env", "division by zero"),
        ("guarded=False,", "guarded=False, guarded=True,", "guarded=False", "keyword argument repeated"),
    ],
    ids=lambda v: v[:30],
)  # fmt: skip
def test_a_mistake_of_python_is_told_with_its_line(
    told: Load, old: str, new: str, piece: str, says: str
) -> None:
    text = edited(old, new)
    (line,) = told(text)
    file, found, rest = line.split(":", 2)
    assert file == FILE
    # Python names the line of an expression's part, and for a comma the line after.
    assert number(text, piece) <= int(found)
    assert says in rest
    assert rest.endswith("; compare it with environments/dev.py")


def test_a_name_without_a_file_is_one_line(told: Load) -> None:
    (line,) = told(None)
    assert line.startswith(f"{FILE}: there is no such file; write it like environments/dev.py")


def test_a_fault_of_another_file_keeps_its_traceback(told: Load) -> None:
    """It is not the settings' author who must mend it."""
    folder = Path(importlib.import_module("environments").__path__[0])
    (folder / "faulty.py").write_text("raise RuntimeError('a fault of the project')")
    with pytest.raises(RuntimeError, match="a fault of the project"):
        told("import environments.faulty")
