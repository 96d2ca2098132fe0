"""Decides as AWS would: a request, the policies that it meets, allowed or denied.

The decision is that of ``@cloud-copilot/iam-simulate``, a library under the AGPL that only these tests
ask, in a process of its own; nothing of it is part of what this project ships. It follows
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

import atexit
import functools
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

Statements = Sequence[Mapping[str, Any]]
"""The statements of one policy."""
Context = Mapping[str, str | Sequence[str]]

FULL_ACCESS: Statements = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
"""What AWS attaches to every level of an organization unless somebody takes it away."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call, as IAM judges it: a call on several resources is several of these.

    Attributes:
        principal: ARN of a role, a role's session, a user or an identity provider; or the name of an
            AWS service (``lambda.amazonaws.com``).
        action: ``service:Name``.
        resource: the ARN of one resource; ``*`` for an action that takes none.
        context: condition key to value. What AWS sends with every request is filled in:
            the principal's own keys, and that the connection is encrypted.
    """

    principal: str
    action: str
    resource: str
    context: Context = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Policies:
    """What a request meets.

    Attributes:
        identity: the principal's policies, each a list of statements.
        boundary: its permissions boundary; None if it has none.
        scps: service control policies, for each level of the organization, the root first; every level
            must allow, so most begin with ``FULL_ACCESS``. Leave them out for service-linked roles
            and for the management account, which they do not reach.
        resource: the resource's policy: a bucket's, a key's, a topic's, a role's trust policy. Without,
            a key has AWS's default one, which leaves it to the account's own policies; so do ours.
        endpoint: the policy of the VPC endpoint that the request comes through.
    """

    identity: Sequence[Statements] = ()
    boundary: Statements | None = None
    scps: Sequence[Sequence[Statements]] = ()
    resource: Statements | None = None
    endpoint: Statements | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What IAM would answer.

    Attributes:
        result: allowed, denied by a statement, or denied because nothing allows it.
        blocked_by: which kinds of policy stop what the identity's or resource's policy allows:
            ``scp``, ``pb`` (the boundary), ``identity``, ``resource``, ``vpce``.
    """

    result: Literal["Allowed", "ExplicitlyDenied", "ImplicitlyDenied"]
    blocked_by: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the call goes through."""
        return self.result == "Allowed"


def decide(requests: Sequence[Request], policies: Policies) -> list[Decision]:
    """Judge requests, all under the same policies; the decisions are in the requests' order.

    Raises:
        AssertionError: AWS would never judge such a request (an unknown action, a resource of another
            type, a context key that the action does not take), or IAM would refuse a policy.
    """
    answers = _ask(
        {
            "policies": _attached(policies),
            "requests": [_asked(each, policies) for each in requests],
        }
    )
    return [_decision(request, answer) for request, answer in zip(requests, answers, strict=True)]


def allowed(request: Request, policies: Policies) -> bool:
    """Whether one request is allowed; see :func:`decide`."""
    return decide([request], policies)[0].allowed


def malformed(kind: str, statements: Statements) -> list[str]:
    """What IAM would say against the form of one policy.

    Args:
        kind: as in :class:`tests.support.iam.documents.Place`.
        statements: the policy's.
    """
    (errors,) = _ask({"documents": [[kind, _document(statements)]]})
    said = [f"{each['path']}: {each['message']}" for each in errors]
    # What the library leaves out.
    sids = [each["Sid"] for each in statements if "Sid" in each]
    said += [f"Sid {sid}: letters and digits only" for sid in sids if not sid.isalnum()]
    said += [f"Sid {sid}: twice" for sid, times in Counter(sids).items() if times > 1]
    if kind == "resource" and not all("Principal" in each for each in statements):
        said.append("a statement without a principal")
    return said


def _decision(request: Request, answer: Mapping[str, Any]) -> Decision:
    assert "error" not in answer, f"{request}: {answer['error']}"
    return Decision(result=answer["result"], blocked_by=tuple(answer["blockedBy"]))


# --- in the library's form ------------------------------------------------------------------------


def _rendered(request: Request) -> dict[str, Any]:
    caller = request.principal
    assert caller.startswith("arn:") or caller.endswith(".amazonaws.com"), f"no principal: {caller}"
    given = {key.lower() for key in request.context}
    filled = {k: v for k, v in _always(caller).items() if k.lower() not in given}
    return {
        "principal": caller,
        "action": request.action,
        "resource": {"resource": request.resource, "accountId": _account(request)},
        "contextVariables": {**filled, **request.context},
    }


def _account(request: Request) -> str:
    """Return whose resource it is: the ARN's account, or the principal's, as a bucket's ARN has none."""
    for arn in (request.resource, request.principal):
        owner = (arn.split(":", 5) + [""] * 5)[4]
        if owner:
            return owner
    return ""


def _always(principal: str) -> dict[str, str]:
    """Context keys of every request, see :attr:`Request.context`.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    keys = {"aws:SecureTransport": "true"}
    if ":oidc-provider/" in principal:
        return keys  # The call that brings a token of a web identity is not signed.
    if not principal.startswith("arn:"):
        return {
            **keys, "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": principal
        }  # fmt: skip
    session = re.fullmatch(r"arn:(.+):sts::(\d+):assumed-role/([^/]+)/.+", principal)
    arn = "arn:{}:iam::{}:role/{}".format(*session.groups()) if session else principal
    return {
        **keys,
        "aws:PrincipalArn": arn,
        "aws:PrincipalAccount": arn.split(":")[4],
        "aws:PrincipalIsAWSService": "false",
    }


def _attached(policies: Policies) -> dict[str, Any]:
    attached: dict[str, Any] = {
        "identityPolicies": _named("identity", policies.identity),
        "serviceControlPolicies": [
            {"orgIdentifier": f"level {level}", "policies": _named(f"SCP {level}", at_level)}
            for level, at_level in enumerate(policies.scps)
        ],
        "resourceControlPolicies": [],
    }
    if policies.boundary is not None:
        attached["permissionBoundaryPolicies"] = _named("boundary", [policies.boundary])
    if policies.endpoint is not None:
        attached["vpcEndpointPolicies"] = _named("endpoint", [policies.endpoint])
    return attached


def _asked(request: Request, policies: Policies) -> dict[str, Any]:
    own = policies.resource
    if own is None and ":key/" in request.resource:
        own = _default_key_policy(_account(request))
    return {
        "request": _rendered(request),
        **({} if own is None else {"resourcePolicy": _document(own)}),
    }


def _default_key_policy(account: str) -> Statements:
    """Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html."""
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    return [{"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}]


def _named(kind: str, policies: Sequence[Statements]) -> list[dict[str, Any]]:
    return [
        {"name": f"{kind} {number}", "policy": _document(statements)}
        for number, statements in enumerate(policies)
    ]


def _document(statements: Statements) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


# --- the process ----------------------------------------------------------------------------------


def _ask(message: Mapping[str, Any]) -> list[Any]:
    """Write a line and read one: the process reads all of it before it answers."""
    process = _process()
    _pipe(process.stdin).write(f"{json.dumps(message)}\n")
    _pipe(process.stdin).flush()
    answer = _pipe(process.stdout).readline()
    assert answer, "Node ended; what it said stands above"
    answers: list[Any] = json.loads(answer)
    return answers


@functools.cache
def _process() -> subprocess.Popen[str]:
    """Start Node, once for all tests of this process; it ends with them."""
    node = Path(sys.executable).with_name("node")
    process = subprocess.Popen(
        [node, Path(__file__).with_name("simulate.mjs")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def end() -> None:
        process.communicate(timeout=10)

    atexit.register(end)
    return process


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
