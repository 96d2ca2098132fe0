"""API Gateway v2: custom domain names, and changes of stages, domain names and mappings."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import unquote

from moto.apigatewayv2.models import ApiMapping, DomainName, Stage
from moto.apigatewayv2.responses import ApiGatewayV2Response
from moto.moto_api._internal import mock_random

from emulator.gaps.registry import Gap, add, replace

Answer = tuple[int, dict[str, Any], str]

_STAGE: Final = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "clientCertificateId": "client_certificate_id",
    "defaultRouteSettings": "default_route_settings",
    "description": "description",
    "routeSettings": "route_settings",
    "stageVariables": "stage_variables",
}
"""What may be changed of a stage, and moto's attributes for it."""

_ROUTE_SETTINGS = "defaultRouteSettings"


def _domain_names() -> None:
    @replace(DomainName, "__init__")
    def _(original: Callable[..., None], self: DomainName, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        _make_available(self)

    @replace(DomainName, "to_json")
    def _(original: Callable[..., dict[str, Any]], self: DomainName) -> dict[str, Any]:
        answer = original(self)
        if not answer["mutualTlsAuthentication"]:
            del answer["mutualTlsAuthentication"]
        return answer


def _make_available(domain: DomainName) -> None:
    region = domain.domain_name_arn.split(":")[3]
    # Only the form is right: nothing answers at this name, and no zone has this id.
    target = f"d-{mock_random.get_random_hex(10)}.execute-api.{region}.amazonaws.com"
    domain.domain_name_configurations = [
        {
            "apiGatewayDomainName": target,
            "domainNameStatus": "AVAILABLE",
            "hostedZoneId": "Z0000000EMULATOR",
            **configuration,
        }
        for configuration in domain.domain_name_configurations
    ]


def _stage_changes() -> None:
    @add(ApiGatewayV2Response, "update_stage")
    def _(self: ApiGatewayV2Response) -> Answer:
        api_id, _, name = self.path.split("/")[-3:]
        stage: Stage = self.apigatewayv2_backend.get_stage(api_id, unquote(name))
        changes = json.loads(self.body)
        if _ROUTE_SETTINGS in changes:
            changes[_ROUTE_SETTINGS] = stage.default_route_settings | changes[_ROUTE_SETTINGS]
        for parameter, attribute in _STAGE.items():
            if parameter in changes:
                setattr(stage, attribute, changes[parameter])
        return 200, {}, json.dumps(stage.to_json())


def _domain_name_changes() -> None:
    @add(ApiGatewayV2Response, "update_domain_name")
    def _(self: ApiGatewayV2Response) -> Answer:
        domain = self.apigatewayv2_backend.get_domain_name(self.path.split("/")[-1])
        changes = json.loads(self.body)
        for configuration in changes.get("domainNameConfigurations", [])[:1]:
            domain.domain_name_configurations[0].update(configuration)
        if "mutualTlsAuthentication" in changes:
            domain.mutual_tls_authentication = changes["mutualTlsAuthentication"]
        return 200, {}, json.dumps(domain.to_json())

    @add(ApiGatewayV2Response, "update_api_mapping")
    def _(self: ApiGatewayV2Response) -> Answer:
        *_, name, _, mapping_id = self.path.split("/")
        mapping: ApiMapping = self.apigatewayv2_backend.get_api_mapping(mapping_id, name)
        changes = json.loads(self.body)
        mapping.api_id = changes.get("apiId", mapping.api_id)
        mapping.stage = changes.get("stage", mapping.stage)
        mapping.api_mapping_key = changes.get("apiMappingKey", mapping.api_mapping_key)
        return 200, {}, json.dumps(mapping.to_json())


GAPS = (
    Gap(
        service="apigatewayv2",
        name="domain-names",
        moto="gives a domain name no status and no target, and an empty mutual TLS block",
        aws="makes it available under a regional target, and has no such block unless asked",
        fill=_domain_names,
    ),
    Gap(
        service="apigatewayv2",
        name="stage-changes",
        moto="cannot change a stage",
        aws="changes what was sent, and of the default route settings as well",
        fill=_stage_changes,
    ),
    Gap(
        service="apigatewayv2",
        name="domain-name-changes",
        moto="can change neither a domain name nor where it leads",
        aws="changes the certificate, and the API and stage of a mapping",
        fill=_domain_name_changes,
    ),
)
