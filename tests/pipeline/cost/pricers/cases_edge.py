"""CloudFront, Route 53 and builds, priced by hand."""

from __future__ import annotations

from collections.abc import Iterator

from tests.pipeline.cost.pricers.support import Case, resource

US = "us-east-1"
EDGES = {  # USD for 1 GB out, 10,000 requests by HTTPS, as many by HTTP, and 1 GB to the origin
    "asia_pacific": ("0.12", "0.012", "0.009", "0.06"),
    "australia": ("0.114", "0.0125", "0.009", "0.08"),
    "canada": ("0.085", "0.01", "0.0075", "0.02"),
    "europe": ("0.085", "0.012", "0.009", "0.02"),
    "india": ("0.109", "0.012", "0.009", "0.16"),
    "japan": ("0.114", "0.012", "0.009", "0.06"),
    "middle_east": ("0.11", "0.012", "0.009", "0.06"),
    "south_africa": ("0.11", "0.012", "0.009", "0.06"),
    "south_america": ("0.11", "0.022", "0.016", "0.125"),
    "us": ("0.085", "0.01", "0.0075", "0.02"),
}
SHIELDS = {  # USD for 10,000 requests
    "australia": "0.009",
    "europe": "0.009",
    "india": "0.009",
    "japan": "0.009",
    "singapore": "0.009",
    "south_america": "0.016",
    "south_korea": "0.009",
    "us": "0.0075",
}


def by_edge() -> Iterator[Case]:
    for edge, (out, https, http, back) in EDGES.items():
        where = edge.replace("_", " ")
        yield Case(
            name=f"distribution-read-in-{edge}",
            of=resource("aws_cloudfront_distribution.d"),
            usage={
                f"monthly_data_transfer_to_internet_gb.{edge}": "1",
                f"monthly_https_requests.{edge}": "10000",
                f"monthly_http_requests.{edge}": "10000",
                f"monthly_data_transfer_to_origin_gb.{edge}": "1",
            },
            monthly={
                f"data out, {where}": out,
                f"HTTPS requests, {where}": https,
                f"HTTP requests, {where}": http,
                f"data to the origin, {where}": back,
            },
        )


CASES = (
    *by_edge(),
    Case(
        name="distribution-of-many-terabytes",
        of=resource(
            "aws_cloudfront_distribution.d",
            {"viewer_certificate": [], "ordered_cache_behavior": [{}]},
        ),
        usage={"monthly_data_transfer_to_internet_gb.us": "12340000"},
        monthly={
            # 10240 x 0.085 + 40960 x 0.08 + 102400 x 0.06 + 358400 x 0.04 + 536576 x 0.03
            # + 4194304 x 0.025 + 7097120 x 0.02
            "data out, us": "287524.48"
        },
    ),
    Case(
        name="distribution-with-everything",
        of=resource(
            "aws_cloudfront_distribution.d",
            {
                "viewer_certificate": [{"ssl_support_method": "vip"}],
                "origin": [
                    {"origin_shield": [{"enabled": True, "origin_shield_region": US}]},
                    {"origin_shield": []},
                ],
                "default_cache_behavior": [{"field_level_encryption_id": "f"}],
                "ordered_cache_behavior": [
                    {"lambda_function_association": [{}], "realtime_log_config_arn": "arn"}
                ],
            },
        ),
        usage={
            "monthly_data_transfer_to_internet_gb.asia_pacific": "0",
            "monthly_shield_requests.us": "1000000",
            "monthly_encryption_requests": "1000000",
            "monthly_log_lines": "5000000",
            "monthly_lambda_edge_requests": "2000000",
            "monthly_lambda_edge_gb_seconds": "100000",
            "monthly_invalidation_requests": "1200",
        },
        monthly={
            "data out, asia pacific": "0",
            "requests to the origin shield, us": "0.75",  # 100 x 0.0075
            "requests with encrypted fields": "2",  # 100 x 0.02
            "lines of real-time logs": "0.05",  # 5 x 0.01
            "functions of Lambda@Edge": "1.2",  # 2 x 0.60
            "duration of Lambda@Edge": "5.001",  # 100000 x 0.00005001
            "invalidated paths": "1",  # 1000 are free: 200 x 0.005
            "certificate with addresses of its own": "600",
        },
    ),
    Case(
        name="distribution-of-which-only-certificates-and-shields-are-stated",
        region=US,
        of=resource("aws_cloudfront_distribution.d"),
        usage={
            "custom_ssl_certificates": "2",
            **{f"monthly_shield_requests.{name}": "10000" for name in SHIELDS},
        },
        monthly={
            "data out, us": None,
            "HTTPS requests, us": None,
            **{
                f"requests to the origin shield, {name.replace('_', ' ')}": price
                for name, price in SHIELDS.items()
            },
            "certificate with addresses of its own": "1200",
        },
    ),
    Case(
        name="function-of-cloudfront",
        of=resource("aws_cloudfront_function.f"),
        usage={"monthly_requests": "3000000"},
        monthly={"invocations": "0.3"},
    ),
    Case(
        name="record-by-latency",
        of=resource("aws_route53_record.r", {"latency_routing_policy": [{"region": US}]}),
        usage={"monthly_latency_based_queries": "1200000000"},
        monthly={"queries, latency": "660"},  # 1000 x 0.60 + 200 x 0.30
    ),
    Case(
        name="record-by-place",
        of=resource("aws_route53_record.r", {"geolocation_routing_policy": [{"country": "SG"}]}),
        usage={"monthly_geo_queries": "1000000"},
        monthly={"queries, geo": "0.7"},
    ),
    Case(
        name="record-by-nearness",
        of=resource("aws_route53_record.r", {"geoproximity_routing_policy": [{"bias": 1}]}),
        usage={"monthly_geoproximity_queries": "1000000"},
        monthly={"queries, geoproximity": "0.7"},
    ),
    Case(
        name="record-by-network",
        of=resource("aws_route53_record.r", {"cidr_routing_policy": [{"location_name": "l"}]}),
        usage={"monthly_ip_based_queries": "1000000"},
        monthly={"queries, ip based": "0.8"},
    ),
    Case(
        name="health-check-with-every-option",
        of=resource(
            "aws_route53_health_check.h",
            {
                "type": "HTTPS_STR_MATCH",
                "request_interval": 10,
                "measure_latency": True,
                "fqdn": "e.example",
            },
        ),
        monthly={"health check": "0.5", "options": "4"},  # 4 x 1.00
    ),
    Case(
        name="health-check-outside-aws",
        of=resource("aws_route53_health_check.h", {"type": "HTTPS"}),
        usage={"endpoint_type": "non_aws"},
        monthly={"health check": "0.75", "options": "2"},
    ),
    Case(
        name="resolver-endpoint",
        of=resource(
            "aws_route53_resolver_endpoint.e",
            {"ip_address": [{"subnet_id": "a"}, {"subnet_id": "b"}]},
        ),
        usage={"monthly_queries": "1000000"},
        monthly={"queries": "0.4", "resolver endpoint": "182.5"},  # 2 x 730 x 0.125
    ),
    Case(
        name="traffic-policy",
        of=resource("aws_route53_traffic_policy_instance.p"),
        monthly={"record of a traffic policy": "50"},
    ),
    Case(
        name="names-that-the-resolver-blocks",
        of=resource("aws_route53_resolver_firewall_domain_list.l", {"domains": ["a", "b"]}),
        monthly={"names": "0.001"},  # 2 x 0.0005
    ),
    Case(
        name="builds-on-windows",
        region=US,
        of=resource(
            "aws_codebuild_project.b",
            {
                "environment": [
                    {
                        "compute_type": "BUILD_GENERAL1_LARGE",
                        "type": "WINDOWS_SERVER_2019_CONTAINER",
                    }
                ]
            },
        ),
        usage={"monthly_build_mins": "100000"},
        monthly={"build minutes, windows.general1.large": "3600"},  # 100000 x 0.036
    ),
    Case(
        name="builds-on-a-fleet",
        of=resource(
            "aws_codebuild_project.b",
            {"environment": [{"fleet": [{"fleet_arn": "arn"}], "type": "LINUX_CONTAINER"}]},
        ),
        monthly={},
    ),
    *(
        Case(
            name=f"builds-{kind}-{size}",
            of=resource(
                "aws_codebuild_project.b",
                {"environment": [{"compute_type": f"BUILD_{size}", "type": kind}]},
            ),
            usage={"monthly_build_mins": "1000"},
            monthly={f"build minutes, {price}": usd},
        )
        for kind, size, price, usd in (
            ("LINUX_CONTAINER", "GENERAL1_XLARGE", "general1.xlarge", "92.1"),
            ("LINUX_CONTAINER", "GENERAL1_2XLARGE", "general1.2xlarge", "250"),
            ("ARM_CONTAINER", "GENERAL1_2XLARGE", "arm1.2xlarge", "90"),
            ("LINUX_LAMBDA_CONTAINER", "LAMBDA_1GB", "lambda.x86.1gb", "1.2"),
            ("LINUX_LAMBDA_CONTAINER", "LAMBDA_2GB", "lambda.x86.2gb", "2.4"),
            ("LINUX_LAMBDA_CONTAINER", "LAMBDA_4GB", "lambda.x86.4gb", "4.8"),
            ("LINUX_LAMBDA_CONTAINER", "LAMBDA_8GB", "lambda.x86.8gb", "9.6"),
            ("LINUX_LAMBDA_CONTAINER", "LAMBDA_10GB", "lambda.x86.10gb", "12"),
            ("ARM_LAMBDA_CONTAINER", "LAMBDA_1GB", "lambda.arm.1gb", "0.6"),
            ("ARM_LAMBDA_CONTAINER", "LAMBDA_2GB", "lambda.arm.2gb", "1.2"),
            ("ARM_LAMBDA_CONTAINER", "LAMBDA_4GB", "lambda.arm.4gb", "2.4"),
            ("ARM_LAMBDA_CONTAINER", "LAMBDA_8GB", "lambda.arm.8gb", "4.8"),
            ("ARM_LAMBDA_CONTAINER", "LAMBDA_10GB", "lambda.arm.10gb", "6"),
        )
    ),
)
