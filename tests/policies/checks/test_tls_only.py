"""What one statement must have to refuse what comes in clear."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.policies.examples import faults, judged, stack

CHECK = "MV_AWS_5"
DENY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


@pytest.mark.parametrize(
    ("change", "refuses"),
    [
        ({}, True),
        ({"Action": ["s3:*"]}, True),
        ({"Action": "*"}, True),
        ({"Principal": {"AWS": "*"}}, True),
        ({"Condition": {"Bool": {"AWS:SECURETRANSPORT": ["false"]}}}, True),
        ({"Effect": "Allow"}, False),
        ({"Action": "s3:GetObject"}, False),
        ({"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
        ({"Condition": {"BoolIfExists": {"aws:SecureTransport": "false"}}}, True),
        ({"Condition": {}}, False),
        ({"Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]}, True),
        ({"Resource": "arn:aws:s3:::b"}, False),
        ({"Principal": {"Service": "s3.amazonaws.com"}}, False),
    ],
)
def test_a_statement_that_refuses(tmp_path: Path, change: dict[str, Any], refuses: bool) -> None:
    policy = json.dumps({"Statement": {**DENY, **change}})
    path = stack(
        tmp_path,
        {
            "aws_s3_bucket": {"b": {"bucket": "b"}},
            "aws_s3_bucket_policy": {"p": {"bucket": "b", "policy": policy}},
        },
    )
    assert (faults(judged(path)[CHECK]) == {}) is refuses
