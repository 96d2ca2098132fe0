"""Every setting of the system is used: what nobody reads would be a promise that nobody keeps."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from modules.alerting import AmazonQ
from modules.bedrock import DeliveredData
from modules.lambda_function import Capacity
from modules.monitoring import ApiThresholds, DatabaseThresholds, ModelThresholds
from modules.rds import InstanceProtection, InstanceSize, ProxySize
from modules.vpc import FlowLogArchive
from services.rag.contract import ApiSettings as ServiceSettings
from stacks.base import module_value
from stacks.rag.monitoring_settings import (
    AlertSettings,
    AmazonQSettings,
    GrafanaSettings,
    InvocationLoggingSettings,
    MonitoringSettings,
)
from stacks.rag.settings import (
    ApiSettings,
    DatabaseSettings,
    FlowLogArchiveSettings,
    FlowLogSettings,
    FunctionSettings,
    ModelSettings,
    NetworkSettings,
    ProxySettings,
)
from stacks.settings import Settings
from tests.support.stacks import settings

_STACK = Path(__file__).resolve().parents[3] / "stacks/rag"
SOURCE = "".join(path.read_text() for path in _STACK.glob("*.py") if "settings" not in path.name)

PASSED_WHOLE: dict[type[Settings], tuple[type, ...]] = {
    AmazonQSettings: (AmazonQ,),
    DatabaseSettings: (InstanceSize, InstanceProtection),
    FlowLogArchiveSettings: (FlowLogArchive,),
    FunctionSettings: (Capacity,),
    InvocationLoggingSettings: (DeliveredData,),
    ModelSettings: (ServiceSettings,),
    MonitoringSettings: (ApiThresholds, DatabaseThresholds, ModelThresholds),
    ProxySettings: (ProxySize,),
}
"""Settings to the values of modules and of the service that are made of them."""


@pytest.mark.parametrize(
    "kind",
    [
        AlertSettings,
        AmazonQSettings,
        ApiSettings,
        DatabaseSettings,
        FlowLogArchiveSettings,
        FlowLogSettings,
        FunctionSettings,
        GrafanaSettings,
        InvocationLoggingSettings,
        ModelSettings,
        MonitoringSettings,
        NetworkSettings,
        ProxySettings,
    ],
)
def test_every_setting_is_used(kind: type[Settings]) -> None:
    passed = {
        field.name for value in PASSED_WHOLE.get(kind, ()) for field in dataclasses.fields(value)
    }
    read = {name for name in kind.model_fields if re.search(rf"\.{name}\b", SOURCE)}
    assert set(kind.model_fields) - passed - read == set()


def test_a_value_takes_the_fields_of_the_same_names() -> None:
    rag = settings("prod").rag
    assert rag is not None
    size = module_value(InstanceSize, rag.database)
    for field in dataclasses.fields(InstanceSize):
        assert getattr(size, field.name) == getattr(rag.database, field.name)
    assert module_value(InstanceProtection, rag.database).performance_insights_days == 7
