"""``schema``: what the pinned AWS provider says of its resource types and their arguments."""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from pipeline.commands.job import print_line
from pipeline.cost.pricers import ENTRIES, FREE_UNLESS
from pipeline.release import terraform
from pipeline.schema import ARGUMENTS, JUDGED, TYPES
from pipeline.schema.extract import arguments_text, judged_text, resource_schemas, types_text
from pipeline.warnings.judged import NAMES
from toolchain.mirror import PROVIDER_VERSION

_REQUIRED = {"aws": {"source": "hashicorp/aws", "version": PROVIDER_VERSION}}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``schema`` takes none."""
    del parser


def run(options: argparse.Namespace) -> None:
    """Write ``pipeline/schema``'s files.

    Raises:
        PipelineError: the provider can't be had or asked.
    """
    del options
    for path, content in contents().items():
        path.write_text(content, encoding="utf-8")
        print_line(f"{path.name}: {content.count(chr(10))} lines")


def contents() -> dict[Path, str]:
    """The files and what stands in them for the pinned provider.

    Raises:
        PipelineError: the provider can't be had or asked.
    """
    with tempfile.TemporaryDirectory(prefix="schema-") as name:
        folder = Path(name)
        stack = {"terraform": {"required_providers": _REQUIRED}}
        (folder / "main.tf.json").write_text(json.dumps(stack))
        terraform.init(folder)
        resources = resource_schemas(terraform.provider_schema(folder))
    return {
        TYPES: types_text(resources),
        ARGUMENTS: arguments_text(resources, {*ENTRIES, *FREE_UNLESS}),
        JUDGED: judged_text(resources, NAMES),
    }
