"""The order of warnings, data at risk, destruction, drift, partial plans."""

from __future__ import annotations

import pytest

from pipeline.report.model import Topic
from pipeline.warnings import data_at_risk, find_warnings, holds_data
from tests.pipeline.plans import change, plan
from tests.stacks.rag.test_addresses import HOLDS_DATA

DATABASE = "aws_db_instance.database_instance_4ACD93C1"
ROUTE = "aws_route.network_way_11111111"


def texts(*changes: object, **others: object) -> list[tuple[str, str, str]]:
    return [(w.topic.value, w.address, w.text) for w in find_warnings(plan(*changes, **others))]  # type: ignore[arg-type]


def test_every_type_whose_address_is_pinned_holds_data() -> None:
    assert {name for name in HOLDS_DATA if not holds_data(name)} == set()
    assert not holds_data("aws_security_group")


def test_a_destroyed_database_is_the_first_warning_and_tells_of_the_snapshot() -> None:
    assert texts(
        change("aws_route_table.a_00000000", "delete", before={}),
        change(DATABASE, "delete", before={"skip_final_snapshot": True}),
    ) == [
        (
            "data-loss",
            DATABASE,
            "is destroyed: its databases will be lost, and no final snapshot is taken",
        ),
        ("destroyed", "aws_route_table.a_00000000", "is destroyed"),
    ]


def test_a_replacement_names_what_forces_it() -> None:
    replaced = change(
        DATABASE,
        "replace",
        before={"skip_final_snapshot": False},
        after={},
        replace_paths=(("username",), ("engine", 0)),
    )
    assert texts(replaced) == [
        (
            "data-loss",
            DATABASE,
            (
                "is replaced, because of engine, username: its databases will be lost; "
                "a final snapshot is taken"
            ),
        )
    ]


def test_a_left_over_of_a_replacement_says_so() -> None:
    left = change("aws_route_table.a_00000000", "delete", before={}, deposed=True)
    assert texts(left) == [
        (
            "destroyed",
            "aws_route_table.a_00000000",
            "is destroyed (left over from an interrupted replacement)",
        )
    ]


def test_what_is_forgotten_stays_and_is_billed() -> None:
    [(topic, _, text)] = texts(change(DATABASE, "forget", before={}))
    assert topic == "destroyed"
    assert "stays in AWS" in text


@pytest.mark.parametrize(
    ("action", "at_risk"),
    [
        ("create", False),
        ("update", False),
        ("replace", True),
        ("delete", True),
        ("forget", False),
        ("no-op", False),
    ],
)
def test_data_is_at_risk_where_it_is_destroyed_or_replaced(action: str, at_risk: bool) -> None:
    found = data_at_risk(plan(change(DATABASE, action), change(ROUTE, "delete")))
    assert [c.address for c in found] == ([DATABASE] if at_risk else [])


def test_drift_that_the_plan_undoes_names_attributes_and_no_secret() -> None:
    was = dict.fromkeys("abcdefg", 1) | {"password": "hunter2"}
    now = dict.fromkeys("abcdefg", 2) | {"password": "x"}
    drifted = change(DATABASE, "update", before=was, after=now)
    undone = change(DATABASE, "update", before=now, after=was)
    [(topic, address, text)] = texts(undone, drift=(drifted,))
    assert (topic, address) == ("drift", DATABASE)
    assert text == (
        "the DB instance was changed outside Terraform: a 1 → 2, b 1 → 2, c 1 → 2, d 1 → 2, e 1 → 2 "
        "and 3 more"
    )


def test_what_terraform_merely_reads_anew_is_no_drift() -> None:
    """A route table learns of its routes after it was made; the plan leaves it as it is."""
    table = "aws_route_table.network_00000000"
    learnt = change(table, "update", before={"route": []}, after={"route": ["a"], "tags": {}})
    kept = change(table, "no-op", before={"route": ["a"], "tags": {}})
    assert texts(kept, drift=(learnt,)) == []
    tagged = change(
        table,
        "update",
        before={"route": ["a"], "tags": {}},
        after={"route": ["a"], "tags": {"A": "b"}},
    )
    assert texts(tagged, drift=(learnt,)) == []


def test_what_somebody_deleted_will_be_made_again() -> None:
    [(topic, _, text)] = texts(drift=(change(DATABASE, "delete", before={"a": 1}),))
    assert topic == "harmful-drift"
    assert text == (
        "the DB instance was deleted outside Terraform; the plan would create it again; "
        "lost: its databases"
    )


def test_a_partial_plan_says_so() -> None:
    [(topic, address, text)] = texts(complete=False)
    assert (topic, address) == ("plan", "")
    assert "-target" in text


def test_topics_come_in_the_order_of_their_seriousness() -> None:
    warnings = find_warnings(
        plan(
            change(
                "aws_kms_key.key_00000000",
                "update",
                before={"enable_key_rotation": True},
                after={"enable_key_rotation": False},
            ),
            change("aws_lambda_permission.p_00000000", after={"principal": "*"}),
            change(DATABASE, "delete", before={}),
            complete=False,
        )
    )
    assert [w.topic for w in warnings] == [
        Topic.DATA_LOSS,
        Topic.PUBLIC,
        Topic.PROTECTION,
        Topic.PLAN,
    ]


def test_an_unchanged_plan_warns_of_nothing() -> None:
    open_rule = {"cidr_ipv4": "0.0.0.0/0", "from_port": 22, "to_port": 22}
    assert (
        texts(
            change("aws_vpc_security_group_ingress_rule.a_00000000", "no-op", before=open_rule),
        )
        == []
    )


def test_a_secret_in_an_address_or_a_policy_is_masked() -> None:
    key = "AKIA" + "Q3EXAMPLE7654321"
    [(_, address, _)] = texts(change(f'aws_route.a["{key}"]', "delete", before={}))
    assert key not in address
    document = f'{{"Statement": {{"Effect": "Allow", "Action": "*", "Resource": "{key}"}}}}'
    [(_, _, text)] = texts(
        change("aws_iam_policy.a_00000000", "update", before={}, after={"policy": document})
    )
    assert text.startswith("may now * on ")
    assert key not in text
