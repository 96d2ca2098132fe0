"""The pictures are drawn from the stacks, and the documents hold them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.__main__ import main, rewrite
from docs.draw import mermaid
from docs.prices import coverage
from tests.support.stacks import rag_stack

ROOT = Path(__file__).resolve().parents[2]


def edges(name: str, **changes: object) -> set[tuple[str, str]]:
    picture = mermaid(rag_stack(name, **changes).body)
    found = re.findall(r"^    (\w+) (?:--|-\.).*> (\w+)$", picture, re.MULTILINE)
    return {(re.sub(r"_[0-9A-F]{8}$", "", a), re.sub(r"_[0-9A-F]{8}$", "", b)) for a, b in found}


def test_the_way_of_a_request_is_drawn() -> None:
    assert {
        ("api", "rag_function"),
        ("rag_function", "database_proxy"),
        ("database_proxy", "database_instance"),
        ("rag_function", "endpoints"),
        ("rag_function", "cohere_embed_multilingual_v3"),
    } <= edges("dev")


def test_who_hears_of_an_alarm_is_drawn() -> None:
    heard = {
        (f"alerts_{each}_topic", "alerts_notifier_function") for each in ("critical", "warning")
    }
    assert heard <= edges("prod")
    assert not heard & edges("prod", rag__alerts__slack=None)


def test_the_picture_follows_the_stack() -> None:
    drawn = edges("dev", rag__database__proxy=None)
    assert ("rag_function", "database_instance") in drawn
    assert not [edge for edge in drawn if "database_proxy" in edge]
    assert ("rag_function", "network_nat_ap_southeast_1a") in edges("prod")


def test_the_documents_are_up_to_date() -> None:
    assert main(["--check"]) == 0


def test_every_type_of_the_provider_is_priced_free_or_unknown() -> None:
    figures = re.findall(r"\d[\d,]*", coverage().splitlines()[0])
    every, priced, free, unknown = (int(figure.replace(",", "")) for figure in figures)
    assert priced + free + unknown == every
    assert min(priced, free, unknown) > 0


def test_a_stale_part_is_rewritten_and_the_rest_is_not() -> None:
    text = "a\n<!-- made: x -->\nold\n<!-- end: x -->\nb\n"
    assert rewrite(text, {"x": "new\n"}) == text.replace("old", "new")
    with pytest.raises(KeyError):
        rewrite(text, {})


@pytest.mark.parametrize(
    "path",
    sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]),
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
        assert (path.parent / target).exists(), f"{path.name} links to {target}"
