"""RDS: proxies, their target group and their targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import RDSClientError
from moto.rds.models import DBProxy, RDSBackend
from moto.rds.responses import RDSResponse

from emulator.gaps.registry import Gap, add, replace

_OF_ONE_PROXY = (
    "delete_db_proxy",
    "describe_db_proxy_target_groups",
    "describe_db_proxy_targets",
    "modify_db_proxy_target_group",
    "register_db_proxy_targets",
    "deregister_db_proxy_targets",
)

# The names of ModifyDBProxy's parameters, and those of moto's attributes.
_CHANGEABLE = {
    "Auth": "auth",
    "DebugLogging": "debug_logging",
    "IdleClientTimeout": "idle_client_timeout",
    "RequireTLS": "require_tls",
    "RoleArn": "role_arn",
    "SecurityGroups": "vpc_security_group_ids",
}


def _missing_proxies() -> None:
    for name in _OF_ONE_PROXY:

        @replace(RDSBackend, name)
        def _(original: Callable[..., Any], self: RDSBackend, **arguments: Any) -> Any:
            # Raises DBProxyNotFoundFault.
            self.describe_db_proxies(arguments.get("proxy_name") or arguments["db_proxy_name"])
            return original(self, **arguments)


def _proxy_changes() -> None:
    @add(RDSResponse, "modify_db_proxy")
    def _(self: RDSResponse) -> ActionResult:
        [proxy] = self.backend.describe_db_proxies(self.params["DBProxyName"])
        for name, attribute in _CHANGEABLE.items():
            if self.params.get(name) is not None:
                setattr(proxy, attribute, self.params[name])
        return ActionResult({"DBProxy": proxy})


def _targets() -> None:
    @replace(RDSBackend, "register_db_proxy_targets")
    def _(original: Callable[..., Any], self: RDSBackend, **arguments: Any) -> Any:
        [proxy] = self.describe_db_proxies(arguments["db_proxy_name"])
        for identifier in arguments["db_instance_identifiers"]:
            self.describe_db_instances(identifier)  # raises DBInstanceNotFound
            if identifier in _registered(proxy):
                raise RDSClientError(
                    "DBProxyTargetAlreadyRegisteredFault",
                    f"{identifier} is already registered with {proxy.db_proxy_name}.",
                )
        return original(self, **arguments)

    @replace(RDSBackend, "deregister_db_proxy_targets")
    def _(original: Callable[..., Any], self: RDSBackend, **arguments: Any) -> Any:
        [proxy] = self.describe_db_proxies(arguments["db_proxy_name"])
        for identifier in arguments["db_instance_identifiers"]:
            if identifier not in _registered(proxy):
                raise RDSClientError(
                    "DBProxyTargetNotFoundFault",
                    f"{identifier} is not registered with {proxy.db_proxy_name}.",
                )
        return original(self, **arguments)

    @replace(RDSBackend, "delete_db_instance")
    def _(original: Callable[..., Any], self: RDSBackend, *args: Any, **arguments: Any) -> Any:
        deleted = original(self, *args, **arguments)
        for proxy in self.db_proxies.values():
            for group in proxy.proxy_target_groups.values():
                group.targets = [
                    target
                    for target in group.targets
                    if target.rds_resource_id != deleted.db_instance_identifier
                ]
        return deleted


def _registered(proxy: DBProxy) -> set[str]:
    return {
        target.rds_resource_id
        for group in proxy.proxy_target_groups.values()
        for target in group.targets
    }


GAPS = (
    Gap(
        service="rds",
        name="missing-proxies",
        moto="fails on the targets of a proxy that does not exist, or no longer",
        aws="says DBProxyNotFoundFault",
        fill=_missing_proxies,
    ),
    Gap(
        service="rds",
        name="proxy-changes",
        moto="cannot change a proxy",
        aws="changes all of it but its engine and its subnets",
        fill=_proxy_changes,
    ),
    Gap(
        service="rds",
        name="proxy-targets",
        moto="registers any name as a proxy's target, twice as well, and keeps a deleted instance",
        aws="registers an instance that exists, once, and as long as that instance exists",
        fill=_targets,
    ),
)
