"""Gaps of RDS: what instances and parameter groups remember."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws
from tests.emulator.gaps.rds.resources import create, parameter_group


@pytest.mark.gap("rds/resource-ids")
def test_instances_have_resource_ids_of_their_own(aws: Aws) -> None:
    ids = {create(aws, f"resource-id-{number}")["DbiResourceId"] for number in range(2)}

    assert len(ids) == 2
    for resource_id in ids:
        [found] = aws("rds").describe_db_instances(
            Filters=[{"Name": "dbi-resource-id", "Values": [resource_id]}]
        )["DBInstances"]
        assert found["DbiResourceId"] == resource_id


@pytest.mark.gap("rds/insights")
def test_performance_insights_are_kept(aws: Aws) -> None:
    made = create(
        aws,
        "insights",
        EnablePerformanceInsights=True,
        PerformanceInsightsKMSKeyId="arn:aws:kms:us-east-1:000000000001:key/one",
        PerformanceInsightsRetentionPeriod=465,
        DatabaseInsightsMode="advanced",
    )

    assert made["PerformanceInsightsEnabled"] is True
    assert made["PerformanceInsightsKMSKeyId"].endswith("key/one")
    assert made["PerformanceInsightsRetentionPeriod"] == 465
    assert made["DatabaseInsightsMode"] == "advanced"


@pytest.mark.gap("rds/insights")
def test_performance_insights_are_off_and_standard_by_default(aws: Aws) -> None:
    made = create(aws, "insights-default")

    assert made["PerformanceInsightsEnabled"] is False
    assert made["DatabaseInsightsMode"] == "standard"
    assert "PerformanceInsightsRetentionPeriod" not in made


@pytest.mark.gap("rds/insights")
def test_performance_insights_can_be_changed(aws: Aws) -> None:
    create(aws, "insights-changed")
    rds = aws("rds")

    def modify(**changes: Any) -> dict[str, Any]:
        answer = rds.modify_db_instance(DBInstanceIdentifier="insights-changed", **changes)
        instance: dict[str, Any] = answer["DBInstance"]
        return instance

    on = modify(EnablePerformanceInsights=True)
    assert (on["PerformanceInsightsEnabled"], on["PerformanceInsightsRetentionPeriod"]) == (True, 7)
    with pytest.raises(ClientError, match="at least 465 days"):
        modify(DatabaseInsightsMode="advanced")
    [unchanged] = rds.describe_db_instances(DBInstanceIdentifier="insights-changed")["DBInstances"]
    assert unchanged["DatabaseInsightsMode"] == "standard"
    off = modify(EnablePerformanceInsights=False)
    assert off["PerformanceInsightsEnabled"] is False
    assert "PerformanceInsightsRetentionPeriod" not in off


@pytest.mark.gap("rds/insights")
@pytest.mark.parametrize("days", [7, 464])
def test_advanced_insights_need_their_retention(aws: Aws, days: int) -> None:
    with pytest.raises(ClientError, match="at least 465 days"):
        create(
            aws,
            f"insights-{days}",
            EnablePerformanceInsights=True,
            PerformanceInsightsRetentionPeriod=days,
            DatabaseInsightsMode="advanced",
        )
    names = [
        found["DBInstanceIdentifier"] for found in aws("rds").describe_db_instances()["DBInstances"]
    ]
    assert f"insights-{days}" not in names


@pytest.mark.gap("rds/parameter-source")
def test_parameters_say_who_set_them(aws: Aws) -> None:
    rds = _parameter_group(aws, "sources", "rds.force_ssl")

    [found] = rds.describe_db_parameters(DBParameterGroupName="sources")["Parameters"]
    assert (found["ParameterName"], found["Source"]) == ("rds.force_ssl", "user")
    for source, count in (("user", 1), ("system", 0), ("engine-default", 0)):
        answer = rds.describe_db_parameters(DBParameterGroupName="sources", Source=source)
        assert len(answer["Parameters"]) == count


@pytest.mark.gap("rds/parameter-reset")
@pytest.mark.parametrize("everything", [False, True], ids=["one", "all"])
def test_parameters_can_be_reset(aws: Aws, everything: bool) -> None:
    name = f"reset-{everything}".lower()
    rds = _parameter_group(aws, name, "log_connections", "rds.force_ssl")
    one = [{"ParameterName": "rds.force_ssl", "ApplyMethod": "immediate"}]
    wanted = {"ResetAllParameters": True} if everything else {"Parameters": one}

    rds.reset_db_parameter_group(DBParameterGroupName=name, **wanted)

    left = rds.describe_db_parameters(DBParameterGroupName=name)["Parameters"]
    assert [found["ParameterName"] for found in left] == ([] if everything else ["log_connections"])


@pytest.mark.gap("rds/parameter-reset")
def test_parameters_of_a_missing_group_cannot_be_reset(aws: Aws) -> None:
    rds = aws("rds")

    with pytest.raises(rds.exceptions.DBParameterGroupNotFoundFault):
        rds.reset_db_parameter_group(DBParameterGroupName="missing", ResetAllParameters=True)


def _parameter_group(aws: Aws, name: str, *parameters: str) -> Any:
    rds = aws("rds")
    rds.modify_db_parameter_group(
        DBParameterGroupName=parameter_group(aws, name),
        Parameters=[
            {"ParameterName": parameter, "ParameterValue": "1", "ApplyMethod": "immediate"}
            for parameter in parameters
        ],
    )
    return rds
