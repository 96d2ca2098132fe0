"""What others may know of this service: stacks, dashboards and the service itself read it here.

It imports the standard library only, and nothing else of the service, so that stacks can import it.
"""

from __future__ import annotations

from .certificates import RDS_AUTHORITIES
from .embeddings import EMBEDDING_DIMENSIONS
from .functions import API_HANDLER, MIGRATIONS_HANDLER, migration_event
from .metrics import NAMESPACE, ROUTE_DIMENSION, SERVICE, SERVICE_DIMENSION, UNKNOWN_ROUTE, Metric
from .routes import ROUTES, Route
from .settings import ApiSettings, DatabaseSettings, MigrationSecrets, MigrationSettings
from .variables import SettingsError, Variable, names, variables

__all__ = [
    "API_HANDLER",
    "EMBEDDING_DIMENSIONS",
    "MIGRATIONS_HANDLER",
    "NAMESPACE",
    "RDS_AUTHORITIES",
    "ROUTES",
    "ROUTE_DIMENSION",
    "SERVICE",
    "SERVICE_DIMENSION",
    "UNKNOWN_ROUTE",
    "ApiSettings",
    "DatabaseSettings",
    "Metric",
    "MigrationSecrets",
    "MigrationSettings",
    "Route",
    "SettingsError",
    "Variable",
    "migration_event",
    "names",
    "variables",
]
