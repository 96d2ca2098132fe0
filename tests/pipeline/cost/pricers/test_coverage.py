"""No type is forgotten, no price is missing, and no row or usage key is idle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from pipeline.cost.catalogue import DEFAULT, Catalogue, Row
from pipeline.cost.pricers import ENTRIES, FREE
from pipeline.errors import PipelineError
from tests.pipeline.cost.pricers.classes import of_classes
from tests.pipeline.cost.pricers.support import CATALOGUE, REGION, Case, TracedPricing, resource
from tests.pipeline.cost.pricers.test_prices import CASES
from tests.support.stacks import BY_NAME, all_stacks

STACKS = {id_: stack for name in BY_NAME for id_, stack in all_stacks(name).items()}
ROWS = Catalogue.load().rows
KEYS = {row.key: row.region for row in ROWS if row.region != "global"}
KEYS |= {row.key: REGION for row in ROWS if row.region in (REGION, "global")}
"""Every price to a region that has it."""


@pytest.mark.parametrize("name", STACKS)
def test_every_type_of_a_stack_is_priced_or_free_by_decision(name: str) -> None:
    types = {address.partition(".")[0] for address, _ in STACKS[name].everything()}

    assert types
    assert sorted(types - set(ENTRIES) - set(FREE)) == []


def test_a_type_is_priced_or_free_and_not_both() -> None:
    assert sorted(set(ENTRIES) & set(FREE)) == []


def test_every_free_type_has_a_reason() -> None:
    assert [name for name, reason in FREE.items() if len(reason) < len("IAM is free")] == []


@pytest.mark.parametrize("name", ["aws_iam_role", "aws_iam_openid_connect_provider", "aws_vpc"])
def test_what_costs_nothing_is_known_to(name: str) -> None:
    assert name in FREE


@pytest.mark.parametrize("name", ["aws_macie2_account", "aws_memorydb_cluster", "google_x"])
def test_a_type_that_nobody_thought_of_is_neither(name: str) -> None:
    assert name not in FREE
    assert name not in ENTRIES


def test_every_priced_type_has_a_case_worked_out_by_hand() -> None:
    assert sorted(set(ENTRIES) - {case.of.type for case in CASES}) == []


def traced(case: Case) -> TracedPricing:
    pricing = case.pricing()
    for _ in ENTRIES[case.of.type].pricer(case.of, pricing):
        pass
    return pricing


def test_the_usage_keys_of_a_type_are_what_its_pricer_reads() -> None:
    read: dict[str, set[str]] = {name: set() for name in ENTRIES}
    for case in CASES:
        read[case.of.type] |= traced(case).read

    for name, entry in ENTRIES.items():
        keys, patterns = read[name], entry.usage_keys
        assert [k for k in sorted(keys) if not matching(k, patterns)] == [], name
        assert [p for p in sorted(patterns) if not any(matching(k, {p}) for k in keys)] == [], name
        assert sorted(patterns & entry.other_usage_keys.keys()) == [], name


def matching(key: str, patterns: frozenset[str] | set[str]) -> bool:
    return any(fnmatchcase(key, pattern) for pattern in patterns)


def dynamic() -> Iterator[Case]:
    """One resource for each price whose key holds an instance class or a model."""
    for key, region in sorted(KEYS.items()):
        if found := re.fullmatch(r"rds\.instance\.(db\.[\w.]+?)(\.multi_az)?", key):
            values = {
                "engine": "postgres",
                "instance_class": found[1],
                "multi_az": found[2] is not None,
                "storage_type": "gp3",
                "allocated_storage": 20,
                "iops": 13000,
            }
            yield Case(name=key, region=region, of=resource("aws_db_instance.d", values))
        yield from of_classes(key, region)
        if found := re.fullmatch(r"aurora\.instance\.(db\.\w+\.\w+)(\.io_optimized)?", key):
            values = {"engine": "aurora-postgresql", "instance_class": found[1]}
            refers = {"cluster_identifier": ("aws_rds_cluster.c",)}
            kind = {"storage_type": "aurora-iopt1" if found[2] else ""}
            yield Case(
                name=key,
                region=region,
                of=resource("aws_rds_cluster_instance.i", values, references=refers),
                beside=(resource("aws_rds_cluster.c", kind),),
            )
        if found := re.fullmatch(r"ec2\.instance\.(.+)", key):
            disk = [{"volume_size": 8}]
            values = {"instance_type": found[1], "root_block_device": disk}
            yield Case(name=key, region=region, of=resource("aws_instance.i", values))
        if (found := re.fullmatch(r"bedrock\.(.+)\.input", key)) is not None:
            environment = [{"variables": {"MODEL_ID": found[1]}}]
            function = resource("aws_lambda_function.f", {"environment": environment})
            yield Case(name=key, region=region, of=function)


def test_no_row_of_the_catalogue_is_idle() -> None:
    CATALOGUE.asked.clear()
    for case in CASES:
        traced(case)
    for case in dynamic():
        with suppress(PipelineError):  # another price of it may be missing in its region
            traced(case)

    assert sorted(set(KEYS) - CATALOGUE.asked) == []


def test_a_model_that_writes_has_both_of_its_prices() -> None:
    keys = {row.key for row in ROWS if row.key.startswith("bedrock.")}
    models = {key.rpartition(".")[0] for key in keys} - {"bedrock.guardrail"}
    silent = {model for model in models if f"{model}.output" not in keys}

    assert {model for model in models if f"{model}.input" not in keys} == set()
    assert silent == {
        "bedrock.amazon.titan-embed-text-v2:0",
        "bedrock.cohere.embed-english-v3",
        "bedrock.cohere.embed-multilingual-v3",
    }


def test_the_catalogue_is_sorted_and_written_as_the_project_writes_it(tmp_path: Path) -> None:
    copy = tmp_path / "catalogue.csv"
    Catalogue.load().write(copy)

    assert copy.read_bytes() == DEFAULT.read_bytes()


def test_every_row_says_where_and_when_it_was_read() -> None:
    today = date.today().isoformat()
    wrong = [row for row in ROWS if not ok(row, today)]

    assert [(row.key, row.source, row.as_of) for row in wrong] == []


def ok(row: Row, today: str) -> bool:
    named = ("github:", "PyPI ", "public copy of ")
    return row.source.startswith(named) and "2018-01" <= row.as_of <= today


def test_a_usagetype_carries_the_prefix_of_its_region() -> None:
    prefixes = {"ap-southeast-1": ("APS1-", "APS1:", "ap-southeast-1-")}
    foreign = re.compile(r"^(APS1|ap-southeast-1)[-:]")

    assert [
        row.key
        for row in ROWS
        if row.region in prefixes and not row.usagetype.startswith(prefixes[row.region])
    ] == []
    assert [r.key for r in ROWS if r.region == "us-east-1" and foreign.match(r.usagetype)] == []


def test_no_row_names_what_is_not_public() -> None:
    text = " ".join(f"{row.source} {row.note} {row.description}" for row in ROWS).lower()

    assert [word for word in ("/work", "workplace", "shared", "file id") if word in text] == []
