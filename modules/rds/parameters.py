"""The parameter group of PostgreSQL."""

from __future__ import annotations

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.db_parameter_group import (
    DbParameterGroup,
    DbParameterGroupParameter,
)
from constructs import Construct

from modules.naming import Naming

_SLOW_STATEMENT_MS = "1000"

_PARAMETERS: tuple[tuple[str, str, str], ...] = (
    # name, value, when it takes effect
    ("rds.force_ssl", "1", "immediate"),
    # pgvector needs no preload, and RDS refuses names that it does not know here.
    ("shared_preload_libraries", "pg_stat_statements", "pending-reboot"),
    ("log_connections", "1", "immediate"),
    ("log_disconnections", "1", "immediate"),
    ("log_lock_waits", "1", "immediate"),
    # Statements themselves are logged only when they are slow: they may carry users' text.
    ("log_min_duration_statement", _SLOW_STATEMENT_MS, "immediate"),
    ("log_statement", "ddl", "immediate"),
)


def major_of(engine_version: str) -> str:
    """The major version: ``17`` of ``17`` or ``17.6``."""
    return engine_version.partition(".")[0]


def family_of(engine_version: str) -> str:
    """The parameter family of a PostgreSQL version: ``postgres17`` of ``17`` or ``17.6``."""
    return f"postgres{major_of(engine_version)}"


def parameter_group(
    scope: Construct, construct_id: str, *, naming: Naming, family: str
) -> DbParameterGroup:
    """TLS demanded, ``pg_stat_statements`` loaded, connections and slow statements logged.

    Named by prefix and created before the old one goes: a new major version needs a group of
    another family while the instance still uses the first.
    """
    return DbParameterGroup(
        scope,
        construct_id,
        name_prefix=f"{naming.name(family)}-",
        family=family,
        description=f"PostgreSQL parameters of {naming.name('database')}",
        parameter=[
            DbParameterGroupParameter(name=name, value=value, apply_method=apply)
            for name, value, apply in _PARAMETERS
        ],
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
    )
