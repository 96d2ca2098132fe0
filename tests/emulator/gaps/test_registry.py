"""Tests of how gaps are registered and filled."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from emulator.gaps import GAPS
from emulator.gaps.registry import Gap, GapError, add, add_property, replace, replace_property


class Moto:
    """Stands for a class of moto's."""

    def greet(self, name: str) -> str:
        """Greets."""
        return f"hello {name}"

    @staticmethod
    def add_one(number: int) -> int:
        """Adds one."""
        return number + 1

    @property
    def size(self) -> int:
        """The size."""
        return 1


@pytest.fixture
def moto() -> type[Any]:
    """A class that a test may change."""
    return type("Moto", (Moto,), dict(vars(Moto)))


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap.id)
def test_every_gap_has_a_test_that_plain_moto_fails(gap: Gap) -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.rglob("test_*.py"))

    assert re.search(rf'@pytest\.mark\.gap\("{re.escape(gap.id)}"\)', tests)


def test_no_test_names_a_gap_that_is_gone() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.rglob("test_*.py"))

    named = set(re.findall(r'@pytest\.mark\.gap\("([^"]+)"\)', tests))

    assert named == {gap.id for gap in GAPS}


def test_gaps_have_ids_of_their_own() -> None:
    assert len({gap.id for gap in GAPS}) == len(GAPS)


def test_a_replacement_gets_the_original(moto: type[Any]) -> None:
    @replace(moto, "greet")
    def _(original: Callable[..., str], self: object, name: str) -> str:
        return original(self, name).upper()

    assert moto().greet("you") == "HELLO YOU"


def test_a_static_method_stays_one(moto: type[Any]) -> None:
    @replace(moto, "add_one")
    def _(original: Callable[[int], int], number: int) -> int:
        return original(number) * 10

    assert (moto.add_one(1), moto().add_one(1)) == (20, 20)


def test_a_property_stays_one(moto: type[Any]) -> None:
    @replace_property(moto, "size")
    def _(size: int, _self: object) -> int:
        return size + 1

    assert moto().size == 2


def test_what_is_missing_can_be_added(moto: type[Any]) -> None:
    @add(moto, "leave")
    def _(_self: object) -> str:
        return "bye"

    @add_property(moto, "weight")
    def _(_self: object) -> int:
        return 5

    assert (moto().leave(), moto().weight) == ("bye", 5)


@pytest.mark.parametrize(
    ("fill", "name", "message"),
    [
        (replace, "gone", r"no longer has .*Moto\.gone\(\)"),
        (replace, "size", r"no longer has .*Moto\.size\(\)"),
        (replace_property, "gone", r"no longer has the property .*Moto\.gone"),
        (replace_property, "greet", r"no longer has the property .*Moto\.greet"),
        (add, "greet", r"has .*Moto\.greet now: drop the gap"),
        (add_property, "size", r"has .*Moto\.size now: drop the gap"),
    ],
)
def test_a_gap_that_no_longer_fits_says_so(
    moto: type[Any], fill: Callable[..., Any], name: str, message: str
) -> None:
    with pytest.raises(GapError, match=message):
        fill(moto, name)(lambda _self: None)
