"""What is found for a resource, what is chosen among several, and what is left over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest

from recovery.adopt.account import Account
from recovery.adopt.leftovers import leftovers
from recovery.adopt.plan import Change, Workspace
from recovery.adopt.search import Found, Search
from recovery.adopt.states import Known
from recovery.errors import RecoveryError

TAGS = {"Project": "mapvibe", "Environment": "dev", "ManagedBy": "cdktf"}
NAMES = {"account": "111122223333", "region": "r", "project": "mapvibe", "environment": "dev"}


def listed(**tags: str) -> list[dict[str, str]]:
    return [{"Key": name, "Value": value} for name, value in tags.items()]


def vpc(name: str) -> dict[str, Any]:
    return {"VpcId": name, "CidrBlock": "10.0.0.0/16", "Tags": listed(**TAGS, Name="net")}


class Aws:
    """Answers of operations; a list of them is given one after the other."""

    id, region = NAMES["account"], NAMES["region"]

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    def forget(self) -> None:
        """Nothing is kept."""

    def ask(self, call: str, **_arguments: Any) -> Any:
        answer = self.answers.get(call.replace(".", "_"))
        return answer.pop(0) if isinstance(answer, list) else answer


class Plans:
    """A stack of two resources: the second has its parent's id once the parent is imported."""

    def __init__(self, *changes: Change) -> None:
        self.changes = changes
        self.imports: list[dict[str, str]] = []

    def plan(self, imports: Mapping[str, str]) -> list[Change]:
        self.imports.append(dict(imports))
        return [
            Change(
                address=each.address,
                type=each.type,
                actions=("no-op",) if each.address in imports else each.actions,
                imported=each.address in imports,
                values=each.values,
                replaced_for=(),
            )
            for each in self.changes
        ]


def create(address: str, **values: Any) -> Change:
    return Change(
        address=address,
        type=address.partition(".")[0],
        actions=("create",),
        imported=False,
        values={"tags_all": {**TAGS, "Name": "net"}, **values},
        replaced_for=(),
    )


NETWORK = create("aws_vpc.net", cidr_block="10.0.0.0/16")
DATABASE = create("aws_db_instance.data", identifier="data")


def search(
    aws: Aws, *changes: Change, keep: tuple[str, ...] = (), owners: Any = None
) -> tuple[Found, list[str]]:
    said: list[str] = []
    owners = owners or {}
    found = Search(
        account=cast("Account", aws),
        work=cast("Workspace", Plans(*changes)),
        known=Known(owners=owners, names=frozenset(name for _, name in owners)),
        names=NAMES,
        keep=keep,
        show=said.append,
        sleep=lambda seconds: said.append(f"slept {seconds:.0f} s"),
    ).run()
    return found, said


def test_one_that_fits_is_imported() -> None:
    found, _ = search(Aws(ec2_describe_vpcs={"Vpcs": [vpc("vpc-1")]}), NETWORK)
    assert found.imports == {"aws_vpc.net": "vpc-1"}


def test_tags_of_somebody_else_do_not_fit() -> None:
    stranger = {**vpc("vpc-1"), "Tags": listed(Project="other", Environment="dev", Name="net")}
    found, _ = search(Aws(ec2_describe_vpcs={"Vpcs": [stranger]}), NETWORK)
    assert found.imports == {}


def test_what_another_state_has_is_neither_imported_nor_left_over() -> None:
    owners = {("aws_vpc", "vpc-1"): "mapvibe/web-dev/terraform.tfstate"}
    aws = Aws(ec2_describe_vpcs={"Vpcs": [vpc("vpc-1")]})
    found, _ = search(aws, NETWORK, owners=owners)
    assert (found.imports, found.leftovers) == ({}, {})


def test_a_state_may_call_by_its_id_what_is_imported_by_an_arn() -> None:
    query = create("aws_cloudwatch_query_definition.q", name="q")
    aws = Aws(
        logs_describe_query_definitions={
            "queryDefinitions": [{"name": "q", "queryDefinitionId": "1-2"}]
        }
    )
    found, _ = search(aws, query, owners={("aws_cloudwatch_query_definition", "1-2"): "s"})
    assert (found.imports, found.leftovers) == ({}, {})


def test_among_several_nobody_guesses() -> None:
    aws = Aws(ec2_describe_vpcs={"Vpcs": [vpc("vpc-1"), vpc("vpc-2")]})
    with pytest.raises(RecoveryError, match=r"aws_vpc.net: 2 .*\(vpc-1, vpc-2\).*KEEP=vpc-1"):
        search(aws, NETWORK)


def test_the_one_that_a_person_named_is_imported_and_the_other_is_left_over() -> None:
    aws = Aws(ec2_describe_vpcs={"Vpcs": [vpc("vpc-1"), vpc("vpc-2")]})
    found, _ = search(aws, NETWORK, keep=("vpc-2",))
    assert found.imports == {"aws_vpc.net": "vpc-2"}
    left = leftovers(
        cast("Account", no_groups(aws)), found, Known(owners={}, names=frozenset()), TAGS
    )
    assert [str(each) for each in left] == ["vpc-1: aws ec2 delete-vpc --vpc-id vpc-1"]


def no_groups(aws: Aws) -> Aws:
    return Aws(**aws.answers, ec2_describe_security_groups={"SecurityGroups": []})


def test_the_key_that_has_an_alias_is_the_one() -> None:
    about = {"Description": "data", "KeyManager": "CUSTOMER", "KeyState": "Enabled"}
    aws = Aws(
        kms_list_keys={"Keys": [{"KeyId": "k1"}, {"KeyId": "k2"}]},
        kms_list_aliases={"Aliases": [{"TargetKeyId": "k2", "AliasName": "alias/data"}]},
        kms_describe_key=[
            {"KeyMetadata": {**about, "KeyId": id_}} for _ in range(3) for id_ in ("k1", "k2")
        ],
        kms_list_resource_tags={"Tags": listed(**TAGS)},
    )
    key = create("aws_kms_key.data", description="data", tags_all=TAGS)
    found, _ = search(aws, key)
    assert found.imports == {"aws_kms_key.data": "k2"}
    left = leftovers(
        cast("Account", no_groups(aws)), found, Known(owners={}, names=frozenset()), TAGS
    )
    assert [each.command for each in left] == [
        "aws kms schedule-key-deletion --key-id k1 --pending-window-in-days 30"
    ]


def test_what_is_being_made_is_waited_for() -> None:
    states = ["creating", "backing-up", "available", "available"]
    aws = Aws(
        rds_describe_db_instances=[{"DBInstances": [{"DBInstanceStatus": each}]} for each in states]
    )
    found, said = search(aws, DATABASE)
    assert found.imports == {"aws_db_instance.data": "data"}
    assert said[1:5] == [
        "waiting for aws_db_instance data: creating",
        "slept 10 s",
        "waiting for aws_db_instance data: backing-up",
        "slept 10 s",
    ]


def test_waiting_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recovery.adopt.search._WAIT_SECONDS", -1.0)
    aws = Aws(rds_describe_db_instances={"DBInstances": [{"DBInstanceStatus": "creating"}]})
    with pytest.raises(RecoveryError, match=r"aws_db_instance.data: data is still creating"):
        search(aws, DATABASE)


def test_what_is_being_deleted_is_not_there() -> None:
    aws = Aws(rds_describe_db_instances={"DBInstances": [{"DBInstanceStatus": "deleting"}]})
    assert search(aws, DATABASE)[0].imports == {}


def test_a_secret_that_waits_for_its_deletion_is_named_with_what_helps() -> None:
    secret = create("aws_secretsmanager_secret.s", name="a/b")
    aws = Aws(secretsmanager_describe_secret={"ARN": "arn:a/b-x", "DeletedDate": "today"})
    found, _ = search(aws, secret)
    assert found.imports == {}
    assert "aws secretsmanager restore-secret --secret-id a/b" in found.obstacles[secret.address]


def test_what_differs_in_nothing_is_dealt_out() -> None:
    both = [
        create(
            f"aws_apigatewayv2_integration.{name}",
            api_id="a",
            integration_type="AWS_PROXY",
            integration_uri="f",
        )
        for name in "xy"
    ]
    items = [
        {"IntegrationId": id_, "IntegrationType": "AWS_PROXY", "IntegrationUri": "f"}
        for id_ in ("i2", "i1")
    ]
    found, _ = search(Aws(apigatewayv2_get_integrations={"Items": items}), *both)
    assert sorted(found.imports.values()) == ["a/i1", "a/i2"]


def test_a_part_of_what_does_not_exist_is_not_asked_for() -> None:
    """An attribute that is not known before another resource exists is not among the values."""
    route = create("aws_route.r", destination_cidr_block="0.0.0.0/0")
    assert search(Aws(), route)[0].imports == {}


def test_a_type_without_rule_is_named() -> None:
    _, said = search(Aws(), create("aws_strange_thing.x"))
    assert "aws_strange_thing" in said[0]


def test_a_group_keeps_no_rule_that_aws_made() -> None:
    group = create("aws_security_group.g", vpc_id="vpc-1", name="g")
    everything = {"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": True}
    aws = Aws(
        ec2_describe_security_groups={
            "SecurityGroups": [{"VpcId": "vpc-1", "GroupName": "g", "GroupId": "sg-1"}]
        },
        ec2_describe_security_group_rules={"SecurityGroupRules": [everything]},
    )
    found, _ = search(aws, group)
    left = leftovers(cast("Account", aws), found, Known(owners={}, names=frozenset()), TAGS)
    assert [each.command for each in left] == [
        "aws ec2 revoke-security-group-egress --group-id sg-1 --security-group-rule-ids sgr-1"
    ]


def test_what_carries_our_tags_and_is_nowhere_is_left_over_parts_first() -> None:
    arns = [
        "arn:aws:ec2:r:111122223333:vpc/vpc-9",
        "arn:aws:ec2:r:111122223333:subnet/subnet-9",
        "arn:aws:sqs:r:111122223333:old",
        "arn:aws:sqs:r:111122223333:in-a-state",
        "arn:aws:sqs:r:111122223333:planned",
        "arn:aws:rds:r:111122223333:snapshot:rds:data-2026",
        "arn:aws:new:r:111122223333:thing/1",
    ]
    aws = Aws(
        ec2_describe_security_groups={"SecurityGroups": []},
        resourcegroupstaggingapi_get_resources={
            "ResourceTagMappingList": [{"ResourceARN": arn} for arn in arns]
        },
    )
    found = Found(changes=[create("aws_sqs_queue.q", name="planned")])
    known = Known(owners={}, names=frozenset({"arn:aws:sqs:r:111122223333:in-a-state"}))
    left = leftovers(cast("Account", aws), found, known, TAGS)
    assert [(each.what.rpartition(":")[2], each.command) for each in left] == [
        ("thing/1", ""),
        (
            "old",
            "aws sqs delete-queue --queue-url https://sqs.r.amazonaws.com/111122223333/old",
        ),
        ("subnet/subnet-9", "aws ec2 delete-subnet --subnet-id subnet-9"),
        ("vpc/vpc-9", "aws ec2 delete-vpc --vpc-id vpc-9"),
    ]
