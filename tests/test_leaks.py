"""The search for secrets finds one in every form, and nothing where there is none."""

from __future__ import annotations

import base64
import html
import io
import json
import zipfile
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.leaks import SHORTEST, Search, packed

SECRET = "p/S+w0rd&\"of'Tests<é>"
SEARCH = Search({"canary": SECRET})


def _zipped(data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/file.txt", data)
    return target.getvalue()


RAW = SECRET.encode()
WRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda raw: raw,
    "JSON": lambda raw: json.dumps({"password": raw.decode()}).encode(),
    "JSON within JSON": lambda raw: json.dumps({"body": json.dumps([raw.decode()])}).encode(),
    "JSON with its characters": lambda raw: json.dumps([raw.decode()], ensure_ascii=False).encode(),
    "a URL's path": lambda raw: f"https://x/{quote(raw.decode(), safe='')}".encode(),
    "a form": lambda raw: urlencode({"a": raw.decode()}).encode(),
    "a page": lambda raw: f"<td>{html.escape(raw.decode())}</td>".encode(),
    "hexadecimal": lambda raw: raw.hex().encode(),
    "capital hexadecimal": lambda raw: raw.hex().upper().encode(),
    "UTF-16": lambda raw: raw.decode().encode("utf-16"),
    "base64, first": base64.b64encode,
    "base64, second": lambda raw: base64.b64encode(b"u" + raw + b"z"),
    "base64, third": lambda raw: base64.b64encode(b"ab" + raw + b"yz"),
    "base64 of URLs": lambda raw: base64.urlsafe_b64encode(b"user:" + raw),
    "base64 of UTF-16": lambda raw: base64.b64encode(raw.decode().encode("utf-16-le")),
    "base64 twice": lambda raw: base64.b64encode(base64.b64encode(b"a:" + raw)),
    "gzip": lambda raw: packed(b"before " + raw),
    "gzip in the middle": lambda raw: b"header" + packed(raw) + b"tail",
    "gzip in base64": lambda raw: b'{"content": "' + base64.b64encode(packed(raw * 9)) + b'"}',
    "zip": lambda raw: _zipped(raw),
    "zip within zip": lambda raw: _zipped(_zipped(raw)),
    "zip in base64": lambda raw: base64.b64encode(_zipped(raw)),
    "JSON in gzip in zip": lambda raw: _zipped(packed(json.dumps([raw.decode()]).encode())),
}


@pytest.mark.parametrize("form", WRITTEN)
def test_a_secret_is_found(form: str) -> None:
    assert SEARCH.found(b"before " + WRITTEN[form](RAW) + b" after") == {"canary"}


@pytest.mark.parametrize("form", WRITTEN)
def test_another_text_in_the_same_form_is_not(form: str) -> None:
    assert SEARCH.found(WRITTEN[form](b"another text, of no harm")) == set()


@given(
    st.text(st.characters(codec="utf-8"), min_size=SHORTEST, max_size=40),
    st.binary(max_size=5),
    st.binary(max_size=5),
)
def test_base64_is_found_wherever_it_begins(secret: str, before: bytes, after: bytes) -> None:
    encoded = base64.b64encode(before + secret.encode() + after)
    assert Search({"s": secret}).found(encoded) == {"s"}


def test_what_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="pin: too short"):
        Search({"pin": "1234"})
