"""What an EC2 instance is billed by, wherever it is described."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from msgspec.structs import replace

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.disks import IO, disk
from pipeline.cost.pricers.entry import items
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown
from pipeline.errors import PipelineError

CREDITS, VCPUS, SYSTEM = "monthly_cpu_credit_hrs", "vcpu_count", "operating_system"
MACHINE_KEYS = frozenset({CREDITS, VCPUS, SYSTEM, IO})
_METRICS = 7
"""Metrics of an instance that detailed monitoring bills.

Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html
"""

_ROOTS = ("/dev/xvda", "/dev/sda1")
"""What images call their root disk.

Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html
"""

_UNLIMITED = ("t3", "t3a", "t4g")
"""Families that buy credits by themselves unless told otherwise; t2 does so only when told.

Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreditSpecificationRequest.html
"""
_BURSTABLE_VCPUS = {"xlarge": 4, "2xlarge": 8}
"""vCPUs of the larger burstable sizes; the smaller ones have two, and three of t2 one.

Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
"""
_SMALL_T2 = ("t2.nano", "t2.micro", "t2.small")

SHARED_TENANCY = "default"
LINUX = "linux"


class Layout(NamedTuple):
    """Where a type writes the parts of an instance; empty for what it does not have.

    Attributes:
        kind: the instance type.
        tenancy: whether it has hardware of its own.
        monitoring: whether its metrics are detailed.
        credits: how a burstable one gets credits.
        market: what is set for a spot instance only.
        address: whether it gets a public address.
        root: the block of its root disk.
        disks: the blocks of its disks; each has a ``device_name``.
        ebs: the block in each of these that describes the disk.
        monitored: what holds where ``monitoring`` is not set.
    """

    kind: str
    tenancy: str
    monitoring: str
    credits: str
    market: str
    address: str
    root: str
    disks: str
    ebs: str = ""
    monitored: bool = False


INSTANCE = Layout(
    kind="instance_type",
    tenancy="tenancy",
    monitoring="monitoring",
    credits="credit_specification.0.cpu_credits",
    market="instance_market_options.0.market_type",
    address="associate_public_ip_address",
    root="root_block_device",
    disks="ebs_block_device",
)
TEMPLATE = Layout(
    kind="instance_type",
    tenancy="placement.0.tenancy",
    monitoring="monitoring.0.enabled",
    credits="credit_specification.0.cpu_credits",
    market="instance_market_options.0.market_type",
    address="network_interfaces.0.associate_public_ip_address",
    root="",
    disks="block_device_mappings",
    ebs="ebs.0.",
)
CONFIGURATION = Layout(
    kind="instance_type",
    tenancy="placement_tenancy",
    monitoring="enable_monitoring",
    credits="",
    market="spot_price",
    address="associate_public_ip_address",
    root="root_block_device",
    disks="ebs_block_device",
    monitored=True,
)
"""Source: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateLaunchConfiguration.html"""

Written = Sequence[tuple[Subject, Layout]]
"""Where an instance is described; the first that says something counts."""


class Machine(NamedTuple):
    """What one instance is billed by.

    Attributes:
        of: the resource that is billed, and states the usage.
        written: where its parts are described.
        kind: its instance type, where that stands elsewhere.
        subnet: the attribute of ``of`` that names its subnet.
        spot: it is a spot instance, whatever is written.
        system: its operating system, where the usage doesn't say.
    """

    of: Subject
    written: Written
    kind: str = ""
    subnet: str = "subnet_id"
    spot: bool = False
    system: str = LINUX

    def get(self, part: str) -> Any:
        """One part of it, by its name in ``Layout``; ``None`` where nobody writes it."""
        for subject, layout in self.written:
            path = getattr(layout, part)
            if path and (value := subject.get(path)) is not None:
                return value
        return None


def lines(machine: Machine, pricing: Pricing, hours: Decimal = HOURS) -> Iterator[CostLine]:
    """What one instance costs with its disks.

    Raises:
        Unknown: something that it is billed by is known only after the apply.
        PipelineError: the catalogue lacks a price.
    """
    missing: PipelineError | None = None
    try:
        yield from running(machine, pricing, hours)
    except PipelineError as error:
        missing = error  # its disks still have their prices
    try:
        yield from _disks(machine, pricing)
    except Unknown:
        if missing is None:
            raise
    if missing is not None:
        raise missing


def running(machine: Machine, pricing: Pricing, hours: Decimal = HOURS) -> Iterator[CostLine]:
    """What one instance costs without its disks: hours, monitoring, its address, its credits.

    A spot instance and one with hardware of its own have no price here: whoever calls names that.

    Raises:
        Unknown: something that it is billed by is known only after the apply.
        PipelineError: the catalogue lacks a price.
    """
    kind = str(machine.kind or machine.get("kind") or "")
    if not kind:
        raise Unknown("instance_type", machine.of.address)
    missing: PipelineError | None = None
    if not (machine.spot or machine.get("market")) and _is_shared(machine):
        system = pricing.stated_word(machine.of, SYSTEM) or machine.system
        name = "Linux" if system == LINUX else system.capitalize()
        family = "ec2" if system == LINUX else f"ec2.{system}"
        try:
            yield pricing.fixed(f"instance {kind}, {name}", f"{family}.instance.{kind}", hours)
        except PipelineError as error:
            missing = error
    if _is_monitored(machine):
        yield pricing.fixed("detailed monitoring", "cloudwatch.metric", _METRICS)
    if _has_address(machine, pricing):
        yield pricing.fixed("public IPv4 address", "ipv4.in_use", hours)
    yield from _credits(machine, pricing, kind)
    if missing is not None:
        raise missing


def times(found: Iterator[CostLine], count: Decimal, note: str) -> Iterator[CostLine]:
    """Lines of one instance as those of several.

    Args:
        found: the lines of one.
        count: how many there are.
        note: says it.
    """
    for line in found:
        yield replace(
            line,
            quantity=None if line.quantity is None else line.quantity * count,
            monthly=None if line.monthly is None else line.monthly * count,
            note=f"{note}; {line.note}" if line.note else note,
        )


def _is_shared(machine: Machine) -> bool:
    return (machine.get("tenancy") or SHARED_TENANCY) == SHARED_TENANCY


def _is_monitored(machine: Machine) -> bool:
    monitored = machine.get("monitoring")
    if monitored is not None:
        return bool(monitored)
    return any(layout.monitored for _, layout in machine.written)


def _has_address(machine: Machine, pricing: Pricing) -> bool:
    """Whether it gets a public address: as it is written, or as its subnet gives them."""
    address = machine.get("address")
    if address is not None:
        return str(address).lower() == "true"  # a launch template writes it as a text
    subnet = pricing.related(machine.of, machine.subnet, "aws_subnet")
    return subnet is not None and bool(subnet.get("map_public_ip_on_launch", False))


def _credits(machine: Machine, pricing: Pricing, kind: str) -> Iterator[CostLine]:
    family, _, size = kind.partition(".")
    if family != "t2" and family not in _UNLIMITED:
        return
    default = "unlimited" if family in _UNLIMITED else "standard"
    stated = pricing.stated(machine.of, CREDITS)
    if (machine.get("credits") or default) != "unlimited":
        return
    key = f"ec2.cpu_credits.{family}"
    if not stated and not pricing.catalogue.has(key, pricing.region):
        return  # nothing is used, or nobody says so
    vcpus = pricing.stated(machine.of, VCPUS)
    if vcpus is None:
        vcpus = Decimal(1 if kind in _SMALL_T2 else _BURSTABLE_VCPUS.get(size, 2))
    yield pricing.used(
        machine.of,
        "CPU credits above the earned",
        key,
        CREDITS,
        scale=vcpus,
        note=f"{vcpus:f} vCPU",
    )


def _disks(machine: Machine, pricing: Pricing) -> Iterator[CostLine]:
    """Its root disk and the others; where nobody writes the root disk, the image decides."""
    named: set[str] = set()
    unknown: Unknown | None = None
    for subject, path in _blocks(machine):
        device = _device(subject, path, named)
        if device is None or pricing.related(subject, f"{path}volume_id", "aws_ebs_volume"):
            continue  # an attached disk that is a resource is billed as that
        named.add(device)
        if device in _ROOTS:
            named.update(_ROOTS)
            device = ""
        try:
            yield from disk(subject, pricing, path, of=machine.of, device=device)
        except Unknown as error:
            unknown = unknown or error  # the other disks have their prices
    if not named.intersection(_ROOTS):
        subject, layout = machine.written[-1]
        raise Unknown(layout.root or layout.disks, subject.address)
    if unknown is not None:
        raise unknown


def _device(subject: Subject, path: str, named: set[str]) -> str | None:
    """The name of a disk that is not there yet; ``None`` for one that is, or has no disk."""
    block = path.partition(".")[0]
    if block == "root_block_device":
        device = _ROOTS[0]
    else:
        before = path.removesuffix("ebs.0.")
        device = str(subject.get(f"{before}device_name", ""))
        if before != path and not subject.get(f"{before}ebs"):
            return None  # the instance's own storage, or none
    return None if device in named else device


def _blocks(machine: Machine) -> Iterator[tuple[Subject, str]]:
    for subject, layout in machine.written:
        for block, ebs in ((layout.root, ""), (layout.disks, layout.ebs)):
            for position in range(len(items(subject, block)) if block else 0):
                yield subject, f"{block}.{position}.{ebs}"
