"""EKS: clusters, their nodes, and pods on Fargate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.cost.model import CostLine
from pipeline.cost.pricers import instances
from pipeline.cost.pricers.entry import Entry, Unpriced, items
from pipeline.cost.pricers.groups import INSTANCES
from pipeline.cost.pricers.machines import (
    LINUX,
    MACHINE_KEYS,
    TEMPLATE,
    Machine,
    lines,
    running,
    times,
)
from pipeline.cost.pricing import HOURS, Pricing, Subject
from pipeline.errors import PipelineError, Status

STANDARD_UNTIL = {
    (1, 30): date(2025, 7, 23),
    (1, 31): date(2025, 11, 26),
    (1, 32): date(2026, 3, 23),
    (1, 33): date(2026, 7, 29),
    (1, 34): date(2026, 12, 2),
    (1, 35): date(2027, 3, 27),
}
"""Version of Kubernetes to the last day of its standard support; older ones are past theirs.

Source: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html, read through
https://aws-samples.github.io/sample-apex-skills/docs/skills/eks-operation-review/references/cluster-lifecycle
(of 2026-04-24)
"""

_ON_DEMAND = "ON_DEMAND"
_DEFAULT_KIND = "t3.medium"
_DEFAULT_DISK_GIB = {False: 20, True: 50}
"""What a node group takes where nobody says; more on Windows.

Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html
"""
_VCPU_HOURS, _MEMORY_HOURS = "monthly_vcpu_hours", "monthly_memory_gb_hours"


def cluster(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_eks_cluster``: the hours of its control plane, dearer in extended support.

    A cluster that may not enter it is upgraded instead.
    Source: https://docs.aws.amazon.com/eks/latest/userguide/view-support-status.html
    """
    yield pricing.fixed("cluster", "eks.cluster.hour", HOURS)
    version = str(subject.get("version", ""))
    may_extend = subject.get("upgrade_policy.0.support_type", "EXTENDED") == "EXTENDED"
    if may_extend and is_extended(version, date.today()):
        yield pricing.fixed(
            "extended support",
            "eks.cluster.extended_support.hour",
            HOURS,
            note=f"Kubernetes {version}",
        )


def is_extended(version: str, today: date) -> bool:
    """Whether a version is past its standard support.

    Args:
        version: such as ``1.31``; empty for the newest, and newer ones than this knows have it.
        today: the day.

    Raises:
        PipelineError: it is no version.
    """
    if not version:
        return False
    major, _, minor = version.partition(".")
    if not (major.isdecimal() and minor.isdecimal()):
        raise PipelineError(
            f"Kubernetes version '{version}' is none; write it such as 1.34", Status.BAD_PLAN
        )
    of = (int(major), int(minor))
    return of < min(STANDARD_UNTIL) or today > STANDARD_UNTIL.get(of, date.max)


def node_group(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_eks_node_group``: the instances that are wanted, each with its disks."""
    count = pricing.stated(subject, INSTANCES)
    if count is None:
        count = subject.number("scaling_config.0.desired_size", 0)
    note = f"{count:f} node(s)"
    kinds = [str(kind) for kind in items(subject, "instance_types")]
    if len(kinds) > 1:
        note = f"{note}; all as {kinds[0]}, the first of {len(kinds)} kinds"
    yield from times(_node(subject, pricing, kinds), count, note)


def _node(subject: Subject, pricing: Pricing, kinds: list[str]) -> Iterator[CostLine]:
    windows = str(subject.get("ami_type", "")).startswith("WINDOWS")
    written = []
    if subject.get("launch_template"):
        written = [(instances.template_of(subject, pricing), TEMPLATE)]
    machine = Machine(
        subject,
        written,
        kind=kinds[0] if kinds else "",
        subnet="subnet_ids",
        spot=subject.get("capacity_type", _ON_DEMAND) != _ON_DEMAND,
        system="windows" if windows else LINUX,
    )
    if not kinds and machine.get("kind") is None:
        machine = machine._replace(kind=_DEFAULT_KIND)
    if written:
        yield from lines(machine, pricing)
        return
    size = subject.number("disk_size", _DEFAULT_DISK_GIB[windows])
    # Source: https://github.com/aws/containers-roadmap/issues/1417
    yield pricing.fixed("storage gp2", "ebs.gp2", size)
    yield from running(machine, pricing)


def fargate_profile(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_eks_fargate_profile``: pods of its namespaces are billed as tasks of ECS are.

    Source: https://aws.amazon.com/eks/pricing/
    """
    yield pricing.used(subject, "vCPU of pods", "fargate.vcpu.x86_64", _VCPU_HOURS)
    yield pricing.used(subject, "memory of pods", "fargate.memory.x86_64", _MEMORY_HOURS)


_NETWORK = "addresses and rules inside the network cost nothing"

ENTRIES: dict[str, Entry] = {
    "aws_eks_cluster": Entry(
        cluster,
        free={
            "access_config": "permissions cost nothing",
            "bootstrap_self_managed_addons": "add-ons run on the nodes, which are billed",
            "compute_config.node_pools": "it matters with Auto Mode only, which is named",
            "compute_config.node_role_arn": "permissions cost nothing",
            "enabled_cluster_log_types": "the log group is billed for its logs",
            "encryption_config": "the key is billed, as an aws_kms_key",
            "force_update_version": "it decides how the cluster is upgraded",
            "kubernetes_network_config": _NETWORK,
            "storage_config": "disks that pods ask for are billed by themselves",
            "vpc_config": _NETWORK,
            "zonal_shift_config": "no fee: "
            "https://aws.amazon.com/application-recovery-controller/pricing/",
        },
        unpriced={
            "compute_config.enabled": Unpriced("Auto Mode, by the hour of each of its instances"),
            "outpost_config": Unpriced("what is on an Outpost is paid with its rack"),
            "remote_network_config": Unpriced("hybrid nodes, by the hour of each vCPU"),
        },
    ),
    "aws_eks_fargate_profile": Entry(
        fargate_profile,
        frozenset({_VCPU_HOURS, _MEMORY_HOURS}),
        free={
            "cluster_name": "the cluster is billed by itself",
            "fargate_profile_name": "names are for people",
            "pod_execution_role_arn": "permissions cost nothing",
            "selector": "what runs is stated as usage",
            "subnet_ids": "where pods are costs nothing",
        },
    ),
    "aws_eks_node_group": Entry(
        node_group,
        MACHINE_KEYS | {INSTANCES},
        free={
            "cluster_name": "the cluster is billed by itself",
            "force_update_version": "it decides how nodes are replaced",
            "labels": "labels cost nothing",
            "launch_template.version": "the template is taken as the plan leaves it",
            "node_group_name": "names are for people",
            "node_group_name_prefix": "names are for people",
            "node_repair_config": "it decides when nodes are replaced",
            "node_role_arn": "permissions cost nothing",
            "release_version": "images of nodes cost nothing",
            "remote_access": "keys and rules cost nothing",
            "scaling_config.max_size": "what is wanted is priced; state instances for what runs "
            "on average",
            "scaling_config.min_size": "what is wanted is priced",
            "taint": "it decides which pods run where",
            "update_config": "it decides how nodes are replaced",
            "version": "the cluster's version is billed, not the nodes'",
        },
        unpriced={"capacity_type": instances.SPOT._replace(fine=(_ON_DEMAND,))},
        other_usage_keys=instances.RESERVED,
    ),
}
