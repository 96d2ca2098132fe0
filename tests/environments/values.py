"""Makes settings, valid-looking and odd, for every field that the settings have.

The fields are read from the classes, so that a new one takes part by itself. Only text needs
somebody who knows what it looks like: a new field of text fails by name until it stands in ``TEXT``.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic.fields import FieldInfo

from environments.settings import Environment
from modules.governance import GROUPS
from services.rag.contract import EMBEDDING_DIMENSIONS
from stacks.instance_classes import INSTANCE_MEMORY_GIB
from stacks.rag.models import ANSWER_MODELS, EMBEDDING_MODELS
from stacks.rag.monitoring_settings import GRAFANA_DISK_TYPE
from stacks.rag.postgresql import MAJORS
from stacks.rag.rules.flow_logs import COLDER_DAYS
from stacks.regions import REGIONS, zones_of
from stacks.settings import MOST_RECOVERY_DAYS, SHORTEST_RETENTION_DAYS, Settings

NAME = "trial"
"""The environment's name; it must be that of its file."""

Values = dict[str, Any]

_REGION = next(iter(REGIONS))
_ACCOUNTS = ("111122223333", "444455556666")
_LARGEST_FREE_NUMBER = 1000
_CERTIFICATE = "certificate/11111111-2222-3333-4444-555555555555"
_MONITOR = "anomalymonitor/11111111-2222-3333-4444-555555555555"

TEXT: dict[str, tuple[str, ...]] = {
    "name": (NAME,),
    "project": ("mapvibe", "map-vibe", "a1b", "x" * 16),
    "account_id": _ACCOUNTS,
    "region": (_REGION,),
    "owner": ("platform-team", "Team A+B - c=d . e_f : g/h @ i", "x" * 256),
    "cost_center": ("mapvibe-dev", "0", "4711 / west"),
    "limits.database_classes": tuple(INSTANCE_MEMORY_GIB),
    "limits.instance_types": (
        "t3.micro",
        "t3.small",
        "t3.medium",
        "m7i-flex.large",
        "u-6tb1.metal",
    ),
    "rag.network.cidr": ("10.20.0.0/16", "100.64.0.0/21", "172.16.0.0/16", "192.168.64.0/18"),
    "rag.network.zones": zones_of(_REGION),
    "rag.network.interface_endpoint_zones": zones_of(_REGION),
    "rag.database.name": ("mapvibe", "m", "users_2", "x" * 63),
    "rag.database.engine_version": (
        *MAJORS,
        *(f"{name}.{minor}" for name, major in MAJORS.items() for minor in major.minors),
    ),
    "rag.database.instance_class": tuple(INSTANCE_MEMORY_GIB),
    "rag.database.proxy.zones": zones_of(_REGION),
    "rag.api.cors_origins": ("https://app.example.com", "http://localhost:3000"),
    "rag.api.jwt_issuer": (
        "https://issuer.example.com",
        "https://t.auth0.com/",
        "https://a.b.cd/e_F",
    ),
    "rag.api.jwt_audience": ("client", "api://default", "1abc.apps.example.com"),
    "rag.api.tenant": ("default", "a", "x" * 200, "team:a/b@c"),
    "rag.api.tenant_claim": ("sub", "cognito:username", "https://example.com/tenant"),
    "rag.api.domain_name": ("api.example.com", "a.xn--bcher-kva.example"),
    "rag.api.certificate_arn": tuple(
        f"arn:aws:acm:{_REGION}:{account}:{_CERTIFICATE}" for account in _ACCOUNTS
    ),
    "rag.models.answer": ANSWER_MODELS[_REGION],
    "rag.models.embedding": EMBEDDING_MODELS[_REGION],
    "rag.models.guardrail_id": ("abc123", "x" * 64),
    "rag.grafana.version": ("11.6.16", "12.4.0", "99.99.99"),
    "rag.models.guardrail_version": ("1", "DRAFT", "99999999"),
    "rag.alerts.critical_emails": ("on-call@example.com", "a@b.cd", "x" * 64 + "@a.example"),
    "rag.alerts.warning_emails": ("team+dev@mail.example.com", "a.b_c@example.com"),
    "rag.alerts.amazon_q.workspace_id": ("T0123ABCD", "E0123ABCDEF"),
    "rag.alerts.amazon_q.channel_id": ("C0123ABCD", "G0123ABCD"),
    "rag.invocation_logging.log_group_name": ("/aws/bedrock/modelinvocations", "/aws/bedrock/a"),
    "governance.budgets.action.roles": ("rag", "pipeline-apply"),
    "governance.budgets.action.groups": ("developers", "operators"),
    "governance.anomalies.monitor_arn": tuple(
        f"arn:aws:ce::{account}:{_MONITOR}" for account in _ACCOUNTS
    ),
    "account.security_contact.name": ("Platform team", "A", "x" * 64),
    "account.security_contact.title": ("Security contact", "x" * 50),
    "account.security_contact.email": ("security@example.com", "a@b.cd"),
    "account.security_contact.phone": ("+84 24 0000 0000", "+1 (555) 010-0000"),
    **{
        f"governance.people.{path}": values
        for group in GROUPS
        for path, values in (
            (f"users.{group}", ("anna", "bert.b@example.com", "x" * 64)),
            (f"identity_center.{group}", ("01234567-0123-0123-0123-0123456789ab",)),
        )
    },
    "governance.people.identity_center.instance_arn": (
        "arn:aws:sso:::instance/ssoins-0123456789abcdef",
    ),
    "governance.organization.targets": (*_ACCOUNTS, "ou-ab12-0123abcd"),
    "governance.organization.administrators": tuple(
        f"arn:aws:iam::{account}:role/Administrator*" for account in _ACCOUNTS
    ),
    "delivery.gitlab_url": ("https://gitlab.com", "https://git.example.com"),
    "delivery.project_path": ("mapvibe/infrastructure", "a/b/c-d.e", "x" * 100 + "/" + "y" * 100),
    "delivery.branch": ("main", "release/1.0", "x" * 200),
}
"""What text of each field can look like; for several values, what each of them can."""

ODD = st.one_of(
    st.sampled_from(
        ["", " ", "a b", "a\nb", "\0", "a\u2028b", "${aws_vpc.x.id}", "%{if true}", "{{x}}", "-", "--",
         "a--b", "A", "\u0430", "\uff11\uff17", "0", "*", "../x", "https://", "arn:aws:", "'", '"', "x" * 300,
         "None", "True", "1e3", "aws:x", "10.0.0.0/8", "127.0.0.0/16", "postgres", "17.99", "db.x9.huge"]
    ),
    st.sampled_from([None, True, False, 0, -1, 1, 2**31, 10**30, 1.5, float("nan"), float("inf")]),
    st.sampled_from([(), ("",), ("a", "a"), ["a"], {}, {"a": 1}, b"x", object]),
    st.text(max_size=20),
    st.integers(),
    st.floats(),
)  # fmt: skip
"""Values that somebody could write into any field."""


def fields() -> Iterator[tuple[str, FieldInfo]]:
    """Path and definition of every field that holds a value, and not a part of the settings."""
    return _fields(Environment, "")


def _fields(kind: type[Settings], prefix: str) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in kind.model_fields.items():
        part = part_of(field)
        if part is None:
            yield f"{prefix}{name}", field
        else:
            yield from _fields(part, f"{prefix}{name}.")


def part_of(field: FieldInfo) -> type[Settings] | None:
    """The class of the part that a field holds, or None for a plain value."""
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, Settings):
            return kind
    return None


def _plausible(path: str, kind: Any, metadata: list[Any]) -> SearchStrategy[Any]:
    """Values of a type as somebody would write them, within the bounds of the field."""
    kind, metadata = _bare(kind, metadata)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        options = [each for each in get_args(kind) if each is not type(None)]
        return st.none() | _plausible(path, options[0], metadata)
    if origin is Literal:
        return st.sampled_from(get_args(kind))
    if origin is tuple:
        one = _plausible(path, get_args(kind)[0], [])
        fixed = 0 if get_args(kind)[-1] is Ellipsis else len(get_args(kind))
        least = next((bound.min_length for bound in metadata if hasattr(bound, "min_length")), 0)
        values = st.lists(one, unique=True, min_size=fixed or least, max_size=fixed or 3)
        return values.map(tuple)
    if kind is bool:
        return st.booleans()
    if kind in (int, float):
        return _number(kind, {type(bound).__name__: bound for bound in metadata})
    if kind is str:
        assert path in TEXT, f"{path}: say what its text looks like in tests/environments/values.py"
        return st.sampled_from(TEXT[path])
    raise AssertionError(f"{path}: teach tests/environments/values.py to make {kind}")


def _bare(kind: Any, metadata: list[Any]) -> tuple[Any, list[Any]]:
    while hasattr(kind, "__metadata__"):
        metadata = [*metadata, *kind.__metadata__]
        kind = get_args(kind)[0]
    return kind, metadata


def _number(kind: Any, bounds: dict[str, Any]) -> SearchStrategy[Any]:
    low = bounds["Ge"].ge if "Ge" in bounds else bounds["Gt"].gt + 1 if "Gt" in bounds else 0
    high = bounds["Le"].le if "Le" in bounds else _LARGEST_FREE_NUMBER
    if kind is float:
        return st.floats(min_value=low, max_value=high) | st.sampled_from([low, high])
    return st.integers(min_value=low, max_value=high) | st.sampled_from([low, high])


@st.composite
def environments(draw: st.DrawFn) -> tuple[Values, frozenset[str]]:
    """Whole settings, and the fields into which something odd was put."""
    values = _part(draw, Environment, "")
    kind = draw(st.sampled_from(["agreeing"] * 5 + ["odd"] * 4 + ["as drawn"]))
    if kind != "as drawn":
        agree(values)
    if kind != "odd":
        return values, frozenset()
    paths = draw(st.sets(st.sampled_from([path for path, _ in fields()]), min_size=1, max_size=2))
    return values, frozenset(path for path in paths if _put(values, path, draw(ODD)))


def _part(draw: st.DrawFn, kind: type[Settings], prefix: str) -> Values:
    values: Values = {}
    for name, field in kind.model_fields.items():
        path = f"{prefix}{name}"
        part = part_of(field)
        if part is None:
            values[name] = draw(_plausible(path, field.annotation, list(field.metadata)))
        elif type(None) in get_args(field.annotation) and not draw(st.integers(0, 4)):
            values[name] = None
        else:
            values[name] = _part(draw, part, f"{path}.")
    return values


def _put(values: Values, path: str, value: Any) -> bool:
    *parts, last = path.split(".")
    for part in parts:
        if values[part] is None:
            return False
        values = values[part]
    values[last] = value
    return True


def agree(values: Values) -> None:
    """Change what two fields say against each other, as somebody does who reads the lines."""
    values["log_retention_days"] = max(values["log_retention_days"], SHORTEST_RETENTION_DAYS)
    if values["guarded"]:
        values["key_deletion_window_days"] = MOST_RECOVERY_DAYS
    if values["delivery"]:
        _agree_delivery(values["delivery"])
    if values["governance"]:
        _agree_governance(values, values["governance"])
    rag = values["rag"]
    if rag is None:
        values["account"] = None
        return
    if values["account"]:
        _agree_account(values, values["account"])
    _agree_network(rag["network"], rag["database"]["proxy"])
    _agree_flow_logs(values, rag["network"]["flow_logs"])
    if rag["network"]["nat"] == "none":
        rag["grafana"] = None
    _agree_database(values, rag["database"])
    _agree_function(rag)
    _agree_api(values, rag["api"])
    _agree_alerts(values, rag["alerts"])
    if values["guarded"] and rag["invocation_logging"]:
        rag["invocation_logging"]["force_destroy"] = False
    models = rag["models"]
    models["embedding_dimension"] = EMBEDDING_DIMENSIONS[models["embedding"]][0]
    if None in (models["guardrail_id"], models["guardrail_version"]):
        models["guardrail_id"] = models["guardrail_version"] = None


def _agree_alerts(values: Values, alerts: Values) -> None:
    if alerts["slack"] == "amazon-q" and alerts["amazon_q"] is None:
        alerts["slack"] = "notifier"
    if alerts["slack"] != "amazon-q":
        alerts["amazon_q"] = None
    if alerts["slack"] is None or values["guarded"]:
        alerts["critical_emails"] = ("on-call@example.com",)
    if alerts["slack"] is None:
        alerts["warning_emails"] = ("team@example.com",)


def _agree_governance(values: Values, governance: Values) -> None:
    if values["rag"] is None:
        governance["budgets"] = governance["anomalies"] = None
    budgets, anomalies = governance["budgets"], governance["anomalies"]
    if budgets:
        budgets["monthly_usd"] = min(budgets["monthly_usd"] or 1200, 1200)
        budgets["daily_usd"] = min(budgets["daily_usd"] or 1, budgets["monthly_usd"])
        if budgets["action"] and not budgets["action"]["roles"]:
            budgets["action"]["groups"] = ("developers",)
    if anomalies and anomalies["monitor_arn"]:
        anomalies["monitor_arn"] = f"arn:aws:ce::{values['account_id']}:{_MONITOR}"
    people = governance["people"]
    if people and people["identity_center"]:
        people["users"] = dict.fromkeys(people["users"], ())
        # A permission set has room for 32 characters.
        values["project"] = values["project"][:15]


def _agree_account(values: Values, account: Values) -> None:
    account["protected"] = values["guarded"]
    account["config"] = account["config"] or account["security_hub"]
    trail = account["trail"]
    if trail["locked_days"]:
        trail["locked_days"] = min(trail["locked_days"], trail["retention_days"])


def _agree_delivery(delivery: Values) -> None:
    first = ("project_path", "ref_type", "ref")
    more = [each for each in delivery["subject_components"] if each not in first]
    if "deployment_tier" in more and "environment_protected" not in more:
        more.append("environment_protected")
    delivery["subject_components"] = (*first, *more)
    delivery["environment_protected"] = True


def _agree_network(network: Values, proxy: Values | None) -> None:
    zones = zones_of(_REGION)
    network["zones"] = network["zones"] if len(network["zones"]) > 1 else zones
    first = network["zones"][:2]
    if proxy:
        proxy["zones"] = first
        proxy["max_connections_percent"] = max(proxy["max_connections_percent"], 50)
    if network["nat"] == "none":
        needed = ("bedrock-runtime", "secretsmanager")
        network["interface_endpoints"] = tuple({*network["interface_endpoints"], *needed})
    network["interface_endpoints"] = tuple(sorted(network["interface_endpoints"]))
    network["interface_endpoint_zones"] = first if network["interface_endpoints"] else ()


def _agree_flow_logs(values: Values, logs: Values) -> None:
    archive = logs["archive"]
    if archive is None:
        logs["cloudwatch_days"] = SHORTEST_RETENTION_DAYS
        return
    colder = archive["colder_after_days"]
    least = SHORTEST_RETENTION_DAYS + (COLDER_DAYS if colder else 0)
    archive["expire_after_days"] = max(archive["expire_after_days"], least)
    if colder:
        archive["colder_after_days"] = min(colder, archive["expire_after_days"] - COLDER_DAYS)
    if values["guarded"]:
        archive["force_destroy"] = False


def _agree_database(values: Values, database: Values) -> None:
    limits = values["limits"]
    database["instance_class"] = limits["database_classes"][0]
    # More than a boundary has room for, IAM's limit refuses in one line.
    limits["database_classes"] = limits["database_classes"][:3]
    limits["instance_types"] = limits["instance_types"][:3]
    limits["inference_profiles"] = limits["inference_profiles"][:1]
    limits["largest_volume_gib"] = max(limits["largest_volume_gib"], 30)
    most = limits["largest_volume_gib"] * 10 // 11 - 1
    geographies = {*limits["inference_profiles"], "apac", "global"}
    limits["inference_profiles"] = tuple(sorted(geographies))
    if values["rag"]["grafana"]:
        limits["volume_types"] = tuple(sorted({*limits["volume_types"], GRAFANA_DISK_TYPE}))
        chosen = values["rag"]["grafana"]["instance_type"]
        limits["instance_types"] = tuple({**dict.fromkeys(limits["instance_types"]), chosen: None})
    database["storage_gib"] = min(database["storage_gib"], most)
    database["max_storage_gib"] = min(database["max_storage_gib"], limits["largest_volume_gib"])
    database["max_storage_gib"] = max(
        database["max_storage_gib"], database["storage_gib"] * 11 // 10 + 1
    )
    major = database["engine_version"][:2]
    if (database["major_upgrade_to"] or major) < major:
        database["major_upgrade_to"] = major
    upgrade = database["major_upgrade_to"] == major
    if values["guarded"]:
        database.update(deletion_protection=True, final_snapshot=True, multi_az=True)
        database["backup_retention_days"] = max(database["backup_retention_days"], 14)
        database["apply_immediately"] = upgrade
    elif upgrade:
        database["apply_immediately"] = True


def _agree_function(rag: Values) -> None:
    function, api = rag["function"], rag["api"]
    function["reserved_concurrency"] = min(function["reserved_concurrency"], 20)
    function["provisioned_concurrency"] = min(
        function["provisioned_concurrency"], function["reserved_concurrency"]
    )
    api["timeout_ms"] = max(api["timeout_ms"], 1000)
    function["timeout_seconds"] = min(function["timeout_seconds"], api["timeout_ms"] // 1000)


def _agree_api(values: Values, api: Values) -> None:
    if api["jwt_issuer"] is None or not api["jwt_audience"]:
        api["jwt_issuer"], api["jwt_audience"] = None, ()
    if None in (api["domain_name"], api["certificate_arn"]):
        api["domain_name"] = api["certificate_arn"] = None
    if api["certificate_arn"]:
        api["certificate_arn"] = f"arn:aws:acm:{_REGION}:{values['account_id']}:{_CERTIFICATE}"
