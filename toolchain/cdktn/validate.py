"""Lets Terraform validate the successor's stacks with the provider that they require."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from toolchain.layout import Layout
from toolchain.mirror import chooses_installation, find_provider_mirror, user_configuration
from toolchain.report import step
from toolchain.run import run_terraform
from toolchain.wrappers import write_terraform_rc


@dataclass(kw_only=True, slots=True)
class Validation:
    """What Terraform says of the stacks.

    Attributes:
        unavailable: why the provider can't be had here, so that nothing was validated; or nothing.
        errors: what is not valid, a line each.
        warnings: such as arguments that the provider will drop, a line each.
    """

    unavailable: str = ""
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def validate(out: Path, version: str, layout: Layout, work: Path) -> Validation:
    """Validate each stack.

    Args:
        out: the ``cdktf.out`` of a copy that may be written to.
        version: of the AWS provider.
        layout: the repository, for the cache of providers.
        work: a folder for Terraform's configuration.
    """
    env = _environment(version, layout, work)
    validation = Validation()
    stacks = sorted(path.parent for path in out.glob("stacks/*/cdk.tf.json"))
    with step(f"AWS provider {version}") as current:
        for stack in stacks:
            done = run_terraform(stack, "init", "-backend=false", "-input=false", base=env)
            if done.interrupted:
                raise KeyboardInterrupt
            if done.status != 0:
                validation.unavailable = _paragraphs(done.errors)
                current.result = f"can't be had here: {validation.unavailable}"
                return validation
    for stack in stacks:
        with step(f"terraform validate {stack.name}") as current:
            done = run_terraform(stack, "validate", "-json", base=env)
            if done.interrupted:
                raise KeyboardInterrupt
            current.result = "valid" if done.status == 0 else "not valid"
        for found in json.loads(done.output)["diagnostics"]:
            address = found.get("snippet", {}).get("context") or "the stack"
            text = f"{stack.name}: {address}: {found['summary']}: {found['detail']}"
            into = validation.errors if found["severity"] == "error" else validation.warnings
            into.append(" ".join(text.split()))
    return validation


def _environment(version: str, layout: Layout, work: Path) -> dict[str, str]:
    """Return an environment whose Terraform finds this version: the project's knows one only."""
    env = dict(os.environ)
    cache = layout.root / ".cache" / "terraform"
    cache.mkdir(parents=True, exist_ok=True)
    env.setdefault("TF_PLUGIN_CACHE_DIR", str(cache))
    configuration = user_configuration(env)
    if configuration is not None and chooses_installation(configuration):
        return env
    own = Layout(work)
    mirror = find_provider_mirror(version)
    write_terraform_rc(own, mirror)
    if mirror is None:
        own.local.mkdir(parents=True, exist_ok=True)
        own.terraform_rc.write_text("provider_installation {\n  direct {}\n}\n")
    env["TF_CLI_CONFIG_FILE"] = str(own.terraform_rc)
    return env


def _paragraphs(errors: str) -> str:
    """Return Terraform's first error as one line, without what it proposes."""
    paragraphs = errors.partition("Error: ")[2].split("\n\n")
    return " ".join(" ".join(paragraphs[:2]).split())
