"""Whatever a setting allows has a price: nobody chooses a value and gets a failed pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import get_args

import pytest

from modules.vpc import FlowLogFormat, NatGateways
from pipeline.cost.pricers.vcpus import vcpus
from services.rag.contract import EMBEDDING_DIMENSIONS
from stacks.instance_classes import INSTANCE_MEMORY_GIB
from stacks.rag.models import ANSWER_MODELS, EMBEDDING_MODELS
from stacks.rag.monitoring_settings import GrafanaSettings
from stacks.rag.settings import EndpointService
from stacks.regions import REGIONS
from tests.support.mistakes import lines_for
from tests.support.prices import CATALOGUE, unpriced
from tests.support.stacks import rag_stack


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_has_prices(region: str) -> None:
    CATALOGUE.check_region(region)


@pytest.mark.parametrize(
    ("region", "instance_class", "zones"),
    product(REGIONS, INSTANCE_MEMORY_GIB, ("", ".multi_az")),
)
def test_every_instance_class_has_a_price(region: str, instance_class: str, zones: str) -> None:
    assert vcpus(instance_class) >= 2  # of the proxy in front of it
    assert CATALOGUE.has(f"rds.instance.{instance_class}{zones}", region)


@pytest.mark.parametrize("region", REGIONS)
def test_every_model_has_its_prices(region: str) -> None:
    for model in EMBEDDING_MODELS[region]:
        assert CATALOGUE.has(f"bedrock.{model}.input", region)
        assert model in EMBEDDING_DIMENSIONS
    for model, kind in product(ANSWER_MODELS[region], ("input", "output")):
        assert CATALOGUE.has(f"bedrock.{model}.{kind}", region)


def choices() -> Iterator[tuple[str, dict[str, object]]]:
    """What the other lists allow, as changes of dev."""
    for nat in get_args(NatGateways):
        yield f"nat {nat}", {"rag__network__nat": nat}
    for file_format in get_args(FlowLogFormat):
        yield (
            f"flow logs as {file_format}",
            {"rag__network__flow_logs__archive__format": file_format},
        )
    yield (
        "flow logs in CloudWatch Logs alone",
        {"rag__network__flow_logs": {"cloudwatch_days": 365, "archive": None}},
    )
    yield "every endpoint", {"rag__network__interface_endpoints": get_args(EndpointService)}
    for multi_az in (False, True):
        yield f"multi-AZ {multi_az}", {"rag__database__multi_az": multi_az}
    yield "no proxy", {"rag__database__proxy": None}
    yield (
        "a guardrail",
        {"rag__models__guardrail_id": "abc123", "rag__models__guardrail_version": "1"},
    )
    for size in get_args(GrafanaSettings.model_fields["instance_type"].annotation):
        yield (
            f"Grafana on {size}",
            {
                "limits__instance_types": (size,),
                "rag__network__nat": "single",
                "rag__grafana": {"instance_type": size},
            },
        )
    yield "environments kept warm", {"rag__function__provisioned_concurrency": 1}


@pytest.mark.parametrize("changes", [pytest.param(c, id=name) for name, c in choices()])
def test_every_other_choice_has_a_price(changes: dict[str, object]) -> None:
    assert lines_for("dev", changes) == []
    assert unpriced(rag_stack("dev", **changes), "ap-southeast-1") == []
