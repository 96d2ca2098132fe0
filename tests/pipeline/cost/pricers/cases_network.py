"""The network, compute and containers, priced by hand for ap-southeast-1."""

from __future__ import annotations

from tests.pipeline.cost.pricers.support import Case, resource

ENDPOINT = resource(
    "aws_vpc_endpoint.e",
    {"vpc_endpoint_type": "Interface", "id": "vpce-1"},
    unknown={"subnet_ids": True},
)
TASK = resource(
    "aws_ecs_task_definition.t",
    {
        "cpu": "512",
        "memory": "1024",
        "runtime_platform": [{"cpu_architecture": "ARM64"}],
        "ephemeral_storage": [{"size_in_gib": 30}],
    },
)
INTEL_TASK = resource("aws_ecs_task_definition.t", {"cpu": "1024", "memory": "2048"})

CASES = (
    Case(
        name="nat-gateway",
        of=resource("aws_nat_gateway.n"),
        usage={"monthly_data_processed_gb": "100", "monthly_data_transfer_out_gb": "10"},
        monthly={
            "NAT gateway": "43.07",  # 730 x 0.059
            "data processed": "5.9",  # 100 x 0.059
            "data out to the internet": "1.2",  # 10 x 0.12
        },
    ),
    Case(
        name="public-address",
        of=resource("aws_eip.a"),
        monthly={"public IPv4 address": "3.65"},  # 730 x 0.005
    ),
    Case(
        name="gateway-endpoint",
        of=resource("aws_vpc_endpoint.e", {"vpc_endpoint_type": "Gateway"}),
        monthly={},
    ),
    Case(
        name="interface-endpoint-by-associations",
        of=ENDPOINT,
        beside=(
            resource("aws_vpc_endpoint_subnet_association.a", {"vpc_endpoint_id": "vpce-1"}),
            resource(
                "aws_vpc_endpoint_subnet_association.b",
                references={"vpc_endpoint_id": ("aws_vpc_endpoint.e",)},
            ),
            resource("aws_vpc_endpoint_subnet_association.c", {"vpc_endpoint_id": "vpce-2"}),
        ),
        usage={"monthly_data_processed_gb": "50"},
        monthly={
            "data processed": "0.5",  # 50 x 0.01
            "interface endpoint": "18.98",  # 2 subnets x 730 x 0.013
        },
    ),
    Case(
        name="interface-endpoint-by-its-list",
        of=resource(
            "aws_vpc_endpoint.e",
            {"vpc_endpoint_type": "Interface", "subnet_ids": ["s-1", "s-2", "s-3"]},
        ),
        usage={"monthly_data_processed_gb": "0"},
        monthly={"data processed": "0", "interface endpoint": "28.47"},  # 3 x 730 x 0.013
    ),
    Case(
        name="interface-endpoint-by-references",
        of=resource(
            "aws_vpc_endpoint.e",
            {"vpc_endpoint_type": "Interface"},
            unknown={"subnet_ids": True},
            references={"subnet_ids": ("aws_subnet.a", "aws_subnet.b")},
        ),
        usage={"monthly_data_processed_gb": "0"},
        monthly={"data processed": "0", "interface endpoint": "18.98"},
    ),
    Case(
        name="flow-log-to-cloudwatch",
        of=resource("aws_flow_log.f", {"log_destination_type": "cloud-watch-logs"}),
        usage={"monthly_data_ingested_gb": "10"},
        monthly={"flow logs to cloud-watch-logs": "7"},  # 10 x 0.70
    ),
    Case(
        name="flow-log-above-ten-terabytes",
        of=resource("aws_flow_log.f", {"log_destination_type": "cloud-watch-logs"}),
        usage={"monthly_data_ingested_gb": "10340"},
        monthly={"flow logs to cloud-watch-logs": "7203"},  # 10240 x 0.70 + 100 x 0.35
    ),
    Case(
        name="flow-log-to-s3",
        of=resource("aws_flow_log.f", {"log_destination_type": "s3"}),
        usage={"monthly_data_ingested_gb": "10"},
        monthly={"flow logs to s3": "3.5"},  # 10 x 0.35
    ),
    Case(
        name="public-load-balancer",
        of=resource("aws_lb.l", {"internal": False, "subnets": ["s-1", "s-2"]}),
        usage={
            "processed_bytes_gb": "100",
            "new_connections": "50",
            "active_connections": "3000",
            "monthly_data_transfer_out_gb": "1",
        },
        monthly={
            "application load balancer": "18.396",  # 730 x 0.0252
            "capacity units": "11.68",  # 50 / 25 x 730 x 0.008: more than bytes or connections
            "data out to the internet": "0.12",
            "public IPv4 addresses": "7.3",  # 2 x 730 x 0.005
        },
    ),
    Case(
        name="internal-network-load-balancer",
        of=resource("aws_alb.l", {"load_balancer_type": "network", "internal": True}),
        usage={
            "processed_bytes_gb": "100",
            "new_connections": "0",
            "active_connections": "0",
            "monthly_data_transfer_out_gb": "0",
        },
        monthly={
            "network load balancer": "18.396",
            "capacity units": "0.6",  # 100 x 0.006
            "data out to the internet": "0",
        },
    ),
    Case(
        name="fargate-arm",
        of=resource(
            "aws_ecs_service.s",
            {
                "launch_type": "FARGATE",
                "desired_count": 2,
                "network_configuration": [{"assign_public_ip": True}],
            },
            references={"task_definition": ("aws_ecs_task_definition.t",)},
        ),
        beside=(TASK,),
        monthly={
            "vCPU": "29.5285",  # 2 x 0.5 x 730 x 0.04045
            "memory": "6.4532",  # 2 x 1 x 730 x 0.00442
            "storage above 20 GB": "1.9418",  # 2 x 10 x 730 x 0.000133
            "public IPv4 addresses": "7.3",
        },
    ),
    Case(
        name="fargate-intel",
        of=resource(
            "aws_ecs_service.s",
            {"launch_type": "FARGATE", "desired_count": 1},
            references={"task_definition": ("aws_ecs_task_definition.t",)},
        ),
        beside=(INTEL_TASK,),
        monthly={
            "vCPU": "36.9088",  # 730 x 0.05056
            "memory": "8.0738",  # 2 x 730 x 0.00553
        },
    ),
    Case(
        name="ecs-on-ec2",
        of=resource("aws_ecs_service.s", {"launch_type": "EC2"}),
        monthly={},
    ),
    Case(
        name="ec2-instance",
        of=resource(
            "aws_instance.i",
            {
                "instance_type": "t3.micro",
                "associate_public_ip_address": True,
                "root_block_device": [{"volume_size": 10, "volume_type": "gp3"}],
            },
        ),
        monthly={
            "instance t3.micro, Linux": "9.636",  # 730 x 0.0132
            "public IPv4 address": "3.65",
            "storage gp3": "0.96",  # 10 x 0.096
        },
    ),
)
