"""``python -m toolchain install``: everything that is not a Python package."""

from __future__ import annotations

from collections.abc import Mapping

from toolchain.layout import Layout
from toolchain.mirror import PROVIDER_VERSION, find_provider_mirror
from toolchain.node import find_node, install_cdktf
from toolchain.probe import shown, version_of
from toolchain.report import step
from toolchain.settings import Settings
from toolchain.terraform_source import find_terraform
from toolchain.wrappers import write_terraform_rc, write_wrappers


def install(layout: Layout, env: Mapping[str, str]) -> None:
    """Choose or fetch each tool and write the wrappers; what is there already stays.

    Raises:
        ToolchainError: a tool is missing and can't be had.
    """
    with step("Node") as current:
        node = find_node(env)
        current.result = f"{shown(version_of(node, env))} {node}"
    with step("CDKTF command line") as current:
        current.result = install_cdktf(layout, node, env)
    with step("Terraform") as current:
        terraform = find_terraform(layout, env)
        current.result = f"{shown(version_of(terraform, env))} {terraform}"
    with step(f"AWS provider {PROVIDER_VERSION}") as current:
        mirror = find_provider_mirror(base=env)
        current.result = f"mirror {mirror}" if mirror else "from the public registry"
        write_terraform_rc(layout, mirror)
    Settings(node=node, terraform=terraform, mirror=mirror).save(layout)
    write_wrappers(layout)
