"""The policies of synthesised stacks, as IAM gets them once Terraform knows every value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from modules.iam import size
from tests.support.stacks import Stack

Kind = Literal["identity", "trust", "resource", "endpoint", "scp"]
"""Whose a policy is: of a role or a group (a boundary, too); who may assume a role; of a bucket, a
topic or a key; of a VPC endpoint; or of an organization."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a resource type holds a policy.

    Attributes:
        kind: whose policy it is.
        longest: characters that AWS takes at most, without white space.
    """

    kind: Kind
    longest: int


PLACES: Mapping[tuple[str, str], Place] = {
    ("aws_iam_group_policy", "policy"): Place(kind="identity", longest=5_120),
    ("aws_iam_policy", "policy"): Place(kind="identity", longest=6_144),
    ("aws_iam_role", "assume_role_policy"): Place(kind="trust", longest=2_048),
    ("aws_iam_role_policy", "policy"): Place(kind="identity", longest=10_240),
    ("aws_kms_key", "policy"): Place(kind="resource", longest=32_768),
    ("aws_organizations_policy", "content"): Place(kind="scp", longest=5_120),
    ("aws_s3_bucket_policy", "policy"): Place(kind="resource", longest=20_480),
    ("aws_secretsmanager_secret_policy", "policy"): Place(kind="resource", longest=20_480),
    ("aws_sns_topic_policy", "policy"): Place(kind="resource", longest=30_720),
    ("aws_sqs_queue_policy", "policy"): Place(kind="resource", longest=8_192),
    ("aws_vpc_endpoint", "policy"): Place(kind="endpoint", longest=20_480),
}
"""Type and argument. A group's and a role's own policies share their length.

Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html,
https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html,
https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html,
https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html and
https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
"""

NO_POLICIES = {("aws_cloudwatch_log_data_protection_policy", "policy_document")}
"""What has statements and is none of IAM's."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One policy of one stack.

    Attributes:
        stack: id of the stack.
        address: Terraform address of the resource that holds it.
        place: where in the resource.
        statements: its statements, with a typical value wherever AWS chooses one.
    """

    stack: str
    address: str
    place: Place
    statements: Sequence[Mapping[str, Any]]

    @property
    def size(self) -> int:
        """Characters, as IAM counts them."""
        return size(json.dumps({"Version": "2012-10-17", "Statement": self.statements}))


def policies(stacks: Mapping[str, Stack]) -> list[Policy]:
    """Every policy of every stack.

    Args:
        stacks: id to stack.
    """
    return [
        Policy(
            stack=name,
            address=address,
            place=_place(address, argument),
            statements=json.loads(_filled(text, stack))["Statement"],
        )
        for name, stack in stacks.items()
        for address, argument, text in _documents(stack)
    ]


def held(stacks: Mapping[str, Stack]) -> dict[str, list[Policy]]:
    """Stack and holder to the policies that count together: of one role or group; or of itself.

    Args:
        stacks: id to stack.
    """
    found: dict[str, list[Policy]] = {}
    for policy in policies(stacks):
        if policy.place.kind == "identity":
            for holder in _holders(policy, stacks[policy.stack]):
                found.setdefault(f"{policy.stack} {holder}", []).append(policy)
    return found


def _holders(policy: Policy, stack: Stack) -> list[str]:
    kind, _, name = policy.address.partition(".")
    for owner in ("role", "group"):
        if kind == f"aws_iam_{owner}_policy":
            return [stack.resources(kind)[name][owner]]
    return [
        body[owner]
        for owner in ("role", "group")
        for body in stack.resources(f"aws_iam_{owner}_policy_attachment").values()
        if f"{policy.address}." in body["policy_arn"]
    ] or [policy.address]


def _documents(stack: Stack) -> Iterator[tuple[str, str, str]]:
    """Address, argument and text of whatever looks like a policy."""
    for address, body in stack.everything():
        for argument, value in body.items():
            looks = isinstance(value, str) and '"Statement"' in value
            if looks and (address.split(".")[0], argument) not in NO_POLICIES:
                yield address, argument, value


def _place(address: str, argument: str) -> Place:
    place = (address.split(".")[0], argument)
    assert place in PLACES, f"{place} holds a policy: say in tests/support/iam/documents.py whose"
    return PLACES[place]


# --- values that AWS chooses ----------------------------------------------------------------------

_EXAMPLES = {
    "aws_cloudwatch_log_group.arn": "arn:aws:logs:{place}:log-group:{name}",
    "aws_cloudwatch_log_group.name": "{name}",
    "aws_db_instance.master_user_secret[0].secret_arn": "arn:aws:secretsmanager:{place}:secret:rds!db-0123abcd-a1B2c3",
    "aws_db_instance.resource_id": "db-0123456789ABCDEF0123456789",
    "aws_kms_key.arn": "arn:aws:kms:{place}:key/0123abcd-0123-0123-0123-0123456789ab",
    "aws_s3_bucket.arn": "arn:aws:s3:::{name}",
    "aws_secretsmanager_secret.arn": "arn:aws:secretsmanager:{place}:secret:{name}-a1B2c3",
    "aws_sns_topic.arn": "arn:aws:sns:{place}:{name}",
    "aws_sqs_queue.arn": "arn:aws:sqs:{place}:{name}",
    "local.database_proxy_id": "prx-0123456789abcdef0",
}  # fmt: skip
"""Type and attribute to what AWS would answer; ``{place}`` is region and account."""

_REFERENCE = re.compile(r"\$\{(\w+)\.([\w-]+?)(?:\.([\w.\[\]]+))?\}")


def _filled(text: str, stack: Stack) -> str:
    provider = stack.body["provider"]["aws"][0]
    place = f"{provider['region']}:{provider['allowed_account_ids'][0]}"

    def value(reference: re.Match[str]) -> str:
        kind, name, attribute = reference.groups()
        key = f"{kind}.{attribute}" if attribute else f"{kind}.{name.rpartition('_')[0]}"
        assert key in _EXAMPLES, f"{reference[0]}: say in tests/support/iam/documents.py what it is"
        body = stack.resources(kind).get(name, {})
        return _EXAMPLES[key].format(place=place, name=body.get("name") or body.get("bucket"))

    # Terraform writes ``${`` for ``$${``, and IAM fills in what it names.
    return _REFERENCE.sub(value, text).replace("$${", "${")
