"""Stated usage: which entry counts, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.cost.usage import Usage, load_usage
from pipeline.errors import PipelineError, Status
from tests.pipeline.plans import change, plan

KNOWN = {
    "aws_lambda_function": frozenset(
        {"monthly_requests", "request_duration_ms", "bedrock.*.monthly_input_tokens"}
    ),
    "aws_s3_bucket": frozenset({"standard.storage_gb"}),
    "aws_cloudwatch_log_group": frozenset({"storage_gb"}),
}

FILE = """\
version: 0.1
resource_type_default_usage:
  aws_lambda_function:
    monthly_requests: 1000
    request_duration_ms: 250.5
resource_usage:
  aws_lambda_function.api:
    monthly_requests: 5
  aws_s3_bucket.files:
    standard:
      storage_gb: 010
"""


def loaded(folder: Path, text: str, *, any_name: bool = False) -> Usage:
    path = folder / "usage.yml"
    path.write_text(text)
    return load_usage(path, known=None if any_name else KNOWN)


def test_a_resource_wins_over_its_type_key_by_key(tmp_path: Path) -> None:
    usage = loaded(tmp_path, FILE)
    kind = "aws_lambda_function"
    assert usage.value("aws_lambda_function.api", kind, "monthly_requests") == 5
    assert usage.value("aws_lambda_function.api", kind, "request_duration_ms") == Decimal("250.5")
    assert usage.value("aws_lambda_function.other", kind, "monthly_requests") == 1000


def test_what_is_not_stated_is_none(tmp_path: Path) -> None:
    usage = loaded(tmp_path, FILE)
    assert usage.value("aws_lambda_function.api", "aws_lambda_function", "nosuch") is None
    assert usage.value("aws_sqs_queue.q", "aws_sqs_queue", "monthly_requests") is None


def test_a_stated_zero_is_a_figure(tmp_path: Path) -> None:
    usage = loaded(tmp_path, FILE.replace("monthly_requests: 5", "monthly_requests: 0"))
    value = usage.value("aws_lambda_function.api", "aws_lambda_function", "monthly_requests")
    assert value == Decimal(0)


def test_nested_keys_are_read_with_dots_and_numbers_as_they_are_written(tmp_path: Path) -> None:
    usage = loaded(tmp_path, FILE)
    assert usage.value("aws_s3_bucket.files", "aws_s3_bucket", "standard.storage_gb") == 10


WILDCARDS = """\
version: 0.1
resource_usage:
  module.a[*].aws_cloudwatch_log_group.g[*]:
    storage_gb: 1
  module.a["x"].aws_cloudwatch_log_group.g[*]:
    storage_gb: 2
  aws_cloudwatch_log_group.g[*]:
    storage_gb: 3
    other: 30
  aws_cloudwatch_log_group.g[0]:
    storage_gb: 4
"""


@pytest.mark.parametrize(
    ("address", "storage"),
    [
        ('module.a["y"].aws_cloudwatch_log_group.g[7]', 1),
        ('module.a["x"].aws_cloudwatch_log_group.g["k.v"]', 2),
        ("aws_cloudwatch_log_group.g[1]", 3),
        ('aws_cloudwatch_log_group.g["media"]', 3),
        ("aws_cloudwatch_log_group.g[0]", 4),
        ("aws_cloudwatch_log_group.g", None),
        ("aws_cloudwatch_log_group.gg[0]", None),
    ],
    ids=["two", "nearer", "position", "key", "own", "without-index", "other-name"],
)
def test_a_wildcard_stands_for_every_position_and_key(
    address: str, storage: int | None, tmp_path: Path
) -> None:
    usage = loaded(tmp_path, WILDCARDS, any_name=True)
    assert usage.value(address, "aws_cloudwatch_log_group", "storage_gb") == storage


def test_a_wildcard_in_the_middle_takes_the_whole_name(tmp_path: Path) -> None:
    text = "version: 0.1\nresource_usage:\n  module.a[*].aws_s3_bucket.b: {x: 1}\n"
    usage = loaded(tmp_path, text, any_name=True)
    assert usage.value("module.a[0].aws_s3_bucket.b", "aws_s3_bucket", "x") == 1
    assert usage.value("module.a[0].aws_s3_bucket.bb", "aws_s3_bucket", "x") is None
    usage.check(plan(change("module.a[0].aws_s3_bucket.b")))
    with pytest.raises(PipelineError, match="no such resource"):
        usage.check(plan(change("module.a[0].aws_s3_bucket.bb")))


def test_an_own_entry_replaces_the_wildcard_as_a_whole(tmp_path: Path) -> None:
    usage = loaded(tmp_path, WILDCARDS, any_name=True)
    kind = "aws_cloudwatch_log_group"
    assert usage.value("aws_cloudwatch_log_group.g[1]", kind, "other") == 30
    assert usage.value("aws_cloudwatch_log_group.g[0]", kind, "other") is None


@pytest.mark.parametrize(
    "text",
    ["", "# nothing\n", "version: 0.1\n", "version: '0.1'\nresource_usage:\n  # none\n"],
    ids=["empty", "comment", "version", "empty-section"],
)
def test_an_empty_file_states_nothing(text: str, tmp_path: Path) -> None:
    usage = loaded(tmp_path, text)
    assert usage.value("aws_lambda_function.api", "aws_lambda_function", "x") is None


def test_a_star_in_a_known_key_stands_for_one_name(tmp_path: Path) -> None:
    usage = loaded(
        tmp_path,
        "version: 0.1\nresource_type_default_usage:\n  aws_lambda_function:\n"
        "    bedrock: {ANSWER_MODEL_ID: {monthly_input_tokens: 7}}\n",
    )
    key = "bedrock.ANSWER_MODEL_ID.monthly_input_tokens"
    assert usage.value("aws_lambda_function.api", "aws_lambda_function", key) == 7


def test_a_key_that_takes_a_word_is_read_as_one(tmp_path: Path) -> None:
    text = "version: 0.1\nresource_usage:\n  aws_instance.i: {operating_system: Windows}\n"
    usage = loaded(tmp_path, text, any_name=True)

    assert usage.word("aws_instance.i", "aws_instance", "operating_system") == "windows"
    assert usage.value("aws_instance.i", "aws_instance", "operating_system") is None
    assert usage.word("aws_instance.j", "aws_instance", "operating_system") == ""


def section(body: str) -> str:
    return f"version: 0.1\nresource_type_default_usage:\n  aws_lambda_function:\n    {body}\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("version: 0.2\n", "version: must be 0.1", id="version"),
        pytest.param("resource_usage: {}\n", "version: must be 0.1", id="no-version"),
        pytest.param("version: 0.1\nresource_usages: {}\n", "resource_usages: unknown key; did "
                     "you mean resource_usage?", id="top-level"),
        pytest.param("version: 0.1\nresource_usage: 3\n", "resource_usage: must be a mapping",
                     id="section"),
        pytest.param("version: 0.1\nresource_usage: {aws_s3_bucket.a: 3}\n",
                     "resource_usage.aws_s3_bucket.a: must be a mapping", id="entry"),
        pytest.param("version: 0.1\nresource_usage: {aws_s3_bucket: {}}\n",
                     "resource_usage.aws_s3_bucket: is no address", id="type-for-address"),
        pytest.param(section("monthly_request: 1"), "resource_type_default_usage."
                     "aws_lambda_function.monthly_request: unknown usage key of "
                     "aws_lambda_function; did you mean monthly_requests", id="key"),
        pytest.param(section("bedrock: {A: {B: {monthly_input_tokens: 1}}}"),
                     "bedrock.A.B.monthly_input_tokens: unknown usage key", id="too-deep-key"),
        pytest.param("version: 0.1\nresource_type_default_usage: {aws_lambda_functon: {}}\n",
                     "no usage is known for type aws_lambda_functon; did you mean "
                     "aws_lambda_function or ", id="type"),
        pytest.param("version: 0.1\nresource_usage: {'aws_vpcc.a[*]': {x: 1}}\n",
                     "resource_usage.aws_vpcc.a[*]: no usage is known for type aws_vpcc",
                     id="type-of-address"),
        pytest.param("version: 0.1\nresource_usage: {'aws_msk_cluster.a': {x: many}}\n",
                     "resource_usage.aws_msk_cluster.a.x: 'many' is no number",
                     id="words-for-a-type-without-a-price"),
        pytest.param("version: 0.1\nallow_unpriced: aws_medialive_channel\n",
                     "allow_unpriced: must be a list of resource types, such as [aws_medialive_channel]", id="one-allowed"),
        pytest.param("version: 0.1\nallow_unpriced: [3]\n", "allow_unpriced: must be a list",
                     id="allowed-number"),
        pytest.param("version: 0.1\nallow_unpriced: [dx]\n", "allow_unpriced: must be a list",
                     id="allowed-no-type"),
        pytest.param("version: 0.1\nallow_unpriced: {aws_medialive_channel: 1}\n",
                     "allow_unpriced: must be a list", id="allowed-mapping"),
        pytest.param("version: 0.1\nallow_unpiced: []\n", "allow_unpiced: unknown key; did you "
                     "mean allow_unpriced?", id="allowed-misspelt"),
        pytest.param(section("monthly_requests: -1"), "monthly_requests: -1 is negative",
                     id="negative"),
        pytest.param(section("monthly_requests: many"), "'many' is no number", id="words"),
        pytest.param(section("monthly_requests: .nan"), "'.nan' is no number", id="nan"),
        pytest.param(section("monthly_requests: .inf"), "'.inf' is no number", id="infinity"),
        pytest.param(section("monthly_requests: true"), "'True' is no number", id="bool"),
        pytest.param(section("monthly_requests: 1:30"), "'1:30' is no number", id="sexagesimal"),
        pytest.param(section("monthly_requests: 0x10"), "'0x10' is no number", id="hexadecimal"),
        pytest.param(section("monthly_requests: 1.5e+9"), "'1.5e+9' is no number", id="exponent"),
        pytest.param(section("bedrock: {A: {monthly_input_tokens: {x: 1}}}"),
                     "bedrock.A.monthly_input_tokens.x: unknown usage key", id="longer-key"),
        pytest.param(section("monthly_requests: [1]"), "is no number", id="list"),
        pytest.param(section("monthly_requests:"), "nothing is no number", id="nothing"),
        pytest.param(section("monthly_requests: 1\n    monthly_requests: 2"),
                     "line 5: key 'monthly_requests' is there twice", id="doubled-key"),
        pytest.param(section("monthly_requests: &a 1"), "line 4: anchors and aliases are not "
                     "allowed", id="anchor"),
        pytest.param(section("monthly_requests: *a"), "line 4: anchors and aliases are not allowed",
                     id="alias"),
        pytest.param(section("3: 1"), "line 4: a key must be text", id="number-as-key"),
        pytest.param(section("monthly_requests: !!python/name:os.system 1"), "line 4: could not "
                     "determine a constructor", id="python-tag"),
        pytest.param("- 1\n", "is not a mapping", id="list-file"),
        pytest.param("a: [1\n", "line 2: ", id="syntax"),
        pytest.param("a: " + "[" * 5000, "usage.yml: ", id="deep"),
        pytest.param("#" * 1_000_001, "larger than 1 MB", id="large"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_in_one_line(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(PipelineError) as caught:
        loaded(tmp_path, text)
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "usage.yml"))
    assert "\n" not in str(caught.value)
    assert caught.value.status is Status.BAD_SETTINGS


@pytest.mark.parametrize("content", [None, b"\xff\xfe"], ids=["missing", "binary"])
def test_an_unreadable_file_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "usage.yml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PipelineError, match=r"usage\.yml: (cannot be read|is not UTF-8)"):
        load_usage(path, known=None)


def test_usage_of_a_resource_that_is_not_there_is_refused_with_near_names(tmp_path: Path) -> None:
    usage = loaded(tmp_path, FILE)
    there = plan(change("aws_lambda_function.apis"), change("aws_s3_bucket.files"))
    with pytest.raises(PipelineError) as caught:
        usage.check(there)
    assert str(caught.value) == (
        f"{tmp_path}/usage.yml: resource_usage.aws_lambda_function.api: no such resource in the "
        "plan of dev; did you mean aws_lambda_function.apis?"
    )
    assert caught.value.status is Status.BAD_SETTINGS


def test_usage_of_resources_that_are_there_is_accepted(tmp_path: Path) -> None:
    usage = loaded(tmp_path, WILDCARDS, any_name=True)
    usage.check(
        plan(
            *(
                change(address)
                for address in (
                    'module.a["x"].aws_cloudwatch_log_group.g[0]',
                    "aws_cloudwatch_log_group.g[0]",
                )
            )
        )
    )


def test_a_wildcard_that_matches_nothing_is_refused(tmp_path: Path) -> None:
    usage = loaded(tmp_path, WILDCARDS, any_name=True)
    with pytest.raises(PipelineError, match=r"module\.a\[\*\]\S+: no such resource"):
        usage.check(plan(change("aws_cloudwatch_log_group.g[0]")))


def test_usage_of_a_type_without_a_price_here_is_taken(tmp_path: Path) -> None:
    """A file that was written for Infracost is no reason to refuse a plan."""
    usage = loaded(
        tmp_path,
        "version: 0.1\nresource_type_default_usage:\n  aws_dx_connection: {x: {y: 1}}\n"
        "  google_storage_bucket: {storage_gb: 0}\n"
        "resource_usage:\n  aws_mwaa_environment.a: {additional_workers: 2}\n",
    )
    usage.check(plan(change("aws_mwaa_environment.a")))
    assert usage.types == {"aws_dx_connection", "aws_mwaa_environment"}
    with pytest.raises(PipelineError, match="no such resource"):
        usage.check(plan(change("aws_mwaa_environment.b")))


def test_usage_of_no_resource_is_taken_without_one(tmp_path: Path) -> None:
    usage = loaded(
        tmp_path,
        "version: 0.1\nresource_usage:\n"
        "  aws_data_transfer.a: {region: us-east-1, monthly_outbound_internet_gb: 5}\n",
    )
    usage.check(plan())
    assert usage.types == {"aws_data_transfer"}


def test_a_stated_zero_states_nothing_of_a_type(tmp_path: Path) -> None:
    usage = loaded(tmp_path, "version: 0.1\nresource_usage: {aws_sqs_queue.q: {x: 0}}\n")
    assert usage.types == frozenset()


def test_types_that_may_be_without_a_price_are_a_list(tmp_path: Path) -> None:
    usage = loaded(tmp_path, "version: 0.1\nallow_unpriced: [aws_medialive_channel, aws_x_y]\n")
    assert usage.allow_unpriced == {"aws_medialive_channel", "aws_x_y"}
