"""Destroys an environment on the emulator and stops it; it ends whatever state that is in."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import toolchain
from emulator import control
from environments.load import ALLOW_DESTROY, load_environment
from local.deploy import cdktf_deploy, print_line, step
from local.deployed import Deployed, discard, recorded
from local.errors import LocalError
from stacks.errors import ConfigurationError
from toolchain import ToolchainError
from toolchain.run import Done, Limit, run_terraform
from toolchain.synth import synthesise

_QUESTIONS = 3
_LIMIT = Limit(seconds=900, silent_seconds=120)
"""For one stack. The provider's longest wait is for a database: a minute or two."""


def destroy(name: str, *, root: Path) -> None:
    """Destroy what was deployed of an environment, then stop the emulator.

    What was deployed is known from then: the settings may name another account by now, or be
    wrong. Whatever cannot be destroyed in order is gone with the emulator, which keeps nothing.

    Args:
        name: the environment to destroy.
        root: the project's folder.

    Raises:
        ConfigurationError: there is no such environment.
        LocalError: something was not destroyed in order; it is gone all the same.
    """
    ours = [each for each in recorded(root) if each.environment == name]
    if not ours:
        load_environment(name)
    # A busy one may need a second question.
    emulator = next(filter(None, (control.running(root) for _ in range(_QUESTIONS))), None)
    if emulator is None:
        found = control.stop(root)
        discard(root)
        if found:
            raise LocalError(
                f"the emulator did not answer: {name} was not destroyed in order, but the emulator "
                "was stopped and all that was in it is gone; there is nothing left to clean up"
            )
        print_line("no emulator is running: nothing to destroy")
        return
    faults = []
    for deployed in ours:
        step(f"destroying {name} in account {deployed.account_id}")
        try:
            _destroy(deployed, emulator, root)
        except (LocalError, ToolchainError, ConfigurationError) as error:
            faults.append(str(error))
    others = sorted({each.environment for each in recorded(root)} - {name})
    step("stopping the emulator" + (f", and {', '.join(others)} with it" if others else ""))
    control.stop(root)
    discard(root)
    if faults:
        raise LocalError(
            f"{'; '.join(faults)}; {name} was not destroyed in order, but the emulator was stopped "
            "and all that was in it is gone: there is nothing left to clean up"
        )


def _destroy(deployed: Deployed, emulator: control.Emulator, root: Path) -> None:
    process = control.process_environment(
        emulator, deployed.account_id, deployed.region, toolchain.environment()
    )
    if deployed.guarded:
        _take_down_guards(deployed, process, root)
    for stack, body in reversed(deployed.stacks.items()):
        _destroy_stack(stack, body, process, root)


def _take_down_guards(deployed: Deployed, process: dict[str, str], root: Path) -> None:
    """As docs/runbooks/destroy.md says; only the emulator's copy is lost."""
    name = deployed.environment
    account_id = load_environment(name).account_id
    if account_id != deployed.account_id:
        raise LocalError(
            f"{name} is guarded, and its settings name account {account_id} instead of "
            f"{deployed.account_id}"
        )
    print_line(f"    taking down the guards of {name}")
    process = {**process, ALLOW_DESTROY: name}
    synthesise(root, process)
    for stack in deployed.stacks:
        cdktf_deploy(stack, root, process)


def _destroy_stack(
    stack: str, body: dict[str, object], process: dict[str, str], root: Path
) -> None:
    """Destroy all that is in a stack's state; its resources need not be described for that."""
    folder = root / ".local" / "destroy" / stack
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "cdk.tf.json").write_text(json.dumps(body))
    _check(run_terraform(folder, "init", "-input=false", base=process, limit=_LIMIT))
    # A lock can only be one that a killed run left: nothing else deploys meanwhile.
    done = run_terraform(
        folder,
        "destroy",
        "-auto-approve",
        "-input=false",
        "-lock=false",
        base=process,
        limit=_LIMIT,
    )
    _check(done)
    shutil.rmtree(folder)
    found = re.search(r"(\d+) destroyed", done.output)
    print_line(f"    {stack}: {found[1] if found else 'no'} resources destroyed")


def _check(done: Done) -> None:
    if done.interrupted:
        # A person wants it to end: then nothing goes that is still there.
        raise KeyboardInterrupt
    done.check()
