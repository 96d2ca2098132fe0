"""Glue and Athena: names; a named query may exist twice."""

from __future__ import annotations

from recovery.adopt.account import Account
from recovery.adopt.rule import Item, Rule, Values, fill, listed


def _named_queries(account: Account, values: Values) -> list[Item]:
    workgroup = fill("{workgroup}", values)
    ids = account.ask("athena.list_named_queries", WorkGroup=workgroup) or {}
    return [
        answer["NamedQuery"]
        for each in ids.get("NamedQueryIds", [])
        if (answer := account.ask("athena.get_named_query", NamedQueryId=each))
    ]


RULES = {
    "aws_glue_catalog_database": Rule(
        look=listed("glue.get_database", "[Database]", Name="{name}"),
        id="{account}:{name}",
        arn="glue:database",
        removal="glue delete-database --name {id}",
    ),
    "aws_glue_catalog_table": Rule(
        look=listed("glue.get_table", "[Table]", DatabaseName="{database_name}", Name="{name}"),
        id="{account}:{database_name}:{name}",
    ),
    "aws_athena_workgroup": Rule(
        look=listed("athena.get_work_group", "[WorkGroup]", WorkGroup="{name}"),
        id="{name}",
        arn="athena:workgroup",
        removal="athena delete-work-group --work-group {id}",
    ),
    "aws_athena_named_query": Rule(
        look=_named_queries,
        same={"Name": "name", "Database": "database"},
        id="{NamedQueryId}",
        several=True,
        removal="athena delete-named-query --named-query-id {id}",
    ),
}
