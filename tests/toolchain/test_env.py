"""The wrappers' environment and the one for Python callers are the same."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.toolchain.conftest import make_mirror, write_program
from toolchain.env import tool_environment
from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.settings import Settings
from toolchain.wrappers import write_terraform_rc, write_wrappers

OWN_RC = "provider_installation {\n  direct {}\n}\n"


def install(layout: Layout, mirror: Path | None) -> None:
    """Write what ``install`` writes, with a Terraform that prints its environment."""
    terraform = write_program(layout.local / "terraform" / "terraform", "env")
    node = write_program(layout.local / "node", "env")
    Settings(node=node, terraform=terraform, mirror=mirror).save(layout)
    write_terraform_rc(layout, mirror)
    write_wrappers(layout)


def wrapper_environment(layout: Layout, base: dict[str, str]) -> dict[str, str]:
    """Return the environment in which the wrapper starts Terraform."""
    output = subprocess.run(
        [layout.bin / "terraform"], env=base, capture_output=True, text=True, check=True
    ).stdout
    pairs = dict(line.split("=", 1) for line in output.splitlines())
    # The shell's own.
    return {
        name: value for name, value in pairs.items() if name not in ("PWD", "_", "SHLVL", "OLDPWD")
    }


@pytest.fixture
def cases(tmp_path: Path) -> dict[str, dict[str, str]]:
    """Environments of users, by what is special about each."""
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "choosing.tfrc").write_text(OWN_RC)
    (tmp_path / "plain.tfrc").write_text("disable_checkpoint = true\n")
    chooser = tmp_path / "chooser"
    chooser.mkdir()
    (chooser / ".terraformrc").write_text(OWN_RC)
    base = {"PATH": "/usr/bin:/bin", "HOME": str(home)}
    return {
        "plain": base,
        "empty home": {**base, "HOME": ""},
        "no home": {"PATH": "/usr/bin:/bin"},
        "missing file": {**base, "TF_CLI_CONFIG_FILE": str(tmp_path / "missing")},
        "without installation": {**base, "TF_CLI_CONFIG_FILE": str(tmp_path / "plain.tfrc")},
        "with installation": {**base, "TF_CLI_CONFIG_FILE": str(tmp_path / "choosing.tfrc")},
        "home's installation": {**base, "HOME": str(chooser)},
    }


@pytest.mark.parametrize("mirrored", [True, False])
def test_python_and_shell_agree(
    layout: Layout, tmp_path: Path, cases: dict[str, dict[str, str]], mirrored: bool
) -> None:
    install(layout, make_mirror(tmp_path / "a mirror", "linux_amd64") if mirrored else None)
    cases["activated"] = {**cases["plain"], "PATH": f"{layout.bin}:/usr/bin:/bin"}
    cases["arguments of init"] = {**cases["plain"], "TF_CLI_ARGS_init": "-upgrade"}
    cases["set already"] = {**cases["plain"], "TF_CLI_ARGS_init": "-upgrade -reconfigure"}
    for name, base in cases.items():
        assert tool_environment(layout, base) == wrapper_environment(layout, base), name


def test_configuration_is_ours_unless_the_user_chose(
    layout: Layout, tmp_path: Path, cases: dict[str, dict[str, str]]
) -> None:
    install(layout, make_mirror(tmp_path / "mirror"))
    used = {
        name: tool_environment(layout, base).get("TF_CLI_CONFIG_FILE")
        for name, base in cases.items()
    }
    ours = str(layout.terraform_rc)
    assert used == {
        "plain": ours,
        "empty home": ours,
        "no home": ours,
        "missing file": ours,
        "without installation": ours,
        "with installation": str(tmp_path / "choosing.tfrc"),
        "home's installation": None,
    }


def test_missing_configuration_is_dropped_without_mirror(layout: Layout) -> None:
    install(layout, None)
    env = tool_environment(layout, {"PATH": "/bin", "TF_CLI_CONFIG_FILE": "/nowhere/rc"})
    assert "TF_CLI_CONFIG_FILE" not in env
    assert "TF_CLI_ARGS_providers_lock" not in env


def test_tools_environment(layout: Layout) -> None:
    install(layout, None)
    env = tool_environment(layout, {"PATH": "/bin", "AWS_REGION": "x"})
    assert env["PATH"] == f"{layout.bin}:/bin"
    assert env["JSII_NODE"] == str(layout.local / "node")
    assert env["CHECKPOINT_DISABLE"] == "1"
    assert env["AWS_REGION"] == "x"


def test_lock_uses_the_mirror_only_for_the_platform_it_holds(
    layout: Layout, tmp_path: Path
) -> None:
    node, terraform = layout.root / "n", layout.root / "t"
    held = make_mirror(tmp_path / "a mirror", "linux_amd64")
    other = make_mirror(tmp_path / "other", "darwin_arm64")
    assert Settings(node, terraform, held).lock_arguments == f"-fs-mirror='{held}'"
    assert Settings(node, terraform, other).lock_arguments == ""


def test_settings_survive_and_move_with_the_repository(layout: Layout, tmp_path: Path) -> None:
    saved = Settings(layout.local / "n", Path("/usr/bin/terraform"), tmp_path / "a mirror")
    saved.save(layout)
    assert Settings.load(layout) == saved
    moved = Layout(layout.root.rename(tmp_path / "moved"))
    assert Settings.load(moved).node == moved.local / "n"


def test_before_install_both_say_what_to_do(layout: Layout) -> None:
    with pytest.raises(ToolchainError, match="make setup"):
        tool_environment(layout, {})
    write_wrappers(layout)
    result = subprocess.run([layout.bin / "terraform"], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "make setup" in result.stderr
    assert len(result.stderr.splitlines()) == 1
