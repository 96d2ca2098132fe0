"""The functions of the service and the events that Terraform sends them."""

from __future__ import annotations

API_HANDLER = "rag.app.handler"
"""Answers the API."""

MIGRATIONS_HANDLER = "rag.migrate.handler"
"""Brings the database to this version of the code."""

GRANT_RDS_IAM = "grant_rds_iam"


def migration_event(*, grant_rds_iam: bool) -> dict[str, bool]:
    """Return the event that makes the migrations run; JSON in Terraform.

    Args:
        grant_rds_iam: whether the application's role logs in to the database with IAM tokens,
            as it does without RDS Proxy. Through the proxy it logs in with its password.
    """
    return {GRANT_RDS_IAM: grant_rds_iam}
