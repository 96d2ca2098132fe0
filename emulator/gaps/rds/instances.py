"""RDS: what database instances and parameter groups forget."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBParameterGroupNotFoundError, InvalidParameterCombination
from moto.rds.models import DBInstance
from moto.rds.responses import RDSResponse

from emulator.gaps.registry import Gap, add, add_property, replace

_RESOURCE_ID_ALPHABET = string.ascii_uppercase + string.digits
_INSIGHTS = (
    "enable_performance_insights",
    "performance_insights_kms_key_id",
    "performance_insights_retention_period",
    "database_insights_mode",
)
_INSIGHTS_DAYS = 7
_ADVANCED_INSIGHTS_DAYS = 465


def _resource_ids() -> None:
    @replace(DBInstance, "__init__")
    def _(original: Callable[..., None], self: DBInstance, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.dbi_resource_id = "db-" + "".join(
            secrets.choice(_RESOURCE_ID_ALPHABET) for _ in range(26)
        )


def _insights() -> None:
    # moto answers with the attributes that an instance has under the names of the API's answer,
    # and ModifyDBInstance sets them under the names of its request.
    @replace(DBInstance, "__init__")
    def _(original: Callable[..., None], self: Any, *args: Any, **kwargs: Any) -> None:
        asked = {name: kwargs.get(name) for name in _INSIGHTS}
        _check_insights(asked)
        original(self, *args, **kwargs)
        vars(self).update(asked)
        _set_insights_defaults(self)

    @replace(DBInstance, "update")
    def _(original: Callable[..., None], self: Any, **changes: Any) -> None:
        kept = {name: getattr(self, name) for name in _INSIGHTS}
        asked = {name: value for name, value in changes.items() if value is not None}
        _check_insights({name: asked.get(name, kept[name]) for name in _INSIGHTS})
        original(self, **changes)
        _set_insights_defaults(self)

    @add_property(DBInstance, "performance_insights_enabled")
    def _(self: Any) -> bool:
        return bool(self.enable_performance_insights)


def _check_insights(asked: dict[str, Any]) -> None:
    days = asked["performance_insights_retention_period"] or 0
    enough = asked["enable_performance_insights"] and days >= _ADVANCED_INSIGHTS_DAYS
    if asked["database_insights_mode"] == "advanced" and not enough:
        raise InvalidParameterCombination(
            "To enable the Advanced mode of Database Insights, enable Performance Insights and "
            f"set its retention period to at least {_ADVANCED_INSIGHTS_DAYS} days."
        )


def _set_insights_defaults(instance: Any) -> None:
    instance.database_insights_mode = instance.database_insights_mode or "standard"
    if not instance.enable_performance_insights:
        instance.performance_insights_kms_key_id = None
        instance.performance_insights_retention_period = None
    elif not instance.performance_insights_retention_period:
        instance.performance_insights_retention_period = _INSIGHTS_DAYS


def _parameter_source() -> None:
    @replace(RDSResponse, "describe_db_parameters")
    def _(original: Callable[..., ActionResult], self: RDSResponse) -> ActionResult:
        result: Any = original(self).result
        # moto keeps only the parameters that the user set.
        parameters = [{**parameter, "Source": "user"} for parameter in result["Parameters"]]
        wanted = self.params.get("Source") or "user"
        return ActionResult({"Parameters": parameters if wanted == "user" else []})


def _parameter_reset() -> None:
    @add(RDSResponse, "reset_db_parameter_group")
    def _(self: RDSResponse) -> ActionResult:
        name = self.params["DBParameterGroupName"]
        groups = self.backend.describe_db_parameter_groups({"db_parameter_group_name": name})
        if not groups:
            raise DBParameterGroupNotFoundError(name)
        if self.params.get("ResetAllParameters"):
            groups[0].parameters.clear()
        for parameter in self.params.get("Parameters", []):
            groups[0].parameters.pop(parameter["ParameterName"], None)
        return ActionResult({"DBParameterGroupName": name})


GAPS = (
    Gap(
        service="rds",
        name="resource-ids",
        moto="gives every database instance the same DbiResourceId",
        aws="gives each its own; IAM database policies name it",
        fill=_resource_ids,
    ),
    Gap(
        service="rds",
        name="insights",
        moto="drops Performance Insights and the Database Insights mode",
        aws="keeps and validates both",
        fill=_insights,
    ),
    Gap(
        service="rds",
        name="parameter-source",
        moto="lists a parameter group's parameters without their source, so none counts as set",
        aws="says which the user set, and filters by source",
        fill=_parameter_source,
    ),
    Gap(
        service="rds",
        name="parameter-reset",
        moto="cannot reset the parameters of a group, as removing one from a stack does",
        aws="gives them back their defaults",
        fill=_parameter_reset,
    ),
)
