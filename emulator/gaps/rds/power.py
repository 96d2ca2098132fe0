"""RDS: stopping, starting and rebooting an instance, and the server that runs for it.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from moto.rds.exceptions import InvalidDBInstanceStateError
from moto.rds.models import DBInstance, RDSBackend

from emulator.gaps.rds import events
from emulator.gaps.registry import Gap, replace
from emulator.postgres_copies import Copy

_AVAILABLE, _STOPPED, _FAILED = "available", "stopped", "failed"
_BECOMES = {"stopping": _STOPPED, "starting": _AVAILABLE, "rebooting": _AVAILABLE}
_TOLD = {
    "stopping": (events.STOPPED,),
    "starting": (events.STARTED,),
    "rebooting": (events.SHUT_DOWN, events.RESTARTED),
}


class Machine(Protocol):
    """Runs an instance's server. Its methods return at once; what they begin goes on."""

    @property
    def busy(self) -> bool:
        """Whether what was begun goes on."""

    @property
    def running(self) -> bool:
        """Whether the server runs."""

    def stop(self) -> None:
        """Begins to stop the server; its data stay."""

    def start(self) -> None:
        """Begins to start the server."""

    def reboot(self) -> None:
        """Begins to stop and start the server."""

    @property
    def earliest(self) -> datetime:
        """The earliest time whose data can be copied."""

    def copy(self, time: datetime | None) -> Copy:
        """Copies the data as of a time, or as they are."""


_machines: dict[DBInstance, Machine] = {}


def attach(instance: DBInstance, machine: Machine) -> None:
    """Lets what is done to an instance be done to its server; without one, only its status changes.

    Args:
        instance: as moto has it.
        machine: that runs its server.
    """
    _machines[instance] = machine


def detach(instance: DBInstance) -> None:
    """Forgets an instance's server."""
    _machines.pop(instance, None)


def machine(instance: DBInstance) -> Machine | None:
    """Gives what runs an instance's server; None if nobody has connected to it yet."""
    return _machines.get(instance)


def status(instance: DBInstance) -> str:
    """Gives an instance's status, which it may just have reached.

    Args:
        instance: whose; whoever calls holds moto's lock.
    """
    machine = _machines.get(instance)
    if instance.status in _BECOMES and not (machine and machine.busy):
        reached = _BECOMES[instance.status]
        alive = machine is None or machine.running
        for event in _TOLD[instance.status] if alive or reached == _STOPPED else ():
            instance.add_event(event)
        instance.status = _FAILED if reached == _AVAILABLE and not alive else reached
    return str(instance.status)


def _fill() -> None:
    @replace(RDSBackend, "describe_db_instances")
    def _(original: Callable[..., Any], self: RDSBackend, *args: Any, **arguments: Any) -> Any:
        found = original(self, *args, **arguments)
        for instance in found:
            status(instance)
        return found

    @replace(RDSBackend, "stop_db_instance")
    def _(original: Callable[..., Any], self: RDSBackend, *args: Any, **arguments: Any) -> Any:
        return _begin(original(self, *args, **arguments), "stopping")

    @replace(RDSBackend, "start_db_instance")
    def _(original: Callable[..., Any], self: RDSBackend, *args: Any, **arguments: Any) -> Any:
        return _begin(original(self, *args, **arguments), "starting")

    @replace(RDSBackend, "reboot_db_instance")
    def _(original: Callable[..., Any], self: RDSBackend, *args: Any, **arguments: Any) -> Any:
        instance = original(self, *args, **arguments)
        _check_available(instance)
        return _begin(instance, "rebooting")

    @replace(RDSBackend, "modify_db_instance")
    def _(
        original: Callable[..., Any], self: RDSBackend, db_instance_identifier: str, request: Any
    ) -> Any:
        [instance] = self.describe_db_instances(db_instance_identifier)
        _check_available(instance)
        return original(self, db_instance_identifier, request)


def _begin(instance: DBInstance, status: str) -> DBInstance:
    instance.status = status
    machine = _machines.get(instance)
    if machine:
        {"stopping": machine.stop, "starting": machine.start, "rebooting": machine.reboot}[status]()
    return instance


def _check_available(instance: DBInstance) -> None:
    if instance.status != _AVAILABLE:
        raise InvalidDBInstanceStateError(instance.db_instance_identifier, "stop")


GAPS = (
    Gap(
        service="rds",
        name="stopped-instances",
        moto="stops and starts an instance at once, and changes or reboots one that is stopped",
        aws="is stopping, starting or rebooting for a while, which the emulator's database really "
        "does, and refuses to change or reboot what is not available",
        fill=_fill,
    ),
)
