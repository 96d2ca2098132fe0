"""One resource for each price of a class of databases, caches, search nodes or brokers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.pipeline.cost.pricers.support import Case, resource

_MODES = {".multi_az": "ACTIVE_STANDBY_MULTI_AZ", ".cluster": "CLUSTER_MULTI_AZ"}


def _database(found: re.Match[str]) -> dict[str, Any]:
    return {
        "engine": found[1],
        "instance_class": found[2],
        "multi_az": found[3] is not None,
        "allocated_storage": 20,
    }


def _kafka(found: re.Match[str]) -> dict[str, Any]:
    disk = [{"ebs_storage_info": [{"volume_size": 1}]}]
    return {"broker_node_group_info": [{"instance_type": found[1], "storage_info": disk}]}


def _broker(found: re.Match[str]) -> dict[str, Any]:
    return {
        "engine_type": found[1],
        "host_instance_type": found[2],
        "deployment_mode": _MODES.get(found[3], "SINGLE_INSTANCE"),
    }


_KINDS: dict[str, tuple[str, Callable[[re.Match[str]], dict[str, Any]]]] = {
    r"rds\.([a-z0-9-]+)\.instance\.(db\.[\w.]+?)(\.multi_az)?": ("aws_db_instance.d", _database),
    r"elasticache\.(\w+)\.(cache\..+)": (
        "aws_elasticache_cluster.c",
        lambda found: {"engine": found[1], "node_type": found[2]},
    ),
    r"opensearch\.instance\.(.+)": (
        "aws_opensearch_domain.d",
        lambda found: {"cluster_config": [{"instance_type": found[1]}]},
    ),
    r"msk\.broker\.(.+)": ("aws_msk_cluster.k", _kafka),
    r"mq\.(\w+)\.(mq\.\w+\.\w+)(\.\w+)?": ("aws_mq_broker.b", _broker),
    r"redshift\.node\.(.+)": (
        "aws_redshift_cluster.r",
        lambda found: {"node_type": found[1]},
    ),
}
"""Form of a price's key to the resource that asks for it."""


def of_classes(key: str, region: str) -> Iterator[Case]:
    """The resource that asks for a price, if the price is one of a class.

    Args:
        key: the price's.
        region: one that has it.
    """
    for form, (address, values) in _KINDS.items():
        if found := re.fullmatch(form, key):
            yield Case(name=key, region=region, of=resource(address, values(found)))
