"""``python -m toolchain doctor``: which tools are used, and from where."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Mapping
from importlib import metadata

from toolchain.errors import ToolchainError
from toolchain.layout import Layout
from toolchain.mirror import PROVIDER_VERSION, holds, platform_name
from toolchain.needs import NEEDS, find
from toolchain.node import is_current
from toolchain.probe import format_version, version_of
from toolchain.settings import Settings
from toolchain.wrappers import WRAPPERS

MISSING = "missing"

Row = tuple[str, str, str]
"""Tool, version or ``MISSING``, origin."""


def examine_tools(layout: Layout, env: Mapping[str, str]) -> list[Row]:
    """Return one row for each tool that ``make setup`` installs or chooses."""
    rows = [
        ("Python", platform.python_version(), sys.executable),
        _package("cdktf"),
        _package("cdktf-cdktf-provider-aws"),
        _command_line(layout),
    ]
    try:
        settings = Settings.load(layout)
    except ToolchainError as error:
        return [*rows, ("Settings", MISSING, str(error))]
    for name, program in (("Node", settings.node), ("Terraform", settings.terraform)):
        version = version_of(program, env)
        rows.append((name, format_version(version) if version else MISSING, str(program)))
    wrappers = all((layout.bin / name).is_file() for name in WRAPPERS)
    return [
        *rows,
        _provider(layout, settings),
        ("Wrappers", "installed" if wrappers else MISSING, str(layout.bin)),
    ]


def table(rows: list[Row]) -> str:
    """Return the rows as aligned columns."""
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(
        f"{tool:<{widths[0]}}  {version:<{widths[1]}}  {origin}" for tool, version, origin in rows
    )


def examine_machine(env: Mapping[str, str]) -> list[Row]:
    """Return one row for each Debian package that some command needs."""
    rows = []
    for name in dict.fromkeys(name for names in NEEDS.values() for name in names):
        path = find(name, env)
        users = ", ".join(f"make {command}" for command, names in NEEDS.items() if name in names)
        rows.append((name, "installed" if path else MISSING, f"{path or '-'}, for {users}"))
    return rows


def _package(name: str) -> Row:
    try:
        return (name, metadata.version(name), "Python package")
    except metadata.PackageNotFoundError:
        return (name, MISSING, "Python package")


def _command_line(layout: Layout) -> Row:
    manifest = layout.node_modules / "cdktf-cli" / "package.json"
    version = str(json.loads(manifest.read_text())["version"]) if is_current(layout) else MISSING
    return ("cdktf-cli", version, str(layout.cdktf_entry))


def _provider(layout: Layout, settings: Settings) -> Row:
    mirror = settings.mirror
    if mirror is None:
        return ("AWS provider", PROVIDER_VERSION, "public registry")
    usable = holds(mirror, PROVIDER_VERSION, platform_name()) and layout.terraform_rc.is_file()
    return ("AWS provider", PROVIDER_VERSION if usable else MISSING, f"mirror {mirror}")
