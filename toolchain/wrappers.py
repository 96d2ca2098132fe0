"""Writes the commands of ``.venv/bin`` and Terraform's CLI configuration."""

from __future__ import annotations

from pathlib import Path

from toolchain.layout import Layout
from toolchain.mirror import PROVIDER
from toolchain.probe import MARKER
from toolchain.settings import write_atomically

_HEAD = f"""#!/bin/sh
{MARKER}
# Written by "python -m toolchain install"; finds the repository from its own place.
set -eu
self=$0
while [ -L "$self" ]; do
    target=$(readlink -- "$self")
    case $target in /*) self=$target ;; *) self=$(dirname -- "$self")/$target ;; esac
done
root=$(CDPATH='' cd -- "$(dirname -- "$self")/../.." && pwd -P)
. "$root/toolchain/environment.sh"
"""

WRAPPERS = {
    "node": 'exec "$TOOLCHAIN_NODE" "$@"\n',
    "terraform": 'exec "$TOOLCHAIN_TERRAFORM" "$@"\n',
    "cdktf": """\
# Without a terminal, "CI" makes CDKTF print results only, not each turn of its spinner.
[ -t 1 ] || export CI="${CI:-true}"
# The warning is about a library inside the bundle: nothing that a user could do about it.
exec "$TOOLCHAIN_NODE" --disable-warning=DEP0040 --require "$root/toolchain/pty.cjs" \\
    "$root/node_modules/cdktf-cli/bundle/bin/cdktf" "$@"
""",
    "gitlab-ci-local": 'exec "$TOOLCHAIN_NODE" "$root/node_modules/gitlab-ci-local/dist/index.js" "$@"\n',
}
"""Each command's name and what it runs once ``environment.sh`` has set the environment."""

_TERRAFORM_RC = """\
# Written by "python -m toolchain install": the AWS provider comes from a mirror on this machine.
provider_installation {{
  filesystem_mirror {{
    path    = "{mirror}"
    include = ["{provider}"]
  }}
  direct {{
    exclude = ["{provider}"]
  }}
}}
"""


def write_wrappers(layout: Layout) -> None:
    """Write the commands into the virtual environment."""
    for name, body in WRAPPERS.items():
        write_atomically(layout.bin / name, _HEAD + body, mode=0o755)


def write_terraform_rc(layout: Layout, mirror: Path | None) -> None:
    """Write the CLI configuration for a mirror; without one, remove it."""
    if mirror is None:
        layout.terraform_rc.unlink(missing_ok=True)
    else:
        text = _TERRAFORM_RC.format(mirror=mirror, provider=PROVIDER)
        write_atomically(layout.terraform_rc, text)
