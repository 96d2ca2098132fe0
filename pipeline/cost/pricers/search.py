"""OpenSearch Service: the nodes of a domain by their parts, and the disks of its data nodes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry, Unpriced
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

_CLUSTER, _DISK = "cluster_config.0", "ebs_options.0"
_DEFAULT_TYPE = "m4.large.search"
"""Source: the provider's documentation of aws_opensearch_domain."""

_STORAGE = {"standard": "magnetic"}
_GP3_IOPS, _GP3_MIBPS = 3000, 125
"""What gp3 includes. Source:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/opensearchservice-volumes.html
"""
_OLD = (
    "Elasticsearch_",
    "OpenSearch_1.",
    "OpenSearch_2.3",
    "OpenSearch_2.5",
    "OpenSearch_2.7",
    "OpenSearch_2.9",
)
_SUPPORTED = ("Elasticsearch_7.10", "Elasticsearch_7.9", "OpenSearch_1.3")
"""First parts of versions that are past their standard support since 2025-11-07, and those that
are not although they begin so.

Source: https://endoflife.date/amazon-elasticsearch, as of 2026-09-01
"""


def domain(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_opensearch_domain`` or, as it was called before, ``aws_elasticsearch_domain``."""
    count = subject.number(f"{_CLUSTER}.instance_count", 1)
    kind = str(subject.get(f"{_CLUSTER}.instance_type", _DEFAULT_TYPE))
    yield _nodes(pricing, "data", kind, count)
    yield from _disks(subject, pricing, count)
    for part, prefix in (("dedicated master", "dedicated_master"), ("UltraWarm", "warm")):
        if subject.get(f"{_CLUSTER}.{prefix}_enabled", False):
            for needed in ("type", "count"):
                if subject.get(f"{_CLUSTER}.{prefix}_{needed}") is None:
                    raise Unknown(f"{_CLUSTER}.{prefix}_{needed}", subject.address)
            of = str(subject.get(f"{_CLUSTER}.{prefix}_type"))
            yield _nodes(pricing, part, of, subject.number(f"{_CLUSTER}.{prefix}_count", 0))
    if _is_old(subject):
        yield pricing.fixed("Extended Support", "opensearch.extended_support", count * HOURS)


def _is_old(subject: Subject) -> bool:
    if subject.type == "aws_elasticsearch_domain":
        # Source: the provider's documentation of aws_elasticsearch_domain
        version = f"Elasticsearch_{subject.get('elasticsearch_version', '1.5')}"
    else:
        version = str(subject.get("engine_version", ""))
    return version.startswith(_OLD) and version not in _SUPPORTED


def _nodes(pricing: Pricing, part: str, kind: str, count: Decimal) -> CostLine:
    key = kind.replace(".elasticsearch", ".search")
    return pricing.fixed(
        f"{part} node {kind}" if count == 1 else f"{count:f} {part} nodes {kind}",
        f"opensearch.instance.{key}",
        count * HOURS,
    )


def _disks(subject: Subject, pricing: Pricing, count: Decimal) -> Iterator[CostLine]:
    """A disk of each data node."""
    if not subject.get(f"{_DISK}.ebs_enabled", False):
        return
    kind = str(subject.get(f"{_DISK}.volume_type", "gp2"))
    kind = _STORAGE.get(kind, kind)
    size = subject.number(f"{_DISK}.volume_size", 0)
    iops = subject.number(f"{_DISK}.iops", 0)
    throughput = subject.number(f"{_DISK}.throughput", 0)
    note = f"{size:f} GB on each of {count:f} nodes"
    yield pricing.fixed(f"storage {kind}", f"opensearch.storage.{kind}", size * count, note=note)
    if kind == "io1":
        yield pricing.fixed("provisioned IOPS", "opensearch.iops.io1", iops * count)
    elif kind == "gp3":
        if iops > _GP3_IOPS:
            above = (iops - _GP3_IOPS) * count
            yield pricing.fixed("IOPS above the included", "opensearch.iops.gp3", above)
        if throughput > _GP3_MIBPS:
            above = (throughput - _GP3_MIBPS) * count
            yield pricing.fixed("throughput above the included", "opensearch.throughput.gp3", above)


_SETTING = "a setting of the engine or of the network costs nothing"
_COMMON_FREE = {
    **dict.fromkeys(
        (
            "advanced_options",
            "advanced_security_options",
            "cluster_config.zone_awareness_config",
            "cluster_config.zone_awareness_enabled",
            "domain_endpoint_options",
            "domain_name",
            "encrypt_at_rest",
            "node_to_node_encryption",
        ),
        _SETTING,
    ),
    "access_policies": "permissions cost nothing",
    "auto_tune_options": "it is when AWS does what costs nothing itself",
    "cognito_options": "the user pool is billed",
    "log_publishing_options": "CloudWatch bills the log group that they go to",
    "snapshot_options": "automatic snapshots cost nothing: "
    "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshots.html",
    "vpc_options": _SETTING,
}
_COMMON_UNPRICED = {
    "cluster_config.cold_storage_options.enabled": Unpriced("cold storage"),
    "cluster_config.warm_enabled": Unpriced("what UltraWarm nodes hold"),
}

ENTRIES: dict[str, Entry] = {
    "aws_elasticsearch_domain": Entry(domain, free=_COMMON_FREE, unpriced=_COMMON_UNPRICED),
    "aws_opensearch_domain": Entry(
        domain,
        free={
            **_COMMON_FREE,
            "cluster_config.multi_az_with_standby_enabled": "its nodes are among those counted",
            "ip_address_type": _SETTING,
            "off_peak_window_options": "it is when AWS does what costs nothing itself",
            "software_update_options": "it is when AWS does what costs nothing itself",
        },
        unpriced={**_COMMON_UNPRICED, "cluster_config.node_options": Unpriced("coordinator nodes")},
    ),
}
