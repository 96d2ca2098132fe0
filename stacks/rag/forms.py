"""Forms that fields of the RAG system's settings must have: addresses, names, origins.

Each says what is wrong with a value and how to mend it.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from modules.vpc.addresses import LARGEST_VPC_PREFIX, SMALLEST_VPC_PREFIX
from stacks.rag.postgresql import MAJORS, NOT_FOR_A_DATABASE
from stacks.settings import DOMAIN, of_form

_LOCAL_HOSTS = ("localhost", "127.0.0.1")
_LAST_PORT = 65535
_DEFAULT_PORTS = {"http": 80, "https": 443}

_PRIVATE = tuple(
    map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
)
"""RFC 1918, and RFC 6598, which AWS takes as well."""
_TAKEN_BY_AWS = ipaddress.IPv4Network("172.17.0.0/16")
"""Docker's own range, on which Cloud9 and SageMaker stand.

Source for both: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
"""


def _check_vpc_range(value: str) -> str:
    # A netmask or digits of another script would pass in Python, and not at AWS.
    if not re.fullmatch(r"[0-9.]+/[0-9]{1,2}", value):
        raise ValueError("not a range; write one such as 10.20.0.0/16")
    try:
        network = ipaddress.IPv4Network(value)
    except ValueError as error:
        raise ValueError(f"{error}; write a range such as 10.20.0.0/16") from None
    if not LARGEST_VPC_PREFIX <= network.prefixlen <= SMALLEST_VPC_PREFIX:
        raise ValueError(
            f"a /{network.prefixlen} is outside /{LARGEST_VPC_PREFIX} to /{SMALLEST_VPC_PREFIX}, so "
            f"that its subnets would be too small or AWS refuses it; use a /{LARGEST_VPC_PREFIX}"
        )
    if not any(network.subnet_of(private) for private in _PRIVATE):
        raise ValueError("not a private range that a VPC can have; use one within 10.0.0.0/8")
    if network.overlaps(_TAKEN_BY_AWS):
        raise ValueError(
            f"some services of AWS use {_TAKEN_BY_AWS} themselves; use one within 10.0.0.0/8"
        )
    return value


def _check_database_name(value: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", value):
        raise ValueError(
            "not a database's name; use 1 to 63 small letters, digits and underscores, "
            "a letter first"
        )
    if value in NOT_FOR_A_DATABASE:
        raise ValueError("PostgreSQL or RDS uses this word itself; choose another name")
    return value


def _check_engine_version(value: str) -> str:
    found = re.fullmatch(r"([0-9]{2})(?:\.(0|[1-9][0-9]?))?", value)
    major = MAJORS.get(found[1]) if found else None
    if not found or major is None:
        raise ValueError(
            f"not a version that the service runs on; use {', '.join(MAJORS)} or one with its "
            "minor, as text in quotes"
        )
    if found[2] and int(found[2]) not in major.minors:
        raise ValueError(
            f"RDS is not known to offer it; use {found[1]}, or {found[1]}.{major.minors[0]} to "
            f"{found[1]}.{major.minors[-1]}, or add it to MAJORS in stacks/rag/postgresql.py"
        )
    return value


def _check_origin(value: str) -> str:
    found = re.fullmatch(r"(https?)://([a-z0-9.-]+)(?::([0-9]{1,5}))?", value)
    if not found:
        raise ValueError(
            "not the origin of a page; write https:// and a host in small letters, without path, "
            "slash at the end or asterisk"
        )
    scheme, host, port = found.groups()
    if host not in _LOCAL_HOSTS:
        if not re.fullmatch(DOMAIN, host):
            raise ValueError("its host is not a domain name; write one such as app.example.com")
        if scheme != "https":
            raise ValueError("anybody on the way could change such a page; use https://")
    if port is not None:
        _check_port(scheme, port)
    return value


def _check_port(scheme: str, port: str) -> None:
    if port.startswith("0") or int(port) > _LAST_PORT:
        raise ValueError(f"its port is none; use 1 to {_LAST_PORT}")
    if int(port) == _DEFAULT_PORTS[scheme]:
        raise ValueError(f"browsers leave out {scheme}'s own port {port}; leave it out here too")


def _check_issuer(value: str) -> str:
    if not re.fullmatch(r"https://[!-~]{1,500}", value):
        raise ValueError("not an issuer; write its https:// address, as in the token's iss")
    if re.search(r"[?#@\\${}<>\"'`|^*%]", value):
        raise ValueError(
            "an issuer has no user, query, fragment or escape; write what stands in the token's iss"
        )
    if "/.well-known" in value:
        raise ValueError("this is the issuer's document; write what comes before /.well-known")
    host, _, port = urlsplit(value).netloc.partition(":")
    if not re.fullmatch(DOMAIN, host.lower()):
        raise ValueError(
            "API Gateway reads its keys from the internet, and its host is no public domain name; "
            "write one such as https://issuer.example.com"
        )
    if port:
        _check_issuer_port(port)
    return value


def _check_issuer_port(port: str) -> None:
    if not re.fullmatch(r"[1-9][0-9]{0,4}", port) or int(port) > _LAST_PORT:
        raise ValueError(f"its port is none; use 1 to {_LAST_PORT}, or none at all")


VpcRange = Annotated[str, AfterValidator(_check_vpc_range)]
DatabaseName = Annotated[str, AfterValidator(_check_database_name)]
EngineVersion = Annotated[str, AfterValidator(_check_engine_version)]
Origin = Annotated[str, AfterValidator(_check_origin)]
Issuer = Annotated[str, AfterValidator(_check_issuer)]
"""The issuer of an OpenID token, exactly as in its ``iss``: API Gateway compares letter by letter.

Sources: https://openid.net/specs/openid-connect-core-1_0.html (Issuer Identifier) and
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""
Audience = Annotated[
    str,
    of_form(
        r"[A-Za-z0-9._~:/@-]{1,255}",
        "not a client id; write what stands in the token's aud or client_id",
    ),
]
Tenant = Annotated[
    str,
    of_form(
        r"[A-Za-z0-9._:/@-]{1,200}",
        "not a tenant; use 1 to 200 letters, digits and . _ : / @ -",
    ),
]
Claim = Annotated[
    str,
    of_form(
        r"[A-Za-z0-9._:/-]{1,128}",
        "not a claim's name; use the letters, digits and . _ : / - that stand in the token",
    ),
]
DomainName = Annotated[
    str,
    of_form(
        DOMAIN,
        "not a domain name; write one such as api.example.com: small letters, no scheme, slash, "
        "port or asterisk",
    ),
]
CertificateArn = Annotated[
    str,
    of_form(
        r"arn:aws:acm:[a-z]{2}(-[a-z]+)+-[0-9]:[0-9]{12}:certificate/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        "not the ARN of a certificate; write the whole ARN that ACM shows, arn:aws:acm:…:certificate/…",
    ),
]
ModelId = Annotated[
    str,
    of_form(
        r"[a-z0-9][a-z0-9.:-]{0,199}",
        "not the id of a model or of an inference profile; write the id, not its name or ARN",
    ),
]
InvocationLogGroup = Annotated[
    str,
    of_form(
        r"/aws/bedrock/[A-Za-z0-9_.#-]{1,200}",
        "the pipeline may make no such log group; write /aws/bedrock/ and one name",
    ),
]
GrafanaVersion = Annotated[
    str,
    of_form(
        r"[1-9][0-9]\.[0-9]{1,2}\.[0-9]{1,2}",
        "not a version of Grafana; write all three numbers, such as 11.6.16",
    ),
]
GuardrailId = Annotated[
    str,
    of_form(r"[a-z0-9]{1,64}", "not a guardrail's id; write the id alone, not its name or ARN"),
]
GuardrailVersion = Annotated[
    str,
    of_form(
        r"[1-9][0-9]{0,7}|DRAFT", "not a guardrail's version; write its number in quotes, or DRAFT"
    ),
]
"""Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateGuardrailVersion.html"""
SlackWorkspace = Annotated[
    str,
    of_form(
        r"[TE][0-9A-Z]{6,30}", "not a workspace's id; write one such as T0123ABCD, not its name"
    ),
]
SlackChannel = Annotated[
    str,
    of_form(r"[CG][0-9A-Z]{6,30}", "not a channel's id; write one such as C0123ABCD, not its name"),
]
"""Source of both: https://docs.aws.amazon.com/chatbot/latest/APIReference/API_CreateSlackChannelConfiguration.html"""
