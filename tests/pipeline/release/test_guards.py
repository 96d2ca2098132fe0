"""A plan that is not the one to apply here and now is refused, and so is one that loses data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import PipelineError, Status
from pipeline.plan.model import Action
from pipeline.release.files import digests
from pipeline.release.guards import check, named_addresses, refuse_data_loss, refuse_second_try
from pipeline.release.seal import Header
from tests.pipeline.release.support import (
    COMMIT,
    NOW,
    OTHER_COMMIT,
    PIPELINE,
    ZIP,
    Stack,
    header,
)

DAY = timedelta(days=1)


def checked(found: Header, folder: Path, *, now: datetime = NOW) -> None:
    check(
        found,
        stack="prod",
        commit=COMMIT,
        pipeline_id=PIPELINE,
        now=now,
        max_age=DAY,
        folder=folder,
    )


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack(tmp_path / "prod")


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        (
            {"stack": "dev"},
            Status.TAMPERED_PLAN,
            "prod: the saved plan is of stack dev; pass the plan of the same stack",
        ),
        (
            {"commit": OTHER_COMMIT},
            Status.STALE_PLAN,
            (
                "prod: the saved plan is of commit 90aa6c3b1e5f, not of 4f1c9a7e2b6d; "
                "run a new pipeline"
            ),
        ),
        (
            {"commit": COMMIT[:12]},
            Status.STALE_PLAN,
            (
                "prod: the saved plan is of commit 4f1c9a7e2b6d, not of 4f1c9a7e2b6d; "
                "run a new pipeline"
            ),
        ),
        (
            {"pipeline_id": 7002},
            Status.STALE_PLAN,
            "prod: the saved plan is of pipeline 7002, not of 7001; run a new pipeline",
        ),
        (
            {"created_at": NOW - DAY - timedelta(minutes=1)},
            Status.STALE_PLAN,
            (
                "prod: the saved plan is 24 h 01 min old, and at most 24 h 00 min is allowed; "
                "run a new pipeline"
            ),
        ),
        (
            {"created_at": NOW + timedelta(minutes=6)},
            Status.STALE_PLAN,
            (
                "prod: the saved plan was made 0 h 06 min in the future: a clock is wrong; "
                "run a new pipeline"
            ),
        ),
    ],
    ids=["stack", "commit", "short-commit", "pipeline", "age", "future"],
)
def test_a_plan_from_elsewhere_is_refused(
    changes: dict[str, Any], status: Status, message: str, stack: Stack
) -> None:
    with pytest.raises(PipelineError) as caught:
        checked(header(files=digests(stack.folder), **changes), stack.folder)
    assert (caught.value.status, str(caught.value)) == (status, message)


@pytest.mark.parametrize(
    "created",
    [NOW, NOW - DAY, NOW + timedelta(minutes=5)],
    ids=["now", "exactly-as-old-as-allowed", "clock-skew"],
)
def test_a_plan_of_this_pipeline_passes(created: datetime, stack: Stack) -> None:
    checked(header(files=digests(stack.folder), created_at=created), stack.folder)


def _change_zip(folder: Path) -> None:
    (folder / ZIP).write_bytes(b"other code")


def _remove_zip(folder: Path) -> None:
    (folder / ZIP).unlink()


def _add_configuration(folder: Path) -> None:
    (folder / "more.tf").write_text('resource "terraform_data" "more" {}')


def _add_variables(folder: Path) -> None:
    (folder / "x.auto.tfvars").write_text("")


def _hide_configuration(folder: Path) -> None:
    (folder / "assets" / ".terraform").mkdir()
    (folder / "assets" / ".terraform" / "x").write_text("")


def _change_lock(folder: Path) -> None:
    (folder / ".terraform.lock.hcl").write_text("# other providers\n")


def _change_stack(folder: Path) -> None:
    (folder / "cdk.tf.json").write_text("{}")


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (_change_zip, "assets/code/rag.zip: changed"),
        (_remove_zip, "assets/code/rag.zip: missing"),
        (_add_configuration, "more.tf: not there when it was planned"),
        (_add_variables, "x.auto.tfvars: not there when it was planned"),
        (_hide_configuration, "assets/.terraform/x: not there when it was planned"),
        (_change_lock, ".terraform.lock.hcl: changed"),
        (_change_stack, "cdk.tf.json: changed"),
    ],
    ids=["zip", "no-zip", "extra-tf", "extra-tfvars", "extra-hidden", "lock", "stack"],
)
def test_another_file_beside_the_plan_is_noticed(
    tamper: Callable[[Path], None], problem: str, stack: Stack
) -> None:
    planned = header(files=digests(stack.folder))
    tamper(stack.folder)
    with pytest.raises(PipelineError) as caught:
        checked(planned, stack.folder)
    assert caught.value.status is Status.TAMPERED_PLAN
    assert str(caught.value) == (
        f"prod: files beside the saved plan differ in {stack.folder}: {problem}; run a new pipeline"
    )


def test_all_that_differs_is_named_at_once(stack: Stack) -> None:
    planned = header(files=digests(stack.folder))
    _change_zip(stack.folder)
    (stack.folder / "cdk.tf.json").unlink()
    _add_configuration(stack.folder)
    with pytest.raises(PipelineError) as caught:
        checked(planned, stack.folder)
    assert (
        "assets/code/rag.zip: changed; cdk.tf.json: missing; "
        "more.tf: not there when it was planned;" in str(caught.value)
    )


TABLE, BUCKET = "aws_dynamodb_table.lock", 'aws_s3_bucket.logs["a,b"]'
AT_RISK = {TABLE: Action.REPLACE, BUCKET: Action.DELETE}


def loss(allowed: set[str]) -> str:
    with pytest.raises(PipelineError) as caught:
        refuse_data_loss(AT_RISK, environment="prod", allowed=allowed)
    assert caught.value.status is Status.DATA_LOSS
    return str(caught.value)


def test_losing_data_is_refused_with_every_address() -> None:
    assert loss(set()) == (
        "prod: the plan destroys or replaces what holds data: "
        'aws_dynamodb_table.lock (replace), aws_s3_bucket.logs["a,b"] (delete); '
        "to lose it on purpose, press play with "
        'ALLOW_DATA_LOSS=aws_dynamodb_table.lock,aws_s3_bucket.logs["a,b"]'
    )


def test_naming_one_address_does_not_allow_the_other() -> None:
    assert loss({TABLE}).startswith(
        'prod: the plan destroys or replaces what holds data: aws_s3_bucket.logs["a,b"] (delete);'
    )


def test_naming_every_address_allows_it() -> None:
    refuse_data_loss(AT_RISK, environment="prod", allowed={TABLE, BUCKET})


@pytest.mark.parametrize(
    "pattern",
    ["*", "aws_*", "aws_dynamodb_table.*", "aws_dynamodb_table", "aws_dynamodb_table.loc", "all"],
)
def test_a_pattern_allows_nothing(pattern: str) -> None:
    message = loss({pattern, BUCKET})
    assert "what holds data: aws_dynamodb_table.lock (replace);" in message
    assert (
        f"ALLOW_DATA_LOSS names what this plan does not put at risk: {pattern} "
        "(whole addresses only, no wildcards)" in message
    )


def test_a_name_too_many_is_refused_though_nothing_else_is_at_risk() -> None:
    assert loss({TABLE, BUCKET, "aws_s3_bucket.logz"}).startswith(
        "prod: ALLOW_DATA_LOSS names what this plan does not put at risk: aws_s3_bucket.logz "
    )
    with pytest.raises(PipelineError) as caught:
        refuse_data_loss({}, environment="prod", allowed={TABLE})
    assert str(caught.value) == (
        "prod: ALLOW_DATA_LOSS names what this plan does not put at risk: aws_dynamodb_table.lock "
        "(whole addresses only, no wildcards); remove it from ALLOW_DATA_LOSS"
    )


def test_a_plan_that_loses_nothing_needs_no_name() -> None:
    refuse_data_loss({}, environment="prod", allowed=())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", set()),
        (" , ", set()),
        (TABLE, {TABLE}),
        (f" {TABLE} ,\n{BUCKET}", {TABLE, BUCKET}),
        (f"{BUCKET},{TABLE}", {TABLE, BUCKET}),
    ],
    ids=["empty", "commas", "one", "two", "comma-in-brackets"],
)
def test_addresses_are_separated_by_commas(text: str, expected: set[str]) -> None:
    assert named_addresses(text) == expected


def test_a_second_try_is_refused() -> None:
    refuse_second_try(0, environment="prod")
    with pytest.raises(PipelineError) as caught:
        refuse_second_try(1, environment="prod")
    assert caught.value.status is Status.STALE_PLAN
    assert str(caught.value) == (
        "prod: this plan was already tried: run a new pipeline, which plans from what the first "
        "try reached"
    )
