"""What the loader sends, and what a person reads when the API does not take it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from local import documents
from local.documents import Loaded, LoadError, load
from services.rag.schemas import MAX_DOCUMENTS

Answer = tuple[int, dict[str, str], object]


@dataclass
class Api:
    """A stand-in that gives the answers of a list, then says that all is stored."""

    url: str
    answers: list[Answer] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    @property
    def sent(self) -> list[list[str]]:
        return [[item["title"] for item in body["documents"]] for _, _, body in self.requests]

    def answer(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> Answer:
        self.requests.append((path, headers, body))
        if self.answers:
            return self.answers.pop(0)
        return stored(*["created"] * len(body["documents"]))

    def load(self, folder: Path, token: str | None = None) -> Loaded:
        return load(self.url, folder, token=token, show=self.said.append, sleep=self.slept.append)

    def fault(self, folder: Path, token: str | None = None) -> str:
        with pytest.raises(LoadError) as caught:
            self.load(folder, token)
        message = str(caught.value)
        assert "\n" not in message
        return message


@pytest.fixture
def api() -> Iterator[Api]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, extra, content = stand_in.answer(self.path, headers, body)
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(
                content if isinstance(content, bytes) else json.dumps(content).encode()
            )

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        stand_in = Api(url=f"http://127.0.0.1:{server.server_address[1]}/stage")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield stand_in
        server.shutdown()
        thread.join()


def stored(*statuses: str) -> Answer:
    items = [
        {"id": str(number), "status": status, "chunks": 3, "embedded": 2}
        for number, status in enumerate(statuses)
    ]
    return 200, {}, {"documents": items, "usage": {"input_tokens": 9}}


def problem(status: int, detail: str, **headers: str) -> Answer:
    body = {
        "type": "about:blank",
        "title": "x",
        "status": status,
        "detail": detail,
        "request_id": "r-1",
    }
    return status, {"Content-Type": "application/problem+json", **headers}, body


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text(f"about {name}: Phở")
    return tmp_path


def test_documents_are_sent_and_counted(api: Api, folder: Path) -> None:
    api.answers.append(stored("updated", "updated", "unchanged"))
    assert api.load(folder) == Loaded(created=0, updated=2, unchanged=1, embedded=6)
    [(path, headers, body)] = api.requests
    assert path == "/stage/documents"
    assert headers["content-type"] == "application/json"
    assert "authorization" not in headers
    assert body["documents"][0] == {
        "title": "a",
        "text": "about a: Phở",
        "source_uri": "file:a.txt",
        "metadata": {},
    }
    numbers = "0 created, 2 updated, 1 unchanged (chunks embedded: 6)"
    assert api.said == [
        f"request 1 of 1 (3 documents, 0 kB): {numbers}",
        f"3 documents: {numbers}",
    ]


def test_a_token_is_sent_as_a_bearer_token(api: Api, folder: Path) -> None:
    api.load(folder, token="abc.def.ghi\n")
    assert api.requests[0][1]["authorization"] == "Bearer abc.def.ghi"


def test_what_is_no_token_is_not_repeated(api: Api, folder: Path) -> None:
    message = api.fault(folder, token="sec\nret")
    assert "the token" in message
    assert "sec" not in message
    assert api.requests == []


def test_requests_stay_below_their_size(
    api: Api, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "b.txt").write_text("larger than any request. " * 100)
    monkeypatch.setattr(documents, "_BATCH_BYTES", 1000)
    (folder / "d.txt").write_text("d")
    loaded = api.load(folder)
    assert api.sent == [["a"], ["b"], ["c", "d"]]
    assert loaded.created == 4
    assert api.said[-1].startswith("4 documents: 4 created")


def test_requests_hold_no_more_documents_than_the_api_takes(api: Api, tmp_path: Path) -> None:
    for number in range(MAX_DOCUMENTS + 1):
        (tmp_path / f"{number:04}.txt").write_text(f"text {number}")
    api.load(tmp_path)
    assert [len(titles) for titles in api.sent] == [MAX_DOCUMENTS, 1]


def test_a_busy_api_is_asked_again_when_it_says(api: Api, folder: Path) -> None:
    api.answers = [
        problem(429, "slow down", **{"Retry-After": "7"}),
        problem(503, "starting"),
        problem(504, "late"),
    ]
    assert api.load(folder).created == 3
    assert api.slept == [7, 2, 4]
    assert "answered 429: slow down (request r-1); trying again in 7 s" in api.said[0]


def test_nobody_waits_for_an_hour(api: Api, folder: Path) -> None:
    api.answers = [problem(429, "slow down", **{"Retry-After": "3600"})]
    api.load(folder)
    assert api.slept == [60]


def test_an_api_that_stays_away_is_given_up(api: Api, folder: Path) -> None:
    api.answers = [problem(503, "the database is down")] * 9
    message = api.fault(folder)
    assert message.endswith("/stage/documents answered 503: the database is down (request r-1)")
    assert len(api.requests) == 5
    assert api.slept == [1, 2, 4, 8]


def test_a_refusal_names_the_file(api: Api, folder: Path) -> None:
    api.answers = [problem(422, "#/documents/1/metadata/x: too\nlong")]
    assert "answered 422: b.txt/metadata/x: too long (request r-1)" in api.fault(folder)
    assert len(api.requests) == 1


def test_what_was_stored_before_a_refusal_is_said(
    api: Api, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "_BATCH_BYTES", 1)
    api.answers = [stored("created"), problem(422, "no title")]
    assert "request 2 of 3, those before it are stored" in api.fault(folder)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((401, {}, {"message": "Unauthorized"}), "answered 401: it wants a token"),
        ((403, {}, {"message": "Forbidden"}), "answered 403: the token may not"),
        ((404, {}, b"nothing here"), "answered 404: there is no such route"),
        ((502, {}, b"<html>"), "answered 502: Bad Gateway"),
        ((200, {}, b"<html>"), "answered something else"),
        ((200, {}, {"documents": [{"id": "1"}]}), "answered something else"),
        ((302, {"Location": "/elsewhere"}, b""), "answered 302: Found"),
    ],
)
def test_answers_of_others_are_said_in_a_line(
    api: Api, folder: Path, answer: Answer, words: str
) -> None:
    api.answers = [answer]
    assert words in api.fault(folder, token="t")
    assert len(api.requests) == 1


def test_an_api_that_does_not_run_is_said(folder: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(LoadError, match=r"cannot be reached \(.*refused\); look whether"):
            load(url, folder)


def test_a_proxy_is_not_asked_for_this_machine(
    api: Api, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert api.load(folder).created == 3


@pytest.mark.parametrize("url", ["", "example.com", "ftp://example.com", "http://", "http://x:y"])
def test_what_is_no_url_is_said(folder: Path, url: str) -> None:
    with pytest.raises(LoadError, match="is no URL of an API; write it like"):
        load(url, folder)


def test_nothing_is_sent_if_a_file_is_bad(api: Api, folder: Path) -> None:
    (folder / "d.txt").write_bytes(b"\xff")
    assert api.fault(folder) == "d.txt: is not UTF-8; save it as UTF-8"
    assert api.requests == []
