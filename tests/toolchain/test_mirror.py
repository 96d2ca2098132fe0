"""The mirror is found by its layout, in Terraform's order."""

from __future__ import annotations

from pathlib import Path

from tests.toolchain.conftest import make_mirror
from toolchain.mirror import find_provider_mirror, platform_name


def find(system: Path, **env: str) -> Path | None:
    """Search with nothing of the machine's own."""
    return find_provider_mirror(
        base={"XDG_DATA_DIRS": "/nowhere", **env}, system_folders=[str(system)]
    )


def test_no_mirror(tmp_path: Path) -> None:
    assert find(tmp_path) is None


def test_system_folder(tmp_path: Path) -> None:
    mirror = make_mirror(tmp_path / "opt" / "plugins")
    assert find(tmp_path / "opt") == mirror


def test_one_level_deeper(tmp_path: Path) -> None:
    mirror = make_mirror(tmp_path / "share" / "terraform" / "providers")
    assert find(tmp_path / "share") == mirror


def test_packed_mirror(tmp_path: Path) -> None:
    folder = tmp_path / "opt" / "m" / "registry.terraform.io" / "hashicorp" / "aws"
    folder.mkdir(parents=True)
    (folder / f"terraform-provider-aws_5.100.0_{platform_name()}.zip").touch()
    assert find(tmp_path / "opt") == tmp_path / "opt" / "m"


def test_other_version_does_not_count(tmp_path: Path) -> None:
    make_mirror(tmp_path / "opt" / "plugins")
    found = find_provider_mirror(
        "6.0.0", base={"XDG_DATA_DIRS": "/nowhere"}, system_folders=[str(tmp_path / "opt")]
    )
    assert found is None


def test_other_platform_does_not_count(tmp_path: Path) -> None:
    make_mirror(tmp_path / "opt" / "plugins", "plan9_mips")
    assert find(tmp_path / "opt") is None


def test_implied_folder_comes_before_configuration_and_system(tmp_path: Path) -> None:
    home = tmp_path / "home"
    implied = make_mirror(home / ".terraform.d" / "plugins")
    make_mirror(tmp_path / "opt" / "plugins")
    assert find(tmp_path / "opt", HOME=str(home)) == implied


def test_users_filesystem_mirror_comes_before_system(tmp_path: Path) -> None:
    make_mirror(tmp_path / "opt" / "plugins")
    chosen = make_mirror(tmp_path / "chosen")
    rc = tmp_path / "my.tfrc"
    rc.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{chosen}"\n  }}\n}}\n'
    )
    assert find(tmp_path / "opt", TF_CLI_CONFIG_FILE=str(rc)) == chosen
