"""Gaps of Athena."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws


@pytest.mark.gap("athena/workgroup-changes")
def test_a_workgroup_changes_what_is_named(aws: Aws) -> None:
    athena = aws("athena")
    results = {"OutputLocation": "s3://first/"}
    athena.create_work_group(
        Name="changed",
        Configuration={"BytesScannedCutoffPerQuery": 10**8, "ResultConfiguration": results},
    )
    athena.update_work_group(
        WorkGroup="changed",
        Description="new",
        ConfigurationUpdates={
            "RemoveBytesScannedCutoffPerQuery": True,
            "PublishCloudWatchMetricsEnabled": True,
            "ResultConfigurationUpdates": {"ExpectedBucketOwner": "111122223333"},
        },
    )
    group = athena.get_work_group(WorkGroup="changed")["WorkGroup"]
    assert group["Description"] == "new"
    assert "BytesScannedCutoffPerQuery" not in group["Configuration"]
    assert group["Configuration"]["PublishCloudWatchMetricsEnabled"] is True
    assert group["Configuration"]["ResultConfiguration"] == {
        "OutputLocation": "s3://first/",
        "ExpectedBucketOwner": "111122223333",
    }
    with pytest.raises(ClientError, match="not found"):
        athena.update_work_group(WorkGroup="absent")


@pytest.mark.gap("athena/named-query-deletion")
def test_a_saved_query_can_be_deleted(aws: Aws) -> None:
    athena = aws("athena")
    kept, gone = (
        athena.create_named_query(Name=name, Database="logs", QueryString="SELECT 1")[
            "NamedQueryId"
        ]
        for name in ("kept", "gone")
    )
    athena.delete_named_query(NamedQueryId=gone)
    assert athena.get_named_query(NamedQueryId=kept)["NamedQuery"]["Name"] == "kept"
    with pytest.raises(ClientError):
        athena.get_named_query(NamedQueryId=gone)
