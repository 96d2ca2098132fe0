"""Two of each module in one stack: nothing that AWS wants only once is there twice.

Left out are ``GitlabAccess``, for there is one pipeline in an environment, and the first one's
roles would not be guarded against the second; people and the organization's policies, whose limits are
the environment's; and ``InvocationLogging``, of which AWS keeps one an
account and region.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from modules.naming import LONGEST_PREFIX, Naming
from tests.support.names import problems
from tests.support.stacks import Stack
from tests.support.twins import NAMING, twins
from tests.support.validate import Validator

LONGEST = Naming(
    project="p" * 16,
    environment="e" * (LONGEST_PREFIX - 18),
    account_id="111122223333",
    region="ap-southeast-1",
)


@pytest.fixture(scope="module")
def stack() -> Stack:
    return twins(NAMING, NAMING.within("reports"))


def test_no_name_is_refused_or_given_twice(stack: Stack) -> None:
    assert problems([stack]) == []


def test_every_module_is_there_twice(stack: Stack) -> None:
    for kind in (
        "aws_db_instance",
        "aws_db_proxy",
        "aws_apigatewayv2_api",
        "aws_cloudwatch_dashboard",
        "aws_vpc",
    ):
        assert len(stack.resources(kind)) == 2
    names = {body["tags"]["Name"] for body in stack.resources("aws_subnet").values()}
    assert len(names) == len(stack.resources("aws_subnet"))


def test_terraform_takes_it(stack: Stack, tmp_path: Path) -> None:
    assert Validator(tmp_path, stack).problems(stack) == []


def test_the_same_name_twice_is_told_in_one_line() -> None:
    found = problems([twins(NAMING, NAMING)])
    database = next(line for line in found if line.startswith("mapvibe-dev-database: aws_db_inst"))
    assert "system-0-database" in database
    assert "system-1-database" in database
    assert "Naming.within" in database


def test_the_longest_names_have_room(stack: Stack) -> None:
    assert problems([twins(LONGEST, LONGEST.within("reports"))]) == []
    assert len(stack.body["resource"]) > 30
