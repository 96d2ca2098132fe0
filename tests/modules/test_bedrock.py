"""Exactly the Bedrock resources that the chosen models need."""

from __future__ import annotations

from modules.bedrock import guardrail_statement, invoke_statements
from modules.naming import Naming

NAMING = Naming(project="p", environment="dev", account_id="111122223333", region="ap-southeast-1")
HAIKU = "anthropic.claude-haiku-4-5-20251001-v1:0"


def test_a_plain_model_is_one_resource() -> None:
    (statement,) = invoke_statements(["cohere.embed-multilingual-v3"], naming=NAMING)
    assert statement.resources == (
        "arn:aws:bedrock:ap-southeast-1::foundation-model/cohere.embed-multilingual-v3",
    )


def test_a_global_profile_is_three_resources_tied_to_the_profile() -> None:
    profile = f"arn:aws:bedrock:ap-southeast-1:111122223333:inference-profile/global.{HAIKU}"
    statements = invoke_statements([f"global.{HAIKU}"], naming=NAMING)
    assert [statement.resources for statement in statements] == [
        (profile,),
        (f"arn:aws:bedrock:ap-southeast-1::foundation-model/{HAIKU}",),
        (f"arn:aws:bedrock:::foundation-model/{HAIKU}",),
    ]
    assert statements[1].conditions == {"StringEquals": {"bedrock:InferenceProfileArn": profile}}
    assert statements[2].conditions == {
        "StringEquals": {
            "aws:RequestedRegion": "unspecified",
            "bedrock:InferenceProfileArn": profile,
        }
    }


def test_a_geographic_profile_may_answer_in_any_region_of_it() -> None:
    statements = invoke_statements(["apac.amazon.nova-lite-v1:0"], naming=NAMING)
    assert [statement.resources for statement in statements] == [
        (
            "arn:aws:bedrock:ap-southeast-1:111122223333:inference-profile/apac.amazon.nova-lite-v1:0",
        ),
        ("arn:aws:bedrock:*::foundation-model/amazon.nova-lite-v1:0",),
    ]
    assert "bedrock:InferenceProfileArn" in statements[1].conditions["StringEquals"]


def test_nothing_but_invocation_is_allowed() -> None:
    for statement in invoke_statements([f"global.{HAIKU}", "a.b"], naming=NAMING):
        assert statement.actions == ("bedrock:InvokeModel",)


def test_a_guardrail_is_one_action_on_one_resource() -> None:
    statement = guardrail_statement("abc123", naming=NAMING)
    assert statement.actions == ("bedrock:ApplyGuardrail",)
    assert statement.resources == ("arn:aws:bedrock:ap-southeast-1:111122223333:guardrail/abc123",)
