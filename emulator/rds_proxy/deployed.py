"""What Terraform deployed of RDS, as moto keeps it. Whoever calls holds moto's lock."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from moto.rds.models import DBInstance, DBProxy, rds_backends
from moto.secretsmanager.exceptions import SecretsManagerClientError
from moto.secretsmanager.models import SecretsManagerBackend, secretsmanager_backends

from emulator.rds_proxy.access import RoleSecret

_CURRENT = "AWSCURRENT"


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a host name leads to.

    Attributes:
        instance: the database.
        proxy: in front of it; None if the name is the instance's own.
    """

    instance: DBInstance
    proxy: DBProxy | None = None


@dataclass(frozen=True, kw_only=True)
class Pool:
    """How a proxy deals with connections.

    Attributes:
        proxy_name: whose they are.
        borrow_seconds: how long a client waits for one with the database.
        max_connections_percent: how many of the database's it may use.
    """

    proxy_name: str
    borrow_seconds: float
    max_connections_percent: int


def find(account_id: str, region: str, host: str) -> Target | None:
    """Finds what a host name leads to.

    Args:
        account_id: whose it is.
        region: where it is.
        host: an endpoint of a proxy or an instance.

    Returns:
        None if there is no PostgreSQL instance: an unknown name, or a proxy without a target.
    """
    backend = rds_backends[account_id][region]
    found = [Target(instance=each) for each in backend.databases.values() if each.address == host]
    for proxy in backend.db_proxies.values():
        targets = proxy.proxy_target_groups["default"].targets if proxy.endpoint == host else []
        instances = [backend.databases.get(target.rds_resource_id) for target in targets]
        found += [Target(instance=each, proxy=proxy) for each in instances if each]
    return next((each for each in found if each.instance.engine == "postgres"), None)


def exists(instance: DBInstance) -> bool:
    """Whether an instance is still there: another one of its name is another one."""
    backend = rds_backends[instance.account_id][instance.region]
    return backend.databases.get(instance.db_instance_identifier) is instance


def master_password(instance: DBInstance) -> str:
    """Gives the master user's password, which may be in a secret that RDS manages.

    Args:
        instance: whose.
    """
    if not instance.manage_master_user_password:
        return str(instance._master_user_password)  # moto does not show it
    arn = instance.master_user_secret.secret_arn
    backend = secretsmanager_backends[instance.account_id][instance.region]
    secret = _read(backend, arn)
    if secret.get("username") != instance.master_username:
        # moto writes the same name and password for everybody.
        secret = {"username": instance.master_username, "password": secrets.token_urlsafe(24)}
        backend.put_secret_value(arn, json.dumps(secret), "", secrets.token_hex(16), [_CURRENT])
    return str(secret["password"])


def role_secrets(account_id: str, region: str, host: str) -> dict[str, RoleSecret]:
    """Gives the roles whose secrets a proxy holds.

    Args:
        account_id: whose it is.
        region: where it is.
        host: the proxy's endpoint.

    Returns:
        The roles by name; none if the proxy is gone.
    """
    found = find(account_id, region, host)
    if not found or not found.proxy:
        return {}
    if found.instance.manage_master_user_password:
        master_password(found.instance)
    roles = {}
    for auth in found.proxy.auth:
        arn = auth["SecretArn"]
        secret = _read(secretsmanager_backends[account_id][arn.split(":")[3]], arn)
        if secret.get("username") and secret.get("password"):
            iam = auth.get("IAMAuth") == "REQUIRED"
            roles[secret["username"]] = RoleSecret(password=secret["password"], iam=iam)
    return roles


def pool(account_id: str, region: str, host: str) -> Pool | None:
    """Gives how a proxy deals with connections.

    Args:
        account_id: whose it is.
        region: where it is.
        host: its endpoint.

    Returns:
        None if there is no such proxy, or no longer.
    """
    found = find(account_id, region, host)
    if not found or not found.proxy:
        return None
    group = found.proxy.proxy_target_groups["default"]
    return Pool(
        proxy_name=found.proxy.db_proxy_name,
        borrow_seconds=float(group.borrow_timeout),
        max_connections_percent=int(group.max_connections),
    )


def takes_tokens(instance: DBInstance) -> bool:
    """Whether IAM authentication is switched on."""
    return bool(instance.enable_iam_database_authentication)


def _read(backend: SecretsManagerBackend, arn: str) -> dict[str, Any]:
    """What a secret says; nothing if it can't be read or is no JSON object."""
    try:
        secret = json.loads(backend.get_secret_value(arn, "", _CURRENT)["SecretString"])
    except (SecretsManagerClientError, KeyError, ValueError):
        return {}
    return secret if isinstance(secret, dict) else {}
