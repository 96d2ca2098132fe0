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
from environments.settings import Environment
from local.deployed import discard, record
from local.documents import SAMPLES, LoadError, load
from local.errors import LocalError
from local.examples import EXAMPLES
from local.progress import follow
from toolchain.run import run_terraform
from toolchain.synth import synthesise

__all__ = [
    "LocalError",
    "api_address",
    "deploy",
    "deploy_to",
    "local_api",
    "outputs",
    "process_environment",
]

_UNCHANGED, _CHANGED = 0, 2


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
        ToolchainError: the settings are wrong, or Terraform failed.
    """
    started = time.monotonic()
    step(f"1/6 emulator for account {environment.account_id}")
    if control.running(root) is None:
        discard(root)
    emulator = control.start(root)
    print_line(f"    {emulator.url}")
    deploy_to(emulator, environment, root=root)
    step("6/6 sample documents")
    if environment.rag is None:
        print_line("    none: it has no RAG system")
    else:
        _load_samples(local_api(emulator, environment, root=root), environment)
    print_line(f"\n{environment.name} is deployed, in {time.monotonic() - started:.0f} s.\n")
    print_line(_next_steps(emulator, environment, root))


def deploy_to(emulator: control.Emulator, environment: Environment, *, root: Path) -> None:
    """The steps of ``deploy`` on an emulator that already runs.

    Args:
        emulator: where to.
        environment: what to deploy.
        root: the project's folder.

    Raises:
        LocalError: a step failed, or the second plan would still change something.
        ToolchainError: the settings are wrong, or Terraform failed.
    """
    process = process_environment(environment, emulator)
    step(f"2/6 remote state of {environment.name}")
    synthesise(root, process)
    stacks = [stack["id"] for stack in _stacks(root, environment)]
    record(root, environment, stacks)
    _run([sys.executable, "-m", "backend", "create", environment.name], "backend", root, process)
    step(f"3/6 cdktf deploy {' '.join(stacks)} (a database alone takes a minute and a half)")
    for stack in stacks:
        cdktf_deploy(stack, root, process)
    step("4/6 planning once more")
    for stack in stacks:
        _expect_no_change(_folder(root, stack), process)
    step("5/6 outputs")
    for stack in stacks:
        for name, value in outputs(_folder(root, stack), process).items():
            print_line(f"    {name:<20} {_one_line(value)}")


def local_api(emulator: control.Emulator, environment: Environment, *, root: Path) -> str:
    """Where the emulator serves the API that was deployed.

    Its own name, which is an output, leads to AWS.

    Args:
        emulator: where it was deployed to.
        environment: what was deployed.
        root: the project's folder.

    Raises:
        LocalError: the environment has no API.
    """
    for stack in _stacks(root, environment):
        if stack["system"] == "rag":
            process = process_environment(environment, emulator)
            return api_address(emulator, outputs(_folder(root, stack["id"]), process)["api_id"])
    raise LocalError(f"{environment.name} has no RAG system, so there is no API")


def api_address(emulator: control.Emulator, api_id: object) -> str:
    """Where the emulator serves an API.

    Args:
        emulator: where it was deployed to.
        api_id: the stack's output of this name.
    """
    return f"{emulator.url}{PREFIX}{api_id}"


def _stacks(root: Path, environment: Environment) -> list[dict[str, str]]:
    """Id and system of the environment's stacks, in the order in which they are deployed."""
    listing = json.loads((root / "cdktf.out" / "environments.json").read_text())
    (stacks,) = [
        each["stacks"] for each in listing["environments"] if each["name"] == environment.name
    ]
    return list(stacks)


def _folder(root: Path, stack: str) -> Path:
    return root / "cdktf.out" / "stacks" / stack


def _load_samples(api: str, environment: Environment) -> None:
    issuer = environment.rag.api.jwt_issuer if environment.rag else None
    if issuer:
        print_line(f"    the API asks for tokens of {issuer}: load them yourself with")
        print_line(f"    python -m local load --url {api} --token TOKEN")
        return
    try:
        load(api, SAMPLES, show=lambda line: print_line(f"    {line}"))
    except LoadError as error:
        raise LocalError(f"the sample documents were not loaded: {error}") from error


def outputs(stack: Path, process: Mapping[str, str]) -> dict[str, object]:
    """The stack's outputs by name, as Terraform has them in its state."""
    done = run_terraform(stack, "output", "-json", base=process).check()
    # A deprecation warning may stand before the JSON.
    text = done.output[done.output.index("{") :]
    return {name: item["value"] for name, item in json.loads(text).items()}


def _expect_no_change(stack: Path, process: Mapping[str, str]) -> None:
    options = ("-detailed-exitcode", "-input=false")
    done = run_terraform(stack, "plan", *options, base=process).check(_UNCHANGED, _CHANGED)
    if done.status == _UNCHANGED:
        print_line("    nothing would change")
        return
    print_line(done.output)
    raise LocalError(
        f"the second plan of {stack.name} would still change something (above); Terraform and the "
        "emulator disagree: see docs/emulator.md"
    )


def cdktf_deploy(stack: str, root: Path, process: Mapping[str, str]) -> None:
    """Deploy a stack that is synthesised.

    Args:
        stack: its id.
        root: the project's folder.
        process: the environment in which it runs.

    Raises:
        LocalError: it failed.
    """
    command = [str(toolchain.cdktf()), "deploy", stack, "--auto-approve", "--skip-synth"]
    _run(command, f"deploy-{stack}", root, process)


def _run(command: list[str], name: str, root: Path, process: Mapping[str, str]) -> None:
    log = root / ".local" / f"{name}.log"
    status = follow(command, folder=root, process=process, log=log)
    if status != 0:
        what = " ".join([Path(command[0]).name, *command[1:]])
        raise LocalError(f"'{what}' ended with status {status}, see above; the whole log is {log}")


def _one_line(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def step(text: str) -> None:
    """Say which step begins."""
    print_line(f"\n==> {text}")


def print_line(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)  # noqa: T201


def _next_steps(emulator: control.Emulator, environment: Environment, root: Path) -> str:
    name = environment.name
    stacks = [each["id"] for each in _stacks(root, environment)]
    deploys = [f"delivery-{name}"] if environment.delivery else []
    parts = []
    if environment.rag:
        requests = "\n".join(f"    {example.curl()}" for example in EXAMPLES)
        api = local_api(emulator, environment, root=root)
        parts.append(f"Ask it:\n    API={api}\n{requests}")
    parts.append(
        f"""Look around (the emulator keeps running):
    source .venv/bin/activate
    eval "$(make -s local-env ENV={name})"
"""
        + "\n".join(f"    cdktf diff {stack}\n    cdktf output {stack}" for stack in stacks)
    )
    parts.append(
        f"""Deploy to AWS itself: put your account's number into environments/{name}.py, sign in, then
    make backend ENV={name}
"""
        + "\n".join(f"    cdktf deploy {stack}" for stack in [*deploys, *stacks])
    )
    parts.append(f"Clean up: make destroy-local ENV={name}")
    return "\n\n".join(parts)
