"""Which stacks of which environments the pipeline plans and applies, and in which order.

``cdktf synth`` writes it to ``cdktf.out/environments.json``; nothing else in the pipeline lists
environments or stacks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from pipeline.errors import PipelineError, Status

FILE = Path("cdktf.out/environments.json")

_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
_Audience = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._:/-]+$")]


class Metric(msgspec.Struct, frozen=True, kw_only=True):
    """A metric of CloudWatch, for what is published.

    Attributes:
        region: where.
        namespace: such as ``MapVibe/Pipeline``.
        name: such as ``DeploymentRunning``.
        dimensions: name to value.
    """

    region: str
    namespace: str
    name: str
    dimensions: dict[str, str]


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """One stack that the pipeline plans and applies.

    Attributes:
        id: what ``cdktf deploy`` takes; also the stack's folder in ``cdktf.out/stacks``.
        system: what the stack is for, such as ``rag`` or ``web``.
        apply_audience: audience of the token that opens the role which applies the stack;
            ``None`` where a person applies it by hand.
        deployment_metric: published while the stack is applied; ``None`` for none.
    """

    id: _Name
    system: _Name
    apply_audience: _Audience | None
    deployment_metric: Metric | None = None


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """An environment and its stacks.

    Attributes:
        name: such as ``dev``.
        guarded: a person starts its apply, and only what was reviewed is applied.
        deployment_tier: GitLab's kind of environment; ``None`` without a pipeline.
        plan_audience: audience of the token that opens the role which plans all its stacks;
            ``None`` without a pipeline.
        stacks: in the order in which they are planned and applied.
        alert_topics: ARN of the topic that is told, by severity; empty where nobody is told.
    """

    name: _Name
    guarded: bool
    deployment_tier: Literal["production", "staging", "testing", "development", "other"] | None
    plan_audience: _Audience | None
    stacks: tuple[Stack, ...]
    alert_topics: dict[Literal["critical", "warning"], str] = {}

    @property
    def has_jobs(self) -> bool:
        """Whether GitLab's pipeline plans and applies it; without roles a person does it."""
        return self.plan_audience is not None and bool(self.stacks)

    def stack_name(self, stack: Stack) -> str:
        """How the reports call one of the environment's stacks."""
        return stack_name(self.name, stack.id)

    def variable(self, name: str, stack: Stack) -> str:
        """The name of a job's variable that each of several stacks has for itself.

        The only stack, and the stack that is called as the environment, have ``name`` itself; the
        others add their system, such as ``AWS_ROLE_ARN_WEB``.
        """
        if len(self.stacks) == 1 or stack.id == self.name:
            return name
        return f"{name}_{stack.system.upper().replace('-', '_')}"


class _File(msgspec.Struct, frozen=True):
    environments: tuple[Environment, ...]


def read_environments(path: Path = FILE) -> tuple[Environment, ...]:
    """Read the environments, in the order in which they are applied.

    Raises:
        PipelineError: the file is missing (USAGE), or is not what ``cdktf synth`` writes.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise PipelineError(
            f"{path}: no such file; run 'cdktf synth' first", Status.USAGE
        ) from None
    except OSError as error:
        raise PipelineError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        found = msgspec.json.decode(data, type=_File).environments
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _bad(path, "it is empty" if not data.strip() else str(error)) from None
    _refuse_doubles(path, "environment", (each.name for each in found))
    _refuse_doubles(path, "stack", (stack.id for each in found for stack in each.stacks))
    for each in found:
        variables = (each.variable("AWS_ROLE_ARN", stack) for stack in each.stacks)
        _refuse_doubles(path, f"variable of {each.name}", variables)
    return found


def named(environments: Sequence[Environment], name: str) -> Environment:
    """The environment of that name.

    Raises:
        PipelineError: there is none (USAGE); the line names those that exist.
    """
    for each in environments:
        if each.name == name and each.stacks:
            return each
    names = ", ".join(each.name for each in environments if each.stacks) or "none"
    raise PipelineError(f"no environment '{name}' with a stack; there are: {names}", Status.USAGE)


def chosen(environments: Sequence[Environment], text: str) -> tuple[Environment, tuple[Stack, ...]]:
    """The environment that ``ENV`` or ``ENV/STACK`` names, and all its stacks or the one.

    Raises:
        PipelineError: there is none (USAGE); the line names those that exist.
    """
    name, separator, stack = text.partition("/")
    environment = named(environments, name)
    if not separator:
        return environment, environment.stacks
    found = tuple(each for each in environment.stacks if each.id == stack)
    if not found:
        ids = ", ".join(each.id for each in environment.stacks)
        raise PipelineError(f"{name} has no stack '{stack}'; there are: {ids}", Status.USAGE)
    return environment, found


def stack_name(environment: str, stack: str) -> str:
    """How reports and messages call a stack: ``dev`` for dev's own, else ``dev/web-dev``."""
    return environment if stack == environment else f"{environment}/{stack}"


def _refuse_doubles(path: Path, what: str, names: Iterable[str]) -> None:
    twice = [name for name, number in Counter(names).items() if number > 1]
    if twice:
        raise _bad(path, f"{what} '{twice[0]}' is there twice")


def _bad(path: Path, reason: str) -> PipelineError:
    return PipelineError(
        f"{path}: not as 'cdktf synth' writes it: {' '.join(reason.split())}; run it again",
        Status.BAD_SETTINGS,
    )
