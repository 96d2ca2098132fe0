"""Regions: one, the services that have none, and models that answer from others."""

from __future__ import annotations

from modules.governance.limits import Limits
from modules.iam import Conditions, Statement

_WITHOUT_REGION = (
    "account:*",
    "billing:*",
    "budgets:*",
    "ce:*",
    "cloudfront:*",
    "consolidatedbilling:*",
    "cur:*",
    "ec2:DescribeRegions",
    "freetier:*",
    "health:*",
    "iam:*",
    "invoicing:*",
    "organizations:*",
    "payments:*",
    "pricing:*",
    "route53:*",
    "route53domains:*",
    "s3:GetAccountPublic*",
    "s3:ListAllMyBuckets",
    "s3:PutAccountPublic*",
    "sts:*",
    "support:*",
    "supportplans:*",
    "tax:*",
    "trustedadvisor:*",
)
"""Their one endpoint is in us-east-1 or elsewhere, wherever the caller is.

Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
"""

_EDGE = ("acm:*", "cloudwatch:*", "kms:*", "logs:*", "wafv2:*")
"""What CloudFront takes from us-east-1 only: certificates, firewalls, and their keys and logs.

Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
"""

_INVOKE = "bedrock:InvokeModel*"


def regions(limits: Limits, *, but_for: Conditions | None = None) -> tuple[Statement, ...]:
    """Refuse every other region.

    What ``NotAction`` names is free in every region. Services of the edge and models are named there
    and get a refusal of their own.

    Args:
        limits: the environment's.
        but_for: a condition that exempts somebody.
    """
    here = limits.environment.region
    spared = dict(but_for or {})
    edge = _EDGE if limits.edge_regions else ()
    found = [
        Statement(
            sid="OtherRegions",
            effect="Deny",
            not_actions=(*_WITHOUT_REGION, *edge, _INVOKE),
            resources=("*",),
            conditions={"StringNotEquals": {"aws:RequestedRegion": here}, **spared},
        ),
        models(limits),
    ]
    if edge:
        found.append(
            Statement(
                sid="OtherRegionsOfTheEdge",
                effect="Deny",
                actions=edge,
                resources=("*",),
                conditions={
                    "StringNotEquals": {"aws:RequestedRegion": (here, *limits.edge_regions)},
                    **spared,
                },
            )
        )
    return tuple(found)


def models(limits: Limits) -> Statement:
    """Refuse models in other regions, unless an inference profile of ours sends the request there.

    A request through a profile is judged once more in each region that may answer, and a list of
    these regions would be out of date with the next model. What a global profile may use anywhere
    is judged in a region ``unspecified``.

    Source: https://docs.aws.amazon.com/bedrock/latest/userguide/cross-region-inference.html
    """
    elsewhere: dict[str, dict[str, str | tuple[str, ...]]] = {
        "StringNotEquals": {"aws:RequestedRegion": limits.environment.region}
    }
    if limits.inference_profiles:
        elsewhere["ArnNotLike"] = {"bedrock:InferenceProfileArn": limits.profile_arns}
    return Statement(
        sid="ModelsElsewhere",
        effect="Deny",
        actions=(_INVOKE,),
        resources=("*",),
        conditions=elsewhere,
    )
