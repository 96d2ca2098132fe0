"""A sample of the corpus of secrets, and how the list of tokens is drawn from rules."""

from __future__ import annotations

import pytest

from benchmarks.secrets import is_masked
from benchmarks.secrets_corpus import Case
from benchmarks.secrets_harmless import harmless
from benchmarks.secrets_planted import planted
from toolchain.token_prefixes import prefix

EVERY = 3
MOST = 0.02


def test_a_sample_of_the_secrets_is_masked() -> None:
    cases = list(planted())
    assert len(cases) >= 400
    assert len({case.kind for case in cases}) == 17
    missed = [case for case in cases[::EVERY] if not is_masked(case)]
    assert len(missed) <= MOST * len(cases) / EVERY, [case.template for case in missed]


def test_a_sample_of_the_harmless_values_is_shown() -> None:
    cases = list(harmless())
    assert len(cases) >= 400
    hidden = [case for case in cases[::EVERY] if is_masked(case)]
    assert len(hidden) <= MOST * len(cases) / EVERY, [case.template for case in hidden]


def test_the_corpus_is_the_same_every_time_and_part_of_it_is_held_back() -> None:
    cases = list(planted())
    assert [case.attributes for case in cases] == [case.attributes for case in planted()]
    assert sum(case.held_back for case in cases) > 50


def test_a_case_without_a_secret_is_not_masked() -> None:
    case = Case(kind="a", template="b", attributes={"size": "large"}, held_back=False)
    assert not is_masked(case)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\b(abc_[A-Za-z0-9]{36})", "abc_"),
        (r"(?i)\b(ab\.cd\.[a-z0-9]{43})", "ab.cd."),
        (r"\b(Xyz-Key1[A-Za-z]{20})", "Xyz-Key1"),
        (r"(?:live|test)_[a-z]{20}", None),
        (r"(?i)dropbox(?:[ \t]{0,20})(?:=|>|:{1,3}=)([a-z]{15})", None),
        (r"https://host/[a-z]{20}", None),
        (r"[a-z]{32}", None),
        (r"word[a-z]{32}", None),
        (r"sntrx_eyJpYXQiO[a-z]{10}", "sntrx_"),
    ],
)
def test_the_beginning_of_a_token_is_drawn_from_a_rule(pattern: str, expected: str | None) -> None:
    assert prefix(pattern) == expected
