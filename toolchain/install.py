"""``python -m toolchain install``: everything that the project needs from outside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from toolchain.env import with_home
from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.lock import locked
from toolchain.mirror import PROVIDER_VERSION, find_provider_mirror
from toolchain.needs import require
from toolchain.node import find_node, install_cdktf
from toolchain.packages import install_packages, is_current
from toolchain.probe import format_version, version_of
from toolchain.report import step
from toolchain.settings import Settings
from toolchain.terraform_source import find_terraform
from toolchain.wrappers import write_terraform_rc, write_wrappers

TOOLS_VARIABLE = "MAPVIBE_TOOLS"
"""Names the clone whose tools a copy of it uses, such as a job of the local pipeline."""


def install(layout: Layout, env: Mapping[str, str]) -> None:
    """Choose or fetch each tool and write the wrappers; what is there already stays.

    Raises:
        ToolchainError: a tool is missing and can't be had.
    """
    lender = Path(env.get(TOOLS_VARIABLE) or layout.root).resolve()
    if lender != layout.root:
        _borrow(layout, Layout(lender))
        return
    require("setup", layout, env)
    with locked(layout.local / "setup.lock"):
        _install(layout, with_home(layout, env))


def _borrow(layout: Layout, lender: Layout) -> None:
    """Use another clone's tools, which must be of the same requirements."""
    if not is_current(lender, of=layout):
        raise ToolchainError(
            f"{TOOLS_VARIABLE}={lender.root} was not set up for these requirements; "
            "run 'make setup' there"
        )
    for name in (".venv", "node_modules"):
        link = layout.root / name
        link.unlink(missing_ok=True)
        link.symlink_to(lender.root / name)


def _install(layout: Layout, env: Mapping[str, str]) -> None:
    install_packages(layout, env)
    with step("Node") as current:
        node = find_node(layout, env)
        current.result = f"{format_version(version_of(node, env))} {node}"
    with step("CDKTF command line") as current:
        current.result = install_cdktf(layout, node, env)
    with step("Terraform") as current:
        terraform = find_terraform(layout, env)
        current.result = f"{format_version(version_of(terraform, env))} {terraform}"
    with step(f"AWS provider {PROVIDER_VERSION}") as current:
        mirror = find_provider_mirror(base=env)
        current.result = f"mirror {mirror}" if mirror else "from the public registry"
        write_terraform_rc(layout, mirror)
    Settings(node=node, terraform=terraform, mirror=mirror).save(layout)
    write_wrappers(layout)
