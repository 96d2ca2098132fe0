"""Each entry of the tables is judged: open values are told, others are not."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.report.model import Topic
from pipeline.schema import judged, types
from pipeline.warnings import find_warnings, permissions, rules, sharing
from pipeline.warnings import judged as names
from pipeline.warnings.judged import Switch, documents, shared_accounts, switches
from tests.pipeline.plans import change, plan
from tests.pipeline.warnings.cases import FOREIGN, OURS, THEIRS, allow, policy

SWITCHED = [
    (resource_type, path, switch, value)
    for resource_type in sorted({*judged(), *names._OF_TYPE})
    for path, switch in switches(resource_type)
    for value in switch.opened
    if value is not None
]


def told(resource_type: str, path: str, value: Any, **more: Any) -> list[str]:
    """What is told of a resource with a value in the blocks of a path."""
    for name in reversed(path.split(".")):
        value = {name: value} if name == path.split(".")[0] else [{name: value}]
    found = find_warnings(plan(change(f"{resource_type}.x", after=value | more)))
    return [each.text for each in found if each.topic in (Topic.PUBLIC, Topic.IAM)]


@pytest.mark.parametrize(("resource_type", "path", "switch", "value"), SWITCHED)
def test_a_switch_is_told_where_it_is_open(
    resource_type: str, path: str, switch: Switch, value: Any
) -> None:
    assert switch.text in told(resource_type, path, value)
    other = (not value) if isinstance(value, bool) else "another"
    assert switch.text not in told(resource_type, path, other)


@pytest.mark.parametrize("resource_type", sorted(filter(documents, judged())))
def test_every_document_is_read(resource_type: str) -> None:
    for path in documents(resource_type):
        # Some are identities' policies, some are networks'; a web identity is neither.
        denied = policy(allow("a:B", "*", Effect="Deny"))
        gone = find_warnings(plan(change(f"{resource_type}.x", "delete", before=_at(path, denied))))
        assert "is no longer denied a:B on * by *" in [each.text for each in gone]


def _at(path: str, value: Any) -> dict[str, Any]:
    first, *rest = path.split(".")
    for name in reversed(rest):
        value = [{name: value}]
    return {first: value}


SHARED = [
    (resource_type, path, may)
    for resource_type in sorted({*sharing._MAY, *filter(shared_accounts, judged())})
    for path, may in sharing._paths(resource_type)
]


@pytest.mark.parametrize(("resource_type", "path", "may"), SHARED)
def test_whoever_may_use_a_resource_is_told(resource_type: str, path: str, may: str) -> None:
    def listed(principal: str) -> list[str]:
        values = _at(path, principal)
        if resource_type == "aws_ssm_document":
            values = {"permissions": {"account_ids": f"{OURS},{principal}"}}
        known = change("aws_sqs_queue.x", "no-op", before={"owner_id": OURS})
        found = find_warnings(plan(known, change(f"{resource_type}.x", after=values)))
        return [each.text for each in found]

    assert listed("*") == [f"anybody {may}"]
    foreign = FOREIGN.replace(" unless it is yours", "")
    assert listed(THEIRS) == [f"{foreign} {may}"]
    assert listed(f"arn:aws:iam::{THEIRS}:root") == [f"{foreign} {may}"]
    assert listed(OURS) == []


@pytest.mark.parametrize("resource_type", permissions._ATTACHED)
def test_managed_policies_are_read_wherever_they_are_attached(resource_type: str) -> None:
    path = permissions._ATTACHED[resource_type]
    broad = "arn:aws:iam::aws:policy/AdministratorAccess"
    assert told(resource_type, path, broad) == [f"gets the policy {broad}"]
    assert told(resource_type, path, [broad, "a"]) == [f"gets the policy {broad}"]
    assert told(resource_type, path, "arn:aws:iam::aws:policy/ReadOnlyAccess") == []
    assert told(resource_type, path, "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess") == []


@pytest.mark.parametrize("resource_type", rules._RULES)
@pytest.mark.parametrize("name", rules._RANGES)
def test_every_name_of_a_range_is_read(resource_type: str, name: str) -> None:
    where, _ = rules._RULES[resource_type]
    rule = {
        name: "0.0.0.0/0",
        "action": "allow",
        "rule_action": "allow",
        "from_port": 1,
        "to_port": 1,
    }
    assert told(resource_type, where, [rule]) if where else told(resource_type, "x", 1, **rule)
    inside = rule | {name: "192.168.0.0/16"}
    assert not (
        told(resource_type, where, [inside]) if where else told(resource_type, "x", 1, **inside)
    )


def test_every_type_of_a_table_is_one_of_the_provider() -> None:
    named = {*names._OF_TYPE, *sharing._MAY, *permissions._ATTACHED, *rules._RULES}
    assert named <= types()
