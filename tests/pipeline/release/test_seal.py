"""A sealed plan comes back whole and authentic, or not at all."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import PipelineError, Status
from pipeline.release import seal as sealing
from pipeline.release.seal import Key, new_key, seal, unseal
from tests.pipeline.release.support import (
    KEY,
    KEY_TEXT,
    OTHER_KEY,
    OTHER_KEY_TEXT,
    SECRET,
    header,
)

PLAIN = f"a plan file that holds {SECRET}".encode()


def sealed_plan(folder: Path, key: Key = KEY, content: bytes = PLAIN) -> Path:
    plain, sealed = folder / "plan.tfplan", folder / "prod.sealed"
    plain.write_bytes(content)
    seal(plain, header=header(files={"cdk.tf.json": "00ff"}), key=key, to=sealed)
    plain.unlink()
    return sealed


def refusal(sealed: Path, *, key: Key = KEY) -> PipelineError:
    """Unseal what must be refused, and see that nothing was written."""
    before = sorted(sealed.parent.iterdir())
    with pytest.raises(PipelineError) as caught:
        unseal(sealed, key=key, to=sealed.parent / "out.tfplan")
    assert sorted(sealed.parent.iterdir()) == before
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_plan_comes_back_as_it_was(tmp_path: Path) -> None:
    sealed = sealed_plan(tmp_path)
    found = unseal(sealed, key=KEY, to=tmp_path / "out.tfplan")
    assert (tmp_path / "out.tfplan").read_bytes() == PLAIN
    assert found == header(files={"cdk.tf.json": "00ff"})


def test_both_files_are_for_their_owner_only(tmp_path: Path) -> None:
    sealed = sealed_plan(tmp_path)
    out = tmp_path / "out.tfplan"
    out.touch(mode=0o644)
    unseal(sealed, key=KEY, to=out)
    assert [oct(path.stat().st_mode & 0o777) for path in (sealed, out)] == ["0o600", "0o600"]


def test_the_first_line_can_be_read_by_anybody(tmp_path: Path) -> None:
    line = sealed_plan(tmp_path).read_bytes().split(b"\n", 1)[0]
    assert line == (
        b'{"commit":"4f1c9a7e2b6d8035c1e4a9f7b3d26058e1c7a4f9",'
        b'"created_at":"2026-03-14T09:30:00Z","files":{"cdk.tf.json":"00ff"},'
        b'"fingerprint":"a1b2c3","format":2,"pipeline_id":7001,"stack":"prod"}'
    )


def test_the_plan_itself_cannot_be_read(tmp_path: Path) -> None:
    content = sealed_plan(tmp_path).read_bytes()
    assert SECRET.encode() not in content
    assert content.count(b"a plan file") == 0


def test_the_same_plan_is_never_sealed_twice_alike(tmp_path: Path) -> None:
    first = sealed_plan(tmp_path).read_bytes().split(b"\n", 1)[1]
    second = sealed_plan(tmp_path).read_bytes().split(b"\n", 1)[1]
    assert first[:12] != second[:12]
    assert first[12:] != second[12:]


def test_any_byte_that_changes_is_noticed(tmp_path: Path) -> None:
    """Every byte of the header, the line's end, the nonce, the content and the tag."""
    sealed = sealed_plan(tmp_path)
    content = sealed.read_bytes()
    for position in range(len(content)):
        changed = bytearray(content)
        changed[position] ^= 1
        sealed.write_bytes(changed)
        error = refusal(sealed)
        assert error.status is Status.TAMPERED_PLAN, position


def test_a_cut_of_any_length_is_noticed(tmp_path: Path) -> None:
    sealed = sealed_plan(tmp_path)
    content = sealed.read_bytes()
    for length in range(len(content)):
        sealed.write_bytes(content[:length])
        assert refusal(sealed).status is Status.TAMPERED_PLAN, length


def test_what_is_added_is_noticed(tmp_path: Path) -> None:
    sealed = sealed_plan(tmp_path)
    content = sealed.read_bytes()
    for changed in (content + b"\0", b"\n" + content, b" " + content):
        sealed.write_bytes(changed)
        assert refusal(sealed).status is Status.TAMPERED_PLAN


def test_the_header_of_another_plan_does_not_fit(tmp_path: Path) -> None:
    sealed = sealed_plan(tmp_path)
    line, rest = sealed.read_bytes().split(b"\n", 1)
    sealed.write_bytes(line.replace(b'"prod"', b'"dev"') + b"\n" + rest)
    assert refusal(sealed).status is Status.TAMPERED_PLAN


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=2000))
def test_no_other_file_is_taken_for_a_sealed_plan(
    content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sealed = tmp_path_factory.mktemp("any") / "prod.sealed"
    sealed.write_bytes(content)
    assert refusal(sealed).status is Status.TAMPERED_PLAN


def test_another_key_does_not_open_it(tmp_path: Path) -> None:
    error = refusal(sealed_plan(tmp_path), key=OTHER_KEY)
    assert error.status is Status.TAMPERED_PLAN
    assert str(error).endswith(
        "prod.sealed: cannot be authenticated: it was changed or cut, or sealed with a key that "
        "is not in PLAN_KEY; do not apply it, run a new pipeline"
    )


def test_a_rotated_key_still_opens_what_it_sealed(tmp_path: Path) -> None:
    rotated = Key.from_text(f"{OTHER_KEY_TEXT}, {KEY_TEXT}")
    unseal(sealed_plan(tmp_path), key=rotated, to=tmp_path / "out.tfplan")
    assert (tmp_path / "out.tfplan").read_bytes() == PLAIN


def test_of_several_keys_the_first_seals(tmp_path: Path) -> None:
    sealed = sealed_plan(tmp_path, Key.from_text(f"{OTHER_KEY_TEXT},{KEY_TEXT}"))
    assert refusal(sealed, key=KEY).status is Status.TAMPERED_PLAN
    unseal(sealed, key=OTHER_KEY, to=tmp_path / "out.tfplan")


def test_a_new_key_is_random_and_fits() -> None:
    keys = {new_key(), new_key()}
    assert len(keys) == 2
    assert {len(Key.from_text(key).secrets[0]) for key in keys} == {32}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "PLAN_KEY is not set: "),
        (" \n", "PLAN_KEY is not set: "),
        ("hunter2!", "PLAN_KEY: key 1 of 1 is not base64 of 32 bytes; "),
        (base64.b64encode(b"x" * 31).decode(), "PLAN_KEY: key 1 of 1 is not base64 of 32 bytes; "),
        (base64.b64encode(b"x" * 33).decode(), "PLAN_KEY: key 1 of 1 is not base64 of 32 bytes; "),
        (f"{KEY_TEXT},", "PLAN_KEY: key 2 of 2 is not base64 of 32 bytes; "),
        (f"{KEY_TEXT},sésame", "PLAN_KEY: key 2 of 2 is not base64 of 32 bytes; "),
        (f"{KEY_TEXT}{KEY_TEXT}", "PLAN_KEY: key 1 of 1 is not base64 of 32 bytes; "),
    ],
    ids=["empty", "blank", "word", "short", "long", "trailing-comma", "second", "no-comma"],
)
def test_a_wrong_key_is_refused_without_showing_it(text: str, message: str) -> None:
    with pytest.raises(PipelineError) as caught:
        Key.from_text(text)
    assert str(caught.value).startswith(message)
    assert caught.value.status is Status.USAGE
    for part in filter(None, text.strip().split(",")):
        assert part not in str(caught.value)


def test_a_key_shows_nothing_of_itself() -> None:
    assert repr(KEY) == "Key()"


def test_a_plan_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "LARGEST", 2**20)
    sealed_plan(tmp_path, content=b"x" * 2**20)
    with pytest.raises(PipelineError, match="larger than 1 MB, which no plan should be"):
        sealed_plan(tmp_path, content=b"x" * (2**20 + 1))


def test_a_sealed_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = sealed_plan(tmp_path, content=b"x" * 2**20)
    monkeypatch.setattr(sealing, "LARGEST", 0)
    monkeypatch.setattr(sealing, "_LARGEST_HEADER", 2**10)
    assert "larger than" in str(refusal(sealed))


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    error = refusal(tmp_path / "prod.sealed")
    assert error.status is Status.FAILED
    assert str(error).endswith(
        "prod.sealed: cannot be read: No such file or directory; "
        "the plan job of this pipeline makes it: run a new pipeline"
    )


@pytest.mark.parametrize(
    "line",
    [
        msgspec.json.encode(header(format=3)),
        b'{"format":2,"stack":"prod"}',
        msgspec.json.encode(header(created_at=datetime(2026, 3, 14, tzinfo=UTC))).replace(
            b"Z", b""
        ),
    ],
    ids=["newer", "other-fields", "no-time-zone"],
)
def test_the_format_of_another_version_is_refused(
    line: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def encoded(*_arguments: object, **_options: object) -> bytes:
        return line

    monkeypatch.setattr(msgspec.json, "encode", encoded)
    error = refusal(sealed_plan(tmp_path))
    assert error.status is Status.STALE_PLAN
    assert str(error).endswith("sealed by another version of the pipeline; run a new pipeline")


def test_a_plan_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    sealed = sealed_plan(tmp_path)
    out = tmp_path / "out.tfplan"
    out.mkdir()
    with pytest.raises(OSError, match=r"out\.tfplan"):
        unseal(sealed, key=KEY, to=out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.tfplan", "prod.sealed"]
