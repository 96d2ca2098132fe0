"""Containers on Fargate, and EC2 instances."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry
from pipeline.cost.pricers.storage import disk
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

_UNITS_PER_VCPU = MIB_PER_GIB = 1024
_INCLUDED_STORAGE_GIB = 20


def service(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_ecs_service``: vCPU and memory of its task definition, by the tasks wanted.

    On EC2 the instances are billed, not the service. Spot tasks cost less than is said here.
    """
    if subject.get("launch_type", "") == "EC2":
        return
    task = pricing.related(subject, "task_definition", "aws_ecs_task_definition")
    if task is None:
        # Its size makes the price, and it is not in this plan.
        raise Unknown("task_definition", subject.address)
    count = subject.number("desired_count", 1)
    arm = task.get("runtime_platform.0.cpu_architecture", "X86_64") == "ARM64"
    architecture = "arm64" if arm else "x86_64"
    hours = count * HOURS
    note = f"{count:f} task(s)"
    cpus = task.number("cpu", 0) / _UNITS_PER_VCPU
    yield pricing.fixed("vCPU", f"fargate.vcpu.{architecture}", cpus * hours, note=note)
    memory = task.number("memory", 0) / MIB_PER_GIB
    yield pricing.fixed("memory", f"fargate.memory.{architecture}", memory * hours, note=note)
    storage = task.number("ephemeral_storage.0.size_in_gib", 0) - _INCLUDED_STORAGE_GIB
    if storage > 0:
        yield pricing.fixed("storage above 20 GB", "fargate.storage", storage * hours, note=note)
    if subject.get("network_configuration.0.assign_public_ip", False):
        yield pricing.fixed("public IPv4 addresses", "ipv4.in_use", hours, note=note)


def instance(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_instance`` with Linux, on demand, its root disk, and its public address."""
    kind = str(subject.get("instance_type"))
    yield pricing.fixed(f"instance {kind}, Linux", f"ec2.instance.{kind}", HOURS)
    if subject.get("associate_public_ip_address", False):
        yield pricing.fixed("public IPv4 address", "ipv4.in_use", HOURS)
    # Without a size the image decides, and it is not in the plan: that is named as unknown.
    root = "root_block_device.0"
    yield from disk(
        pricing,
        kind=str(subject.get(f"{root}.volume_type", "gp2")),
        size=_size(subject, f"{root}.volume_size"),
        iops=subject.number(f"{root}.iops", 0),
        throughput=subject.number(f"{root}.throughput", 0),
    )


def _size(subject: Subject, path: str) -> Decimal:
    if subject.get(path) is None:
        raise Unknown(path, subject.address)
    return subject.number(path, 0)


ENTRIES: dict[str, Entry] = {
    "aws_ecs_service": Entry(service),
    "aws_instance": Entry(instance),
}
