"""Glue's catalogue and Athena: the table, workgroup and saved queries over the flow logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.gitlab_access.services.logs import bucket_statement
from modules.gitlab_access.services.service import Service
from modules.iam import Statement

if TYPE_CHECKING:
    from modules.gitlab_access.applied_stack import AppliedStack


def _catalogue(stack: AppliedStack) -> tuple[str, ...]:
    """Databases and their tables; AWS asks for the catalogue itself with each of them.

    Source: https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
    """
    own = stack.naming.identifier("*")
    kinds = ("catalog", f"database/{own}", f"table/{own}/*")
    return tuple(stack.naming.arn("glue", kind) for kind in kinds)


def _functions(stack: AppliedStack) -> str:
    """We make none, and AWS asks for them where a database goes with all that is in it."""
    own = stack.naming.identifier("*")
    return stack.naming.arn("glue", f"userDefinedFunction/{own}/*")


def _write(stack: AppliedStack) -> tuple[Statement, ...]:
    """Tables, workgroups and saved queries; and the bucket of results, which goes with its objects.

    Sources: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsglue.html and
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonathena.html
    """
    results = stack.naming.global_name("flow-queries")
    return (
        Statement(
            sid="Catalogue",
            actions=(
                "glue:CreateDatabase",
                "glue:CreateTable",
                "glue:DeleteDatabase",
                "glue:DeleteTable",
                "glue:TagResource",
                "glue:UntagResource",
                "glue:UpdateDatabase",
                "glue:UpdateTable",
            ),
            resources=(*_catalogue(stack), _functions(stack)),
        ),
        Statement(
            sid="Queries",
            actions=(
                "athena:CreateNamedQuery",
                "athena:CreateWorkGroup",
                "athena:DeleteNamedQuery",
                "athena:DeleteWorkGroup",
                "athena:TagResource",
                "athena:UntagResource",
                "athena:UpdateWorkGroup",
            ),
            resources=(stack.own("athena", "workgroup/"),),
        ),
        bucket_statement("QueryResults", results),
        Statement(
            sid="EmptyQueryResults",
            actions=("s3:DeleteObject*", "s3:ListBucketVersions"),
            resources=(f"arn:aws:s3:::{results}", f"arn:aws:s3:::{results}/*"),
        ),
    )


def _read(stack: AppliedStack) -> tuple[Statement, ...]:
    return (
        Statement(
            sid="SeeQueries",
            actions=(
                "athena:GetNamedQuery",
                "athena:GetWorkGroup",
                "athena:ListTagsForResource",
            ),
            resources=(stack.own("athena", "workgroup/"),),
        ),
        Statement(
            sid="SeeCatalogue",
            actions=(
                "glue:GetDatabase",
                "glue:GetPartitionIndexes",
                "glue:GetTable",
                "glue:GetTags",
            ),
            resources=_catalogue(stack),
        ),
    )


FLOW_LOG_QUERIES = Service(policy="monitoring", title="flow-log queries", write=_write, read=_read)
"""People query with roles of their own; the stack's roles need nothing of it."""
