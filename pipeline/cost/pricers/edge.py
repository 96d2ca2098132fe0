"""CloudFront."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, TEN_THOUSANDTH, Entry, is_set, items
from pipeline.cost.pricing import Pricing, Subject

_TRANSFER = "monthly_data_transfer_to_internet_gb"
_TO_ORIGIN = "monthly_data_transfer_to_origin_gb"
_HTTPS, _HTTP = "monthly_https_requests", "monthly_http_requests"
_SHIELD = "monthly_shield_requests"
_ENCRYPTED = "monthly_encryption_requests"
_LOGGED = "monthly_log_lines"
_INVALIDATED = "monthly_invalidation_requests"
_CERTIFICATES = "custom_ssl_certificates"
_INVOKED = "monthly_requests"
_LAMBDA, _LAMBDA_SECONDS = "monthly_lambda_edge_requests", "monthly_lambda_edge_gb_seconds"
"""This project's own keys: Infracost has none for functions at the edge."""

_EDGES = (
    "asia_pacific",
    "australia",
    "canada",
    "europe",
    "india",
    "japan",
    "middle_east",
    "south_africa",
    "south_america",
    "us",
)
"""CloudFront bills by where the reader is. Source: https://aws.amazon.com/cloudfront/pricing/"""

_NEAREST = {
    "af": "south_africa",
    "ap": "asia_pacific",
    "ap-northeast-1": "japan",
    "ap-northeast-3": "japan",
    "ap-south-1": "india",
    "ap-south-2": "india",
    "ap-southeast-2": "australia",
    "ap-southeast-4": "australia",
    "ca": "canada",
    "eu": "europe",
    "il": "middle_east",
    "me": "middle_east",
    "sa": "south_america",
}
"""Region, or how its name begins, to the edges near it; all others are near those of the US."""

_SHIELDS = {
    "ap-northeast-1": "japan",
    "ap-northeast-2": "south_korea",
    "ap-south-1": "india",
    "ap-southeast-1": "singapore",
    "ap-southeast-2": "australia",
    "eu-central-1": "europe",
    "eu-west-1": "europe",
    "eu-west-2": "europe",
    "sa-east-1": "south_america",
    "us-east-1": "us",
    "us-east-2": "us",
    "us-west-2": "us",
}
"""Region of an origin shield to the name of its price.

Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/origin-shield.html
"""

_BY_EDGE = {
    _TRANSFER: ("data out", "transfer", Decimal(1)),
    _TO_ORIGIN: ("data to the origin", "origin_transfer", Decimal(1)),
    _HTTPS: ("HTTPS requests", "https", TEN_THOUSANDTH),
    _HTTP: ("HTTP requests", "http", TEN_THOUSANDTH),
}


def distribution(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudfront_distribution``: what goes out and in by edge, and what is switched on."""
    yield from _traffic(subject, pricing)
    yield from _shields(subject, pricing)
    yield from _options(subject, pricing)
    if pricing.stated(subject, _INVALIDATED) is not None:
        yield pricing.used(subject, "invalidated paths", "cloudfront.invalidation", _INVALIDATED)
    stated = pricing.stated(subject, _CERTIFICATES)
    if subject.get("viewer_certificate.0.ssl_support_method", "sni-only") == "vip" or stated:
        number = stated or 1
        what = "certificate with addresses of its own"
        yield pricing.fixed(what, "cloudfront.dedicated_ip_certificate", number)


_OPTIONS = {
    "field_level_encryption_id": (
        ("requests with encrypted fields", "field_level_encryption", _ENCRYPTED, TEN_THOUSANDTH),
    ),
    "realtime_log_config_arn": (("lines of real-time logs", "real_time_log", _LOGGED, MILLIONTH),),
    "lambda_function_association": (
        ("functions of Lambda@Edge", "lambda_edge.request", _LAMBDA, MILLIONTH),
        ("duration of Lambda@Edge", "lambda_edge.duration", _LAMBDA_SECONDS, Decimal(1)),
    ),
}
"""What a cache's behaviour may switch on, and how that is billed."""


def _options(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    behaviours = ["default_cache_behavior.0"] + [
        f"ordered_cache_behavior.{position}"
        for position in range(len(items(subject, "ordered_cache_behavior")))
    ]
    for name, lines in _OPTIONS.items():
        is_on = any(is_set(subject, f"{path}.{name}") for path in behaviours)
        for what, key, usage_key, scale in lines:
            if is_on or pricing.stated(subject, usage_key) is not None:
                yield pricing.used(subject, what, f"cloudfront.{key}", usage_key, scale=scale)


def _traffic(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """What is stated of each edge; if nothing is, readers are near the region."""
    keys = [f"{name}.{edge}" for edge in _EDGES for name in _BY_EDGE]
    stated = [key for key in keys if pricing.stated(subject, key) is not None]
    near = _near(pricing.region)
    for usage_key in stated or (f"{_TRANSFER}.{near}", f"{_HTTPS}.{near}"):
        name, _, edge = usage_key.partition(".")
        what, family, scale = _BY_EDGE[name]
        yield pricing.used(
            subject,
            f"{what}, {edge.replace('_', ' ')}",
            f"cloudfront.{family}.{edge}",
            usage_key,
            scale=scale,
        )


def _near(region: str) -> str:
    return _NEAREST.get(region) or _NEAREST.get(region.partition("-")[0], "us")


def _shields(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    names = set()
    for position in range(len(items(subject, "origin"))):
        path = f"origin.{position}.origin_shield.0"
        if subject.get(f"{path}.enabled", False):
            region = str(subject.get(f"{path}.origin_shield_region"))
            names.add(_SHIELDS.get(region, region))
    stated = {
        name
        for name in _SHIELDS.values()
        if pricing.stated(subject, f"{_SHIELD}.{name}") is not None
    }
    for name in sorted(names | stated):
        yield pricing.used(
            subject,
            f"requests to the origin shield, {name.replace('_', ' ')}",
            f"cloudfront.origin_shield.{name}",
            f"{_SHIELD}.{name}",
            scale=TEN_THOUSANDTH,
        )


def function(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cloudfront_function``: by how often it runs."""
    yield pricing.used(subject, "invocations", "cloudfront.function", _INVOKED, scale=MILLIONTH)


_CACHING = "it decides what is cached, and so how much is used"
_ACCESS = "who may read what costs nothing"
_CONNECTION = "how the origin is asked has no fee"
_BEHAVIOUR = {
    "allowed_methods": _ACCESS,
    "cache_policy_id": _CACHING,
    "cached_methods": _CACHING,
    "compress": "it makes less of what goes out, which is stated as usage",
    "default_ttl": _CACHING,
    "forwarded_values": _CACHING,
    "function_association": "a function of CloudFront is billed as aws_cloudfront_function",
    "lambda_function_association.event_type": "each call is stated as usage",
    "lambda_function_association.include_body": "each call is stated as usage",
    "lambda_function_association.lambda_arn": "each call is stated as usage",
    "grpc_config": "requests of all kinds have one price",
    "max_ttl": _CACHING,
    "min_ttl": _CACHING,
    "origin_request_policy_id": _CACHING,
    "response_headers_policy_id": "headers cost nothing",
    "smooth_streaming": "what goes out is stated as usage",
    "target_origin_id": _CONNECTION,
    "trusted_key_groups": _ACCESS,
    "trusted_signers": _ACCESS,
    "viewer_protocol_policy": "HTTP and HTTPS are stated as usage, each at its price",
}

ENTRIES: dict[str, Entry] = {
    "aws_cloudfront_distribution": Entry(
        distribution,
        frozenset(
            {
                *(f"{name}.{edge}" for name in _BY_EDGE for edge in _EDGES),
                *(f"{_SHIELD}.{name}" for name in _SHIELDS.values()),
                *(_ENCRYPTED, _LOGGED, _LAMBDA, _LAMBDA_SECONDS, _INVALIDATED, _CERTIFICATES),
            }
        ),
        free={
            **{f"default_cache_behavior.{name}": why for name, why in _BEHAVIOUR.items()},
            **{f"ordered_cache_behavior.{name}": why for name, why in _BEHAVIOUR.items()},
            "aliases": "names cost nothing; their zone is billed by itself",
            "continuous_deployment_policy_id": "requests of both distributions are stated as usage",
            "custom_error_response": _CACHING,
            "default_root_object": _CACHING,
            "enabled": "it is priced as if it were enabled",
            "http_version": "all versions have one price",
            "is_ipv6_enabled": "both kinds of addresses have one price",
            "logging_config": "the bucket that holds the logs is billed",
            "ordered_cache_behavior.path_pattern": _CACHING,
            "origin.connection_attempts": _CONNECTION,
            "origin.connection_timeout": _CONNECTION,
            "origin.custom_header": _CONNECTION,
            "origin.custom_origin_config": _CONNECTION,
            "origin.domain_name": _CONNECTION,
            "origin.origin_access_control_id": _ACCESS,
            "origin.origin_id": _CONNECTION,
            "origin.origin_path": _CONNECTION,
            "origin.s3_origin_config": _CONNECTION,
            "origin.vpc_origin_config": "no fee: https://aws.amazon.com/about-aws/whats-new/2024/"
            "11/amazon-cloudfront-vpc-origins/",
            "origin_group": _CONNECTION,
            "price_class": "it leaves out edges; what the others serve is stated by edge",
            "restrictions": _ACCESS,
            "retain_on_delete": "it decides how Terraform deletes",
            "staging": "requests of both distributions are stated as usage",
            "viewer_certificate.acm_certificate_arn": "public certificates cost nothing: "
            "https://aws.amazon.com/certificate-manager/pricing/",
            "viewer_certificate.cloudfront_default_certificate": "it costs nothing",
            "viewer_certificate.iam_certificate_id": "one's own certificate costs nothing",
            "viewer_certificate.minimum_protocol_version": "how requests are encrypted has no fee",
            "web_acl_id": "the firewall is billed by itself",
        },
    ),
    "aws_cloudfront_function": Entry(
        function,
        frozenset({_INVOKED}),
        free={
            "code": "functions have one price, whatever they do",
            "key_value_store_associations": "a store is billed by itself",
            "publish": "it decides which version runs",
            "runtime": "all runtimes have one price",
        },
    ),
}
