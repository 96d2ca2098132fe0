"""What holds for every construct: structs instead of dicts, tags, names, no stray wildcards."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from modules.checkov import skip
from modules.iam import MOST_ATTACHED_POLICIES, Statement, policy, size
from tests.support.stacks import all_stacks, rag_stack

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("modules", "stacks", "environments", "backend")

MAPS = {"parameters", "tags", "variables", "triggers"}
"""Arguments that Terraform itself takes as maps; everything else is a block."""

RESOURCE_NAME = {
    "aws_lambda_function": "function_name",
    "aws_db_instance": "identifier",
    "aws_security_group": "name",
    "aws_iam_role": "name",
    "aws_sqs_queue": "name",
    "aws_db_proxy": "name",
    "aws_apigatewayv2_api": "name",
}


def provider_calls(tree: ast.Module) -> list[ast.Call]:
    """Calls of classes that come from the provider's bindings or from CDKTF."""
    names = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cdktf")
        for alias in node.names
    }
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    ]


def dict_blocks(source: str) -> list[str]:
    """Arguments given as dicts where the bindings have a struct."""
    found = []
    for call in provider_calls(ast.parse(source)):
        for keyword in call.keywords:
            if keyword.arg in MAPS:
                continue
            values = [keyword.value]
            if isinstance(keyword.value, ast.List):
                values = keyword.value.elts
            if isinstance(keyword.value, ast.ListComp):
                values = [keyword.value.elt]
            if any(isinstance(value, ast.Dict | ast.DictComp) for value in values):
                found.append(f"line {keyword.value.lineno}: {keyword.arg}")
    return found


@pytest.mark.parametrize(
    "path",
    [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_no_dict_where_a_struct_belongs(path: Path) -> None:
    assert dict_blocks(path.read_text()) == []


def test_the_check_for_dicts_sees_them() -> None:
    source = (
        "from cdktf_cdktf_provider_aws.x import X\n"
        "X(s, 'a', egress=[{'from_port': 0}], tags={'a': 'b'}, block={'a': 1})\n"
        "X(s, 'a', rule=[{'a': i} for i in y])\n"
    )
    assert dict_blocks(source) == ["line 2: egress", "line 2: block", "line 3: rule"]


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_names_say_project_and_environment(name: str) -> None:
    stack = rag_stack(name)
    for kind, field in RESOURCE_NAME.items():
        for body in stack.resources(kind).values():
            assert body[field].startswith(f"mapvibe-{name}-"), (kind, body[field])


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_everything_is_tagged_by_the_provider(name: str) -> None:
    for stack in all_stacks(name).values():
        for provider in stack.body["provider"]["aws"]:
            assert provider["default_tags"] == [
                {
                    "tags": {
                        "Project": "mapvibe",
                        "Environment": name,
                        "Owner": "platform-team",
                        "CostCenter": f"mapvibe-{name}",
                        "ManagedBy": "cdktf",
                    }
                }
            ]


LONGEST_INLINE_POLICIES = 10_240
_LONGEST_ARN = "x" * 150
"""Stands for an ARN that AWS chooses."""


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_a_roles_policies_fit_into_iams_limits(name: str) -> None:
    """See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html for them."""
    stack = rag_stack(name)
    inline: Counter[str] = Counter()
    for body in stack.resources("aws_iam_role_policy").values():
        inline[body["role"]] += size(re.sub(r"\$\{[^}]*\}", _LONGEST_ARN, body["policy"]))
    assert 0 < max(inline.values()) <= LONGEST_INLINE_POLICIES
    attached = Counter(
        body["role"] for body in stack.resources("aws_iam_role_policy_attachment").values()
    )
    assert max(attached.values()) <= MOST_ATTACHED_POLICIES


def test_a_policy_needs_a_statement() -> None:
    with pytest.raises(ValueError, match="at least one statement"):
        policy()


def test_lists_of_one_are_plain_values_as_aws_returns_them() -> None:
    rendered = Statement(actions=("a:b",), resources=("x", "y")).render()
    assert rendered == {"Effect": "Allow", "Action": "a:b", "Resource": ["x", "y"]}


@pytest.mark.parametrize(
    ("check", "reason", "message"),
    [
        ("CKV_1", "a reason that is long enough", "not the id"),
        ("CKV_AWS_1", "no", "reason in words"),
    ],
)
def test_a_skip_needs_an_id_and_a_reason(check: str, reason: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        skip(None, check, reason=reason)  # type: ignore[arg-type]


def test_no_test_synthesises_into_the_projects_own_folder() -> None:
    """Two workers would read each other's stacks; ``tests.support.apps.new_app`` has a folder."""
    found = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("*.py")
        if re.search(r"(= |TerraformStack\()App\(\)", path.read_text())
    ]
    assert found == []
