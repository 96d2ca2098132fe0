"""RDS: subnet groups and parameter groups, which cannot be deleted while an instance uses them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from moto.rds.exceptions import DBSubnetGroupNotFoundError, RDSClientError
from moto.rds.models import DBInstance, DBParameterGroup, DBSubnetGroup, RDSBackend

from emulator.gaps.registry import Gap, replace

_FEWEST_ZONES = 2


def _subnet_groups() -> None:
    @replace(RDSBackend, "create_subnet_group")
    def _(
        original: Callable[..., DBSubnetGroup],
        self: RDSBackend,
        subnet_name: str,
        description: str,
        subnets: list[Any],
        tags: list[dict[str, str]],
    ) -> DBSubnetGroup:
        if subnet_name in self.subnet_groups:
            raise RDSClientError(
                "DBSubnetGroupAlreadyExists", f"The DB subnet group {subnet_name} already exists."
            )
        _check_zones(subnets)
        return original(self, subnet_name, description, subnets, tags)

    @replace(RDSBackend, "modify_db_subnet_group")
    def _(
        original: Callable[..., DBSubnetGroup],
        self: RDSBackend,
        subnet_name: str,
        description: str | None,
        subnets: list[Any],
    ) -> DBSubnetGroup:
        if subnet_name not in self.subnet_groups:
            raise DBSubnetGroupNotFoundError(subnet_name)
        zones = _check_zones(subnets)
        for instance in _using_subnets(self, subnet_name):
            if instance.availability_zone not in zones:
                raise RDSClientError(
                    "SubnetAlreadyInUse",
                    "The DB subnet is already in use in the Availability Zone "
                    f"{instance.availability_zone}, by {instance.db_instance_identifier}.",
                )
        group = original(self, subnet_name, description, subnets)
        self.subnet_groups[subnet_name] = group  # moto takes it out and forgets it
        return group

    @replace(RDSBackend, "delete_subnet_group")
    def _(
        original: Callable[..., DBSubnetGroup], self: RDSBackend, subnet_name: str
    ) -> DBSubnetGroup:
        for instance in _using_subnets(self, subnet_name):
            raise RDSClientError(
                "InvalidDBSubnetGroupStateFault",
                f"Cannot delete the subnet group '{subnet_name}' because at least one database "
                f"instance: {instance.db_instance_identifier} is still using it.",
            )
        return original(self, subnet_name)


def _check_zones(subnets: Iterable[Any]) -> set[str]:
    """Gives the zones of a group's subnets; raises the service's error if they are too few."""
    zones = {subnet.availability_zone for subnet in subnets}
    if len(zones) < _FEWEST_ZONES:
        raise RDSClientError(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current "
            f"AZ coverage: {', '.join(sorted(zones))}. Add subnets to cover at least "
            f"{_FEWEST_ZONES} AZs.",
        )
    return zones


def _using_subnets(backend: RDSBackend, name: str) -> list[DBInstance]:
    group = backend.subnet_groups.get(name)
    return [
        instance
        for instance in backend.databases.values()
        if group is not None and getattr(instance, "db_subnet_group", None) is group
    ]


def _parameter_groups_in_use() -> None:
    @replace(RDSBackend, "delete_db_parameter_group")
    def _(
        original: Callable[..., DBParameterGroup], self: RDSBackend, db_parameter_group_name: str
    ) -> DBParameterGroup:
        if db_parameter_group_name.startswith("default."):
            raise RDSClientError(
                "InvalidDBParameterGroupState",
                f"Default DBParameterGroup cannot be deleted: {db_parameter_group_name}",
            )
        if any(
            instance.db_parameter_group_name == db_parameter_group_name
            for instance in self.databases.values()
        ):
            raise RDSClientError(
                "InvalidDBParameterGroupState",
                "One or more database instances are still members of this parameter group "
                f"{db_parameter_group_name}, so the group cannot be deleted",
            )
        return original(self, db_parameter_group_name)


GAPS = (
    Gap(
        service="rds",
        name="subnet-groups",
        moto="loses a subnet group that is changed, and lets one go that an instance uses",
        aws="keeps it, covers two zones at least and every zone that an instance is in",
        fill=_subnet_groups,
    ),
    Gap(
        service="rds",
        name="parameter-groups-in-use",
        moto="deletes a parameter group under its instance",
        aws="refuses to, as long as an instance is a member of it",
        fill=_parameter_groups_in_use,
    ),
)
