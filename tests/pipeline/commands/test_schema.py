"""What is known of the provider's types and arguments is what the pinned provider says."""

from __future__ import annotations

import argparse

import pytest

from pipeline.commands import schema
from pipeline.errors import PipelineError
from pipeline.schema import arguments, may_be_chosen, types
from pipeline.schema.extract import resource_schemas


def test_the_files_are_what_the_pinned_provider_says() -> None:
    contents = schema.contents()
    assert len(contents) == 3
    stale = [path.name for path, text in contents.items() if path.read_text("utf-8") != text]
    assert stale == [], "run 'python -m pipeline schema'"


def test_the_command_writes_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object
) -> None:
    written: dict[str, str] = {}

    class File:
        name = "types.txt"

        def write_text(self, text: str, encoding: str) -> None:
            written[self.name] = text

    monkeypatch.setattr(schema, "contents", lambda: {File(): "a\nb\n"})
    schema.run(argparse.Namespace())
    assert written == {"types.txt": "a\nb\n"}
    assert capsys.readouterr().out == "types.txt: 2 lines\n"


def test_another_providers_schema_is_refused() -> None:
    with pytest.raises(PipelineError, match="no provider hashicorp/aws"):
        resource_schemas('{"provider_schemas": {"registry.terraform.io/hashicorp/random": {}}}')


@pytest.mark.parametrize(
    ("path", "chosen"),
    [
        ("multi_az", True),  # optional and computed
        ("blue_green_update", True),  # a block
        ("blue_green_update.0.enabled", False),  # optional: nobody else sets it
        ("instance_class", False),  # required
        ("address", False),  # only AWS writes it
        ("no_such_argument", False),
    ],
)
def test_what_may_be_chosen_is_what_the_schema_says(path: str, chosen: bool) -> None:
    assert may_be_chosen("aws_db_instance", path) is chosen


def test_the_types_are_those_of_the_provider() -> None:
    assert {"aws_vpc", "aws_db_instance"} <= types()
    assert len(types()) > 1_000
    assert arguments("aws_vpc") == {}
