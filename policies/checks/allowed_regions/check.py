"""Nothing is made, copied or named outside the environment's region and account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policies.check import Check, Unknown
from policies.stack import PROVIDER, Resource, Stack, is_unknown, values_in

_EDGE = frozenset(
    {
        "aws_acm_certificate",
        "aws_acm_certificate_validation",
        "aws_cloudwatch_event_rule",
        "aws_cloudwatch_event_target",
        "aws_cloudwatch_log_delivery",
        "aws_cloudwatch_log_delivery_destination",
        "aws_cloudwatch_log_delivery_source",
        "aws_cloudwatch_metric_alarm",
        "aws_iam_role",
        "aws_iam_role_policy",
        "aws_kms_alias",
        "aws_kms_key",
        "aws_route53_query_log",
        "aws_wafv2_ip_set",
        "aws_wafv2_regex_pattern_set",
        "aws_wafv2_rule_group",
        "aws_wafv2_web_acl",
        "aws_wafv2_web_acl_logging_configuration",
    }
)
"""What CloudFront, Route 53 and the events of global services need in the edge's region.

Sources: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
and https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
"""

_WATCHING = frozenset(
    {
        "aws_cloudwatch_event_rule",
        "aws_cloudwatch_event_target",
        "aws_default_network_acl",
        "aws_default_security_group",
        "aws_default_vpc",
        "aws_ebs_encryption_by_default",
        "aws_ebs_snapshot_block_public_access",
        "aws_ec2_image_block_public_access",
        "aws_ec2_instance_metadata_defaults",
        "aws_guardduty_detector",
        "aws_guardduty_detector_feature",
    }
)
"""What watches a region or closes it, and holds nothing: in any region it only helps.

Source of where AWS tells of sign-ins:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html
"""

_REGION = re.compile(r"(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov)?-[a-z]+-\d")
_ZONE = re.compile(rf"({_REGION.pattern})[a-z]")
_ARN = re.compile(
    rf"arn:aws[\w-]*:(?P<service>[\w-]+):(?P<region>{_REGION.pattern}):(?P<account>\d{{12}})?:(?P<rest>\w*)"
)
_NAMES = frozenset(
    {"region", "region_name", "regions", "regions_of_interest", "availability_zone"}
    | {"availability_zones", "replica_region", "destination_region", "source_region", "aws_region"}
)
"""Arguments that name a place where something is made or copied to."""

_MODELS = ("inference", "foundation")
"""A request to a cross-region profile may be answered in any of the profile's regions.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/cross-region-inference.html
"""


class AllowedRegions(Check):
    """The provider's region and account, and every region that an argument or an ARN names."""

    types = (PROVIDER, "aws_*")

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """A region or an account that is not the environment's."""
        if resource.type == PROVIDER:
            yield from _provider(resource, stack)
            return
        configuration = stack.at(f"{PROVIDER}.{resource.provider}")
        here = configuration.first("region") if configuration else None
        if here in stack.limits.edge_regions and resource.type not in _EDGE | _WATCHING:
            yield f"is made in {here}, where only what the edge needs may be"
        yield from _named(resource, stack)


def _provider(provider: Resource, stack: Stack) -> Iterator[str]:
    limits = stack.limits
    region = provider.first("region")
    allowed = (
        (limits.region, *limits.edge_regions) if provider.name != PROVIDER else (limits.region,)
    )
    if not limits.region:
        yield "its stack does not say in which region its environment is (`//.limits`)"
    elif region is None:
        yield "has no region: the one of whoever runs it would be taken"
    elif is_unknown(region):
        yield Unknown("its region is not known yet")
    elif region not in allowed and not _only_watches(provider, stack):
        yield f"is for {region}, not for {' or '.join(allowed)}"
    if not provider.all("allowed_account_ids"):
        yield "takes credentials of any account: allowed_account_ids is missing"


def _only_watches(provider: Resource, stack: Stack) -> bool:
    """Whether nothing is made with a provider but what watches or closes its region."""
    made = {each.type for each in stack.resources if each.provider == provider.name}
    return bool(made) and made <= _WATCHING


def _named(resource: Resource, stack: Stack) -> Iterator[str]:
    allowed = {stack.limits.region, *stack.limits.edge_regions}
    for name, value in values_in(resource.values):
        if not isinstance(value, str):
            continue
        if name in _NAMES and is_unknown(value):
            yield Unknown(f"its {name} is not known yet")
        for region in _regions(name, value):
            if region not in allowed:
                yield f"names {region} in {name or 'a list'}"


def _regions(name: str, value: str) -> Iterator[str]:
    if name in _NAMES and _REGION.fullmatch(value):
        yield value
    if name in _NAMES and (zone := _ZONE.fullmatch(value)):
        yield zone[1]
    for arn in _ARN.finditer(value):
        if not (arn["service"] == "bedrock" and arn["rest"].startswith(_MODELS)):
            yield arn["region"]
