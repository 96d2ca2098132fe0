"""The alarm drill's own parts; that it drills is proved by tests/deploy/test_dev_alarms.py."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from local.drill.drill import drill
from local.drill.receiver import Receiver, plain_text, receiving
from local.drill.traffic import sending
from local.errors import LocalError
from local.examples import EXAMPLES
from tests.support.stacks import BY_NAME

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def post(url: str, body: bytes) -> int:
    try:
        with _OPENER.open(url, body, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture
def slack() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def test_the_receiver_waits_for_the_message_that_is_wanted(slack: Receiver) -> None:
    for text in ("another alarm: ALARM", "api-errors: OK", "api-errors: ALARM"):
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
        assert post(slack.url, json.dumps({"blocks": blocks}).encode()) == 200
    assert (
        slack.wait_for(lambda text: "api-errors" in text and "ALARM" in text, 5)
        == "api-errors: ALARM"
    )
    assert slack.wait_for(lambda _: True, 0.05) is None, "the others were passed over"


@pytest.mark.parametrize("body", [b"", b"{", b"[]"])
def test_the_receiver_refuses_what_slack_would(slack: Receiver, body: bytes) -> None:
    assert post(slack.url, body) == 400
    assert post(slack.url.removesuffix("drill"), b"{}") == 400


def test_the_text_of_a_message_is_that_of_its_blocks() -> None:
    message = {
        "text": "for the notification",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "title"}},
            {"type": "section", "fields": [{"type": "mrkdwn", "text": "a"}, {"text": "b"}]},
            {"type": "divider"},
        ],
    }
    assert plain_text(message) == "title\na\nb"
    assert plain_text({"text": "alone"}) == "alone"


class Api(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200 if self.path == EXAMPLES[1].path else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.mark.parametrize(("base", "status"), [("", "200"), ("/broken", "503")])
def test_answers_are_counted_by_status(base: str, status: str) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Api) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        api = f"http://127.0.0.1:{server.server_port}{base}"
        with sending(api, EXAMPLES[1], per_second=100, senders=2) as traffic:
            threading.Event().wait(0.3)
        server.shutdown()
    answers = traffic.take()
    assert list(answers) == [status]
    assert answers[status] > 5
    assert traffic.take() == {}


def test_an_api_that_is_gone_is_no_answer() -> None:
    with sending("http://127.0.0.1:9", EXAMPLES[1], per_second=100, senders=1) as traffic:
        threading.Event().wait(0.2)
    assert list(traffic.take()) == ["no answer"]


def test_an_environment_without_alarms_has_nothing_to_drill(tmp_path: Path) -> None:
    dev = BY_NAME["dev"]
    without = dev.model_copy(update={"rag": None})
    with pytest.raises(LocalError, match=r"nothing to drill; see rag\.monitoring"):
        drill(without, root=tmp_path)
