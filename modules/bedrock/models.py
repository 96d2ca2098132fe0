"""Which Bedrock models a function may invoke: exactly the resources that its model ids need."""

from __future__ import annotations

from collections.abc import Sequence

from modules.iam import Statement
from modules.naming import Naming

ENDPOINT_SERVICE = "bedrock-runtime"
"""The interface endpoint that stands in for a NAT gateway."""

GLOBAL = "global"
"""First part of the ids of profiles that any commercial region may answer."""
GEOGRAPHIES = ("apac", "au", "eu", "jp", "us")
"""First parts of the ids of geographic inference profiles."""

INVOKE_ACTIONS = ("bedrock:InvokeModel",)
"""The Converse API asks for the same action; nothing here streams."""


def invoke_statements(model_ids: Sequence[str], *, naming: Naming) -> list[Statement]:
    """Permission to invoke these models, and no others.

    A plain model id is one resource. An inference profile is the profile in this account and the
    foundation model behind it, in every region that may answer, but only through the profile. A
    global profile also needs the model without a region, when AWS chose none.

    Args:
        model_ids: model ids or inference profile ids, for example
            ``cohere.embed-multilingual-v3`` or ``global.anthropic.claude-haiku-4-5-…``.
        naming: account and region.

    Source: https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html
    """
    plain = [model for model in model_ids if profile_scope(model) is None]
    statements = []
    if plain:
        statements.append(
            Statement(
                sid="InvokeModels",
                actions=INVOKE_ACTIONS,
                resources=tuple(_model_arn(model, naming.region) for model in plain),
            )
        )
    for number, model in enumerate(m for m in model_ids if profile_scope(m) is not None):
        statements.extend(_through_profile(model, number, naming))
    return statements


def guardrail_statement(guardrail_id: str, *, naming: Naming) -> Statement:
    """Permission to have a guardrail check prompts and answers.

    Args:
        guardrail_id: its id.
        naming: account and region.

    Source: https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions.html
    """
    return Statement(
        sid="ApplyGuardrail",
        actions=("bedrock:ApplyGuardrail",),
        resources=(naming.arn("bedrock", f"guardrail/{guardrail_id}"),),
    )


def profile_scope(model_id: str) -> str | None:
    """The first part of an inference profile's id, such as ``apac``; None for a model's own id."""
    scope = model_id.split(".", 1)[0]
    return scope if scope in (GLOBAL, *GEOGRAPHIES) else None


def _model_arn(model_id: str, region: str) -> str:
    return f"arn:aws:bedrock:{region}::foundation-model/{model_id}"


def _through_profile(profile_id: str, number: int, naming: Naming) -> list[Statement]:
    scope, model = profile_id.split(".", 1)
    profile = naming.arn("bedrock", f"inference-profile/{profile_id}")
    only_through_profile = {"StringEquals": {"bedrock:InferenceProfileArn": profile}}
    statements = [
        Statement(sid=f"InvokeProfile{number}", actions=INVOKE_ACTIONS, resources=(profile,)),
        Statement(
            sid=f"InvokeModelOfProfile{number}",
            actions=INVOKE_ACTIONS,
            # A global profile is called in this region; a geographic one may answer in several.
            resources=(_model_arn(model, naming.region if scope == GLOBAL else "*"),),
            conditions=only_through_profile,
        ),
    ]
    if scope == GLOBAL:
        statements.append(
            Statement(
                sid=f"InvokeModelAnywhere{number}",
                actions=INVOKE_ACTIONS,
                resources=(_model_arn(model, ""),),
                conditions={
                    "StringEquals": {
                        "aws:RequestedRegion": "unspecified",
                        "bedrock:InferenceProfileArn": profile,
                    }
                },
            )
        )
    return statements
