"""PostgreSQL on RDS, its application role's secret, and the proxy in front of it."""

from modules.rds.application_secret import secret_name
from modules.rds.database import Database, Roles
from modules.rds.events import DatabaseEvents
from modules.rds.instance import InstanceProtection, InstanceSize
from modules.rds.parameters import family_of
from modules.rds.proxy import ProxySize

__all__ = [
    "Database",
    "DatabaseEvents",
    "InstanceProtection",
    "InstanceSize",
    "ProxySize",
    "Roles",
    "family_of",
    "secret_name",
]
