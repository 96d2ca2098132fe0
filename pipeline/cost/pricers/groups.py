"""Autoscaling groups, with the launch template or configuration that describes their instances."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers import instances
from pipeline.cost.pricers.entry import Entry, Unpriced, nothing
from pipeline.cost.pricers.machines import (
    CONFIGURATION,
    MACHINE_KEYS,
    TEMPLATE,
    Machine,
    Written,
    lines,
    times,
)
from pipeline.cost.pricing import Pricing, Subject, Unknown

INSTANCES = "instances"


def group(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_autoscaling_group``: the instances that are wanted, each with its disks.

    Instances of several kinds, or bought in several ways, are named as unpriced.
    """
    if subject.get("mixed_instances_policy"):
        return
    count = pricing.stated(subject, INSTANCES)
    if count is None:
        count = subject.number("desired_capacity", subject.number("min_size", 0))
    machine = Machine(subject, _written(subject, pricing), subnet="vpc_zone_identifier")
    note = f"{count:f} instance(s)"
    yield from times(lines(machine, pricing), count, note)


def _written(subject: Subject, pricing: Pricing) -> Written:
    if subject.get("launch_template"):
        return [(instances.template_of(subject, pricing), TEMPLATE)]
    name = "launch_configuration"
    if configuration := pricing.related(subject, name, "aws_launch_configuration"):
        return [(configuration, CONFIGURATION)]
    raise Unknown(name, subject.address)


_HOURS_ONLY = "it decides when instances come and go, and not how many are wanted"
_FREE_OF_TEMPLATES = {
    "block_device_mappings.ebs.snapshot_id": "what a disk begins with has no price; the disk has",
    "block_device_mappings.no_device": "it leaves out a disk that the image has",
    "capacity_reservation_specification": instances.RESERVATION,
    "cpu_options.core_count": instances.CPU_OPTIONS,
    "cpu_options.threads_per_core": instances.CPU_OPTIONS,
    "default_version": "the template is taken as the plan leaves it",
    "ebs_optimized": instances.OPTIMISED,
    "enclave_options": instances.ENCLAVE,
    "hibernation_options": "its memory is kept on the root disk, which is billed as it is",
    "image_id": "Linux is assumed; another system is stated as operating_system",
    "instance_initiated_shutdown_behavior": "it is priced as if it ran all the time",
    "instance_market_options.spot_options": "the market type decides",
    "kernel_id": "what an instance boots has no fee",
    "license_specification": "a licence of one's own is paid to its maker",
    "network_interfaces.associate_carrier_ip_address": "a carrier's address has no fee: "
    "https://aws.amazon.com/wavelength/pricing/",
    "network_interfaces.connection_tracking_specification": "a rule of the network has no fee",
    "network_interfaces.ena_srd_specification": "a faster network protocol without a fee",
    "network_interfaces.interface_type": "an interface costs nothing",
    "network_interfaces.ipv4_address_count": "private addresses cost nothing",
    "network_interfaces.ipv4_addresses": "private addresses cost nothing",
    "network_interfaces.ipv4_prefix_count": "private addresses cost nothing",
    "network_interfaces.ipv4_prefixes": "private addresses cost nothing",
    "network_interfaces.ipv6_prefix_count": "IPv6 addresses cost nothing",
    "network_interfaces.ipv6_prefixes": "IPv6 addresses cost nothing",
    "network_interfaces.primary_ipv6": "IPv6 addresses cost nothing",
    "network_interfaces.private_ip_address": "private addresses cost nothing",
    "network_interfaces.subnet_id": "where it is costs nothing",
    "placement.affinity": "it matters on a host of its own only, which is named",
    "placement.group_name": "a placement group costs nothing",
    "placement.partition_number": "a placement group costs nothing",
    "placement.spread_domain": "a placement group costs nothing",
    "ram_disk_id": "what an instance boots has no fee",
    "security_group_names": "rules cost nothing",
    "tag_specifications": "tags cost nothing",
    "update_default_version": "the template is taken as the plan leaves it",
}
_HOST = Unpriced("a host of its own, which is billed whole")

ENTRIES: dict[str, Entry] = {
    "aws_autoscaling_group": Entry(
        group,
        MACHINE_KEYS | {INSTANCES},
        free={
            "availability_zone_distribution": "it decides where instances are",
            "capacity_rebalance": "it matters for spot instances only, which are named",
            "capacity_reservation_specification": instances.RESERVATION,
            "context": "it is reserved",
            "default_cooldown": _HOURS_ONLY,
            "default_instance_warmup": _HOURS_ONLY,
            "desired_capacity_type": "it matters for several kinds only, which are named",
            "enabled_metrics": "no fee: https://docs.aws.amazon.com/autoscaling/ec2/userguide/"
            "ec2-auto-scaling-metrics.html",
            "force_delete_warm_pool": "it decides how Terraform deletes",
            "health_check_grace_period": _HOURS_ONLY,
            "health_check_type": _HOURS_ONLY,
            "ignore_failed_scaling_activities": "it decides how long Terraform waits",
            "initial_lifecycle_hook": "a hook has no fee; what it tells has its own",
            "instance_maintenance_policy": _HOURS_ONLY,
            "instance_refresh": _HOURS_ONLY,
            "launch_template.version": "the template is taken as the plan leaves it",
            "load_balancers": "the load balancer is billed by itself",
            "max_instance_lifetime": _HOURS_ONLY,
            "max_size": "what is wanted is priced; state instances for what runs on average",
            "metrics_granularity": "the metrics of a group have no fee",
            "min_elb_capacity": "it decides how long Terraform waits",
            "protect_from_scale_in": _HOURS_ONLY,
            "suspended_processes": _HOURS_ONLY,
            "tag": "tags cost nothing",
            "target_group_arns": "the load balancer is billed by itself",
            "termination_policies": _HOURS_ONLY,
            "traffic_source": "the load balancer is billed by itself",
            "wait_for_capacity_timeout": "it decides how long Terraform waits",
            "wait_for_elb_capacity": "it decides how long Terraform waits",
        },
        unpriced={
            "mixed_instances_policy": Unpriced("instances of several kinds or spot ones"),
            "warm_pool": Unpriced("instances that are kept ready, with their disks"),
        },
        other_usage_keys=instances.RESERVED,
    ),
    "aws_launch_configuration": Entry(
        nothing,
        free={
            "ebs_block_device.no_device": "it leaves out a disk that the image has",
            "ebs_block_device.snapshot_id": "what a disk begins with has no price; the disk has",
            "ebs_optimized": instances.OPTIMISED,
            "ephemeral_block_device": "the instance type's own storage is in its price",
            "image_id": "Linux is assumed; another system is stated as operating_system",
        },
        unpriced={
            "placement_tenancy": instances.TENANCY,
            "spot_price": instances.SPOT,
        },
    ),
    "aws_launch_template": Entry(
        nothing,
        free=_FREE_OF_TEMPLATES,
        unpriced={
            "block_device_mappings.ebs.volume_initialization_rate": Unpriced(
                "a disk that is filled at a set rate, by the GB"
            ),
            "cpu_options.amd_sev_snp": instances.SEV_SNP,
            "elastic_gpu_specifications": Unpriced("an attached GPU"),
            "elastic_inference_accelerator": Unpriced("an attached accelerator"),
            "instance_market_options.market_type": instances.SPOT,
            "instance_requirements": Unpriced("instances of whatever kind fits"),
            "placement.host_id": _HOST,
            "placement.host_resource_group_arn": _HOST,
            "placement.tenancy": instances.TENANCY,
        },
    ),
}
