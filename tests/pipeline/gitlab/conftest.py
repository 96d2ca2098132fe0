"""A fresh stand-in for each test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from werkzeug.wrappers import Request

from emulator.gitlab.faults import Fault
from emulator.gitlab.server import GitLab, serving
from pipeline.gitlab.client import Project
from tests.pipeline.gitlab import world


@dataclass(frozen=True, kw_only=True)
class Server:
    url: str
    gitlab: GitLab

    def project(self) -> Project:
        return world.connect(self.url)

    def order(self, *faults: Fault) -> None:
        self.gitlab.faults.order(*faults)

    def before(self, method: str, act: Callable[[int], object]) -> None:
        """Let something happen before each request of a method is handled.

        Args:
            method: of HTTP.
            act: gets how many there were, this one included.
        """
        faults = self.gitlab.faults
        take = faults.next_for
        count = itertools.count(1)

        def next_for(request: Request) -> Fault | None:
            if request.method == method:
                act(next(count))
            return take(request)

        faults.next_for = next_for  # type: ignore[method-assign]

    @property
    def methods(self) -> str:
        """The requests so far, such as ``GET GET POST``."""
        return " ".join(request.split()[0] for request in self.gitlab.requests)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(world.state()) as (url, gitlab):
        yield Server(url=url, gitlab=gitlab)
