"""Types that cost nothing: each is AWS's, has a reason and a source, and bills nothing unseen."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from pipeline.cost.catalogue import Catalogue
from pipeline.cost.estimate import estimate
from pipeline.cost.model import Estimate
from pipeline.cost.pricers import FREE, FREE_UNLESS, free_reason
from pipeline.cost.pricers.free import FILE
from pipeline.schema import arguments, types
from tests.pipeline.plans import change, plan

CATALOGUE = Catalogue.load()
with FILE.open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))


def estimated(address: str, values: dict[str, Any], **more: Any) -> Estimate:
    return estimate(plan(change(address, after=values, **more)), catalogue=CATALOGUE)


def test_every_free_type_is_one_of_the_provider() -> None:
    assert sorted(FREE.keys() - types()) == []


def test_the_list_is_sorted_and_names_each_type_once_with_reason_and_source() -> None:
    names = [row["type"] for row in ROWS]
    assert names == sorted(set(names))
    assert [row["type"] for row in ROWS if len(row["reason"]) < len("IAM costs nothing")] == []
    sources = ("https://", "github:infracost/infracost@")
    assert [row["type"] for row in ROWS if not row["source"].startswith(sources)] == []


@pytest.mark.parametrize(
    "name",
    ["aws_s3_bucket_acl", "aws_alb_listener", "aws_db_option_group", "aws_iam_user_ssh_key"],
)
def test_what_only_arranges_is_free(name: str) -> None:
    found = estimated(f"{name}.x", {})
    assert (found.unpriced, found.free, found.resources) == ((), 1, ())


@pytest.mark.parametrize(
    "name",
    [
        "random_password",
        "null_resource",
        "time_sleep",
        "tls_private_key",
        "archive_file",
        "local_file",
        "cloudinit_config",
        "terraform_data",
    ],
)
def test_what_is_in_no_cloud_is_free(name: str) -> None:
    assert free_reason(name)


@pytest.mark.parametrize(
    "name",
    [
        "aws_cloudwatch_log_data_protection_policy",
        "aws_s3_bucket_metric",
        "aws_pipes_pipe",
        "aws_sns_platform_application",
        "google_storage_bucket",
    ],
)
def test_what_may_bill_is_not_free(name: str) -> None:
    assert free_reason(name) is None


def test_each_argument_that_costs_something_is_one_of_its_type() -> None:
    assert sorted(FREE_UNLESS.keys() - FREE.keys()) == []
    wrong = [
        (name, path)
        for name, entry in FREE_UNLESS.items()
        for path in entry.unpriced
        if path not in arguments(name)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("address", "free", "billed", "why"),
    [
        (
            "aws_acm_certificate.x",
            {"domain_name": "example.com"},
            {"certificate_authority_arn": "arn:aws:acm-pca:us-east-1:1:certificate-authority/x"},
            "certificate_authority_arn: a private certificate, which has no price here",
        ),
        (
            "aws_ecs_cluster.x",
            {"setting": [{"name": "containerInsights", "value": "disabled"}]},
            {"setting": [{"name": "containerInsights", "value": "enhanced"}]},
            "setting.value: metrics and logs of Container Insights, which has no price here",
        ),
        (
            "aws_ecs_account_setting_default.x",
            {"name": "awsvpcTrunking", "value": "enabled"},
            {"name": "containerInsights", "value": "enabled"},
            "name: what the setting switches on in every new cluster, which has no price here",
        ),
        (
            "aws_networkfirewall_logging_configuration.x",
            {"logging_configuration": [{"log_destination_config": [
                {"log_destination_type": "CloudWatchLogs"}]}]},
            {"logging_configuration": [{"log_destination_config": [
                {"log_destination_type": "CloudWatchLogs"}, {"log_destination_type": "S3"}]}]},
            (
                "logging_configuration.log_destination_config.log_destination_type: the delivery "
                "of logs to a bucket, which has no price here"
            ),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("aws_") else "",
)  # fmt: skip
def test_a_free_type_is_free_as_long_as_nothing_that_costs_is_set(
    address: str, free: dict[str, Any], billed: dict[str, Any], why: str
) -> None:
    quiet = estimated(address, free)
    assert (quiet.unpriced, quiet.unknown, quiet.free) == ((), (), 1)
    loud = estimated(address, {**free, **billed})
    assert [(each.type, each.why, each.addresses) for each in loud.unpriced] == [
        (address.partition(".")[0], why, (address,))
    ]
    assert loud.free == 0


def test_an_argument_that_aws_chooses_is_its_default_and_one_that_is_unknown_is_named() -> None:
    chosen = estimated("aws_ecs_cluster.x", {}, unknown={"setting": True})
    assert (chosen.unpriced, chosen.unknown) == ((), ())
    given = estimated("aws_acm_certificate.x", {}, unknown={"certificate_authority_arn": True})
    (line,) = given.unknown
    assert line == (
        "aws_acm_certificate.x: certificate_authority_arn is known only after apply: "
        "a private certificate may not be in the price"
    )
