"""Every argument of a priced type is decided: read by its pricer, free, or named as unpriced."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from pipeline.cost.pricers import ENTRIES
from pipeline.cost.pricers.arguments import NEVER_BILLED
from pipeline.cost.pricing import Subject
from pipeline.schema import arguments
from tests.pipeline.cost.pricers.test_prices import CASES


@cache
def read() -> Mapping[str, Collection[str]]:
    """Type to the arguments of it that pricers read, over all cases."""
    found: dict[str, set[str]] = {}
    get = Subject.get

    def traced(subject: Subject, path: str, default: Any = None) -> Any:
        name = ".".join(part for part in path.split(".") if not part.isdecimal())
        found.setdefault(subject.type, set()).add(name)
        return get(subject, path, default)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Subject, "get", traced)
        for case in CASES:
            for _ in ENTRIES[case.of.type].pricer(case.of, case.pricing()):
                pass
    return found


def above(path: str) -> Iterator[str]:
    """The path itself and the blocks that it is in."""
    yield path
    while "." in path:
        path = path.rpartition(".")[0]
        yield path


def undecided(type_name: str) -> list[str]:
    entry, known = ENTRIES[type_name], arguments(type_name)
    own = {*entry.free, *entry.unpriced}
    # A pricer reads a key of a map as if it were an argument.
    looked_at = {name for path in read().get(type_name, ()) for name in above(path)}
    return [
        path
        for path, need in known.items()
        # What is in a block is decided one by one, unless the block is as a whole.
        if need != "block" or not any(other.startswith(f"{path}.") for other in known)
        if path not in looked_at
        if not any(part in own or part.rpartition(".")[2] in NEVER_BILLED for part in above(path))
    ]


@pytest.mark.parametrize("type_name", ENTRIES)
def test_every_argument_of_a_type_is_decided(type_name: str) -> None:
    assert arguments(type_name), "python -m pipeline schema writes them down"
    assert undecided(type_name) == []


@pytest.mark.parametrize("type_name", ENTRIES)
def test_a_decision_names_an_argument_that_the_provider_has(type_name: str) -> None:
    entry, known = ENTRIES[type_name], arguments(type_name)

    assert sorted({*entry.free, *entry.unpriced} - set(known)) == []


@pytest.mark.parametrize("type_name", ENTRIES)
def test_an_argument_is_not_free_and_billed_at_once(type_name: str) -> None:
    entry = ENTRIES[type_name]
    billed = {part for path in entry.unpriced for part in above(path)}

    assert sorted(billed & set(entry.free)) == []
    assert [path for path in entry.unpriced if path.rpartition(".")[2] in NEVER_BILLED] == []


@pytest.mark.parametrize("type_name", ENTRIES)
def test_a_reason_says_something(type_name: str) -> None:
    entry = ENTRIES[type_name]
    reasons = {**entry.free, **{path: decision.why for path, decision in entry.unpriced.items()}}

    assert [path for path, why in reasons.items() if len(why) < len("no fee")] == []


def test_no_name_that_is_never_billed_is_idle() -> None:
    names = {path.rpartition(".")[2] for name in ENTRIES for path in arguments(name)}

    assert sorted(set(NEVER_BILLED) - names) == []
