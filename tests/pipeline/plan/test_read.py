"""Reading Terraform's plan JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.plan.model import Action, Plan
from pipeline.plan.read import read_plan
from tests.pipeline.plans import plan_json, resource_change


def read(folder: Path, document: Any, stack: str = "dev") -> Plan:
    path = folder / "plan.json"
    path.write_text(json.dumps(document))
    return read_plan(path, stack=stack)


@pytest.mark.parametrize(
    ("actions", "action"),
    [
        (["no-op"], Action.NO_OP),
        (["create"], Action.CREATE),
        (["read"], Action.READ),
        (["update"], Action.UPDATE),
        (["delete", "create"], Action.REPLACE),
        (["create", "delete"], Action.REPLACE),
        (["create", "forget"], Action.REPLACE),
        (["delete"], Action.DELETE),
        (["forget"], Action.FORGET),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else str(value),
)
def test_actions_are_told_apart(actions: list[str], action: Action, tmp_path: Path) -> None:
    item = resource_change("aws_vpc.a", after={}, actions=actions)
    assert read(tmp_path, plan_json(item)).changes[0].action is action


@pytest.mark.parametrize(
    ("address", "module"),
    [
        ("aws_db_instance.database_instance_4ACD93C1", "database"),
        ("aws_cloudwatch_log_group.api_access-log_DA0FA37C", "api"),
        ("aws_kms_key.key_F64E54E4", "key"),
        ("aws_lambda_invocation.migrate", "migrate"),
        ("aws_dynamodb_table.lock-table", "lock-table"),
        ("aws_s3_bucket.my_bucket", "my_bucket"),
        ("module.network.aws_vpc.this", "module.network"),
        ('module.network["a.b"].module.inner[0].aws_vpc.this[1]', "module.network.module.inner"),
    ],
)
def test_a_resource_belongs_to_its_construct_or_module(
    address: str, module: str, tmp_path: Path
) -> None:
    change = read(tmp_path, plan_json(resource_change(address, after={}))).changes[0]
    assert (change.address, change.module) == (address, module)


def test_a_change_keeps_what_the_plan_says(tmp_path: Path) -> None:
    item = resource_change(
        "aws_instance.a",
        "replace",
        before={"ami": "ami-1", "tags": {"A": "b"}},
        after={"ami": "ami-2"},
        unknown={"id": True},
        replace_paths=[["ami"], ["disk", 0, "size"]],
        importing={"id": "i-1"},
        previous_address="aws_instance.b",
        deposed="0a1b2c3d",
    )
    change = read(tmp_path, plan_json(item)).changes[0]
    assert change.type == "aws_instance"
    assert change.before == {"ami": "ami-1", "tags": {"A": "b"}}
    assert change.after == {"ami": "ami-2"}
    assert change.unknown == {"id": True}
    assert change.replace_paths == (("ami",), ("disk", 0, "size"))
    assert (change.imported, change.deposed) == (True, True)
    assert change.previous_address == "aws_instance.b"


def test_a_plain_change_is_neither_imported_nor_deposed_nor_moved(tmp_path: Path) -> None:
    change = read(tmp_path, plan_json(resource_change("aws_vpc.a", after={}))).changes[0]
    assert (change.imported, change.deposed, change.previous_address) == (False, False, None)


def test_data_sources_are_left_out(tmp_path: Path) -> None:
    data = {**resource_change("aws_ami.a", "read", after={}), "mode": "data"}
    plan = read(tmp_path, plan_json(data, resource_change("aws_vpc.a", after={})))
    assert [change.address for change in plan.changes] == ["aws_vpc.a"]


def test_the_plan_knows_stack_region_and_version(tmp_path: Path) -> None:
    plan = read(tmp_path, plan_json(), stack="prod")
    assert (plan.stack, plan.region) == ("prod", "ap-southeast-1")
    assert (plan.terraform_version, plan.complete) == ("1.11.4", True)
    assert plan.changes == ()


REGION = {"expressions": {"region": {"constant_value": "eu-west-1"}}}


@pytest.mark.parametrize(
    ("expressions", "variables", "accounts"),
    [
        ({"allowed_account_ids": {"constant_value": ["111122223333"]}}, {}, {"111122223333"}),
        ({"allowed_account_ids": {"references": ["var.a"]}}, {"a": {}}, {"444455556666"}),
        ({"allowed_account_ids": {"references": ["var.a"]}}, {"a": {"sensitive": True}}, set()),
        (
            {"assume_role": [{"role_arn": {"constant_value": "arn:aws:iam::111122223333:role/a"}}]},
            {},
            {"111122223333"},
        ),
        ({"allowed_account_ids": {"constant_value": ["1", 5, None]}}, {}, set()),
        ({"allowed_account_ids": [1], "assume_role": 7}, {}, set()),
    ],
)
def test_the_accounts_are_those_of_the_providers(
    expressions: dict[str, Any], variables: dict[str, Any], accounts: set[str], tmp_path: Path
) -> None:
    document = plan_json(variables={"a": {"value": ["444455556666"]}})
    document["configuration"]["provider_config"]["aws"]["expressions"] = expressions
    document["configuration"]["root_module"]["variables"] = variables
    assert read(tmp_path, document).accounts == accounts


def test_the_account_of_a_modules_provider_is_what_its_call_passes(tmp_path: Path) -> None:
    variable: dict[str, Any] = {"variables": {"a": {}}}
    call = {"module": variable, "expressions": {"a": {"constant_value": "777788889999"}}}
    document = plan_json(variables={"a": {"value": ["444455556666"]}})
    document["configuration"]["provider_config"]["module.m:aws"] = {
        "name": "aws",
        "expressions": {"allowed_account_ids": {"references": ["var.a"]}},
    }
    document["configuration"]["root_module"] = {**variable, "module_calls": {"m": call}}
    assert read(tmp_path, document).accounts == {"777788889999"}


def test_an_account_that_the_plan_asked_for_is_known(tmp_path: Path) -> None:
    def identity(account: str) -> dict[str, Any]:
        values = {"account_id": account}
        return {"mode": "data", "type": "aws_caller_identity", "values": values}

    module = {
        "resources": [identity("111122223333"), {"type": "aws_vpc", "values": {"account_id": "1"}}],
        "child_modules": [{"resources": [identity("444455556666")]}],
    }
    document = plan_json(prior_state={"values": {"root_module": module}})
    assert read(tmp_path, document).accounts == {"111122223333", "444455556666"}
    assert read(tmp_path, plan_json(prior_state={"format_version": "1.0"})).accounts == set()


@pytest.mark.parametrize(
    ("providers", "region"),
    [
        ({"aws": REGION}, "eu-west-1"),
        ({"module.a:aws": REGION}, "eu-west-1"),
        ({"module.a:aws": {"expressions": {"region": {"constant_value": "x"}}}, "aws": REGION},
         "eu-west-1"),
        ({"aws.other": {**REGION, "alias": "other"}}, None),
        ({"aws": {"expressions": {"region": {"references": ["var.region"]}}}}, None),
        ({"random": REGION}, None),
        ({}, None),
    ],
    ids=["root", "module", "root-first", "alias", "variable", "other-provider", "none"],
)  # fmt: skip
def test_the_region_is_the_unaliased_providers(
    providers: dict[str, Any], region: str | None, tmp_path: Path
) -> None:
    document = plan_json(configuration={"provider_config": providers})
    assert read(tmp_path, document).region == region


@pytest.mark.parametrize(
    ("fields", "complete"),
    [
        ({}, True),
        ({"complete": False}, False),
        ({"applyable": False}, True),
        ({"deferred_changes": [{"reason": "unknown"}]}, False),
    ],
    ids=["whole", "targeted", "not-applyable", "deferred"],
)
def test_a_partial_plan_is_told(fields: dict[str, Any], complete: bool, tmp_path: Path) -> None:
    assert read(tmp_path, plan_json(**fields)).complete is complete


def test_an_older_terraform_says_nothing_of_completeness(tmp_path: Path) -> None:
    document = plan_json()
    for field in ("complete", "errored", "applyable"):
        del document[field]
    assert read(tmp_path, document).complete


def test_drift_is_what_really_differs(tmp_path: Path) -> None:
    drift = [
        resource_change("aws_vpc.changed", "update", {"a": "x"}, {"a": "y"}),
        resource_change("aws_vpc.gone", "delete", {"a": "x"}, None),
        resource_change("aws_vpc.same", "update", {"a": "x"}, {"a": "x"}),
        resource_change("aws_vpc.unset", "update", {"a": None, "b": [], "c": ""}, {}),
        {**resource_change("aws_ami.data", "update", {"a": 1}, {"a": 2}), "mode": "data"},
    ]
    plan = read(tmp_path, plan_json(resource_drift=drift))
    assert [change.address for change in plan.drift] == ["aws_vpc.changed", "aws_vpc.gone"]


def test_outputs_that_stay_are_left_out(tmp_path: Path) -> None:
    outputs = {
        "new": {"actions": ["create"], "after": "x"},
        "same": {"actions": ["no-op"]},
        "gone": {"actions": ["delete"]},
    }
    plan = read(tmp_path, plan_json(output_changes=outputs))
    assert plan.outputs == {"new": Action.CREATE, "gone": Action.DELETE}


def configured(address: str, **expressions: Any) -> dict[str, Any]:
    return {"address": address, "mode": "managed", "expressions": expressions}


def refers(*names: str) -> dict[str, Any]:
    return {"references": list(names)}


def test_references_are_addresses_of_resources_by_top_level_attribute(tmp_path: Path) -> None:
    function = configured(
        "aws_lambda_function.a",
        role=refers("aws_iam_role.a.arn", "aws_iam_role.a"),
        memory_size={"constant_value": 128},
        vpc_config=[{"subnet_ids": refers("aws_subnet.a.id", "aws_subnet.a", "var.x", "local.y")}],
        environment=refers("data.aws_region.now.name", "data.aws_region.now", "each.value"),
    )
    plan = read(
        tmp_path,
        plan_json(
            *(
                resource_change(address, after={})
                for address in ("aws_lambda_function.a", "aws_iam_role.a", "aws_subnet.a")
            ),
            configuration={"root_module": {"resources": [function]}},
        ),
    )
    assert plan.references == {
        "aws_lambda_function.a": {"role": ("aws_iam_role.a",), "vpc_config": ("aws_subnet.a",)}
    }


def test_references_follow_modules_and_instances(tmp_path: Path) -> None:
    inner = {
        "resources": [
            configured(
                "aws_route.one",
                table=refers("aws_route_table.all[0].id", "aws_route_table.all[0]",
                             "aws_route_table.all"),
                every=refers("aws_route_table.all"),
            )
        ]
    }  # fmt: skip
    plan = read(
        tmp_path,
        plan_json(
            *(
                resource_change(address, after={})
                for address in (
                    'module.net["x"].aws_route.one',
                    'module.net["x"].aws_route_table.all[0]',
                    'module.net["x"].aws_route_table.all[1]',
                    'module.net["y"].aws_route_table.all[0]',
                )
            ),
            configuration={"root_module": {"module_calls": {"net": {"module": inner}}}},
        ),
    )
    assert plan.references == {
        'module.net["x"].aws_route.one': {
            "table": ('module.net["x"].aws_route_table.all[0]',),
            "every": (
                'module.net["x"].aws_route_table.all[0]',
                'module.net["x"].aws_route_table.all[1]',
            ),
        }
    }


def test_a_warning_before_the_json_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("\nWarning: deprecated [31m option\n\n" + json.dumps(plan_json()))
    assert read_plan(path, stack="dev").region == "ap-southeast-1"


def test_planned_values_and_prior_state_are_not_read(tmp_path: Path) -> None:
    """Both can be of any form: a newer Terraform may change them without harm."""
    plan = read(tmp_path, plan_json(planned_values={"x": [1]}, prior_state={"y": 1}, new={}))
    assert plan.changes == ()
