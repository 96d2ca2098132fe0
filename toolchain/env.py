"""The environment of every tool, for Python callers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from toolchain.layout import Layout
from toolchain.mirror import chooses_installation, user_configuration
from toolchain.settings import Settings

INIT_ARGUMENTS = "TF_CLI_ARGS_init"
"""What Terraform adds to the arguments of every ``init``."""
_RECONFIGURE = "-reconfigure"


def tool_environment(layout: Layout, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what the wrappers set (``environment.sh``), on top of ``base``.

    Args:
        layout: the repository.
        base: the environment to start from; the process's own by default.

    Raises:
        ToolchainError: ``install`` has not run.
    """
    settings = Settings.load(layout)
    env = with_home(layout, os.environ if base is None else base)
    path = env.get("PATH", "")
    if path.split(os.pathsep)[0] != str(layout.bin):
        env["PATH"] = os.pathsep.join(filter(None, (str(layout.bin), path)))
    env["CHECKPOINT_DISABLE"] = "1"
    env["JSII_NODE"] = str(settings.node)
    env["JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION"] = "1"
    if settings.lock_arguments:
        env["TF_CLI_ARGS_providers_lock"] = settings.lock_arguments
    # The stack says where its state is; what an earlier "init" left in the folder, of the emulator
    # or another account perhaps, must never be copied there (docs/decisions/0019-init-copies-no-state.md).
    if _RECONFIGURE not in env.get(INIT_ARGUMENTS, "").split():
        env[INIT_ARGUMENTS] = " ".join(filter(None, (_RECONFIGURE, env.get(INIT_ARGUMENTS))))
    # A name of a missing file adds a warning to every command.
    if not Path(env.get("TF_CLI_CONFIG_FILE", "")).is_file():
        env.pop("TF_CLI_CONFIG_FILE", None)
    configuration = user_configuration(env)
    chosen = configuration is not None and chooses_installation(configuration)
    if layout.terraform_rc.is_file() and not chosen:
        env["TF_CLI_CONFIG_FILE"] = str(layout.terraform_rc)
    return env


def with_home(layout: Layout, base: Mapping[str, str]) -> dict[str, str]:
    """Return an environment whose HOME can be written: without one, tools fail or hang.

    A service account or a bare container may have none. pip, npm, CDKTF, jsii and Terraform keep
    caches there.
    """
    env = dict(base)
    if not os.access(env.get("HOME", ""), os.W_OK):
        own = layout.local / "home"
        own.mkdir(parents=True, exist_ok=True)
        env["HOME"] = str(own)
    return env
