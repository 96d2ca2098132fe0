"""PostgreSQL on RDS, its application role's secret, and the proxy in front of it."""

from modules.rds.database import APPLICATION_USER, Database
from modules.rds.instance import MASTER_USER, InstanceProtection, InstanceSize
from modules.rds.parameters import family_of
from modules.rds.proxy import ProxySize

__all__ = [
    "APPLICATION_USER",
    "MASTER_USER",
    "Database",
    "InstanceProtection",
    "InstanceSize",
    "ProxySize",
    "family_of",
]
