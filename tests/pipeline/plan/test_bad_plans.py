"""Files that are no plans: one line each, that says what, where and how to mend."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import PipelineError, Status
from pipeline.plan import source
from pipeline.plan.read import read_plan
from tests.pipeline.plans import plan_json, resource_change

WHOLE = json.dumps(plan_json(resource_change("aws_vpc.a", after={"cidr": "10.0.0.0/16"})))


def failure(path: Path) -> str:
    """The one line that reading it ends with."""
    with pytest.raises(PipelineError) as caught:
        read_plan(path, stack="dev")
    text = str(caught.value)
    assert caught.value.status is Status.BAD_PLAN
    assert "\n" not in text
    assert text.startswith(f"{path}: ")
    assert "; " in text, "it says how to mend"
    return text


def test_a_missing_file(tmp_path: Path) -> None:
    assert "no such file" in failure(tmp_path / "plan.json")


def test_a_folder(tmp_path: Path) -> None:
    assert "a folder" in failure(tmp_path)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "plan.json"
    path.write_text(WHOLE)
    monkeypatch.setattr(Path, "read_bytes", denied)
    assert "cannot be read (Permission denied)" in failure(path)


def test_a_huge_file_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "plan.json"
    with path.open("wb") as file:
        file.truncate(source.LARGEST_BYTES + 1)  # a hole: it takes no room
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("it was read"))
    assert "536870913 bytes, above the limit of 536870912" in failure(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"hello", "no JSON object"),
        (b"[]", "no JSON object"),
        (b"PK\x03\x04{rest of a zip", "binary plan, not its JSON; write it with 'terraform show"),
        (WHOLE.encode("utf-16"), "UTF-16"),
        (b'{"@level":"info","@message":"Terraform 1.11.4"}\n{"@level":"info"}', "the log of"),
        (WHOLE[: len(WHOLE) // 2].encode(), "truncated JSON"),
        (WHOLE[:-1].encode(), "truncated JSON"),
        (b"{not json}", "not JSON"),
        (WHOLE.encode() + b" more", "not JSON"),
        (b'{"format_version": "\xff"}', "not "),
        (b'{"x": ' + b"[" * 100_000, "nested too deeply"),
        (b"{}", "JSON, but not a Terraform plan"),
        (b'{"format_version": "1.0"}', "JSON, but not a Terraform plan"),
        (b'{"resource_changes": {}}', "not a Terraform plan"),
        (b'{"configuration": {}, "planned_values": {}}', "JSON, but not a Terraform plan"),
    ],
    ids=[
        "empty", "blank", "text", "list", "binary", "utf-16", "log", "half", "last-brace", "braces",
        "trailing", "not-utf-8", "deep", "nothing", "empty-state", "wrong-type", "no-version",
    ],
)  # fmt: skip
def test_content_that_is_no_plan(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    assert message in failure(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda plan: plan.update(values={"root_module": {}}), "Terraform's state, not a plan"),
        (lambda plan: plan.update(format_version="2.0"), "format_version '2.0'"),
        (lambda plan: plan.update(format_version="0.2"), "format_version '0.2'"),
        (lambda plan: plan.update(errored=True), "errored"),
        (lambda plan: plan["resource_changes"][0]["change"].update(actions=["dance"]), "'dance'"),
        (lambda plan: plan["resource_changes"][0].pop("change"), "not a Terraform plan"),
    ],
    ids=["state", "newer", "older", "errored", "unknown-action", "no-change"],
)
def test_json_that_cannot_be_used(
    change: Callable[[dict[str, Any]], None], message: str, tmp_path: Path
) -> None:
    document = json.loads(WHOLE)
    change(document)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document))
    assert message in failure(path)


def test_an_unknown_action_does_not_name_the_address(tmp_path: Path) -> None:
    """A key in it may be a secret."""
    item = resource_change('aws_vpc.a["AKIAIOSFODNN7EXAMPLE"]', after={}, actions=["dance"])
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan_json(item)))
    assert "AKIA" not in failure(path)


def test_a_newer_minor_version_is_read(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({**json.loads(WHOLE), "format_version": "1.9"}))
    assert len(read_plan(path, stack="dev").changes) == 1
