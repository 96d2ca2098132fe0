"""What is judged by name is where the provider's schema says."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.schema import judged, types
from pipeline.schema.extract import judged_text
from pipeline.warnings.judged import (
    DOCUMENTS,
    GRANT_NOTHING,
    NAMES,
    SWITCHES,
    documents,
    shared_accounts,
    switches,
)

PUBLIC = "publicly_accessible"


def test_every_name_is_that_of_an_argument_and_nothing_else_is_held() -> None:
    held = {path.rpartition(".")[2] for paths in judged().values() for path in paths}
    assert held == NAMES
    assert judged().keys() <= types()


def test_types_that_grant_nothing_have_a_document() -> None:
    assert {name for name in GRANT_NOTHING if name in judged()} == GRANT_NOTHING
    assert all(documents(name) == {} for name in GRANT_NOTHING)


@pytest.mark.parametrize(
    ("resource_type", "path"),
    [
        ("aws_iam_role", "assume_role_policy"),
        ("aws_iam_role", "inline_policy.policy"),
        ("aws_ssoadmin_permission_set_inline_policy", "inline_policy"),
        ("aws_s3control_multi_region_access_point_policy", "details.policy"),
        ("aws_ecr_repository_creation_template", "repository_policy"),
        ("aws_efs_file_system_policy", "policy"),
        ("aws_elasticsearch_domain", "access_policies"),
    ],
)
def test_documents_are_found_at_any_depth(resource_type: str, path: str) -> None:
    assert path in documents(resource_type)


def test_every_type_with_a_switch_of_a_name_is_judged() -> None:
    having = [name for name, paths in judged().items() if PUBLIC in paths]
    assert len(having) == 11
    for name in having:
        assert PUBLIC in [path for path, _ in switches(name)]
    assert shared_accounts("aws_rds_cluster_snapshot_copy") == ("shared_accounts",)
    assert shared_accounts("aws_imagebuilder_lifecycle_policy") == ()
    assert not DOCUMENTS & SWITCHES.keys()


def test_the_schema_is_searched_for_names_in_blocks_and_not_for_what_only_aws_writes() -> None:
    deepest: dict[str, Any] = {
        "attributes": {"policy": {"required": True}, "arn": {"computed": True}}
    }
    for _ in range(5):
        deepest = {"block_types": {"b": {"block": deepest}}}
    resources = {
        "aws_a": {"block": deepest},
        "aws_b": {"block": {"attributes": {"policy": {"computed": True}}}},
        "aws_c": {"block": {"block_types": {"policy": {"block": {}}}}},
    }
    assert judged_text(resources, ["policy"]) == (
        '{\n"aws_a": {"b.b.b.b.b.policy": "required"}\n}\n'
    )
