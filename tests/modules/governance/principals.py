"""Whose requests are judged: people, the pipeline's role, services' roles, and whoever has all permissions.

The policies are those of the synthesised stacks, as AWS would get them.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any, Literal

from modules.governance import GROUPS, service_control_policies
from tests.support.iam.decisions import FULL_ACCESS, Policies, Request, Statements
from tests.support.iam.documents import policies
from tests.support.iam.pipeline import role_policies
from tests.support.provider_calls import ACCOUNT
from tests.support.stacks import BY_NAME, Stack, all_stacks, delivery_stack

Who = Literal[
    "developer",
    "operator",
    "auditor",
    "developer of prod",
    "pipeline",
    "service",
    "administrator",
    # With all permissions, and one layer of the limits.
    "within the boundary",
    "in a group",
    "under the SCPs",
    "pipeline widened",
]

PEOPLE: Mapping[Who, str] = {
    "developer": "developers",
    "operator": "operators",
    "auditor": "auditors",
    "developer of prod": "developers",
}
ADMINISTRATOR = (
    f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/ap-southeast-1/"
    "AWSReservedSSO_AdministratorAccess_0123456789abcdef"
)
_NAMES: Mapping[Who, str] = {
    "pipeline": f"arn:aws:sts::{ACCOUNT}:assumed-role/mapvibe-dev-pipeline-apply/job",
    "pipeline widened": f"arn:aws:sts::{ACCOUNT}:assumed-role/mapvibe-dev-pipeline-apply/job",
    "service": f"arn:aws:sts::{ACCOUNT}:assumed-role/mapvibe-dev-rag/function",
    "administrator": ADMINISTRATOR,
    "under the SCPs": f"arn:aws:iam::{ACCOUNT}:role/SomebodyElses",
}
_GRAFANA: dict[str, Any] = {"rag__grafana": {}}
"""With it, the pipeline's role may make machines."""


def arn(who: Who) -> str:
    """The principal of the requests; people are users of IAM."""
    return _NAMES.get(who, f"arn:aws:iam::{ACCOUNT}:user/anna")


def request(who: Who, action: str, resource: str, context: Mapping[str, Any]) -> Request:
    """A request in the environment's region, by somebody who signed in with a second factor."""
    signed_in = {"aws:RequestedRegion": "ap-southeast-1"}
    if ":user/" in arn(who):
        signed_in |= {"aws:MultiFactorAuthPresent": "true", "aws:username": "anna"}
    return Request(
        principal=arn(who), action=action, resource=resource, context={**signed_in, **context}
    )


@functools.cache
def held(who: Who) -> Policies:
    """The policies that somebody's requests meet."""
    if who in PEOPLE:
        return _person(who)
    scps = [[FULL_ACCESS], [FULL_ACCESS, *_scps()]]
    apply = [*role_policies(delivery_stack("dev", **_GRAFANA), "apply").values()]
    bounded = _named(delivery_stack("dev"), "mapvibe-dev-pipeline-boundary")
    found: dict[Who, Policies] = {
        "pipeline": Policies(identity=apply, scps=scps),
        "pipeline widened": Policies(identity=[*apply, FULL_ACCESS]),
        "service": Policies(identity=[FULL_ACCESS], boundary=bounded),
        "administrator": Policies(identity=[FULL_ACCESS], scps=scps),
        "under the SCPs": Policies(identity=[FULL_ACCESS], scps=scps),
        "within the boundary": Policies(identity=[FULL_ACCESS], boundary=_boundary("dev")),
        "in a group": Policies(identity=[FULL_ACCESS, *_attached("dev")]),
    }
    return found[who]


def _person(who: Who) -> Policies:
    environment = "prod" if who == "developer of prod" else "dev"
    assert PEOPLE[who] in GROUPS
    own = [
        policy.statements
        for policy in policies({"": _stack(environment)})
        if policy.address.startswith(f"aws_iam_group_policy.people_{PEOPLE[who]}-")
    ]
    assert own
    return Policies(
        identity=[*own, *_attached(environment)],
        boundary=_boundary(environment),
        scps=[[FULL_ACCESS], [FULL_ACCESS, *_scps()]] if environment == "dev" else (),
    )


def _stack(environment: str) -> Stack:
    return all_stacks(environment)[f"governance-{environment}"]


def _attached(environment: str) -> list[Statements]:
    """The managed policies that refuse; a test says that every group has all of them."""
    prefix = f"mapvibe-{environment}-governance-people-"
    return [
        _named(_stack(environment), body["name"])
        for body in _stack(environment).resources("aws_iam_policy").values()
        if body["name"].startswith(prefix) and not body["name"].endswith("-boundary")
    ]


def _boundary(environment: str) -> Statements:
    return _named(_stack(environment), f"mapvibe-{environment}-governance-people-boundary")


def _named(stack: Stack, name: str) -> Statements:
    bodies = stack.resources("aws_iam_policy")
    (address,) = (key for key, body in bodies.items() if body["name"] == name)
    (found,) = (
        policy.statements
        for policy in policies({"": stack})
        if policy.address == f"aws_iam_policy.{address}"
    )
    return found


def _scps() -> list[Statements]:
    documents = service_control_policies(
        BY_NAME["dev"].limit_values, administrators=[ADMINISTRATOR.rsplit("_", 1)[0] + "_*"]
    )
    return [json.loads(document)["Statement"] for _, document in documents.values()]
