"""Lambda: names all the way down; a permission is a statement of the function's policy."""

from __future__ import annotations

import json

from recovery.adopt.account import Account
from recovery.adopt.rule import Item, Rule, Values, fill, listed


def _statements(account: Account, values: Values) -> list[Item]:
    whose = fill({"FunctionName": "{function_name}", "Qualifier": "{qualifier}"}, values)
    answer = account.ask("lambda.get_policy", **whose)
    statements: list[Item] = json.loads(answer["Policy"])["Statement"] if answer else []
    return statements


RULES = {
    "aws_lambda_function": Rule(
        look=listed("lambda.get_function", "[Configuration]", FunctionName="{function_name}"),
        status="State",
        pending=frozenset({"Pending"}),
        id="{function_name}",
        arn="lambda:function",
        removal="lambda delete-function --function-name {id}",
    ),
    "aws_lambda_alias": Rule(
        look=listed("lambda.get_alias", "[@]", FunctionName="{function_name}", Name="{name}"),
        id="{function_name}/{name}",
    ),
    "aws_lambda_permission": Rule(
        look=_statements,
        same={"Sid": "statement_id"},
        id="{function_name}:{qualifier}/{statement_id}",
    ),
}
