"""API Gateway: two APIs may have one name."""

from __future__ import annotations

from recovery.adopt.rule import Rule, listed

RULES = {
    "aws_apigatewayv2_api": Rule(
        look=listed("apigatewayv2.get_apis", "Items"),
        same={"Name": "name", "ProtocolType": "protocol_type"},
        tags="Tags",
        id="{ApiId}",
        several=True,
        arn="apigateway:apis",
        removal="apigatewayv2 delete-api --api-id {id}",
    ),
    "aws_apigatewayv2_integration": Rule(
        look=listed("apigatewayv2.get_integrations", "Items", ApiId="{api_id}"),
        same={"IntegrationType": "integration_type", "IntegrationUri": "integration_uri"},
        id="{api_id}/{IntegrationId}",
        # Each route has one of its own, and they differ in nothing.
        alike=True,
    ),
    "aws_apigatewayv2_route": Rule(
        look=listed("apigatewayv2.get_routes", "Items", ApiId="{api_id}"),
        same={"RouteKey": "route_key"},
        id="{api_id}/{RouteId}",
    ),
    "aws_apigatewayv2_stage": Rule(
        look=listed("apigatewayv2.get_stages", "Items", ApiId="{api_id}"),
        same={"StageName": "name"},
        id="{api_id}/{name}",
    ),
}
