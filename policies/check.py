"""What every check of ours is made of: its metadata, and how it answers Checkov."""

from __future__ import annotations

import inspect
import tomllib
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.provider.base_check import BaseProviderCheck
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

from policies.errors import PolicyError
from policies.findings import Severity
from policies.stack import PROVIDER, Resource, Stack

_ADDRESS = "__address__"
"""Where Checkov keeps a planned resource's address."""


class Metadata(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``metadata.toml`` of a check.

    Attributes:
        id: such as ``MV_AWS_1``.
        title: what holds where it passes.
        severity: how much harm it does where it does not.
        category: one of Checkov's, such as ``IAM``.
        why: what would happen.
        remedy: how to mend it.
        sources: addresses of the documentation that it rests on.
    """

    id: str
    title: str
    severity: Severity
    category: str
    why: str
    remedy: str
    sources: tuple[str, ...]


class Unknown(str):
    """Why a check can't decide before more is known."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What one check of ours says of one resource.

    Attributes:
        check: the check's metadata.
        resource: the resource, or the provider's configuration.
        faults: what is wrong.
        unknown: what leaves it open.
    """

    check: Metadata
    resource: Resource
    faults: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def result(self) -> CheckResult:
        """As Checkov counts it; it does not count what is open, which ``unknown`` holds."""
        if self.faults:
            return CheckResult.FAILED
        return CheckResult.UNKNOWN if self.unknown else CheckResult.PASSED


@dataclass(frozen=True, slots=True)
class _Run:
    stack: Stack
    outcomes: list[Outcome] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


_RUN: ContextVar[_Run] = ContextVar("run")


@contextmanager
def judging(stack: Stack) -> Iterator[list[Outcome]]:
    """Let our checks judge a stack while Checkov runs; gives what they say.

    Checkov hands each check a copy of one resource in a form of its own, in which JSON and plan
    differ and what is not known is missing. Our checks look at the stack itself.

    Raises:
        PolicyError: a check failed itself. Checkov would take that for an answer.
    """
    run = _Run(stack)
    token = _RUN.set(run)
    try:
        yield run.outcomes
    finally:
        _RUN.reset(token)
    if run.errors:
        raise PolicyError(run.errors[0])


class Check(BaseResourceCheck):
    """A check of ours: a folder of ``policies/checks`` with its code, metadata and examples.

    Attributes:
        types: resource types that it looks at; ``aws_*`` for all, and ``aws`` for the provider.
        metadata: what stands in its ``metadata.toml``.
    """

    types: ClassVar[tuple[str, ...]]

    def __init__(self) -> None:
        """Read the metadata, and let Checkov know the check."""
        self.metadata = read_metadata(Path(inspect.getfile(type(self))).parent)
        super().__init__(
            name=self.metadata.title,
            id=self.metadata.id,
            categories=[CheckCategories[self.metadata.category]],
            supported_resources=[each for each in self.types if each != PROVIDER],
            guideline=self.metadata.sources[0],
        )
        if PROVIDER in self.types:
            _OfProvider(self)

    @abstractmethod
    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """What is wrong with a resource, each in a few words; nothing where it passes.

        Args:
            resource: of one of ``types``.
            stack: that it is part of.

        Yields:
            A text for each fault, and ``Unknown`` for what leaves the check open.
        """

    def concerns(self, resource: Resource, stack: Stack) -> bool:  # noqa: ARG002
        """Whether it is a question at all for a resource of ``types``."""
        return True

    def run(
        self,
        scanned_file: str,  # noqa: ARG002
        entity_configuration: dict[str, Any],
        entity_name: str,
        entity_type: str,
        skip_info: Any,  # noqa: ARG002
    ) -> Any:
        """Answer Checkov; a mistake of the check's own ends the run, where Checkov would go on."""
        run = _RUN.get()
        address = entity_configuration.get(_ADDRESS) or f"{entity_type}.{entity_name}"
        try:
            result = self._judge(str(address), run)
        except Exception as error:  # noqa: BLE001 - whatever it is, the check has no answer
            run.errors.append(f"{self.id}: failed at {address}: {type(error).__name__}: {error}")
            result = CheckResult.UNKNOWN
        return {"result": result, "evaluated_keys": []}

    def _judge(self, address: str, run: _Run) -> CheckResult:
        resource = run.stack.at(address)
        if resource is None:
            raise LookupError("Checkov names a resource that the stack has not")
        if not self.concerns(resource, run.stack):
            return CheckResult.UNKNOWN
        found = list(dict.fromkeys(self.faults(resource, run.stack)))
        outcome = Outcome(
            check=self.metadata,
            resource=resource,
            faults=tuple(text for text in found if not isinstance(text, Unknown)),
            unknown=tuple(text for text in found if isinstance(text, Unknown)),
        )
        run.outcomes.append(outcome)
        return outcome.result

    def scan_resource_conf(self, conf: dict[str, list[Any]]) -> CheckResult:
        """Never called: ``run`` answers."""
        raise NotImplementedError


class _OfProvider(BaseProviderCheck):
    """Asks a check about the provider's configurations: Checkov keeps a list for each kind."""

    def __init__(self, check: Check) -> None:
        super().__init__(check.name, check.id, check.categories, [PROVIDER], check.guideline)
        self._check = check

    def run(
        self,
        scanned_file: str,
        entity_configuration: dict[str, Any],
        entity_name: str,  # noqa: ARG002 - the type once more, also where there is an alias
        entity_type: str,
        skip_info: Any,
    ) -> Any:
        [alias] = entity_configuration.get("alias") or [PROVIDER]
        # In a plan Checkov gives the configuration without an alias one of its own.
        name = PROVIDER if alias == "default" and _RUN.get().stack.planned else str(alias)
        return self._check.run(scanned_file, {}, name, entity_type, skip_info)

    def scan_provider_conf(self, conf: dict[str, list[Any]]) -> CheckResult:
        raise NotImplementedError


def read_metadata(folder: Path) -> Metadata:
    """The metadata of the check in a folder."""
    body = tomllib.loads((folder / "metadata.toml").read_text())
    return msgspec.convert(body, Metadata)
