"""An HTTP API (API Gateway v2) whose routes lead to Lambda aliases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from cdktf_cdktf_provider_aws.apigatewayv2_api import (
    Apigatewayv2Api,
    Apigatewayv2ApiCorsConfiguration,
)
from cdktf_cdktf_provider_aws.apigatewayv2_api_mapping import Apigatewayv2ApiMapping
from cdktf_cdktf_provider_aws.apigatewayv2_authorizer import (
    Apigatewayv2Authorizer,
    Apigatewayv2AuthorizerJwtConfiguration,
)
from cdktf_cdktf_provider_aws.apigatewayv2_domain_name import (
    Apigatewayv2DomainName,
    Apigatewayv2DomainNameDomainNameConfiguration,
)
from cdktf_cdktf_provider_aws.apigatewayv2_integration import Apigatewayv2Integration
from cdktf_cdktf_provider_aws.apigatewayv2_route import Apigatewayv2Route
from cdktf_cdktf_provider_aws.apigatewayv2_stage import (
    Apigatewayv2Stage,
    Apigatewayv2StageAccessLogSettings,
    Apigatewayv2StageDefaultRouteSettings,
    Apigatewayv2StageRouteSettings,
)
from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from constructs import Construct

from modules.api_gateway.routes import (
    Cors,
    CustomDomain,
    JwtAuthorizer,
    Route,
    Throttle,
    methods_of,
    permission_path,
    route_id,
    statement_id,
)
from modules.checkov import skip
from modules.encryption import EncryptionKey
from modules.lifecycle import replaced_with
from modules.logs import RetentionDays, log_group
from modules.naming import Naming

ACCESS_LOG_FIELDS = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "sourceIp": "$context.identity.sourceIp",
    "method": "$context.httpMethod",
    "routeKey": "$context.routeKey",
    "path": "$context.path",
    "status": "$context.status",
    "responseLength": "$context.responseLength",
    "responseLatencyMs": "$context.responseLatency",
    "integrationLatencyMs": "$context.integrationLatency",
    "integrationStatus": "$context.integration.status",
    "integrationError": "$context.integrationErrorMessage",
    "authorizerError": "$context.authorizer.error",
    "userAgent": "$context.identity.userAgent",
}
"""Source:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html"""


class HttpApi(Construct):
    """Routes, their integrations and permissions, then the stage that serves them.

    Attributes:
        api: the ``aws_apigatewayv2_api``.
        stage: the ``$default`` stage, deployed by itself when a route changes.
        log_group_name: the access log.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        routes: Mapping[str, Route],
        throttle: Throttle,
        key: EncryptionKey,
        log_retention_days: RetentionDays,
        authorizer: JwtAuthorizer | None = None,
        cors: Cors | None = None,
        domain: CustomDomain | None = None,
    ) -> None:
        """Create the API.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            routes: route key (``GET /health``) to where it leads.
            throttle: limit of each route that has none of its own.
            key: encrypts the access log.
            log_retention_days: when access log entries expire.
            authorizer: whose tokens are accepted; without one every route is open.
            cors: which web pages may call it; none by default.
            domain: a custom domain name; AWS's generated address is then switched off.

        Raises:
            ValueError: a route key is malformed, or there is no route.
        """
        super().__init__(scope, construct_id)
        if not routes:
            raise ValueError("an API needs at least one route")
        self._naming = naming
        self.api = Apigatewayv2Api(
            self,
            "api",
            name=naming.name("api"),
            description=naming.title,
            protocol_type="HTTP",
            disable_execute_api_endpoint=domain is not None,
            cors_configuration=_cors(cors, routes) if cors else None,
        )
        self._authorizer = self._jwt_authorizer(authorizer) if authorizer else None
        resources = [self._route(route_key, route) for route_key, route in routes.items()]
        group = log_group(
            self,
            "access-log",
            name=f"/aws/apigateway/{naming.name('api')}",
            key=key,
            retention_days=log_retention_days,
        )
        self.log_group_name = group.name
        self.stage = Apigatewayv2Stage(
            self,
            "stage",
            api_id=self.api.id,
            name="$default",
            auto_deploy=True,
            access_log_settings=Apigatewayv2StageAccessLogSettings(
                destination_arn=group.arn, format=json.dumps(ACCESS_LOG_FIELDS)
            ),
            default_route_settings=Apigatewayv2StageDefaultRouteSettings(
                detailed_metrics_enabled=True,
                throttling_rate_limit=throttle.rate,
                throttling_burst_limit=throttle.burst,
            ),
            route_settings=[
                Apigatewayv2StageRouteSettings(
                    route_key=route_key,
                    detailed_metrics_enabled=True,
                    throttling_rate_limit=route.throttle.rate,
                    throttling_burst_limit=route.throttle.burst,
                )
                for route_key, route in routes.items()
                if route.throttle
            ],
            # A stage refuses settings of a route that does not exist yet.
            depends_on=resources,
        )
        self._domain = self._attach_domain(domain) if domain else None

    @property
    def url(self) -> str:
        """Where the API answers, without a slash at the end (a token until apply)."""
        return f"https://{self._domain.domain_name}" if self._domain else self.api.api_endpoint

    def _route(self, route_key: str, route: Route) -> Apigatewayv2Route:
        guarded = self._authorizer is not None and route.authorized
        construct_id = route_id(route_key)
        resource = Apigatewayv2Route(
            self,
            f"route-{construct_id}",
            api_id=self.api.id,
            route_key=route_key,
            target=f"integrations/{self._integration(construct_id, route).id}",
            authorization_type="JWT" if guarded else "NONE",
            authorizer_id=self._authorizer.id if self._authorizer and guarded else None,
        )
        if not guarded:
            skip(
                resource,
                "CKV_AWS_309",
                reason="open on purpose: a liveness route, or an environment without sign-in yet",
            )
        LambdaPermission(
            self,
            f"permission-{construct_id}",
            statement_id=statement_id(self._naming.in_group("api"), route_key),
            action="lambda:InvokeFunction",
            function_name=route.function.function.id,
            qualifier=route.function.alias.name,
            principal="apigateway.amazonaws.com",
            source_arn=f"{self.api.execution_arn}/*/{permission_path(route_key)}",
            lifecycle=replaced_with(route.function.alias),
        )
        return resource

    def _integration(self, construct_id: str, route: Route) -> Apigatewayv2Integration:
        """One integration a route: its time-out can change without a new one."""
        return Apigatewayv2Integration(
            self,
            f"integration-{construct_id}",
            api_id=self.api.id,
            integration_type="AWS_PROXY",
            integration_method="POST",
            integration_uri=route.function.alias.invoke_arn,
            payload_format_version="2.0",
            timeout_milliseconds=route.timeout_ms,
        )

    def _jwt_authorizer(self, authorizer: JwtAuthorizer) -> Apigatewayv2Authorizer:
        return Apigatewayv2Authorizer(
            self,
            "authorizer",
            api_id=self.api.id,
            name=self._naming.name("jwt"),
            authorizer_type="JWT",
            identity_sources=["$request.header.Authorization"],
            jwt_configuration=Apigatewayv2AuthorizerJwtConfiguration(
                issuer=authorizer.issuer, audience=list(authorizer.audience)
            ),
        )

    def _attach_domain(self, domain: CustomDomain) -> Apigatewayv2DomainName:
        name = Apigatewayv2DomainName(
            self,
            "domain",
            domain_name=domain.name,
            domain_name_configuration=Apigatewayv2DomainNameDomainNameConfiguration(
                certificate_arn=domain.certificate_arn,
                endpoint_type="REGIONAL",
                security_policy="TLS_1_2",
            ),
        )
        Apigatewayv2ApiMapping(
            self,
            "domain-mapping",
            api_id=self.api.id,
            domain_name=name.id,
            stage=self.stage.id,
        )
        return name


def _cors(cors: Cors, routes: Iterable[str]) -> Apigatewayv2ApiCorsConfiguration:
    return Apigatewayv2ApiCorsConfiguration(
        allow_origins=list(cors.origins),
        allow_methods=list(cors.methods or methods_of(routes)),
        allow_headers=list(cors.headers),
        max_age=cors.max_age_seconds,
    )
