"""The network, compute and containers, priced by hand for ap-southeast-1."""

from __future__ import annotations

from dataclasses import replace

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

_CASES = (
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
        name="flow-log-to-s3-as-parquet",
        of=resource(
            "aws_flow_log.f",
            {"log_destination_type": "s3", "destination_options": [{"file_format": "parquet"}]},
        ),
        usage={"monthly_data_ingested_gb": "10"},
        monthly={"flow logs to s3": "3.5", "conversion to Parquet": "0.49"},  # 10 x 0.049
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
        name="fargate-by-words",
        region="us-east-1",
        of=resource(
            "aws_ecs_service.s",
            {
                "launch_type": "FARGATE",
                "desired_count": 1,
                "task_definition": "f:3",
                "volume_configuration": [
                    {"managed_ebs_volume": [{"size_in_gb": 10, "volume_type": "gp3"}]},
                    {"managed_ebs_volume": [{"size_in_gb": 10, "volume_type": "standard"}]},
                ],
            },
        ),
        usage={"monthly_standard_io_requests": "1000000"},
        beside=(
            resource(
                "aws_ecs_task_definition.t", {"family": "f", "cpu": "1 vCPU", "memory": "2 GB"}
            ),
        ),
        monthly={
            "vCPU": "29.5504",  # 730 x 0.04048
            "memory": "6.4897",  # 2 x 730 x 0.004445
            "storage gp3": "0.8",  # 10 x 0.08
            "storage standard": "0.5",  # 10 x 0.05
            "I/O requests": "0.05",
        },
    ),
    Case(
        name="fargate-by-a-strategy",
        of=resource(
            "aws_ecs_service.s",
            {
                "desired_count": 5,
                "capacity_provider_strategy": [
                    {"capacity_provider": "FARGATE", "base": 1, "weight": 1},
                    {"capacity_provider": "instances", "weight": 3},
                ],
            },
            references={"task_definition": ("aws_ecs_task_definition.t",)},
        ),
        beside=(INTEL_TASK,),
        monthly={
            "vCPU": "73.8176",  # 1 + 4 x 1/4 = 2 tasks: 2 x 730 x 0.05056
            "memory": "16.1476",  # 2 x 2 x 730 x 0.00553
        },
    ),
    Case(
        name="fargate-as-the-cluster-says",
        of=resource(
            "aws_ecs_service.s",
            {"desired_count": 1},
            references={
                "task_definition": ("aws_ecs_task_definition.t",),
                "cluster": ("aws_ecs_cluster.c",),
            },
        ),
        beside=(
            INTEL_TASK,
            resource("aws_ecs_cluster.c", {"name": "c"}),
            resource(
                "aws_ecs_cluster_capacity_providers.p",
                {
                    "cluster_name": "c",
                    "default_capacity_provider_strategy": [
                        {"capacity_provider": "FARGATE", "weight": 100}
                    ],
                },
            ),
        ),
        monthly={"vCPU": "36.9088", "memory": "8.0738"},
    ),
    Case(
        name="fargate-as-the-task-says-and-autoscaling-keeps",
        of=resource(
            "aws_ecs_service.s",
            references={"task_definition": ("aws_ecs_task_definition.t",)},
        ),
        beside=(
            resource(
                "aws_ecs_task_definition.t",
                {"cpu": ".5 vCPU", "memory": "1GB", "requires_compatibilities": ["FARGATE"]},
            ),
            resource(
                "aws_appautoscaling_target.a",
                {"min_capacity": 2},
                references={"resource_id": ("aws_ecs_service.s",)},
            ),
        ),
        monthly={
            "vCPU": "36.9088",  # 2 x 0.5 x 730 x 0.05056
            "memory": "8.0738",  # 2 x 1 x 730 x 0.00553
        },
    ),
    Case(
        name="service-of-a-cluster-of-instances",
        of=resource(
            "aws_ecs_service.s",
            {"desired_count": 1},
            references={"cluster": ("aws_ecs_cluster.c",)},
        ),
        beside=(resource("aws_ecs_cluster.c"),),
        monthly={},
    ),
    Case(name="task", of=TASK, monthly={}),
    Case(
        name="gateway-load-balancer-endpoint",
        of=resource(
            "aws_vpc_endpoint.e",
            {"vpc_endpoint_type": "GatewayLoadBalancer", "subnet_ids": ["s-1"]},
        ),
        usage={"monthly_data_processed_gb": "100"},
        monthly={
            "data processed": "0.35",  # 100 x 0.0035
            "endpoint GatewayLoadBalancer": "9.49",  # 730 x 0.013
        },
    ),
    Case(
        name="endpoint-by-configured-subnets",
        of=resource(
            "aws_vpc_endpoint.e",
            {
                "vpc_endpoint_type": "Interface",
                "subnet_configuration": [
                    {"subnet_id": "s-1", "ipv4": "10.0.0.1"},
                    {"subnet_id": "s-2", "ipv4": "10.0.1.1"},
                ],
            },
        ),
        usage={"monthly_data_processed_gb": "0"},
        monthly={"data processed": "0", "interface endpoint": "18.98"},
    ),
    Case(
        name="private-nat-gateway",
        of=resource("aws_nat_gateway.n", {"connectivity_type": "private"}),
        usage={"monthly_data_processed_gb": "0"},
        monthly={"NAT gateway": "43.07", "data processed": "0"},
    ),
    Case(
        name="address-of-ones-own",
        of=resource("aws_eip.a", {"public_ipv4_pool": "ipv4pool-ec2-1"}),
        monthly={},
    ),
    Case(
        name="gateway-load-balancer",
        of=resource("aws_lb.l", {"load_balancer_type": "gateway", "subnets": ["s-1", "s-2"]}),
        usage={"processed_bytes_gb": "1000", "new_connections": "600"},
        monthly={
            "gateway load balancer": "20.44",  # 2 x 730 x 0.014
            "capacity units": "4",  # 1000 x 0.004: more than 600 / 600 x 730
        },
    ),
    Case(
        name="network-load-balancer-with-a-given-address",
        of=resource(
            "aws_lb.l",
            {
                "load_balancer_type": "network",
                "enable_cross_zone_load_balancing": True,
                "subnet_mapping": [
                    {"subnet_id": "s-1", "allocation_id": "eipalloc-1"},
                    {"subnet_id": "s-2"},
                ],
            },
        ),
        usage={
            "processed_bytes_gb": "0",
            "monthly_data_transfer_out_gb": "0",
            "monthly_cross_zone_gb": "100",
        },
        monthly={
            "network load balancer": "18.396",
            "capacity units": "0",
            "data out to the internet": "0",
            "data between zones": "2",  # 2 x 100 x 0.01
            "public IPv4 addresses": "3.65",  # the other is an aws_eip
        },
    ),
    Case(
        name="application-load-balancer-with-rules-and-reserved-capacity",
        of=resource(
            "aws_lb.l",
            {
                "internal": False,
                "ip_address_type": "dualstack-without-public-ipv4",
                "minimum_load_balancer_capacity": [{"capacity_units": 100}],
            },
        ),
        usage={"rule_evaluations": "2000", "monthly_data_transfer_out_gb": "0"},
        monthly={
            "application load balancer": "18.396",
            "capacity units": "11.68",  # 2000 / 1000 x 730 x 0.008
            "data out to the internet": "0",
            "reserved capacity": "584",  # 100 x 730 x 0.008
        },
    ),
    Case(
        name="classic-load-balancer",
        of=resource("aws_elb.l", {"subnets": ["s-1", "s-2"]}),
        usage={"monthly_data_processed_gb": "100", "monthly_data_transfer_out_gb": "0"},
        monthly={
            "classic load balancer": "20.44",  # 730 x 0.028
            "data processed": "0.8",  # 100 x 0.008
            "data out to the internet": "0",
            "public IPv4 addresses": "7.3",
        },
    ),
    Case(
        name="internal-classic-load-balancer",
        of=resource("aws_elb.l", {"internal": True, "availability_zones": ["a"]}),
        usage={"monthly_data_processed_gb": "0", "monthly_data_transfer_out_gb": "0"},
        monthly={
            "classic load balancer": "20.44",
            "data processed": "0",
            "data out to the internet": "0",
        },
    ),
    Case(
        name="attachment-of-a-vpc",
        of=resource("aws_ec2_transit_gateway_vpc_attachment.a"),
        usage={"monthly_data_processed_gb": "100"},
        monthly={"attachment": "51.1", "data sent": "2"},  # 730 x 0.07; 100 x 0.02
    ),
    Case(
        name="attachment-of-a-peer",
        of=resource("aws_ec2_transit_gateway_peering_attachment.a"),
        monthly={"attachment": "51.1"},
    ),
    Case(
        name="attachment-of-a-peer-on-the-other-side",
        of=resource("aws_ec2_transit_gateway_peering_attachment_accepter.a"),
        monthly={"attachment": "51.1"},
    ),
    Case(
        name="attachment-of-a-connection",
        of=resource("aws_ec2_transit_gateway_connect.a"),
        monthly={"attachment": "51.1"},
    ),
    Case(
        name="vpn-of-people",
        of=resource("aws_ec2_client_vpn_endpoint.v"),
        usage={"monthly_connection_hours": "1000"},
        monthly={"connections": "50"},  # 1000 x 0.05
    ),
    Case(
        name="subnet-of-a-vpn-of-people",
        of=resource("aws_ec2_client_vpn_network_association.a"),
        monthly={"association of a subnet": "109.5"},  # 730 x 0.15
    ),
    Case(
        name="firewall",
        of=resource(
            "aws_networkfirewall_firewall.f",
            {
                "subnet_mapping": [{"subnet_id": "s-1"}, {"subnet_id": "s-2"}],
                "firewall_policy_arn": "arn:policy",
            },
        ),
        beside=(
            resource(
                "aws_networkfirewall_firewall_policy.p",
                {"arn": "arn:policy", "firewall_policy": [{}]},
            ),
        ),
        usage={"monthly_data_processed_gb": "100"},
        monthly={
            "firewall": "576.7",  # 2 x 730 x 0.395
            "data processed": "6.5",  # 100 x 0.065
        },
    ),
    Case(
        name="trust-store",
        of=resource("aws_lb_trust_store.t"),
        monthly={"trust store": "4.088"},  # 730 x 0.0056
    ),
    Case(
        name="vpn-on-a-private-gateway",
        of=resource("aws_vpn_connection.v", {"vpn_gateway_id": "vgw-1"}),
        usage={"monthly_data_transfer_out_gb": "10"},
        monthly={"VPN connection": "36.5", "data out to the internet": "1.2"},  # 730 x 0.05
    ),
    Case(
        name="vpn-on-a-transit-gateway",
        of=resource("aws_vpn_connection.v", unknown={"transit_gateway_id": True}),
        usage={"monthly_data_processed_gb": "100", "monthly_data_transfer_out_gb": "0"},
        monthly={
            "VPN connection": "36.5",
            "attachment": "51.1",
            "data sent": "2",
            "data out to the internet": "0",
        },
    ),
)
CASES = (
    *_CASES,
    *(
        replace(
            case,
            name=f"{case.name}-by-its-older-name",
            of=replace(case.of, type="aws_alb", address="aws_alb.l"),
        )
        for case in _CASES
        if case.of.type == "aws_lb"
    ),
)
