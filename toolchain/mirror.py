"""Finds a folder on this machine that already holds the AWS provider.

Where the public registry can't be reached, ``terraform init`` works only from such a mirror. A
mirror is recognised by Terraform's own layout and never by the path of one machine.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from toolchain.layout import ROOT

PROVIDER_VERSION = "5.100.0"
"""The provider that ``cdktf-cdktf-provider-aws`` 20.1.0 requires."""

PROVIDER = "registry.terraform.io/hashicorp/aws"
"""The provider's address, which is also its folder inside a mirror."""

_SYSTEM_FOLDERS = (
    "/opt",
    "/usr/local/share",
    "/usr/share",
    "/usr/local/lib",
    "/var/lib",
    "/srv",
)

_INSTALLATION_BLOCK = re.compile(r"^\s*provider_installation\b", re.MULTILINE)
_MIRROR_PATH = re.compile(r"\bfilesystem_mirror\s*\{[^}]*?\bpath\s*=\s*\"([^\"]+)\"")

_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def platform_name() -> str:
    """Return Terraform's name of this platform, such as ``linux_amd64``."""
    machine = platform.machine().lower()
    return f"{platform.system().lower()}_{_MACHINES.get(machine, machine)}"


def find_provider_mirror(
    version: str = PROVIDER_VERSION,
    *,
    base: Mapping[str, str] | None = None,
    system_folders: Sequence[str] = _SYSTEM_FOLDERS,
) -> Path | None:
    """Return the first folder that holds the AWS provider for this platform.

    Args:
        version: the provider's version.
        base: the environment to read the user's folders from; the process's own by default.
        system_folders: folders that are mirrors, or whose children or grandchildren are.

    Returns:
        The mirror's root (the folder that holds ``registry.terraform.io``), or None.
    """
    env = os.environ if base is None else base
    for root in _candidates(env, system_folders):
        if holds(root, version, platform_name()):
            return root.absolute()
    return None


def holds(root: Path, version: str, platform_: str) -> bool:
    """Tell whether a mirror holds the provider, unpacked or as the registry's zip.

    Args:
        root: the mirror's root.
        version: the provider's version.
        platform_: Terraform's name of a platform, such as ``linux_amd64``.
    """
    provider = root / PROVIDER
    packed = provider / f"terraform-provider-aws_{version}_{platform_}.zip"
    unpacked = provider / version / platform_
    return packed.is_file() or any(unpacked.glob("terraform-provider-aws_*"))


def user_configuration(env: Mapping[str, str]) -> Path | None:
    """Return the CLI configuration that Terraform would read, if the file exists."""
    home = env.get("HOME")
    for name in (env.get("TF_CLI_CONFIG_FILE"), f"{home}/.terraformrc" if home else None):
        if name and Path(name).is_file():
            return Path(name)
    return None


def chooses_installation(configuration: Path) -> bool:
    """Tell whether a CLI configuration itself says where providers come from."""
    return _INSTALLATION_BLOCK.search(configuration.read_text(errors="replace")) is not None


def _candidates(env: Mapping[str, str], system_folders: Sequence[str]) -> Iterator[Path]:
    yield from _implied(env)
    configuration = user_configuration(env)
    if configuration is not None:
        text = configuration.read_text(errors="replace")
        yield from (Path(path).expanduser() for path in _MIRROR_PATH.findall(text))
    for folder in map(Path, system_folders):
        for depth in ("", "*/", "*/*/"):
            yield from (found.parents[2] for found in sorted(folder.glob(f"{depth}{PROVIDER}")))


def _implied(env: Mapping[str, str]) -> Iterator[Path]:
    """Yield the folders that Terraform searches without any configuration."""
    yield ROOT / "terraform.d" / "plugins"
    home = env.get("HOME")
    if home:
        yield Path(home, ".terraform.d", "plugins")
        yield Path(home, "Library", "Application Support", "io.terraform", "plugins")
    data_home = env.get("XDG_DATA_HOME") or (f"{home}/.local/share" if home else "")
    data_dirs = env.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    for folder in (data_home, *data_dirs.split(":")):
        if folder:
            yield Path(folder, "terraform", "plugins")
