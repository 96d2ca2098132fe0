"""EC2 instances by themselves, and the decisions that all who start some share."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry, Unpriced
from pipeline.cost.pricers.machines import (
    INSTANCE,
    MACHINE_KEYS,
    SHARED_TENANCY,
    SYSTEM,
    TEMPLATE,
    Machine,
    lines,
)
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

HOURS_RUN = "monthly_hrs"
RESERVED = dict.fromkeys(
    ("reserved_instance_type", "reserved_instance_term", "reserved_instance_payment_option"),
    "the price on demand is taken",
)
"""Infracost's keys for reserved instances."""


def instance(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_instance``, on demand; what it doesn't say itself its launch template says."""
    written = [(subject, INSTANCE)]
    if subject.get("launch_template"):
        written += [(template_of(subject, pricing), TEMPLATE)]
    stated = pricing.stated(subject, HOURS_RUN)
    hours = HOURS if stated is None else stated
    yield from lines(Machine(subject, written), pricing, hours)


def spot(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_spot_instance_request``: what is beside the instance has prices."""
    written = [(subject, INSTANCE)]
    if subject.get("launch_template"):
        written += [(template_of(subject, pricing), TEMPLATE)]
    yield from lines(Machine(subject, written, spot=True), pricing)


def template_of(subject: Subject, pricing: Pricing) -> Subject:
    """The launch template that a resource names.

    Raises:
        Unknown: it is not in the plan.
    """
    for name in ("id", "name"):
        path = f"launch_template.0.{name}"
        if template := pricing.related(subject, path, "aws_launch_template"):
            return template
    raise Unknown("launch_template", subject.address)


TENANCY = Unpriced(
    "hardware of its own, and 2 USD an hour for the region: "
    "https://aws.amazon.com/ec2/pricing/dedicated-instances/",
    (SHARED_TENANCY,),
)
SPOT = Unpriced("a spot price, which changes by the hour")
SEV_SNP = Unpriced(
    "a tenth more an hour: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sev-snp.html",
    ("disabled",),
)
CPU_OPTIONS = (
    "no fee: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-optimize-cpu.html"
)
OPTIMISED = "all but types of former generations include it: https://aws.amazon.com/ec2/pricing/"
ENCLAVE = "no fee: https://docs.aws.amazon.com/enclaves/latest/user/nitro-enclave.html"
RESERVATION = "an aws_ec2_capacity_reservation is billed, or the instance in it, not both"
_HOST = Unpriced("a host of its own, which is billed whole")

_FREE = {
    "ami": "Linux is assumed; another system is stated as operating_system",
    "capacity_reservation_specification": RESERVATION,
    "cpu_core_count": CPU_OPTIONS,
    "cpu_options.core_count": CPU_OPTIONS,
    "cpu_options.threads_per_core": CPU_OPTIONS,
    "cpu_threads_per_core": CPU_OPTIONS,
    "ebs_block_device.snapshot_id": "what a disk begins with has no price; the disk has",
    "ebs_optimized": OPTIMISED,
    "enclave_options": ENCLAVE,
    "enable_primary_ipv6": "IPv6 addresses cost nothing",
    "ephemeral_block_device": "the instance type's own storage is in its price",
    "hibernation": "its memory is kept on the root disk, which is billed as it is",
    "instance_initiated_shutdown_behavior": "it is priced as if it ran all the time",
    "launch_template.version": "the template is taken as the plan leaves it",
    "network_interface": "an interface costs nothing; its public address is an aws_eip",
    "placement_partition_number": "a placement group costs nothing",
    "secondary_private_ips": "private addresses cost nothing",
    "source_dest_check": "a rule of the network has no fee",
}
_UNPRICED = {
    "cpu_options.amd_sev_snp": SEV_SNP,
    "host_id": _HOST,
    "host_resource_group_arn": _HOST,
    "tenancy": TENANCY,
}
_SPOT_FREE = {
    "ami": "Linux is assumed; another system is stated as operating_system",
    "block_duration_minutes": "it decides when a spot instance ends",
    "instance_interruption_behavior": "it decides how a spot instance ends",
    "launch_group": "it decides when a spot instance starts",
    "spot_price": "the most that is paid, and not what is paid",
    "spot_type": "it decides whether a spot instance comes back",
    "valid_from": "it decides when a spot instance starts",
    "valid_until": "it decides when a spot instance ends",
    "wait_for_fulfillment": "it decides how long Terraform waits",
}

ENTRIES: dict[str, Entry] = {
    "aws_instance": Entry(
        instance,
        MACHINE_KEYS | {HOURS_RUN},
        free={**_FREE, "instance_market_options.spot_options": "the market type decides"},
        unpriced={**_UNPRICED, "instance_market_options.market_type": SPOT},
        other_usage_keys=RESERVED,
    ),
    "aws_spot_instance_request": Entry(
        spot,
        MACHINE_KEYS - {SYSTEM},
        free={**_FREE, **_SPOT_FREE},
        unpriced={**_UNPRICED, "instance_type": SPOT, "launch_template": SPOT},
        other_usage_keys={
            **RESERVED,
            SYSTEM: "a spot price has no row here",
            HOURS_RUN: "a spot price has no row here",
        },
    ),
}
