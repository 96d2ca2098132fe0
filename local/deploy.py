"""Deploys one environment to the emulator, proves that it is complete, and says what to try."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import toolchain
from emulator import control
from emulator.api import PREFIX
from environments.load import ALLOW_DESTROY
from environments.settings import Environment
from local.documents import SAMPLES, LoadError, load
from local.examples import EXAMPLES
from local.progress import follow
from toolchain.run import Done, run_terraform

_UNCHANGED, _CHANGED = 0, 2


class LocalError(Exception):
    """A step failed; its own output stands above, this is the line that closes it."""


def process_environment(environment: Environment, emulator: control.Emulator) -> dict[str, str]:
    """The process environment in which every tool talks to the emulator.

    Args:
        environment: whose account and region.
        emulator: the one that runs.
    """
    return control.process_environment(
        emulator, environment.account_id, environment.region, toolchain.environment()
    )


def deploy(environment: Environment, *, root: Path) -> None:
    """Emulator, remote state, ``cdktf deploy``, outputs, and a plan that must be empty.

    Args:
        environment: what to deploy.
        root: the project's folder.

    Raises:
        LocalError: a step failed, or the second plan would still change something.
    """
    started = time.monotonic()
    _step(f"1/6 emulator for account {environment.account_id}")
    emulator = control.start(root)
    _say(f"    {emulator.url}")
    deploy_to(emulator, environment, root=root)
    api = local_api(emulator, environment, root=root)
    _step("6/6 sample documents")
    _load_samples(api, environment)
    _say(f"\n{environment.name} is deployed, in {time.monotonic() - started:.0f} s.\n")
    _say(_next_steps(environment, api))


def deploy_to(emulator: control.Emulator, environment: Environment, *, root: Path) -> None:
    """The steps of ``deploy`` on an emulator that already runs.

    Args:
        emulator: where to.
        environment: what to deploy.
        root: the project's folder.

    Raises:
        LocalError: a step failed, or the second plan would still change something.
    """
    process = process_environment(environment, emulator)
    _step(f"2/6 remote state of {environment.name}")
    _run([sys.executable, "-m", "backend", "create", environment.name], "backend", root, process)
    _step(f"3/6 cdktf deploy {environment.name} (the database alone takes a minute and a half)")
    _cdktf("deploy", environment, root, process)
    stack = root / "cdktf.out" / "stacks" / environment.name
    _step("4/6 planning once more")
    _expect_no_change(stack, process)
    _step("5/6 outputs")
    for name, value in outputs(stack, process).items():
        _say(f"    {name:<20} {_one_line(value)}")


def local_api(emulator: control.Emulator, environment: Environment, *, root: Path) -> str:
    """Where the emulator serves the API that was deployed.

    Its own name, which is an output, leads to AWS.

    Args:
        emulator: where it was deployed to.
        environment: what was deployed.
        root: the project's folder.
    """
    stack = root / "cdktf.out" / "stacks" / environment.name
    name = str(outputs(stack, process_environment(environment, emulator))["api_id"])
    return f"{emulator.url}{PREFIX}{name}"


def _load_samples(api: str, environment: Environment) -> None:
    issuer = environment.rag.api.jwt_issuer if environment.rag else None
    if issuer:
        _say(f"    the API asks for tokens of {issuer}: load them yourself with")
        _say(f"    python -m local load --url {api} --token TOKEN")
        return
    try:
        load(api, SAMPLES, say=lambda line: _say(f"    {line}"))
    except LoadError as error:
        raise LocalError(f"the sample documents were not loaded: {error}") from error


def destroy(environment: Environment, *, root: Path) -> None:
    """Destroy the environment's stack, then stop the emulator, whose state goes with it.

    Raises:
        LocalError: destroying failed; the emulator still runs.
    """
    emulator = control.running(root)
    if emulator is None:
        _say("no emulator is running: nothing to destroy")
        return
    process = process_environment(environment, emulator)
    if environment.guarded:
        # As docs/runbooks/destroy.md says; only the emulator's copy is lost.
        _step(f"taking down the guards of {environment.name}")
        process[ALLOW_DESTROY] = environment.name
        _cdktf("deploy", environment, root, process)
    _step(f"1/2 cdktf destroy {environment.name}")
    _cdktf("destroy", environment, root, process)
    _step("2/2 stopping the emulator")
    control.stop(root)


def outputs(stack: Path, process: Mapping[str, str]) -> dict[str, object]:
    """The stack's outputs by name, as Terraform has them in its state."""
    done = _terraform(stack, "output", "-json", process=process)
    if done.status != 0:
        raise LocalError(f"terraform output: {done.errors.strip()}")
    # A deprecation warning may stand before the JSON.
    text = done.output[done.output.index("{") :]
    return {name: item["value"] for name, item in json.loads(text).items()}


def _expect_no_change(stack: Path, process: Mapping[str, str]) -> None:
    done = _terraform(stack, "plan", "-detailed-exitcode", "-input=false", process=process)
    if done.status == _UNCHANGED:
        _say("    nothing would change")
        return
    _say(done.output + done.errors)
    if done.status == _CHANGED:
        raise LocalError(
            "the second plan would still change something (above); Terraform and the emulator "
            "disagree: see docs/emulator.md"
        )
    raise LocalError(f"terraform plan in {stack} ended with status {done.status}; see above")


def _terraform(stack: Path, command: str, *options: str, process: Mapping[str, str]) -> Done:
    done = run_terraform(stack, command, *options, base=process)
    if done.interrupted:
        raise KeyboardInterrupt
    return done


def _cdktf(verb: str, environment: Environment, root: Path, process: Mapping[str, str]) -> None:
    command = [str(toolchain.cdktf()), verb, environment.name, "--auto-approve"]
    _run(command, verb, root, process)


def _run(command: list[str], name: str, root: Path, process: Mapping[str, str]) -> None:
    log = root / ".local" / f"{name}.log"
    status = follow(command, folder=root, process=process, log=log)
    if status != 0:
        what = " ".join([Path(command[0]).name, *command[1:]])
        raise LocalError(f"'{what}' ended with status {status}; all it said is in {log}")


def _one_line(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _step(text: str) -> None:
    _say(f"\n==> {text}")


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _next_steps(environment: Environment, api: str) -> str:
    name = environment.name
    requests = "\n".join(f"    {example.curl()}" for example in EXAMPLES)
    return f"""Ask it:
    API={api}
{requests}

Look around (the emulator keeps running):
    source .venv/bin/activate
    eval "$(make -s local-env ENV={name})"
    cdktf diff {name}
    cdktf output {name}

Deploy to AWS itself: put your account's number into environments/{name}.py, sign in, then
    make backend ENV={name}
    cdktf deploy delivery-{name}
    cdktf deploy {name}

Clean up: make destroy-local ENV={name}"""
