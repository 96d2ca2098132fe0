"""The log of Bedrock's invocations, whatever its settings: who may write where, and what.

Sources of what AWS demands:
https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from cdktf import TerraformStack
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from backend import aws_provider
from modules import bedrock
from modules.encryption import EncryptionKey
from modules.logs import RetentionDays
from modules.naming import Naming
from tests.support.apps import new_app
from tests.support.iam.decisions import Policies, Request, allowed
from tests.support.names import problems
from tests.support.stacks import Stack, policy_of, rag_stack

# Synthesis takes a part of a second: few examples, and none is made smaller for minutes.
_AS_FOUND = (Phase.explicit, Phase.reuse, Phase.generate)
FEW = settings(max_examples=8, deadline=None, phases=_AS_FOUND)
FEWER = settings(max_examples=3, deadline=None, phases=_AS_FOUND)
CONFIGURATION = "aws_bedrock_model_invocation_logging_configuration"

NAMINGS = st.builds(
    Naming,
    project=st.from_regex(r"[a-z][a-z0-9]{2,12}", fullmatch=True).filter(
        lambda name: name not in ("aws", "sg", "ssm", "sthree")
    ),
    environment=st.from_regex(r"[a-z][a-z0-9]{1,9}", fullmatch=True),
    account_id=st.from_regex(r"[1-9][0-9]{11}", fullmatch=True),
    region=st.sampled_from(["ap-southeast-1", "us-east-1", "eu-central-1"]),
)
DATA = st.builds(bedrock.DeliveredData, *[], **dict.fromkeys(
    ("texts", "images", "embeddings", "videos"), st.booleans()))  # fmt: skip
OPTIONS = st.fixed_dictionaries(
    {
        "log_group_name": st.from_regex(r"/aws/bedrock/[a-z]{1,20}", fullmatch=True),
        "log_retention_days": st.sampled_from(get_args(RetentionDays)),
        "bucket_retention_days": st.integers(1, 3653),
        "force_destroy": st.booleans(),
        "data": DATA,
    }
)


def synthesised(naming: Naming, **options: Any) -> tuple[Stack, str]:
    """A stack with the log alone, and its text."""
    app = new_app()
    stack = TerraformStack(app, "logs")
    aws_provider(stack, naming=naming, tags={})
    key = EncryptionKey(
        stack,
        "key",
        naming=naming,
        role="data",
        description="t",
        deletion_window_days=7,
        more_statements=[bedrock.key_statement(naming)],
    )
    bedrock.InvocationLogging(stack, "logging", naming=naming, key=key, **options)
    app.synth()
    text = (Path(app.outdir) / "stacks/logs/cdk.tf.json").read_text()
    return Stack(json.loads(text)), text


def only_this_account(naming: Naming) -> dict[str, dict[str, str]]:
    return {
        "StringEquals": {"aws:SourceAccount": naming.account_id},
        "ArnLike": {"aws:SourceArn": f"arn:aws:bedrock:{naming.region}:{naming.account_id}:*"},
    }


@FEW
@given(naming=NAMINGS, options=OPTIONS)
def test_the_role_may_write_one_stream_and_nothing_else(
    naming: Naming, options: dict[str, Any]
) -> None:
    """Minimal role: who may take it, and the two actions on the one resource."""
    stack, _ = synthesised(naming, **options)
    (trust,) = policy_of(stack.one("aws_iam_role"), "assume_role_policy")
    assert trust == {
        "Effect": "Allow",
        "Principal": {"Service": "bedrock.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": only_this_account(naming),
    }
    (statement,) = policy_of(stack.one("aws_iam_role_policy"))
    ((group, _),) = stack.resources("aws_cloudwatch_log_group").items()
    assert statement == {
        "Effect": "Allow",
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"${{aws_cloudwatch_log_group.{group}.arn}}"
        ":log-stream:aws/bedrock/modelinvocations",
    }
    assert not stack.resources("aws_iam_role_policy_attachment")


@FEW
@given(naming=NAMINGS, options=OPTIONS)
def test_storage_is_complete(naming: Naming, options: dict[str, Any]) -> None:
    """Both places are encrypted, expire, and let Bedrock write where it writes and nowhere else."""
    stack, _ = synthesised(naming, **options)
    assert problems([stack]) == []
    bucket = stack.one("aws_s3_bucket")
    assert bucket["bucket"] == (
        f"{naming.project}-{naming.environment}-bedrock-logs-{naming.account_id}"
    )
    assert bucket.get("force_destroy", False) is options["force_destroy"]
    (rule,) = stack.one("aws_s3_bucket_lifecycle_configuration")["rule"]
    assert rule["expiration"] == [{"days": options["bucket_retention_days"]}]
    group = stack.one("aws_cloudwatch_log_group")
    assert group["name"] == options["log_group_name"]
    assert group["retention_in_days"] == options["log_retention_days"]
    (encryption,) = stack.one("aws_s3_bucket_server_side_encryption_configuration")["rule"]
    by_default = encryption["apply_server_side_encryption_by_default"]
    ((key, _),) = stack.resources("aws_kms_key").items()
    assert by_default["kms_master_key_id"] == group["kms_key_id"] == f"${{aws_kms_key.{key}.arn}}"
    (deliver,) = [s for s in policy_of(stack.one("aws_s3_bucket_policy")) if s["Effect"] == "Allow"]
    assert deliver["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert deliver["Action"] == "s3:PutObject"
    assert deliver["Resource"].endswith(
        f".arn}}/AWSLogs/{naming.account_id}/BedrockModelInvocationLogs/*"
    )
    assert deliver["Condition"] == only_this_account(naming)
    (statement,) = [
        s for s in policy_of(stack.one("aws_kms_key")) if s["Sid"] == "BedrockWritesLogs"
    ]
    assert statement["Action"] == "kms:GenerateDataKey"
    assert statement["Condition"] == only_this_account(naming)


@FEW
@given(naming=NAMINGS, options=OPTIONS)
def test_both_destinations_and_every_flag_are_written_out(
    naming: Naming, options: dict[str, Any]
) -> None:
    """A flag that nobody writes is true at AWS; and the setting comes after both permissions."""
    stack, _ = synthesised(naming, **options)
    ((bucket, _),) = stack.resources("aws_s3_bucket").items()
    ((group, _),) = stack.resources("aws_cloudwatch_log_group").items()
    configuration = stack.one(CONFIGURATION)
    config, data = configuration["logging_config"], options["data"]
    assert config["s3_config"] == {"bucket_name": f"${{aws_s3_bucket.{bucket}.id}}"}
    to_group = config["cloudwatch_config"]
    assert to_group["log_group_name"] == f"${{aws_cloudwatch_log_group.{group}.id}}"
    assert re.fullmatch(r"\$\{aws_iam_role\.\w[\w-]*\.arn\}", to_group["role_arn"])
    assert ("large_data_delivery_s3_config" in to_group) is data.anything
    flags = {k: v for k, v in config.items() if k.endswith("_data_delivery_enabled")}
    assert flags == {
        "text_data_delivery_enabled": data.texts,
        "image_data_delivery_enabled": data.images,
        "embedding_data_delivery_enabled": data.embeddings,
        "video_data_delivery_enabled": data.videos,
    }
    waits = {address.split(".")[0] for address in configuration["depends_on"]}
    assert waits == {"aws_iam_role_policy", "aws_s3_bucket_policy"}
    masked = stack.resources("aws_cloudwatch_log_data_protection_policy")
    assert bool(masked) is (data.texts or data.embeddings)


@FEW
@given(naming=NAMINGS, options=OPTIONS)
def test_synthesised_twice_it_is_the_same_text(naming: Naming, options: dict[str, Any]) -> None:
    """Repeatable apply: nothing depends on time or chance."""
    assert synthesised(naming, **options)[1] == synthesised(naming, **options)[1]


@FEW
@given(naming=NAMINGS, options=OPTIONS)
def test_nothing_stands_in_the_way_of_its_end(naming: Naming, options: dict[str, Any]) -> None:
    """Complete cleanup: no resource is kept or skipped, and nothing refuses to be destroyed."""
    stack, _ = synthesised(naming, **options)
    for address, body in stack.everything():
        assert not body.get("lifecycle", {}).get("prevent_destroy"), address
        assert not body.get("skip_destroy"), address
        assert not body.get("deletion_protection"), address


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_neither_environment_logs_what_people_ask(name: str) -> None:
    config = rag_stack(name).one(CONFIGURATION)["logging_config"]
    assert {v for k, v in config.items() if k.endswith("_enabled")} == {False}
    asked = rag_stack(name, rag__invocation_logging__texts=True)
    assert asked.one(CONFIGURATION)["logging_config"]["text_data_delivery_enabled"] is True


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_without_the_setting_there_is_nothing_of_it(name: str) -> None:
    stack = rag_stack(name, rag__invocation_logging=None)
    assert not stack.resources(CONFIGURATION)
    assert "bedrock-logs" not in json.dumps(stack.body["resource"])
    assert "BedrockWritesLogs" not in json.dumps(stack.body["resource"])


@FEWER
@given(
    tokens=st.integers(1, 10**9), calls=st.integers(1, 10**7), errors=st.integers(1, 10**5),
    latency=st.integers(1, 300_000), logged=st.booleans(), name=st.sampled_from(["dev", "prod"]),
)  # fmt: skip
def test_four_alarms_tell_a_topic_and_all_widgets_are_drawn(
    tokens: int, calls: int, errors: int, latency: int, logged: bool, name: str
) -> None:
    changes: dict[str, Any] = {
        "rag__monitoring__model_tokens_hourly": tokens,
        "rag__monitoring__model_calls_hourly": calls,
        "rag__monitoring__model_errors": errors,
        "rag__monitoring__model_latency_ms": float(latency),
    }
    if not logged:
        changes["rag__invocation_logging"] = None
    stack = rag_stack(name, **changes)
    alarms = {
        body["alarm_name"].partition(f"mapvibe-{name}-")[2]: body
        for body in stack.resources("aws_cloudwatch_metric_alarm").values()
        if "-model-" in body["alarm_name"]
    }
    assert {slug: body["threshold"] for slug, body in alarms.items()} == {
        "model-tokens": tokens,
        "model-calls": calls,
        "model-errors": errors,
        "model-latency": latency,
    }
    for body in alarms.values():
        (topic,) = body["alarm_actions"]
        assert topic.startswith("arn:aws:sns:")
    titles = {widget["properties"].get("title") for widget in widgets(stack)}
    wanted = {"calls", "tokens", "average latency, ms", "errors", "throttled calls"}
    assert {f"Models: {each}" for each in (*wanted, "cost an hour, USD")} <= titles
    assert ("Models: newest calls" in titles) is logged


def widgets(stack: Stack) -> list[dict[str, Any]]:
    """The dashboard's; unknown values in its text are read as text."""
    body = stack.one("aws_cloudwatch_dashboard")["dashboard_body"]
    found: list[dict[str, Any]] = json.loads(body)["widgets"]
    return found


def test_the_guard_of_the_role_is_seen_by_the_simulation() -> None:
    """The check of the trust policy would notice a wider one: another account may not take it."""
    role = rag_stack("dev").one("aws_iam_role", "invocation-logging")

    def may_take_it(principal: str, account: str) -> bool:
        request = Request(
            principal=principal,
            action="sts:AssumeRole",
            resource=f"arn:aws:iam::111122223333:role/{role['name']}",
            context={
                "aws:SourceAccount": account,
                "aws:SourceArn": "arn:aws:bedrock:ap-southeast-1:111122223333:x",
            },
        )
        return allowed(request, Policies(resource=policy_of(role, "assume_role_policy")))

    assert may_take_it("bedrock.amazonaws.com", "111122223333")
    assert not may_take_it("bedrock.amazonaws.com", "444455556666")
    assert not may_take_it("lambda.amazonaws.com", "111122223333")
