"""Nothing is sent in clear."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from pipeline.plan.values import as_list, as_map, as_text
from policies.check import Check, Unknown
from policies.documents import read
from policies.stack import Resource, Stack, is_unknown

Finder = Callable[[Resource, Stack], Iterator[str]]


def _policy(of: str, attribute: str, service: str) -> Finder:
    """A resource whose own policy must refuse calls without TLS.

    Args:
        of: type of the policy.
        attribute: by which it names its resource.
        service: whose actions it refuses, such as ``s3``.
    """

    def find(resource: Resource, stack: Stack) -> Iterator[str]:
        policies = stack.about(resource, attribute, of)
        found = [each for policy in policies for each in read(policy, "policy")]
        found += list(read(resource, "policy"))
        if any(_refuses(each, service) for each in found if not isinstance(each, Unknown)):
            return
        unknown = [each for each in found if isinstance(each, Unknown)]
        yield from unknown
        if not unknown:
            yield "no policy refuses what comes without TLS (Deny where aws:SecureTransport is false)"

    return find


def _refuses(statement: Mapping[str, object], service: str) -> bool:
    """Whether a statement denies everybody what comes in clear, and nothing else."""
    actions = {as_text(each).lower() for each in as_list(statement.get("Action"))}
    resources = [as_text(each) for each in as_list(statement.get("Resource"))]
    return (
        statement.get("Effect") == "Deny"
        and statement.get("Principal") in _EVERYBODY
        and _in_clear(as_map(statement.get("Condition")))
        and not actions.isdisjoint(_REFUSED[service])
        and any(map(re.compile(_WHOLE[service]).fullmatch, resources))
    )


def _in_clear(conditions: Mapping[str, object]) -> bool:
    """Whether a condition holds for whatever comes without TLS; another one beside it would spare some."""
    tests = [
        (operator.lower(), key.lower(), [str(value).lower() for value in as_list(values)])
        for operator, keys in conditions.items()
        for key, values in as_map(keys).items()
    ]
    return (
        len(tests) == 1
        and tests[0][0] in ("bool", "boolifexists")
        and tests[0][1:]
        == (
            "aws:securetransport",
            ["false"],
        )
    )


_EVERYBODY: tuple[object, ...] = ("*", {"AWS": "*"}, {"AWS": ["*"]}, {"*": "*"})
_REFUSED = {"s3": {"*", "s3:*"}, "sns": {"*", "sns:*", "sns:publish"}}
"""Actions of which one must be denied: all else with a topic goes by AWS's signed API."""
_WHOLE = {"s3": r"\*|.+/\*|.+[^/]\*", "sns": r".+"}
"""What must be denied: the objects of a bucket, not only the bucket."""


def _is(path: str, good: str, *, missing: str) -> Finder:
    """An argument that must match.

    Args:
        path: where it is.
        good: a pattern of values that are safe.
        missing: what AWS takes where nobody writes it; empty where that is safe.
    """

    def find(resource: Resource, stack: Stack) -> Iterator[str]:
        values = resource.all(path)
        for value in values:
            if is_unknown(value):
                yield Unknown(f"its {path} is not known yet")
            elif not re.fullmatch(good, str(value), re.IGNORECASE):
                yield f"its {path} is {value}"
        if not values and missing:
            yield f"its {path} is not set: {missing}"

    return find


def _listener(resource: Resource, stack: Stack) -> Iterator[str]:
    protocol = resource.first("protocol")
    if is_unknown(protocol):
        yield Unknown("its protocol is not known yet")
    elif protocol == "HTTP" and set(resource.all("default_action.type")) != {"redirect"}:
        yield "it answers in clear; an HTTP listener may only redirect to HTTPS"
    elif protocol in ("HTTPS", "TLS"):
        yield from _is("ssl_policy", _SAFE_LISTENER, missing="TLS 1.0 is taken")(resource, stack)


_SAFE_LISTENER = r"ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-.*"
"""Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""

_FORCED = {
    "postgres": "rds.force_ssl",
    "aurora-postgresql": "rds.force_ssl",
    "sqlserver": "rds.force_ssl",
    "mysql": "require_secure_transport",
    "mariadb": "require_secure_transport",
    "aurora-mysql": "require_secure_transport",
}
"""Family of an engine to the parameter that refuses connections in clear.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
"""


def _parameters(resource: Resource, stack: Stack) -> Iterator[str]:
    family = as_text(resource.first("family"))
    name = next((name for start, name in _FORCED.items() if family.startswith(start)), None)
    if name is None:
        return
    values = [
        as_text(each.get("value")).lower()
        for each in map(as_map, as_list(resource.values.get("parameter")))
        if each.get("name") == name
    ]
    if any(map(is_unknown, values)):
        yield Unknown(f"its {name} is not known yet")
    elif not values:
        yield f"{name} is not set: connections in clear depend on AWS's default"
    elif not set(values) <= {"1", "on", "true"}:
        yield f"{name} is {values[0]}: connections in clear are accepted"


def _database(attribute: str) -> Finder:
    """A database whose parameters must be ours, since AWS's own groups can't be changed."""

    def find(resource: Resource, stack: Stack) -> Iterator[str]:
        engine = as_text(resource.first("engine"))
        name = as_text(resource.first(attribute))
        inherits = any(map(resource.first, ("replicate_source_db", "cluster_identifier")))
        if (
            engine.startswith(tuple(_FORCED))
            and not inherits
            and (not name or name.startswith("default."))
        ):
            yield f"it takes AWS's own parameters ({attribute}), which no one can make refuse"

    return find


_FINDERS: Mapping[str, Finder] = {
    "aws_s3_bucket": _policy("aws_s3_bucket_policy", "bucket", "s3"),
    "aws_sns_topic": _policy("aws_sns_topic_policy", "arn", "sns"),
    "aws_apigatewayv2_domain_name": _is(
        "domain_name_configuration.security_policy", r"TLS_1_[23]", missing="TLS 1.0 may be taken"
    ),
    "aws_api_gateway_domain_name": _is(
        "security_policy", r"TLS_1_[23]|SecurityPolicy_TLS1[23]_.*", missing="TLS 1.0 may be taken"
    ),
    "aws_cloudfront_distribution": _is(
        "default_cache_behavior.viewer_protocol_policy", "https-only|redirect-to-https", missing=""
    ),
    "aws_db_instance": _database("parameter_group_name"),
    "aws_db_parameter_group": _parameters,
    "aws_db_proxy": _is("require_tls", "true", missing="connections in clear are accepted"),
    "aws_elasticache_replication_group": _is(
        "transit_encryption_enabled", "true", missing="connections in clear are accepted"
    ),
    "aws_lb_listener": _listener,
    "aws_opensearch_domain": _is(
        "domain_endpoint_options.enforce_https", "true", missing="requests in clear are accepted"
    ),
    "aws_rds_cluster": _database("db_cluster_parameter_group_name"),
    "aws_rds_cluster_parameter_group": _parameters,
    "aws_transfer_server": _is("protocols", "SFTP|FTPS|AS2", missing=""),
}


class TlsOnly(Check):
    """Buckets and topics by their policies, all else by its arguments."""

    types = tuple(_FINDERS)

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """What is or may be sent in clear."""
        yield from _FINDERS[resource.type](resource, stack)
        if resource.type == "aws_cloudfront_distribution":
            yield from _certificate(resource, stack)


def _certificate(resource: Resource, stack: Stack) -> Iterator[str]:
    """CloudFront's own certificate comes with TLS 1.0; only one's own can ask for more."""
    if resource.first("viewer_certificate.cloudfront_default_certificate") is True:
        yield "CloudFront's own certificate accepts TLS 1.0"
    else:
        yield from _is(
            "viewer_certificate.minimum_protocol_version",
            r"TLSv1\.[23].*",
            missing="TLS 1.0 is accepted",
        )(resource, stack)
    for value in resource.all("ordered_cache_behavior.viewer_protocol_policy"):
        if value == "allow-all":
            yield "its ordered_cache_behavior.viewer_protocol_policy is allow-all"
