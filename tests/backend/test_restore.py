"""Restoring a state: what may be chosen, what is refused, and what is written.

The emulator's S3 and DynamoDB hold it; Terraform reads the result in tests/deploy/test_state.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from backend import __main__ as command_line
from backend import restore as restoring
from backend.errors import BackendError
from backend.lock import locked, read_digest
from backend.restore import restore
from backend.synthesised import StackState, read_state
from modules.naming import Naming
from tests.backend.support import make_remote_state, synthesise

KEY = "mapvibe/dev/terraform.tfstate"


class Bucket:
    """The state bucket and lock table of one account, and what a person does with them."""

    def __init__(self, root: Path, state: StackState) -> None:
        self.root = root
        self.state = state
        self.said: list[str] = []
        self.s3 = boto3.client("s3")
        self.object = {"Bucket": state.bucket, "Key": state.key}

    def put(self, serial: int, *resources: str, lineage: str = "one") -> str:
        """Write a state and its digest as Terraform does; returns the version's id."""
        body = {
            "version": 4,
            "serial": serial,
            "lineage": lineage,
            "resources": [
                {"mode": "managed", "type": "aws_vpc", "name": name, "instances": []}
                for name in resources
            ],
        }
        data = json.dumps(body, indent=2).encode()
        self.set_digest(hashlib.md5(data, usedforsecurity=False).hexdigest())
        return self.put_bytes(data)

    def put_bytes(self, data: bytes) -> str:
        version: str = self.s3.put_object(**self.object, Body=data)["VersionId"]
        return version

    def set_digest(self, digest: str | None) -> None:
        table = boto3.client("dynamodb")
        name, key = self.state.lock_table, {"LockID": {"S": f"{self.state.bucket}/{KEY}-md5"}}
        if digest is None:
            table.delete_item(TableName=name, Key=key)
        else:
            table.put_item(TableName=name, Item={**key, "Digest": {"S": digest}})

    def current(self) -> tuple[str, dict[str, Any]]:
        """Id and content of what Terraform reads; the digest must fit."""
        answer = self.s3.get_object(**self.object)
        data = answer["Body"].read()
        assert read_digest(self.state) == hashlib.md5(data, usedforsecurity=False).hexdigest()
        return answer["VersionId"], json.loads(data)

    def versions(self) -> set[str]:
        found = self.s3.list_object_versions(Bucket=self.state.bucket)
        return {each["VersionId"] for each in found.get("Versions", [])}

    def restore(self, version: str | None = None, *answers: str, replace: bool = False) -> None:
        """Restore; the answers are what a person types, none stands for no terminal."""
        given = iter(answers)
        restore(
            "dev",
            root=self.root,
            version=version,
            replace=replace,
            ask=(lambda question: next(given)) if answers else None,
            show=self.said.append,
        )

    @property
    def text(self) -> str:
        return "\n".join(self.said)


@pytest.fixture
def bucket(naming: Naming, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    synthesise(tmp_path, naming, "dev")
    make_remote_state(naming, s3=boto3.client("s3"), table=boto3.client("dynamodb"))
    monkeypatch.setattr(restoring, "show_planned_changes", lambda state, show: show("compared"))
    return Bucket(tmp_path, read_state(tmp_path, "dev"))


def test_a_deleted_state_comes_back_with_its_digest(bucket: Bucket) -> None:
    bucket.put(1, "a")
    kept = bucket.put(2, "a", "b")
    bucket.s3.delete_object(**bucket.object)
    before = bucket.versions()
    bucket.restore(None, "2")
    _, body = bucket.current()
    assert (body["serial"], len(body["resources"])) == (2, 2)
    assert before < bucket.versions(), "nothing is lost"
    listed = [line.split("  ", 1)[1] for line in bucket.said[1:4]]
    assert "deleted" in listed[0]
    assert "serial 2  2 resources" in listed[1]
    assert kept in listed[1]
    assert "serial 1  1 resource  " in listed[2]
    assert "what it replaces is kept: version " in bucket.text
    assert bucket.said[-1] == "compared"


def test_a_damaged_state_is_replaced_without_a_question(bucket: Bucket) -> None:
    good = bucket.put(3, "a")
    bad = bucket.put_bytes(b'{"version": 4, "ser')
    bucket.restore(good)
    _, body = bucket.current()
    assert body["serial"] == 3
    assert f"what it replaces is kept: version {bad}" in bucket.text


@pytest.mark.parametrize(
    "data", [b'{"version": 4, "ser', b"[]", b'{"version": 3, "serial": 1, "lineage": "x"}', b""]
)
def test_a_version_that_is_no_state_is_refused(bucket: Bucket, data: bytes) -> None:
    bucket.put(1, "a")
    bad = bucket.put_bytes(data)
    before = bucket.versions()
    with pytest.raises(BackendError, match=f"version {bad} is damaged; choose another one"):
        bucket.restore(bad)
    assert bucket.versions() == before


@pytest.mark.parametrize("digest", [None, "0" * 32])
def test_a_digest_alone_is_mended(bucket: Bucket, digest: str | None) -> None:
    current = bucket.put(1, "a")
    bucket.set_digest(digest)
    bucket.restore(current)
    assert bucket.current()[0] == current, "the state is not written again"
    assert "its digest is in the table" in bucket.text


def test_an_older_state_gets_a_serial_of_its_own(bucket: Bucket) -> None:
    """A plan that was made of serial 7 must not fit what is restored."""
    old = bucket.put(5, "a")
    bucket.put(7, "a", "b")
    bucket.restore(old, replace=True)
    _, body = bucket.current()
    assert (body["serial"], len(body["resources"])) == (8, 1)


def test_an_intact_state_is_replaced_only_on_purpose(bucket: Bucket) -> None:
    old = bucket.put(1, "a", lineage="two")
    new = bucket.put(2, "a", "b")
    with pytest.raises(BackendError, match="intact; to replace it all the same, add REPLACE=1"):
        bucket.restore(old)
    with pytest.raises(BackendError, match="the current state stays"):
        bucket.restore(None, "2", "")
    assert bucket.current()[0] == new
    assert "serial 2, 2 resources, of another lineage. Terraform would forget 1" in bucket.text
    assert "      aws_vpc.b" in bucket.text
    bucket.restore(None, "2", "yes")
    assert bucket.current()[1]["lineage"] == "two"


def test_nobody_to_ask_and_nothing_chosen(bucket: Bucket) -> None:
    current = bucket.put(1, "a")
    with pytest.raises(BackendError, match="make restore-state STACK=dev VERSION=ID"):
        bucket.restore()
    assert current in bucket.text, "the list is shown all the same"
    bucket.restore(None, "")
    assert bucket.said[-1] == "nothing was changed"
    for answer in ("0", "2", "x", "-1"):
        with pytest.raises(BackendError, match="not a number of the list"):
            bucket.restore(None, answer)
    with pytest.raises(BackendError, match="there is no version nowhere"):
        bucket.restore("nowhere")


def test_a_mark_of_deletion_is_not_restored(bucket: Bucket) -> None:
    bucket.put(1, "a")
    mark = bucket.s3.delete_object(**bucket.object)["VersionId"]
    with pytest.raises(BackendError, match="is the mark of a deletion"):
        bucket.restore(mark)


def test_without_a_version_there_is_nothing_to_restore(bucket: Bucket) -> None:
    with pytest.raises(BackendError, match="holds no version of it, so there is nothing"):
        bucket.restore(None, "1")


def test_only_the_newest_of_many_are_read(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restoring, "_LISTED", 2)
    oldest = bucket.put(1, "a")
    for serial in (2, 3):
        bucket.put(serial, "a")
    bucket.restore(None, "")
    assert "1 older ones; name one by its id" in bucket.text
    assert oldest not in bucket.text
    bucket.restore(oldest, replace=True)
    assert bucket.current()[1]["serial"] == 4


def _dynamodb_lock(bucket: Bucket) -> Callable[[], None]:
    info = {"ID": "6f1d", "Who": "ann@desk", "Created": "2026-03-14", "Operation": "Apply"}
    key = {"LockID": {"S": f"{bucket.state.bucket}/{KEY}"}}
    table = boto3.client("dynamodb")
    name = bucket.state.lock_table
    table.put_item(TableName=name, Item={**key, "Info": {"S": json.dumps(info)}})
    return lambda: table.delete_item(TableName=name, Key=key) and None


def _file_lock(bucket: Bucket) -> Callable[[], None]:
    info = {"ID": "6f1d", "Who": "ann@desk", "Created": "2026-03-14", "Operation": "Apply"}
    lock = {"Bucket": bucket.state.bucket, "Key": f"{KEY}.tflock"}
    bucket.s3.put_object(**lock, Body=json.dumps(info).encode())
    return lambda: bucket.s3.delete_object(**lock) and None


@pytest.mark.parametrize("lock", [_dynamodb_lock, _file_lock])
def test_who_holds_the_lock_is_told(
    lock: Callable[[Bucket], Callable[[], None]], bucket: Bucket, naming: Naming
) -> None:
    synthesise(bucket.root, naming, "dev", lockfile=True)
    good = bucket.put(1, "a")
    bucket.put_bytes(b"damaged")
    free = lock(bucket)
    with pytest.raises(BackendError) as caught:
        bucket.restore(good)
    assert "locked by ann@desk since 2026-03-14 (Apply)" in str(caught.value)
    assert "make show-lock STACK=dev" in str(caught.value)
    free()
    bucket.restore(good)
    bucket.restore(good)  # its own lock is gone, too
    assert "is the same: it stays as it is" in bucket.text


def test_it_holds_the_lock_itself(bucket: Bucket) -> None:
    bucket.put(1, "a")
    with locked(bucket.state, "restore-state"), pytest.raises(BackendError, match="restore-state"):
        bucket.restore(None, "")


@pytest.mark.parametrize(("missing", "line"), [("bucket", "state bucket"), ("table", "lock table")])
def test_what_does_not_exist_is_named(
    missing: str,
    line: str,
    naming: Naming,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    synthesise(tmp_path, naming, "dev")
    make_remote_state(
        naming,
        s3=None if missing == "bucket" else boto3.client("s3"),
        table=None if missing == "table" else boto3.client("dynamodb"),
    )
    monkeypatch.setattr(command_line, "ROOT", tmp_path)
    assert command_line.main(["restore", "dev"]) == 1
    error = capsys.readouterr().err
    assert line in error
    assert "make backend ENV=dev" in error
    assert error.count("\n") == 1
