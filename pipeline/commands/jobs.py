"""``jobs``: writes the jobs of every environment, which ``.gitlab-ci.yml`` includes."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from pipeline.commands.job import print_line, write
from pipeline.environments import Environment, read_environments
from pipeline.errors import PipelineError, Status
from pipeline.release.credentials import TOKEN

FILE = Path(".gitlab/environments.yml")

_HEADER = """\
# Made by `python -m pipeline jobs` from cdktf.out/environments.json, which `cdktf synth` writes.
# Do not edit it: `make docs` writes it anew. What the jobs share stands in .gitlab-ci.yml.

"""
_BEFORE = ("validate", "plan", "review")
_AFTER = ("recover", "drift")
_CONFIRMATION = (
    "Apply the reviewed plan to {name}? Read the job 'compare' first: if it is not green, set "
    "ACCEPT_PLAN to the fingerprint that it shows."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``jobs``."""
    parser.add_argument("--check", action="store_true", help="write nothing, fail if it is old")


def run(options: argparse.Namespace) -> None:
    """Write the file, or say that it is out of date.

    Raises:
        PipelineError: there are no environments, or with ``--check`` the file is old.
    """
    text = render(read_environments())
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == text:
        return
    if options.check:
        raise PipelineError(f"{FILE}: out of date; run 'python -m pipeline jobs'", Status.FAILED)
    write(FILE, text)
    print_line(f"{FILE}: written")


def render(environments: Sequence[Environment]) -> str:
    """The jobs of every environment that has roles for them, in the order of the applies."""
    found = [each for each in environments if each.has_jobs]
    stages = [*_BEFORE, *(f"apply-{each.name}" for each in found), *_AFTER]
    blocks: list[dict[str, Any]] = [{"stages": stages}]
    for each in found:
        blocks += [{name: body} for name, body in _jobs(each)]
    texts = (yaml.safe_dump(block, sort_keys=False, width=1000) for block in blocks)
    return _HEADER + "\n".join(texts)


def _jobs(environment: Environment) -> Iterator[tuple[str, dict[str, Any]]]:
    name = environment.name
    variables = {"ENVIRONMENT": name}
    reads = {"variables": variables, "id_tokens": {TOKEN: {"aud": environment.plan_audience}}}
    yield f"plan:{name}", {"extends": ".plan", **_copy(reads)}
    yield f"apply:{name}", _apply(environment)
    yield (
        f"replan:{name}",
        {
            "extends": ".replan",
            "needs": [f"apply:{name}"],
            "variables": {"AFTER_FAILURE": name},
        },
    )
    yield f"drift:{name}", {"extends": ".drift", **_copy(reads)}


def _apply(environment: Environment) -> dict[str, Any]:
    name = environment.name
    tokens = {
        environment.variable(TOKEN, stack): {"aud": stack.apply_audience}
        for stack in environment.stacks
    }
    job: dict[str, Any] = {
        "extends": ".apply-guarded" if environment.guarded else ".apply",
        "stage": f"apply-{name}",
        "dependencies": ["synth", f"plan:{name}"],
        "variables": {"ENVIRONMENT": name},
        "environment": {"name": name, "deployment_tier": environment.deployment_tier},
        "id_tokens": tokens,
    }
    if environment.guarded:
        job["manual_confirmation"] = _CONFIRMATION.format(name=name.upper())
    return job


def _copy(body: dict[str, Any]) -> dict[str, Any]:
    """YAML would write an anchor where two jobs share an object."""
    return {key: dict(value) for key, value in body.items()}
