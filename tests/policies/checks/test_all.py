"""What holds for every check: its examples, its metadata, and its own file of tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policies.check import read_metadata
from policies.checks import FOLDER, checks, slugs
from tests.policies.examples import expected, faults, judged, path_of, unknown

HERE = Path(__file__).parent
METADATA = {slug: read_metadata(FOLDER / slug) for slug in slugs()}
WITHOUT_OPEN_QUESTIONS = {"no_static_credentials"}
"""Checks that ask only whether something is there."""


@pytest.mark.parametrize("slug", METADATA)
def test_what_shall_pass_passes(slug: str) -> None:
    found = judged(path_of(slug, "passing"))[METADATA[slug].id]
    assert len(found) > 1
    assert (faults(found), unknown(found)) == ({}, {})


@pytest.mark.parametrize("slug", METADATA)
def test_what_shall_fail_fails_for_the_reason_that_the_example_states(slug: str) -> None:
    path = path_of(slug, "failing")
    found, stated = faults(judged(path)[METADATA[slug].id]), expected(path)
    assert {
        address: text for address, text in stated.items() if text not in found.get(address, "")
    } == {}
    assert found.keys() == stated.keys()


@pytest.mark.parametrize("slug", sorted(METADATA.keys() - WITHOUT_OPEN_QUESTIONS))
def test_what_is_not_known_neither_passes_nor_fails(slug: str) -> None:
    path = path_of(slug, "undecided")
    found = judged(path)[METADATA[slug].id]
    stated, open_ = expected(path), unknown(found)
    assert {
        address: text for address, text in stated.items() if text not in open_.get(address, "")
    } == {}
    assert open_.keys() == stated.keys()
    assert faults(found) == {}


def test_numbers_are_given_once() -> None:
    numbers = sorted(int(each.id.removeprefix("MV_AWS_")) for each in METADATA.values())
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(checks()) == len(numbers)


@pytest.mark.parametrize("slug", METADATA)
def test_metadata_says_why_and_how_in_sentences(slug: str) -> None:
    found = METADATA[slug]
    for text in (found.why, found.remedy):
        assert re.fullmatch(r"[A-Z`].{20,}\.", text, re.DOTALL), text
    assert not found.title.endswith(".")
    assert all(source.startswith("https://") for source in found.sources)


def test_every_check_has_a_file_of_tests() -> None:
    mirrored = {path.stem.removeprefix("test_") for path in HERE.glob("test_*.py")}
    assert mirrored - {"all"} == METADATA.keys()


def test_examples_name_no_account_but_those_of_awss_documentation() -> None:
    for path in FOLDER.glob("*/examples/*"):
        accounts = set(re.findall(r"(?<!\d)\d{12}(?!\d)", path.read_text()))
        assert accounts <= {"111122223333", "444455556666"}, path
