"""What carries our tags or looks like ours, and fits no resource: named, with what removes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from recovery.adopt.account import Account
from recovery.adopt.rule import fill
from recovery.adopt.rules import RULES
from recovery.adopt.search import Found, type_of
from recovery.adopt.states import Known

_ORDER = {kind: number for number, kind in enumerate(RULES)}
_TYPES = {rule.arn: kind for kind, rule in RULES.items() if rule.arn}
_MADE_BY_AWS = ("rds:snapshot", "rds:cluster-snapshot", "rds:auto-backup")
"""Backups of a database have its tags, and are no business of Terraform's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leftover:
    """One thing that a person should look at.

    Attributes:
        what: its identifier or ARN.
        command: what removes it; empty where none is known.
    """

    what: str
    command: str

    def __str__(self) -> str:
        """One line of the list."""
        return f"{self.what}: {self.command or 'no command is known; look at it in AWS'}"


def leftovers(
    account: Account, found: Found, known: Known, tags: Mapping[str, str]
) -> list[Leftover]:
    """All that is left over, in the order in which it can be removed.

    Args:
        account: where.
        found: what a search has found.
        known: what the states have.
        tags: which all resources of the environment carry.
    """
    names = {"account": account.id, "region": account.region}
    left = {
        each.id: (kind, _command(kind, {**names, **each.item, "id": each.id, "arn": each.id}))
        for kind, candidates in found.leftovers.items()
        for each in candidates.values()
    }
    left |= dict(_open_rules(account, found))
    accounted_for = known.names | _planned(found) | _default_groups(account) | left.keys()
    for arn in _tagged(account, tags):
        kind, id_ = parse_arn(arn)
        if kind in _MADE_BY_AWS or {arn, id_} & accounted_for:
            continue
        type_ = _TYPES.get(kind, "")
        values = {**names, "id": id_, "arn": arn}
        left[arn] = (type_, _command(type_, values) if type_ else "")
    ordered = sorted(left.items(), key=lambda each: -_ORDER.get(each[1][0], len(_ORDER)))
    return [Leftover(what=what, command=command) for what, (_, command) in ordered]


def _command(kind: str, values: Mapping[str, str]) -> str:
    return f"aws {fill(RULES[kind].removal, values)}"


def _planned(found: Found) -> set[str]:
    """Names, identifiers and ARNs of all that the stack has once the plan is applied."""
    return {
        value
        for change in found.changes
        for value in change.values.values()
        if isinstance(value, str)
    }


def _default_groups(account: Account) -> set[str]:
    """Each VPC's own security group, which nobody can delete."""
    filters = [{"Name": "group-name", "Values": ["default"]}]
    answer = account.ask("ec2.describe_security_groups", Filters=filters) or {}
    return {group["GroupId"] for group in answer["SecurityGroups"]}


def _tagged(account: Account, tags: Mapping[str, str]) -> list[str]:
    filters = [{"Key": name, "Values": [value]} for name, value in tags.items()]
    answer = account.ask("resourcegroupstaggingapi.get_resources", TagFilters=filters) or {}
    return [each["ResourceARN"] for each in answer.get("ResourceTagMappingList", [])]


def parse_arn(arn: str) -> tuple[str, str]:
    """Service and kind of an ARN, and the identifier at its end.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    service, resource = arn.split(":", 2)[2].partition(":")[0], arn.split(":", 5)[5]
    resource = resource.removeprefix("/")
    for separator in "/:":
        kind, found, id_ = resource.partition(separator)
        if found and separator not in kind and ":" not in kind:
            return f"{service}:{kind}", id_
    return f"{service}:", resource


def _open_rules(account: Account, found: Found) -> Iterator[tuple[str, tuple[str, str]]]:
    """Rules of adopted security groups that the stack does not have.

    AWS makes a group with a rule that lets everything out, which Terraform removes in a second
    call; a plan shows no rule that is none of its resources.
    """
    wanted = {
        id_ for address, id_ in found.imports.items() if "security_group_" in type_of(address)
    }
    for address, group in found.imports.items():
        if type_of(address) != "aws_security_group":
            continue
        answer = account.ask(
            "ec2.describe_security_group_rules",
            Filters=[{"Name": "group-id", "Values": [group]}],
        )
        for rule in (answer or {})["SecurityGroupRules"]:
            direction = "egress" if rule["IsEgress"] else "ingress"
            kind = f"aws_vpc_security_group_{direction}_rule"
            id_ = rule["SecurityGroupRuleId"]
            if id_ not in wanted:
                yield id_, (kind, _command(kind, {**rule, "id": id_}))
