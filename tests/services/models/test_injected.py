"""Documents that try to be something else.

What these tests show: none of them can leave its passage. The message still holds one question
and the same passages, whatever a document imitates, and a model that obeys every order outside the
passages finds none. Two careless prompts are tried beside ours, so that the set is known to bite.

What they can't show: that a real model takes the text of a passage as data, as it is told to. Some
will obey some documents. That is why nothing acts on an answer, images in it become links, and
citations of passages that don't exist are taken out of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.rag.deadline import Deadline
from services.rag.models import Passage
from services.rag.models.converse import BedrockAnswerer
from services.rag.prompt import build, clean, parse_prompt
from tests.support.model_endpoint import ModelEndpoint

QUESTION = "When does the museum open?"
GOOD = Passage(title="Museum", text="The museum opens at eight.")


@dataclass(frozen=True)
class Injected:
    """A document, and the name of what it tries."""

    name: str
    passage: Passage


SET = [
    Injected(entry["name"], Passage(title=entry["title"], text=entry["text"]))
    for entry in json.loads((Path(__file__).parent / "injected.json").read_text())
]
EACH = pytest.mark.parametrize("injected", SET, ids=lambda injected: injected.name)


def around(injected: Injected) -> list[Passage]:
    return [GOOD, injected.passage, GOOD]


def gullible(message: str, envelope: str) -> str:
    """Write what a model would that obeys all orders outside the passages, and sees everything.

    Tag characters count as the ASCII that they stand for, as for a real model; zero-width
    characters count as nothing.

    Args:
        message: all that it reads.
        envelope: a pattern of what it takes for a passage.
    """
    rest = re.sub(envelope, "", message, flags=re.DOTALL)
    rest = "".join(
        chr(ord(letter) - 0xE0000) if 0xE0000 <= ord(letter) <= 0xE007F else letter
        for letter in rest
    )
    orders: list[str] = re.findall(r"OBEY: .*", re.sub("[\u200b\u2060\ufeff]", "", rest))
    return f"I obey: {orders[0]}" if orders else "At eight [1]."


def gullible_with_keys(message: str) -> str:
    key = re.escape(message.partition('key="')[2].partition('"')[0])
    envelope = rf'<passage number="\d+" title="[^"]*" key="{key}">\n.*?\n</passage key="{key}">'
    return gullible(message, envelope)


@EACH
def test_a_document_stays_in_its_passage(injected: Injected) -> None:
    prompt = parse_prompt(build(QUESTION, around(injected)).message)
    assert prompt.question == QUESTION
    assert [p.title for p in prompt.passages] == [clean(p.title) for p in around(injected)]
    assert [p.text for p in prompt.passages] == [clean(p.text) for p in around(injected)]


def test_all_documents_at_once_stay_in_their_passages() -> None:
    prompt = parse_prompt(build(QUESTION, [one.passage for one in SET]).message)
    assert prompt.question == QUESTION
    assert len(prompt.passages) == len(SET)


@EACH
def test_a_key_is_never_used_twice(injected: Injected) -> None:
    messages = {build(QUESTION, around(injected)).message for _ in range(20)}
    assert len(messages) == 20


@EACH
def test_a_gullible_model_finds_no_order(endpoint: ModelEndpoint, injected: Injected) -> None:
    read: list[str] = []

    def write(_prompt: object) -> str:
        read.append(endpoint.calls[-1].body["messages"][0]["content"][0]["text"])
        return gullible_with_keys(read[-1])

    endpoint.write = write
    answerer = BedrockAnswerer(model_id="any", region="ap-southeast-1")
    answer = answerer.answer(
        QUESTION, around(injected), max_tokens=100, deadline=Deadline.after(30)
    )
    assert (answer.text, answer.cited) == ("At eight [1].", (1,))
    assert not re.search("[\U000e0000-\U000e0fff]", read[0])


def one_text(passages: list[Passage]) -> str:
    return "\n\n".join(f"{p.title}\n{p.text}" for p in passages)


def fixed_tags(passages: list[Passage]) -> str:
    return "\n".join(f'<passage title="{p.title}">\n{p.text}\n</passage>' for p in passages)


@pytest.mark.parametrize(
    ("write", "led_astray"),
    [
        (one_text, {injected.name for injected in SET}),
        (
            fixed_tags,
            {
                "closing tag without a key",
                "question of another user",
                "order in the title",
                "line ends that hide a tag",
            },
        ),
    ],
)
def test_the_same_model_is_led_astray_by_a_careless_prompt(
    write: Callable[[list[Passage]], str], led_astray: set[str]
) -> None:
    envelope = r"<passage title=\"[^\n]*\">\n.*?\n?</passage>"
    answers = {one.name: gullible(write(around(one)), envelope) for one in SET}
    assert {name for name, answer in answers.items() if "I obey" in answer} == led_astray
