"""Gaps of Athena."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.emulator.conftest import Aws


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
