"""What Terraform deployed: an HTTP API, as moto keeps it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from moto.apigatewayv2 import models

from emulator.api.routes import Route
from emulator.api.throttle import Limit

_FUNCTION = re.compile(r"arn:[\w-]+:lambda:([\w-]+):(\d{12}):function:([\w-]+)(?::([\w$-]+))?")


@dataclass(frozen=True, kw_only=True)
class Integration:
    """A function behind a route.

    Attributes:
        account_id, region, function, qualifier: which; no qualifier for `$LATEST`.
        timeout_seconds: how long the API waits.
    """

    account_id: str
    region: str
    function: str
    qualifier: str | None
    timeout_seconds: float


@dataclass(frozen=True, kw_only=True)
class Authorizer:
    """Whose tokens are accepted.

    Attributes:
        issuer: URL.
        audience: a token must be for one of them.
        sources: where the token is looked for, such as `$request.header.Authorization`.
    """

    issuer: str
    audience: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AccessLog:
    """Where a stage's requests are logged, and how.

    Attributes:
        group: name of the log group.
        written: the format of a line.
    """

    group: str
    written: str


@dataclass(frozen=True, kw_only=True)
class Api:
    """An HTTP API with its `$default` stage.

    Attributes:
        account_id, region, api_id: which.
        cors: its configuration; None without one.
        routes: all of them.
        integrations: by id; those that the emulator can't serve are left out.
        authorizers: of JWTs, by id.
        stage_variables: by name.
        access_log: of the stage; None without one.
    """

    account_id: str
    region: str
    api_id: str
    cors: Mapping[str, Any] | None
    routes: tuple[Route, ...]
    integrations: Mapping[str, Integration]
    authorizers: Mapping[str, Authorizer]
    stage_variables: Mapping[str, str]
    access_log: AccessLog | None = None
    default_settings: Mapping[str, Any] = field(repr=False)
    route_settings: Mapping[str, Mapping[str, Any]] = field(repr=False)

    @property
    def domain_name(self) -> str:
        """The host that AWS would give it."""
        return f"{self.api_id}.execute-api.{self.region}.amazonaws.com"

    def limit(self, route_key: str) -> Limit | None:
        """The limit of a route; None where only the account's would apply."""
        settings = {**self.default_settings, **self.route_settings.get(route_key, {})}
        rate, burst = (settings.get(f"throttling{name}Limit") for name in ("Rate", "Burst"))
        if rate is None or burst is None:
            return None
        return Limit(rate=float(rate), burst=float(burst))


class Apis:
    """The HTTP APIs of every account and region."""

    def __init__(self, lock: AbstractContextManager[Any]) -> None:
        """Reads moto under the lock that every request holds while it is inside moto."""
        self._lock = lock

    def find(self, api_id: str) -> Api | None:
        """Finds an API that has a `$default` stage, in whichever account it is."""
        with self._lock:
            for account_id, regions in models.apigatewayv2_backends.items():
                for region, backend in regions.items():
                    api = backend.apis.get(api_id)
                    if api and api.protocol_type == "HTTP" and "$default" in api.stages:
                        return _describe(account_id, region, api)
        return None


def _describe(account_id: str, region: str, api: models.Api) -> Api:
    stage = api.stages["$default"]
    cors: Any = api.cors_configuration  # moto calls it a str
    integrations = {key: _integration(each) for key, each in api.integrations.items()}
    return Api(
        account_id=account_id,
        region=region,
        api_id=api.api_id,
        cors=dict(cors) if cors else None,
        routes=tuple(_route(each) for each in api.routes.values()),
        integrations={key: each for key, each in integrations.items() if each},
        authorizers={
            key: _authorizer(each)
            for key, each in api.authorizers.items()
            if each.authorizer_type == "JWT"
        },
        stage_variables=dict(stage.stage_variables or {}),
        access_log=_access_log(stage.access_log_settings),
        default_settings=dict(stage.default_route_settings or {}),
        route_settings={key: dict(each) for key, each in (stage.route_settings or {}).items()},
    )


def _access_log(settings: Mapping[str, Any] | None) -> AccessLog | None:
    arn, written = ((settings or {}).get(name) for name in ("destinationArn", "format"))
    group = (arn or "").partition(":log-group:")[2].removesuffix(":*")
    return AccessLog(group=group, written=written) if group and written else None


def _route(route: models.Route) -> Route:
    return Route(
        key=route.route_key,
        target=(route.target or "").removeprefix("integrations/"),
        authorization=route.authorization_type or "NONE",
        authorizer_id=route.authorizer_id,
        scopes=tuple(route.authorization_scopes or ()),
    )


def _integration(integration: models.Integration) -> Integration | None:
    function = _FUNCTION.search(integration.integration_uri or "")
    kind = (integration.integration_type, integration.payload_format_version)
    if kind != ("AWS_PROXY", "2.0") or not function:
        return None
    region, account_id, name, qualifier = function.groups()
    return Integration(
        account_id=account_id,
        region=region,
        function=name,
        qualifier=qualifier,
        timeout_seconds=int(integration.timeout_in_millis or 30_000) / 1000,
    )


def _authorizer(authorizer: models.Authorizer) -> Authorizer:
    configuration: Any = authorizer.jwt_config or {}
    return Authorizer(
        issuer=configuration.get("issuer", ""),
        audience=tuple(configuration.get("audience") or ()),
        sources=tuple(authorizer.identity_source or ()),
    )
