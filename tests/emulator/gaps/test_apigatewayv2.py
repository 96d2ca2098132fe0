"""Gaps of API Gateway v2."""

from __future__ import annotations

import pytest

from tests.emulator.conftest import Aws

CERTIFICATE = "arn:aws:acm:us-east-1:000000000001:certificate/one"


@pytest.mark.gap("apigatewayv2/domain-names")
def test_domain_names_become_available(aws: Aws) -> None:
    api = aws("apigatewayv2")
    api.create_domain_name(
        DomainName="api.example.com",
        DomainNameConfigurations=[
            {
                "CertificateArn": CERTIFICATE,
                "EndpointType": "REGIONAL",
                "SecurityPolicy": "TLS_1_2",
            }
        ],
    )

    found = api.get_domain_name(DomainName="api.example.com")

    [configuration] = found["DomainNameConfigurations"]
    assert configuration["DomainNameStatus"] == "AVAILABLE"
    assert configuration["CertificateArn"] == CERTIFICATE
    assert configuration["ApiGatewayDomainName"].endswith(".execute-api.us-east-1.amazonaws.com")
    assert configuration["HostedZoneId"]
    assert "MutualTlsAuthentication" not in found


@pytest.mark.gap("apigatewayv2/domain-names")
def test_domain_names_keep_mutual_tls(aws: Aws) -> None:
    made = aws("apigatewayv2").create_domain_name(
        DomainName="mutual.example.com",
        DomainNameConfigurations=[{"CertificateArn": CERTIFICATE}],
        MutualTlsAuthentication={"TruststoreUri": "s3://bucket/store.pem"},
    )

    assert made["MutualTlsAuthentication"] == {"TruststoreUri": "s3://bucket/store.pem"}
    assert made["DomainNameConfigurations"][0]["DomainNameStatus"] == "AVAILABLE"


@pytest.mark.gap("apigatewayv2/stage-changes")
def test_a_stage_can_be_changed(aws: Aws) -> None:
    api = aws("apigatewayv2")
    which = {
        "ApiId": api.create_api(Name="changed", ProtocolType="HTTP")["ApiId"],
        "StageName": "$default",
    }
    api.create_stage(
        **which,
        AutoDeploy=True,
        Description="kept",
        DefaultRouteSettings={"ThrottlingRateLimit": 20, "ThrottlingBurstLimit": 40},
    )

    api.update_stage(
        **which,
        DefaultRouteSettings={"ThrottlingRateLimit": 30},
        AccessLogSettings={"DestinationArn": "arn", "Format": "$context.requestId"},
    )

    found = api.get_stage(**which)
    assert found["DefaultRouteSettings"]["ThrottlingRateLimit"] == 30
    assert found["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 40
    assert found["AccessLogSettings"]["DestinationArn"] == "arn"
    assert (found["AutoDeploy"], found["Description"]) == (True, "kept")
    with pytest.raises(api.exceptions.NotFoundException):
        api.update_stage(ApiId=which["ApiId"], StageName="other")


@pytest.mark.gap("apigatewayv2/domain-name-changes")
def test_a_domain_name_can_be_changed(aws: Aws) -> None:
    api = aws("apigatewayv2")
    name = "changed.example.com"
    api.create_domain_name(
        DomainName=name, DomainNameConfigurations=[{"CertificateArn": CERTIFICATE}]
    )
    first, second = (
        api.create_api(Name=f"mapped-{number}", ProtocolType="HTTP")["ApiId"] for number in (1, 2)
    )
    for api_id in (first, second):
        api.create_stage(ApiId=api_id, StageName="$default")
    mapping = api.create_api_mapping(ApiId=first, DomainName=name, Stage="$default")["ApiMappingId"]

    api.update_domain_name(
        DomainName=name, DomainNameConfigurations=[{"CertificateArn": CERTIFICATE + "-new"}]
    )
    api.update_api_mapping(ApiId=second, ApiMappingId=mapping, DomainName=name)

    [configuration] = api.get_domain_name(DomainName=name)["DomainNameConfigurations"]
    assert configuration["CertificateArn"] == CERTIFICATE + "-new"
    assert configuration["DomainNameStatus"] == "AVAILABLE"
    found = api.get_api_mapping(ApiMappingId=mapping, DomainName=name)
    assert (found["ApiId"], found["Stage"]) == (second, "$default")
