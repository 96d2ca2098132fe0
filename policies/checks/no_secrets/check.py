"""No secret stands where everybody sees it who may see the function, the state or the plan."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from pipeline.plan.names import words_of
from pipeline.plan.patterns import known_parts
from pipeline.plan.randomness import random_parts
from pipeline.plan.secrets import is_secret
from policies.check import Check, Unknown
from policies.stack import PROVIDER, Resource, Stack, is_unknown, values_in

_SHOWN: Mapping[str, tuple[str, ...]] = {
    PROVIDER: ("access_key", "secret_key", "token"),
    "aws_amplify_app": ("environment_variables",),
    "aws_api_gateway_stage": ("variables",),
    "aws_apigatewayv2_stage": ("stage_variables",),
    "aws_apprunner_service": ("source_configuration",),
    "aws_batch_job_definition": ("container_properties",),
    "aws_codebuild_project": ("environment",),
    "aws_ecs_task_definition": ("container_definitions",),
    "aws_elastic_beanstalk_environment": ("setting",),
    "aws_glue_job": ("default_arguments",),
    "aws_instance": ("user_data", "user_data_base64"),
    "aws_lambda_function": ("environment",),
    "aws_lambda_invocation": ("input",),
    "aws_launch_configuration": ("user_data", "user_data_base64"),
    "aws_launch_template": ("user_data",),
    "aws_sfn_state_machine": ("definition",),
    "aws_ssm_document": ("content",),
    "aws_ssm_parameter": ("insecure_value", "value"),
}
"""Type to the arguments that AWS shows to whoever may look at the resource."""

_KEPT: Mapping[str, tuple[str, ...]] = {
    "aws_db_instance": ("password",),
    "aws_docdb_cluster": ("master_password",),
    "aws_elasticache_replication_group": ("auth_token",),
    "aws_neptune_cluster": ("master_password",),
    "aws_rds_cluster": ("master_password",),
    "aws_redshift_cluster": ("master_password",),
    "aws_secretsmanager_secret_version": ("secret_binary", "secret_string"),
}
"""Type to the arguments that are secret and stand in the state in clear, wherever they come from.

Those with ``_wo`` behind their names are handed on and never kept.
Source: https://developer.hashicorp.com/terraform/language/manage-sensitive-data/ephemeral
"""

_PARAMETER = "aws_ssm_parameter"

_MADE_BY_TERRAFORM = re.compile(
    r"(?<!ephemeral\.)\b(?:random_password\.[\w-]+\.(?:result|bcrypt_hash)"
    r"|tls_private_key\.[\w-]+\.private_key_\w+"
    r"|aws_iam_access_key\.[\w-]+\.(?:secret|ses_smtp_password_v4)"
    r"|aws_iam_user_login_profile\.[\w-]+\.password"
    r"|aws_secretsmanager_secret_version\.[\w-]+\.secret_(?:string|binary))\b"
)
"""Expressions whose value is a secret that the state holds."""

_NAME = re.compile(r"\$\{[\w.-]+\.(?:arn|endpoint|id|name|url)\}")
"""An expression for what a secret, or whatever else, is called."""

_MADE_UP = "zq7w0x4k"
"""A value that is secret only where the name before it says so."""


class NoSecrets(Check):
    """Variables, scripts, parameters, outputs, and passwords that would stand in the state."""

    types = (*_SHOWN, *_KEPT)

    def faults(self, resource: Resource, stack: Stack) -> Iterator[str]:
        """Where a secret is; never the secret itself."""
        for name in _KEPT.get(resource.type, ()):
            if resource.first(name) is not None:
                yield f"its {name} would stand in the state in clear"
        if resource.type == _PARAMETER:
            yield from _parameter(resource)
            return
        for name in _SHOWN.get(resource.type, ()):
            for value in resource.all(name):
                yield from _judged(name, value, f"its {name}")
        if resource.type == PROVIDER and resource.name == PROVIDER:
            for name, value in stack.outputs.items():
                yield from _judged(name, value, f"the output {name}")


def _parameter(parameter: Resource) -> Iterator[str]:
    """A parameter is called as what it holds."""
    name = str(parameter.first("name") or "").rpartition("/")[2]
    for argument in _SHOWN[_PARAMETER]:
        for value in parameter.all(argument):
            if parameter.first("type") == "SecureString":
                yield f"its {argument} would stand in the state in clear"
            yield from _judged(name, value, f"its {argument}")


def _judged(name: str, value: Any, where: str) -> Iterator[str]:
    """Each secret in a value that may be a map, a list, or JSON or base64 as text."""
    for key, text in _pairs(value, name):
        inside = "" if key in (name, "") else f" {key}"
        if is_unknown(text) and _MADE_BY_TERRAFORM.search(text):
            yield f"{where}{inside} is a secret that the state holds"
        elif _is_secret(key, _EXPRESSIONS.sub("", text) if is_unknown(text) else text):
            yield f"{where}{inside} holds a secret"
        elif is_unknown(text) and not _NAME.fullmatch(text) and _is_secret(key, _MADE_UP):
            yield Unknown(f"whether {where}{inside} holds a secret is not known yet")


def _is_secret(name: str, value: Any) -> bool:
    """Like the masks of a report, but neither a name nor an assignment makes a secret of an address.

    A mask in vain costs a look into the plan, a failure in vain costs the trust in all of them.
    """
    if not isinstance(value, str):
        return is_secret(name, value)
    last = (words_of(name) or ("",))[-1]
    drawn = last in _KEYS and _DRAWN.search(value) is not None
    by_itself = last in (*_ADDRESSES, *_KEYS) and not drawn
    if not is_secret("" if by_itself else name, value):
        return False
    parts = [value[start:end] for start, end in chain(known_parts(value), random_parts(value))]
    return not parts or not all(map(_NO_SECRET.fullmatch, parts))


_NO_SECRET = re.compile(r"%s\S*|https?://[\w./:-]+\.(?:asc|gpg|key|pem|pub)")
"""What a script can assign to a secret's name: a place for it, or where a public key is."""
_ADDRESSES = ("dsn", "uri", "url")
_KEYS = ("auth", "key", "keys")
_DRAWN = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z]).{8,}")

_EXPRESSIONS = re.compile(r"\$\{[^}]*\}")


def _pairs(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every text in a value, also within JSON, base64 and gzip, with the name that it has there."""
    for key, text in values_in(_by_name(value), name):
        parsed, plain = _parsed(text), _decoded(text)
        if parsed is not None:
            yield from _pairs(parsed, key)
        elif plain is not None:
            yield from _pairs(plain, key)
        else:
            yield key, text


def _by_name(value: Any) -> Any:
    """``{"name": "TOKEN", "value": "…"}`` as a map: so containers and builds have variables."""
    if isinstance(value, list):
        return [_by_name(each) for each in value]
    if isinstance(value, dict):
        if isinstance(value.get("name"), str) and "value" in value:
            return {value["name"]: value["value"]}
        return {key: _by_name(each) for key, each in value.items()}
    return value


def _parsed(text: object) -> Any:
    """JSON, which may stand behind the line by which cloud-init knows it."""
    if not isinstance(text, str):
        return None
    body = text.removeprefix("#cloud-config").lstrip()
    if not body.startswith(("{", "[")):
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _decoded(text: object) -> str | None:
    """A script in base64, which is how EC2 takes one, and in gzip, which is how one saves room."""
    if not isinstance(text, str) or len(text) < _SHORTEST:
        return None
    try:
        raw = b64decode(text, validate=True)
        if raw.startswith(_GZIP):
            raw = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(raw, _LONGEST)
        return raw.decode()
    except (ValueError, zlib.error):
        return None


_SHORTEST = 16
_LONGEST = 1_000_000
"""Characters: what is shorter is a word, and of what is longer the beginning tells enough."""
_GZIP = b"\x1f\x8b"
