"""Rules of the RAG system, which span its modules; checked before anything is synthesised.

Each rule yields lines of one form: the field, its value, what is wrong, and the remedy.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from modules.bedrock import ENDPOINT_SERVICE, GEOGRAPHIES
from modules.rds.parameters import family_of
from modules.vpc.addresses import LARGEST_VPC_PREFIX, SMALLEST_VPC_PREFIX, TIERS, tier_range
from services.rag.contract import EMBEDDING_DIMENSIONS
from stacks.rag.models import GEOGRAPHY_OF_REGION
from stacks.rag.settings import RagSettings
from stacks.settings import EnvironmentSettings

GUARDED_BACKUP_DAYS = 14
_FEWEST_ZONES, _MOST_ZONES = 2, 3

INSTANCE_MEMORY_GIB = {
    "db.t3.micro": 1,
    "db.t4g.micro": 1,
    "db.t4g.small": 2,
    "db.t4g.medium": 4,
    "db.t4g.large": 8,
    "db.m7g.large": 8,
    "db.m7g.xlarge": 16,
    "db.r6g.large": 16,
    "db.r7g.large": 16,
    "db.r7g.xlarge": 32,
}
"""Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html"""

_BYTES_PER_CONNECTION = 9_531_392
_MOST_CONNECTIONS = 5_000
_MEMORY_LEFT_FOR_THE_DATABASE = 0.75

Rule = Callable[[RagSettings, EnvironmentSettings], Iterator[str]]


def broken_rules(rag: RagSettings, environment: EnvironmentSettings) -> list[str]:
    """One line for each rule that the system's settings break; empty when all hold."""
    return [line for rule in RULES for line in rule(rag, environment)]


def max_connections(instance_class: str) -> int:
    """Connections that an instance class is sure to accept.

    RDS sets ``max_connections`` to ``LEAST(DBInstanceClassMemory / 9531392, 5000)``, and its
    ``DBInstanceClassMemory`` is what the operating system and RDS itself leave: a quarter is
    held back here.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html
    """
    memory = INSTANCE_MEMORY_GIB[instance_class] * 1024**3 * _MEMORY_LEFT_FOR_THE_DATABASE
    return min(int(memory // _BYTES_PER_CONNECTION), _MOST_CONNECTIONS)


def _zones(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    zones = rag.network.zones
    if not _FEWEST_ZONES <= len(zones) <= _MOST_ZONES:
        yield (
            f"network.zones={_list(zones)}: a proxy, a subnet group and multi-AZ need at least two "
            "zones, and three are the most supported; name 2 or 3 zones"
        )
    if len(set(zones)) != len(zones):
        yield f"network.zones={_list(zones)}: a zone is named twice; name each zone once"
    strangers = [zone for zone in zones if not zone.startswith(environment.region)]
    if strangers:
        yield (
            f"network.zones={_list(strangers)}: not in region {environment.region}; "
            f"use zones such as {environment.region}a"
        )
    for field, used in _zone_users(rag).items():
        missing = [zone for zone in used if zone not in zones]
        if missing:
            yield (
                f"{field}={_list(missing)}: not among network.zones ({_list(zones)}); "
                "name zones that the network has"
            )


def _zone_users(rag: RagSettings) -> dict[str, tuple[str, ...]]:
    users = {"network.interface_endpoint_zones": rag.network.interface_endpoint_zones}
    if rag.database.proxy:
        users["database.proxy.zones"] = rag.database.proxy.zones
    return users


def _proxy_zones(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    proxy = rag.database.proxy
    if proxy and len(set(proxy.zones)) < _FEWEST_ZONES:
        yield (
            f"database.proxy.zones={_list(proxy.zones)}: RDS Proxy needs two different zones; "
            "name a second one"
        )


def _multi_az(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    if rag.database.multi_az and len(set(rag.network.zones)) < _FEWEST_ZONES:
        yield (
            f"database.multi_az={rag.database.multi_az}: the standby needs a second zone; "
            "add one to network.zones, or set multi_az to False"
        )


def _ranges(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    cidr = rag.network.cidr
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError as error:
        yield f"network.cidr={cidr}: {error}; write a range such as 10.20.0.0/16"
        return
    if not network.is_private:
        yield f"network.cidr={cidr}: not a private range; use one within 10.0.0.0/8"
    if not LARGEST_VPC_PREFIX <= network.prefixlen <= SMALLEST_VPC_PREFIX:
        yield (
            f"network.cidr={cidr}: a /{network.prefixlen} is outside /{LARGEST_VPC_PREFIX} to "
            f"/{SMALLEST_VPC_PREFIX}, so that its subnets would be too small or AWS refuses it; "
            f"use a /{LARGEST_VPC_PREFIX}"
        )
        return
    tiers = {tier: ipaddress.IPv4Network(tier_range(cidr, tier)) for tier in TIERS}
    for first, second in combinations(TIERS, 2):
        if tiers[first].overlaps(tiers[second]):
            yield f"network.cidr={cidr}: tiers {first} and {second} overlap; mend modules/vpc"


def _way_to_bedrock(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    network = rag.network
    if network.nat == "none" and ENDPOINT_SERVICE not in network.interface_endpoints:
        yield (
            f"network.interface_endpoints={_list(network.interface_endpoints)}: without NAT there "
            f"is no way out to Bedrock; add '{ENDPOINT_SERVICE}', or set network.nat to single"
        )
    if network.interface_endpoints and not network.interface_endpoint_zones:
        yield (
            "network.interface_endpoint_zones=(): endpoints without a zone have no interface; "
            "name at least one zone"
        )


def _way_to_secrets(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    network = rag.network
    if network.nat == "none" and "secretsmanager" not in network.interface_endpoints:
        yield (
            f"network.interface_endpoints={_list(network.interface_endpoints)}: without NAT the "
            "function that prepares the database cannot read its secret; add 'secretsmanager', "
            "or set network.nat to single"
        )


def _time_outs(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    function_ms = rag.function.timeout_seconds * 1000
    if rag.api.timeout_ms < function_ms:
        yield (
            f"api.timeout_ms={rag.api.timeout_ms}: below function.timeout_seconds="
            f"{rag.function.timeout_seconds}, so that callers would see a time-out while the "
            f"function still works; lower function.timeout_seconds to "
            f"{max(1, rag.api.timeout_ms // 1000)} or raise api.timeout_ms (at most 30000)"
        )


def _connections(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    database = rag.database
    if database.instance_class not in INSTANCE_MEMORY_GIB:
        return
    accepted = max_connections(database.instance_class)
    percent = database.proxy.max_connections_percent if database.proxy else 100
    available = accepted * percent // 100
    # An invocation keeps one connection.
    if rag.function.reserved_concurrency > available:
        through = f"{percent} % of " if database.proxy else ""
        yield (
            f"function.reserved_concurrency={rag.function.reserved_concurrency}: above the "
            f"{available} connections that {through}{database.instance_class} accepts; lower it "
            f"to {available} or choose a larger database.instance_class"
        )


def _provisioned(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    function = rag.function
    if function.provisioned_concurrency > function.reserved_concurrency:
        yield (
            f"function.provisioned_concurrency={function.provisioned_concurrency}: above "
            f"function.reserved_concurrency={function.reserved_concurrency}; lower it"
        )


def _engine_family(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    expected = family_of(rag.database.engine_version)
    if rag.database.parameter_family != expected:
        yield (
            f"database.parameter_family={rag.database.parameter_family}: does not belong to "
            f"database.engine_version={rag.database.engine_version}; use {expected}"
        )


def _instance_class(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    chosen, allowed = rag.database.instance_class, environment.allowed_instance_classes
    if chosen not in allowed:
        yield (
            f"database.instance_class={chosen}: not among allowed_instance_classes of {environment.name} "
            f"({_list(allowed)}); choose one of these"
        )
    elif chosen not in INSTANCE_MEMORY_GIB:
        yield (
            f"database.instance_class={chosen}: its memory is unknown, so its connections cannot "
            "be checked; add it to INSTANCE_MEMORY_GIB in stacks/rag/rules.py"
        )


def _storage(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    database = rag.database
    # AWS asks for a ceiling at least 10 % above the storage, and advises 26 %.
    if database.max_storage_gib * 100 < database.storage_gib * 110:
        yield (
            f"database.max_storage_gib={database.max_storage_gib}: must exceed "
            f"database.storage_gib={database.storage_gib} by 10 % at least; raise it"
        )


def _guards(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    if not environment.guarded:
        return
    database = rag.database
    if not database.deletion_protection:
        yield (
            "database.deletion_protection=False: a guarded environment must not lose its database by mistake; set "
            "it to True (docs/runbooks/destroy.md says how it is destroyed on purpose)"
        )
    if database.backup_retention_days < GUARDED_BACKUP_DAYS:
        yield (
            f"database.backup_retention_days={database.backup_retention_days}: a guarded environment keeps at least "
            f"{GUARDED_BACKUP_DAYS} days of backups; raise it"
        )
    for field in ("final_snapshot", "multi_az"):
        if not getattr(database, field):
            yield f"database.{field}=False: a guarded environment demands it; set it to True"
    if database.apply_immediately:
        yield (
            "database.apply_immediately=True: a guarded environment must not restart in the middle of the day; "
            "set it to False"
        )


def _api(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    api = rag.api
    if (api.jwt_issuer is None) != (not api.jwt_audience):
        yield (
            f"api.jwt_issuer={api.jwt_issuer}: an authorizer needs an issuer and an audience; "
            "set both or neither"
        )
    if (api.domain_name is None) != (api.certificate_arn is None):
        yield (
            f"api.domain_name={api.domain_name}: a custom domain needs a name and a certificate; "
            "set both or neither"
        )


def _guardrail(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    models = rag.models
    if (models.guardrail_id is None) != (models.guardrail_version is None):
        yield (
            f"models.guardrail_id={models.guardrail_id}: a guardrail needs an id and a version; "
            "set both or neither"
        )


def _embedding(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    models = rag.models
    lengths = EMBEDDING_DIMENSIONS.get(models.embedding)
    if lengths is None:
        yield (
            f"models.embedding={models.embedding}: not a model that the service can embed with; "
            f"use one of {', '.join(EMBEDDING_DIMENSIONS)}"
        )
    elif models.embedding_dimension not in lengths:
        yield (
            f"models.embedding_dimension={models.embedding_dimension}: {models.embedding} makes "
            f"vectors of {' or '.join(map(str, lengths))} numbers; set it to that "
            "(docs/runbooks/migrations.md says how the database follows)"
        )


def _geography(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    geography = rag.models.answer.split(".", 1)[0]
    if geography in GEOGRAPHIES and geography != GEOGRAPHY_OF_REGION.get(environment.region):
        yield (
            f"models.answer={rag.models.answer}: profiles of {geography} can't be called from "
            f"{environment.region}; use one that begins with {GEOGRAPHY_OF_REGION.get(environment.region)}. or global."
        )


def _list(values: Sequence[str]) -> str:
    return ",".join(values) if values else "()"


RULES: tuple[Rule, ...] = (
    _zones,
    _proxy_zones,
    _multi_az,
    _ranges,
    _way_to_bedrock,
    _way_to_secrets,
    _time_outs,
    _connections,
    _provisioned,
    _engine_family,
    _instance_class,
    _storage,
    _guards,
    _api,
    _guardrail,
    _embedding,
    _geography,
)
