"""Containers of ECS on Fargate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.disks import IO, disk
from pipeline.cost.pricers.entry import Entry, Unpriced, items, nothing
from pipeline.cost.pricers.machines import times
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown
from pipeline.errors import PipelineError, Status

FARGATE, FARGATE_SPOT, EC2 = "FARGATE", "FARGATE_SPOT", "EC2"
_UNITS_PER_VCPU = MIB_PER_GIB = 1024
_INCLUDED_STORAGE_GIB = 20
"""Source: https://aws.amazon.com/fargate/pricing/"""

_SIZE = re.compile(r"(\d+\.?\d*|\.\d+)\s*(vcpu|gb)?", re.IGNORECASE)
"""A task's size, in units or in whole ones: ``1024``, ``1 vCPU``, ``.5 vCPU``, ``2 GB``.

Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
"""


class _Share(NamedTuple):
    """How many of a service's tasks run somewhere, and why there."""

    provider: str
    tasks: Decimal
    note: str


def service(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_ecs_service``: vCPU and memory of its task definition, by the tasks wanted.

    On instances these are billed, not the service.
    """
    count = max([subject.number("desired_count", 0), *_fewest(subject, pricing)])
    shares = list(_shares(subject, pricing, count))
    for share in shares:
        if share.provider == FARGATE and share.tasks:
            yield from _tasks(subject, pricing, share)
    if any(share.provider == FARGATE_SPOT and share.tasks for share in shares):
        raise PipelineError(
            "Fargate Spot: its price changes and is not known here; at most that of Fargate",
            Status.UNPRICED,
        )


def _fewest(subject: Subject, pricing: Pricing) -> Iterator[Decimal]:
    """How many tasks autoscaling keeps at least."""
    for target in pricing.referring(subject, "aws_appautoscaling_target", "resource_id"):
        yield target.number("min_capacity", 0)


def _shares(subject: Subject, pricing: Pricing, count: Decimal) -> Iterator[_Share]:
    """Where the tasks run: as the service says, else as its cluster does, else on instances.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
    """
    if strategy := items(subject, "capacity_provider_strategy"):
        yield from _split(subject, "capacity_provider_strategy", len(strategy), count)
        return
    if kind := subject.get("launch_type"):
        yield _Share(str(kind), count, "")
        return
    cluster = pricing.related(subject, "cluster", "aws_ecs_cluster")
    name, default = "aws_ecs_cluster_capacity_providers", "default_capacity_provider_strategy"
    providers = cluster and next(iter(pricing.referring(cluster, name, "cluster_name")), None)
    if providers and (strategy := items(providers, default)):
        for share in _split(providers, default, len(strategy), count):
            yield share._replace(note="as the cluster's default says")
        return
    task = _task(subject, pricing)
    if task is not None and task.get("requires_compatibilities") == [FARGATE]:
        yield _Share(FARGATE, count, "no launch type is set, and the task takes Fargate only")
    elif cluster is None:
        # The cluster decides, and it is not in this plan.
        raise Unknown("launch_type", subject.address)


def _split(subject: Subject, path: str, number: int, count: Decimal) -> Iterator[_Share]:
    """The tasks by provider: first its base, then by weight.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
    """
    items = [
        (
            str(subject.get(f"{path}.{position}.capacity_provider")),
            subject.number(f"{path}.{position}.base", 0),
            subject.number(f"{path}.{position}.weight", 0),
        )
        for position in range(number)
    ]
    weights = sum(weight for _, _, weight in items)
    rest = max(Decimal(0), count - sum(base for _, base, _ in items))
    for provider, base, weight in items:
        share = weight / weights if weights else Decimal(number == 1)
        tasks = min(base, count) + rest * share
        yield _Share(provider, tasks, "by the weights of the strategy" if number > 1 else "")


def _task(subject: Subject, pricing: Pricing) -> Subject | None:
    name = "task_definition"
    if found := pricing.related(subject, name, "aws_ecs_task_definition"):
        return found
    family = str(subject.get(name, "")).partition(":")[0]  # ``family`` or ``family:revision``
    tasks = pricing.subjects("aws_ecs_task_definition")
    return next((task for task in tasks if task.get("family") == family), None)


def _tasks(subject: Subject, pricing: Pricing, share: _Share) -> Iterator[CostLine]:
    note = f"{share.tasks.normalize():f} task(s)" + (f"; {share.note}" if share.note else "")
    task = _task(subject, pricing)
    if task is None:
        # Its size makes the price, and it is not in this plan.
        raise Unknown("task_definition", subject.address)
    hours = share.tasks * HOURS
    family = str(task.get("runtime_platform.0.operating_system_family", "LINUX"))
    arm = task.get("runtime_platform.0.cpu_architecture", "X86_64") == "ARM64"
    architecture = "arm64" if arm else "x86_64"
    cpus = _size(task, "cpu", _UNITS_PER_VCPU)
    if family.startswith("WINDOWS"):
        # Windows has prices of its own, and its licence beside.
        architecture = "windows"
        yield pricing.fixed("Windows licence", "fargate.licence.windows", cpus * hours, note=note)
    yield pricing.fixed("vCPU", f"fargate.vcpu.{architecture}", cpus * hours, note=note)
    memory = _size(task, "memory", MIB_PER_GIB)
    yield pricing.fixed("memory", f"fargate.memory.{architecture}", memory * hours, note=note)
    storage = task.number("ephemeral_storage.0.size_in_gib", 0) - _INCLUDED_STORAGE_GIB
    if storage > 0:
        yield pricing.fixed("storage above 20 GB", "fargate.storage", storage * hours, note=note)
    if subject.get("network_configuration.0.assign_public_ip", False):
        yield pricing.fixed("public IPv4 addresses", "ipv4.in_use", hours, note=note)
    for position in range(len(items(subject, "volume_configuration"))):
        path = f"volume_configuration.{position}.managed_ebs_volume.0."
        yield from times(disk(subject, pricing, path, size="size_in_gb"), share.tasks, note)


def _size(task: Subject, argument: str, units: int) -> Decimal:
    """A task's vCPUs or GB.

    Raises:
        Unknown: it is not set.
        PipelineError: AWS doesn't take it.
    """
    text = task.get(argument)
    if text is None:
        raise Unknown(argument, task.address)
    found = _SIZE.fullmatch(str(text).strip())
    if found is None:
        raise PipelineError(
            f"{task.address}: {argument} '{text}' is no size; write it such as 1024 or 1 vCPU",
            Status.BAD_PLAN,
        )
    number = Decimal(found[1])
    return number if found[2] else number / units


_DEPLOYED = "it decides how tasks are replaced, and not how many are wanted"

ENTRIES: dict[str, Entry] = {
    "aws_ecs_service": Entry(
        service,
        frozenset({IO}),
        free={
            "alarms": "the alarms are billed by themselves",
            "availability_zone_rebalancing": _DEPLOYED,
            "deployment_circuit_breaker": _DEPLOYED,
            "deployment_controller": _DEPLOYED,
            "deployment_maximum_percent": _DEPLOYED,
            "deployment_minimum_healthy_percent": _DEPLOYED,
            "enable_ecs_managed_tags": "tags cost nothing",
            "enable_execute_command": "a session costs what it writes to logs: "
            "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
            "force_new_deployment": _DEPLOYED,
            "health_check_grace_period_seconds": _DEPLOYED,
            "iam_role": "permissions cost nothing",
            "load_balancer": "the load balancer is billed by itself",
            "network_configuration.subnets": "where tasks are costs nothing",
            "ordered_placement_strategy": "it decides on which instance a task is",
            "placement_constraints": "it decides on which instance a task is",
            "platform_version": "all versions of Fargate have one price",
            "scheduling_strategy": "one task an instance is for instances, which are billed",
            "service_connect_configuration": "no fee but for the tasks: https://docs.aws.amazon."
            "com/AmazonECS/latest/developerguide/service-connect.html",
            "service_registries": "the registry is billed by itself",
            "volume_configuration.managed_ebs_volume.file_system_type": "a file system has no fee",
            "volume_configuration.managed_ebs_volume.snapshot_id": "what a disk begins with has "
            "no price; the disk has",
            "volume_configuration.managed_ebs_volume.tag_specifications": "tags cost nothing",
            "vpc_lattice_configurations": "the service of VPC Lattice is billed by itself",
        },
        unpriced={
            "launch_type": Unpriced("machines outside AWS, by the hour", (FARGATE, EC2)),
            "volume_configuration.managed_ebs_volume.volume_initialization_rate": Unpriced(
                "a disk that is filled at a set rate, by the GB"
            ),
        },
    ),
    "aws_ecs_task_definition": Entry(
        nothing,
        free={
            "container_definitions": "what runs in a task of Fargate is in the task's size",
            "enable_fault_injection": "the experiments of FIS are billed by themselves",
            "family": "names are for people",
            "ipc_mode": "a kernel's namespace has no fee",
            "network_mode": "an interface costs nothing",
            "pid_mode": "a kernel's namespace has no fee",
            "placement_constraints": "it decides on which instance a task is",
            "proxy_configuration": "the proxy is a container of the task",
            "task_role_arn": "permissions cost nothing",
            "track_latest": "it decides which revision Terraform looks at",
            "volume": "a file system is billed by itself, and a managed disk at the service",
        },
        unpriced={"inference_accelerator": Unpriced("an attached accelerator")},
    ),
}
