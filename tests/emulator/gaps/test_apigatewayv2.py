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
