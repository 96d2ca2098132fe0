"""Emptying a log bucket: asked for by name, and everything in it or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.usage.fakes import FakeAccount, raising
from usage import empty_logs
from usage.errors import UsageError

ACCOUNT = "111122223333"
NAME = f"mapvibe-dev-bedrock-logs-{ACCOUNT}"
FOLDER = f"AWSLogs/{ACCOUNT}/BedrockModelInvocationLogs/"
TAGS = {"ManagedBy": "cdktf", "Project": "mapvibe", "Environment": "dev"}


class Bucket:
    """A bucket with versions; a listing gives a few at a time, as S3 gives a thousand."""

    def __init__(self, keys: list[str], *, marks: int = 0, page: int = 3) -> None:
        self.tags, self.page, self.refuses = dict(TAGS), page, ""
        self.versions = [(key, str(n), n >= len(keys) - marks) for n, key in enumerate(keys)]

    def account(self) -> FakeAccount:
        return FakeAccount(
            sts={"get_caller_identity": lambda: {"Account": ACCOUNT}},
            s3={
                "get_bucket_tagging": lambda **_: {
                    "TagSet": [{"Key": k, "Value": v} for k, v in self.tags.items()]
                },
                "list_object_versions": self._list,
                "delete_objects": self._delete,
            },
        )

    def _list(self, **_: Any) -> Any:
        for first in range(0, max(len(self.versions), 1), self.page):
            part = self.versions[first : first + self.page]
            entries = [({"Key": k, "VersionId": v, "Size": 10}, mark) for k, v, mark in part]
            yield {
                "Versions": [entry for entry, mark in entries if not mark],
                "DeleteMarkers": [entry for entry, mark in entries if mark],
            }

    def _delete(self, **arguments: Any) -> Any:
        gone = {(each["Key"], each["VersionId"]) for each in arguments["Delete"]["Objects"]}
        if self.refuses:
            return {"Errors": [{"Key": next(iter(gone))[0], "Code": self.refuses}]}
        self.versions = [each for each in self.versions if each[:2] not in gone]
        return {}


def run(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, answer: str | None = NAME, name: str = NAME
) -> list[str]:
    said: list[str] = []
    monkeypatch.setattr(empty_logs, "Account", lambda region: bucket.account())
    ask = None if answer is None else lambda question: answer
    empty_logs.empty(name, ask=ask, show=said.append)
    return said


@pytest.mark.parametrize("number", [1, 3, 10])
def test_everything_goes_also_versions_and_marks(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = Bucket([f"{FOLDER}{n}.gz" for n in range(number)], marks=number // 3)
    said = run(bucket, monkeypatch)
    assert bucket.versions == []
    assert said[0].startswith(f"{NAME}: {number} objects, old versions and deletion marks, 0.0 MB.")
    assert said[-1].startswith(f"{NAME}: emptied, {number} deleted;")


def test_an_empty_one_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    said = run(Bucket([]), monkeypatch, answer=None)
    assert said == [f"{NAME}: it is empty already; nothing was deleted"]


@pytest.mark.parametrize("answer", [None, "", "yes", "mapvibe-dev", NAME.upper()])
def test_without_its_name_typed_nothing_goes(
    answer: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = Bucket([f"{FOLDER}a"])
    with pytest.raises(UsageError, match="nothing was deleted"):
        run(bucket, monkeypatch, answer=answer)
    assert len(bucket.versions) == 1


def test_an_input_that_ends_is_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket([f"{FOLDER}a"])
    monkeypatch.setattr(empty_logs, "Account", lambda region: bucket.account())
    with pytest.raises(UsageError, match="the name was not typed; nothing was deleted"):
        empty_logs.empty(NAME, ask=raising(EOFError()), show=lambda _: None)
    assert len(bucket.versions) == 1


@pytest.mark.parametrize(
    "name",
    [
        f"mapvibe-dev-state-{ACCOUNT}",
        "mapvibe-dev-bedrock-logs",
        f"mapvibe-dev-bedrock-logs-{ACCOUNT}-2",
        f"-bedrock-logs-{ACCOUNT}",
    ],
)
def test_another_bucket_is_refused_by_its_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="not a bucket of invocation logs"):
        run(Bucket([f"{FOLDER}a"]), monkeypatch, answer=name, name=name)


def test_another_accounts_bucket_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "mapvibe-dev-bedrock-logs-444455556666"
    with pytest.raises(
        UsageError, match=r"of account 111122223333, but .* belongs to 444455556666"
    ):
        run(Bucket([f"{FOLDER}a"]), monkeypatch, answer=name, name=name)


@pytest.mark.parametrize("tag", TAGS)
def test_a_bucket_with_other_tags_is_refused(tag: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket([f"{FOLDER}a"])
    bucket.tags[tag] = "other"
    with pytest.raises(UsageError, match=f"its tag {tag} is 'other'"):
        run(bucket, monkeypatch)
    assert len(bucket.versions) == 1


def test_a_bucket_that_holds_anything_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket([f"{FOLDER}a", "AWSLogs/111122223333/CloudTrail/x"])
    with pytest.raises(UsageError, match="CloudTrail/x, which is no log of invocations"):
        run(bucket, monkeypatch)
    assert len(bucket.versions) == 2


def test_what_was_not_deleted_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket([f"{FOLDER}a"])
    bucket.refuses = "AccessDenied"
    with pytest.raises(UsageError, match=r"1 objects were not deleted.*AccessDenied.*run it again"):
        run(bucket, monkeypatch)


@settings(max_examples=40, deadline=None)
@given(
    keys=st.lists(st.text(min_size=1, max_size=9), unique=True, max_size=30),
    page=st.integers(1, 7),
    data=st.data(),
)
def test_any_log_bucket_is_emptied_completely(keys: list[str], page: int, data: Any) -> None:
    """Complete cleanup: whatever the keys, the pages and the marks."""
    marks = data.draw(st.integers(0, len(keys)))
    bucket = Bucket([f"{FOLDER}{key}" for key in keys], marks=marks, page=page)
    with pytest.MonkeyPatch.context() as patch:
        run(bucket, patch)
    assert bucket.versions == []
