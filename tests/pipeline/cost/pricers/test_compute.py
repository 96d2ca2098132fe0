"""What instances, containers, disks and their like cost is named where it has no price."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from pipeline.cost.decisions import unpriced_arguments
from pipeline.cost.model import CostLine
from pipeline.cost.pricers import ENTRIES
from pipeline.cost.pricers.kubernetes import is_extended
from pipeline.cost.pricing import Unknown
from pipeline.errors import PipelineError
from tests.pipeline.cost.pricers.support import Case, TracedPricing, priced, resource

DISK = [{"volume_size": 8}]


def named(address: str, values: Mapping[str, Any]) -> list[str]:
    """The arguments that are named as unpriced."""
    subject = resource(address, values)
    pricing = TracedPricing((subject,), {})
    unpriced, _ = unpriced_arguments(ENTRIES[subject.type], subject, pricing)
    return [text.partition(":")[0] for text in unpriced]


@pytest.mark.parametrize(
    ("address", "values", "argument"),
    [
        ("aws_instance.x", {"tenancy": "dedicated"}, "tenancy"),
        ("aws_instance.x", {"tenancy": "host"}, "tenancy"),
        ("aws_instance.x", {"host_id": "h-1"}, "host_id"),
        (
            "aws_instance.x",
            {"instance_market_options": [{"market_type": "spot"}]},
            "instance_market_options.market_type",
        ),
        (
            "aws_instance.x",
            {"cpu_options": [{"amd_sev_snp": "enabled"}]},
            "cpu_options.amd_sev_snp",
        ),
        ("aws_spot_instance_request.x", {"instance_type": "m5.large"}, "instance_type"),
        ("aws_autoscaling_group.x", {"mixed_instances_policy": [{}]}, "mixed_instances_policy"),
        ("aws_autoscaling_group.x", {"warm_pool": [{"min_size": 2}]}, "warm_pool"),
        ("aws_launch_configuration.x", {"spot_price": "0.1"}, "spot_price"),
        ("aws_launch_template.x", {"placement": [{"tenancy": "host"}]}, "placement.tenancy"),
        ("aws_launch_template.x", {"instance_requirements": [{}]}, "instance_requirements"),
        ("aws_eks_node_group.x", {"capacity_type": "SPOT"}, "capacity_type"),
        ("aws_eks_cluster.x", {"compute_config": [{"enabled": True}]}, "compute_config.enabled"),
        ("aws_eks_cluster.x", {"remote_network_config": [{}]}, "remote_network_config"),
        ("aws_ecs_service.x", {"launch_type": "EXTERNAL"}, "launch_type"),
        ("aws_ebs_volume.x", {"outpost_arn": "arn"}, "outpost_arn"),
        ("aws_eip.x", {"ipam_pool_id": "ipam-pool-1"}, "ipam_pool_id"),
        ("aws_vpc_endpoint.x", {"service_region": "us-east-1"}, "service_region"),
        ("aws_vpn_connection.x", {"enable_acceleration": True}, "enable_acceleration"),
        ("aws_s3_bucket.x", {"acceleration_status": "Enabled"}, "acceleration_status"),
        ("aws_s3_bucket.x", {"replication_configuration": [{}]}, "replication_configuration"),
    ],
)
def test_what_has_no_price_is_named_by_its_argument(
    address: str, values: Mapping[str, Any], argument: str
) -> None:
    assert named(address, values) == [argument]


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("aws_instance.x", {"tenancy": "default", "cpu_options": [{"amd_sev_snp": "disabled"}]}),
        ("aws_instance.x", {"instance_market_options": [], "host_id": ""}),
        ("aws_launch_template.x", {"placement": [{"tenancy": "default"}]}),
        ("aws_eks_node_group.x", {"capacity_type": "ON_DEMAND"}),
        ("aws_eks_cluster.x", {"compute_config": [{"enabled": False}]}),
        ("aws_ecs_service.x", {"launch_type": "EC2"}),
        ("aws_vpn_connection.x", {"preshared_key_storage": "Standard"}),
        ("aws_s3_bucket.x", {"acceleration_status": "Suspended", "replication_configuration": []}),
    ],
)
def test_what_costs_nothing_is_not_named(address: str, values: Mapping[str, Any]) -> None:
    assert named(address, values) == []


def until_missing(case: Case) -> tuple[list[str], str]:
    """The lines that come all the same, and the price that is missing."""
    lines: list[CostLine] = []
    with pytest.raises(PipelineError) as raised:
        lines.extend(priced(case.of, case.pricing()))
    return [line.what for line in lines], str(raised.value)


def test_an_instance_without_a_price_has_its_disks_priced() -> None:
    values = {"instance_type": "p9.huge", "monitoring": True, "root_block_device": DISK}
    case = Case(name="", of=resource("aws_instance.i", values))

    known, missing = until_missing(case)

    assert known == ["detailed monitoring", "storage gp2"]
    assert "ec2.instance.p9.huge" in missing


def test_windows_is_never_priced_as_linux() -> None:
    values = {"instance_type": "m5.large", "root_block_device": DISK}
    of = resource("aws_instance.i", values)
    nodes = resource("aws_eks_node_group.n", {"ami_type": "WINDOWS_CORE_2022_x86_64"})
    task = resource(
        "aws_ecs_task_definition.t",
        {
            "id": "t",
            "cpu": "1024",
            "memory": "2048",
            "runtime_platform": [{"operating_system_family": "WINDOWS_SERVER_2022_CORE"}],
        },
    )
    service = {"launch_type": "FARGATE", "desired_count": 1, "task_definition": "t"}
    build = {"environment": [{"type": "WINDOWS_EC2", "compute_type": "BUILD_GENERAL1_SMALL"}]}

    for case, key in (
        (Case(name="", of=of, usage={"operating_system": "windows"}), "ec2.windows.instance."),
        (Case(name="", of=nodes), "ec2.windows.instance.t3.medium"),
        (
            Case(name="", of=resource("aws_ecs_service.s", service), beside=(task,)),
            "fargate.licence.windows",
        ),
        (Case(name="", of=resource("aws_codebuild_project.b", build)), "codebuild.windows."),
    ):
        known, missing = until_missing(case)
        assert key in missing
        assert [what for what in known if "instance" in what or "vCPU" in what] == []


def test_windows_nodes_have_a_larger_disk() -> None:
    values = {"ami_type": "WINDOWS_CORE_2022_x86_64", "scaling_config": [{"desired_size": 1}]}
    subject = resource("aws_eks_node_group.n", values)
    lines: list[CostLine] = []

    with pytest.raises(PipelineError):
        lines.extend(priced(subject, TracedPricing((subject,), {})))

    assert [line.quantity for line in lines if line.what == "storage gp2"] == [50]


def test_a_gateway_load_balancer_without_subnets_is_billed_in_one_zone_at_least() -> None:
    subject = resource("aws_lb.l", {"load_balancer_type": "gateway"})
    lines: list[CostLine] = []

    with pytest.raises(Unknown, match="subnets"):
        lines.extend(priced(subject, TracedPricing((subject,), {})))

    assert [line.quantity for line in lines if line.what == "gateway load balancer"] == [730]


def test_tasks_on_spare_capacity_are_named_and_the_others_priced() -> None:
    strategy = [
        {"capacity_provider": "FARGATE", "base": 1},
        {"capacity_provider": "FARGATE_SPOT", "weight": 1},
    ]
    values = {
        "desired_count": 3,
        "task_definition": "t",
        "capacity_provider_strategy": strategy,
    }
    task = resource("aws_ecs_task_definition.t", {"id": "t", "cpu": "256", "memory": "512"})
    case = Case(name="", of=resource("aws_ecs_service.s", values), beside=(task,))

    known, missing = until_missing(case)

    assert known == ["vCPU", "memory"]
    assert missing.startswith("Fargate Spot: ")


def test_a_firewall_that_looks_into_tls_is_named() -> None:
    policy = resource(
        "aws_networkfirewall_firewall_policy.p",
        {"arn": "arn:p", "firewall_policy": [{"tls_inspection_configuration_arn": "arn:t"}]},
    )
    values = {"subnet_mapping": [{}], "firewall_policy_arn": "arn:p"}
    case = Case(name="", of=resource("aws_networkfirewall_firewall.f", values), beside=(policy,))

    known, missing = until_missing(case)

    assert known == ["firewall", "data processed"]
    assert missing == "inspection of TLS: no price is known here"


@pytest.mark.parametrize("cpu", ["one", "1 vCPUs", "-1", "1 GHz"])
def test_a_size_of_a_task_that_aws_does_not_take_is_refused(cpu: str) -> None:
    task = resource("aws_ecs_task_definition.t", {"id": "t", "cpu": cpu, "memory": "512"})
    values = {"launch_type": "FARGATE", "desired_count": 1, "task_definition": "t"}
    case = Case(name="", of=resource("aws_ecs_service.s", values), beside=(task,))

    _, missing = until_missing(case)

    assert missing == (
        f"aws_ecs_task_definition.t: cpu '{cpu}' is no size; write it such as 1024 or 1 vCPU"
    )


@pytest.mark.parametrize(
    ("address", "values", "unknown"),
    [
        ("aws_instance.i", {"root_block_device": DISK}, "instance_type"),
        ("aws_instance.i", {"launch_template": [{"id": "lt-9"}]}, "launch_template"),
        ("aws_autoscaling_group.g", {"launch_configuration": "c"}, "launch_configuration"),
        ("aws_ebs_volume.v", {"snapshot_id": "snap-1"}, "size"),
        ("aws_ebs_snapshot.s", {"volume_id": "vol-9"}, "volume_id"),
        ("aws_lb.l", {"load_balancer_type": "network"}, "subnets"),
        ("aws_ecs_service.s", {"desired_count": 1, "cluster": "elsewhere"}, "launch_type"),
    ],
)
def test_what_another_place_decides_is_unknown(
    address: str, values: Mapping[str, Any], unknown: str
) -> None:
    subject = resource(address, values)

    with pytest.raises(Unknown) as raised:
        list(priced(subject, TracedPricing((subject,), {})))

    assert raised.value.path == unknown


def test_the_other_disks_are_priced_though_the_image_decides_on_one() -> None:
    values = {
        "instance_type": "m5.large",
        "ebs_block_device": [{"device_name": "/dev/sdb", "volume_size": 10}],
    }
    subject = resource("aws_instance.i", values)
    lines: list[CostLine] = []

    with pytest.raises(Unknown, match="root_block_device"):
        lines.extend(priced(subject, TracedPricing((subject,), {}, "us-east-1")))

    assert [line.what for line in lines] == ["instance m5.large, Linux", "storage gp2, /dev/sdb"]


@pytest.mark.parametrize(
    ("version", "today", "extended"),
    [
        ("1.31", date(2025, 11, 26), False),
        ("1.31", date(2025, 11, 27), True),
        ("1.29", date(2025, 1, 1), True),
        ("1.35", date(2027, 3, 27), False),
        ("1.99", date(2030, 1, 1), False),
        ("", date(2030, 1, 1), False),
    ],
)
def test_a_version_is_extended_from_the_day_after_its_standard_support(
    version: str, today: date, extended: bool
) -> None:
    assert is_extended(version, today) is extended


def test_what_is_no_version_is_refused() -> None:
    with pytest.raises(PipelineError, match=r"Kubernetes version 'latest' is none; write it"):
        is_extended("latest", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("kind", "dimension", "amount"),
    [
        ("application", "processed_bytes_gb", "730"),
        ("application", "new_connections", "25"),
        ("application", "active_connections", "3000"),
        ("application", "rule_evaluations", "1000"),
        ("network", "processed_bytes_gb", "730"),
        ("network", "new_connections", "800"),
        ("network", "active_connections", "100000"),
        ("gateway", "processed_bytes_gb", "730"),
        ("gateway", "new_connections", "600"),
        ("gateway", "active_connections", "60000"),
    ],
)
def test_a_capacity_unit_is_filled_by_the_dearest_of_its_dimensions(
    kind: str, dimension: str, amount: str
) -> None:
    values = {"load_balancer_type": kind, "internal": True, "subnets": ["s-1"]}
    usage = {"processed_bytes_gb": "1", dimension: amount}
    case = Case(name="", of=resource("aws_lb.l", values), usage=usage)
    line = next(line for line in case.lines() if line.what == "capacity units")

    # One unit, all the month long.
    assert line.usage_key == dimension
    assert line.quantity is not None
    assert round(line.quantity, 9) == 730


def test_a_share_of_several_says_how_many() -> None:
    template = resource(
        "aws_launch_template.t",
        {
            "id": "t",
            "instance_type": "m5.large",
            "network_interfaces": [{"associate_public_ip_address": False}],
            "block_device_mappings": [{"device_name": "/dev/xvda", "ebs": DISK}],
        },
    )
    group = {"desired_capacity": 3, "launch_template": [{"id": "t"}]}
    case = Case(
        name="",
        of=resource("aws_autoscaling_group.g", group),
        beside=(template,),
        region="us-east-1",
    )

    assert {line.note for line in case.lines()} == {"3 instance(s)"}
