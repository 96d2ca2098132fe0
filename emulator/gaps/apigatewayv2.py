"""API Gateway v2: custom domain names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.apigatewayv2.models import DomainName
from moto.moto_api._internal import mock_random

from emulator.gaps.registry import Gap, replace


def _domain_names() -> None:
    @replace(DomainName, "__init__")
    def _(original: Callable[..., None], self: DomainName, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        region = self.domain_name_arn.split(":")[3]
        # A target of the right shape: nothing answers there and no zone has that id.
        target = f"d-{mock_random.get_random_hex(10)}.execute-api.{region}.amazonaws.com"
        self.domain_name_configurations = [
            {
                "apiGatewayDomainName": target,
                "domainNameStatus": "AVAILABLE",
                "hostedZoneId": "Z0000000EMULATOR",
                **configuration,
            }
            for configuration in self.domain_name_configurations
        ]

    @replace(DomainName, "to_json")
    def _(original: Callable[..., dict[str, Any]], self: DomainName) -> dict[str, Any]:
        answer = original(self)
        if not answer["mutualTlsAuthentication"]:
            del answer["mutualTlsAuthentication"]
        return answer


GAPS = (
    Gap(
        service="apigatewayv2",
        name="domain-names",
        moto="gives a domain name no status and no target, and an empty mutual TLS block",
        aws="makes it available under a regional target, and has no such block unless asked",
        fill=_domain_names,
    ),
)
