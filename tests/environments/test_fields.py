"""Every field takes what AWS documents for it; anything else is one line with a remedy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.environments.values import fields
from tests.support.mistakes import assert_told, lines_for

_NESTED = "a" * 64

REFUSED: list[tuple[str, list[Any], str]] = [
    # field, values, part of the remedy
    ("name", ["", "d", "Dev", "1dev", "dev-2", "environment12", "dev\n", "d\u0435v"], "2 to 12 small letters"),
    ("project", ["map--vibe", "-map", "map-", "Map", "ma", "a" * 17, "map_vibe", "m\u0430p"], "single hyphens"),
    ("account_id", ["", "12345", "1234567890123", "11112222333a", "0" * 12, "\uff11\uff11\uff11\uff11\uff12\uff12\uff12\uff12\uff13\uff13\uff13\uff13"], "write its 12 digits"),
    ("account_id", [111122223333], "write text, in quotes"),
    ("region", ["", "Singapore", "ap-southeast-1a", "ap-southeast-1\n"], "such as ap-southeast-1"),
    ("owner", ["", " ", "R&D", "a, b", "team (x)", "x" * 257, "a\nb", "a ", "aws:team", "RDS:team", "\u65e5\u672c", "${x}"], "use 1 to 256 letters"),
    ("cost_center", ["", "a;b", "tab\there", "aws:x"], "use 1 to 256 letters"),
    ("guarded", ["no", 0, None], "write True or False, without quotes"),
    ("log_retention_days", [0, 2, 30, 180], "use 365 or more"),
    ("log_retention_days", [366], "use one of these"),
    ("log_retention_days", [True, "365", 365.0], "write a whole number"),
    ("key_deletion_window_days", [6], "raise it"),
    ("key_deletion_window_days", [31], "lower it"),
    ("key_deletion_window_days", [True, 7.0, "7"], "write a whole number, without quotes"),
    ("state_lockfile", ["yes"], "write True or False"),
    ("limits.database_classes", [()], "name more"),
    ("limits.database_classes", [("db.t4g.micro", "db.t4g.micro")], "name each once"),
    ("limits.database_classes", ["db.t4g.micro", ["db.t4g.micro"]], "such as ('a',)"),
    ("limits.database_classes.0", ["db.x9.huge", "t4g.micro", "db.r7g.large"], "use one of db.t3.micro"),
    ("rag.network.cidr", ["10.0.0.0/8", "10.0.0.0/24"], "use a /16"),
    ("rag.network.cidr", ["", "10.0.0.1/16", "10.20.0.0", "10.20.0.0/255.255.0.0", "10.20.0.0/16\n", "\uff110.20.0.0/16"], "such as 10.20.0.0/16"),
    ("rag.network.cidr", ["8.8.0.0/16", "127.0.0.0/16", "169.254.0.0/16", "224.0.0.0/16", "0.0.0.0/16", "198.18.0.0/16", "172.32.0.0/16"], "within 10.0.0.0/8"),
    ("rag.network.cidr", ["172.17.0.0/16", "172.17.64.0/20"], "within 10.0.0.0/8"),
    ("rag.network.zones.0", ["a", "ap-southeast-1", "ap-southeast-1i", "ap-southeast-\uff11a"], "such as ap-southeast-1a"),
    ("rag.network.zones", [("ap-southeast-1a", "ap-southeast-1a")], "name each once"),
    ("rag.network.nat", ["None", "two", True], "use one of these"),
    ("rag.network.interface_endpoints.0", ["bedrok-runtime", "BEDROCK-RUNTIME", ""], "use one of these"),
    ("rag.network.interface_endpoints", [("sts", "sts")], "name each once"),
    ("rag.network.interface_endpoint_zones", [("ap-southeast-1a", "ap-southeast-1a")], "name each once"),
    ("rag.network.flow_logs.cloudwatch_days", [0, 2, 366, -1], "use one of these"),
    ("rag.network.flow_logs.cloudwatch_days", [True, "14", 14.0], "write a whole number"),
    ("rag.network.flow_logs.archive.format", ["csv", "Parquet"], "use one of these"),
    ("rag.network.flow_logs.archive.colder_after_days", [0, 29], "raise it"),
    ("rag.network.flow_logs.archive.expire_after_days", [0], "raise it"),
    ("rag.network.flow_logs.archive.expire_after_days", [3651], "lower it"),
    ("rag.network.flow_logs.archive.scan_limit_gib", [0], "raise it"),
    ("rag.network.flow_logs.archive.scan_limit_gib", [1025], "lower it"),
    ("rag.network.flow_logs.archive.force_destroy", ["yes"], "write True or False"),
    ("rag.invocation_logging.force_destroy", ["yes"], "write True or False"),
    ("rag.database.name", ["", "1db", "Map", "map-vibe", "a" * 64, "db\n"], "1 to 63 small letters"),
    ("rag.database.name", ["user", "select", "postgres", "rdsadmin", "template1"], "choose another name"),
    ("rag.database.engine_version", ["", "15", "19", "17.x", "seventeen", "17.6.1", "17.05", "\uff11\uff17"], "use 16, 17, 18"),
    ("rag.database.engine_version", ["17.4", "17.99", "18.0"], "stacks/rag/postgresql.py"),
    ("rag.database.engine_version", [17], "write text, in quotes"),
    ("rag.database.major_upgrade_to", ["15", "19", 18], "use one of these"),
    ("rag.database.storage_gib", [19, 0, -1], "raise it"),
    ("rag.database.storage_gib", [65537], "lower it"),
    ("rag.database.storage_gib", ["20", True], "without quotes"),
    ("rag.database.max_storage_gib", [65537], "lower it"),
    ("rag.database.multi_az", ["no"], "write True or False"),
    ("rag.database.backup_retention_days", [0], "raise it"),
    ("rag.database.backup_retention_days", [36], "lower it"),
    ("rag.database.application_secret_version", [0], "raise it"),
    ("rag.database.application_secret_version", [10**30], "lower it"),
    ("rag.database.proxy", ["none", False], "other environments' files"),
    ("rag.database.proxy.zones", [("ap-southeast-1a", "ap-southeast-1a")], "name each once"),
    ("rag.database.proxy.max_connections_percent", [0], "raise it"),
    ("rag.database.proxy.max_connections_percent", [101], "lower it"),
    ("rag.database.proxy.borrow_timeout_seconds", [301], "lower it"),
    ("rag.function.memory_mib", [127], "raise it"),
    ("rag.function.memory_mib", [10241], "lower it"),
    ("rag.function.timeout_seconds", [901], "lower it"),
    ("rag.function.reserved_concurrency", [0], "raise it"),
    ("rag.function.provisioned_concurrency", [-1], "raise it"),
    ("rag.api.timeout_ms", [49], "raise it"),
    ("rag.api.timeout_ms", [30_001], "lower it"),
    ("rag.api.throttle_rate", [0], "raise it"),
    ("rag.api.throttle_rate", [10_001], "lower it"),
    ("rag.api.throttle_rate", [float("nan"), float("inf")], "ordinary number"),
    ("rag.api.throttle_rate", ["20"], "write a number, without quotes"),
    ("rag.api.throttle_burst", [5_001], "lower it"),
    ("rag.api.cors_origins.0", ["https://app.example.com/", "https://*.example.com", "*", "app.example.com", "https://App.example.com", "https://a.example.com?x", "ftp://a.example.com"], "https:// and a host"),
    ("rag.api.cors_origins.0", ["https://app", "https://-a.example.com", f"https://{_NESTED}.example.com"], "such as app.example.com"),
    ("rag.api.cors_origins.0", ["http://app.example.com"], "use https://"),
    ("rag.api.cors_origins.0", ["http://localhost:0", "https://a.example.com:65536", "http://localhost:080"], "use 1 to 65535"),
    ("rag.api.cors_origins.0", ["https://a.example.com:443", "http://localhost:80"], "leave it out"),
    ("rag.api.cors_origins", [("https://a.example.com", "https://a.example.com")], "name each once"),
    ("rag.api.jwt_issuer", ["", "issuer.example.com", "http://issuer.example.com", "https://", "HTTPS://issuer.example.com", "https://issuer.example.com/a b", "https://issuer.example.com\n"], "its https:// address"),
    ("rag.api.jwt_issuer", ["https://issuer.example.com?x=1", "https://issuer.example.com/#a", "https://u@issuer.example.com", "https://issuer.example.com/${x}"], "token's iss"),
    ("rag.api.jwt_issuer", ["https://localhost", "https://10.0.0.1", "https://issuer", "https://-a.example.com/x", "https://[::1]/x"], "such as https://issuer.example.com"),
    ("rag.api.jwt_issuer", ["https://issuer.example.com/.well-known/openid-configuration"], "before /.well-known"),
    ("rag.api.jwt_issuer", ["https://issuer.example.com:0/x", "https://issuer.example.com:99999"], "use 1 to 65535"),
    ("rag.api.jwt_audience.0", ["", "a b", "a,b", "${x}", "x" * 256], "token's aud"),
    ("rag.api.jwt_audience", [("a", "a")], "name each once"),
    ("rag.api.jwt_audience", [tuple(f"client-{n}" for n in range(51))], "name fewer"),
    ("rag.api.tenant", ["", "a b", "x" * 201, "${aws_vpc.x.id}", "a\0b"], "use 1 to 200 letters"),
    ("rag.api.tenant_claim", ["", "a b", "%{if true}"], "stand in the token"),
    ("rag.api.domain_name", ["", "https://api.example.com", "api.example.com/", "*.example.com", "API.example.com", "api", "api..example.com", "api.example.com.", "-a.example.com", "10.0.0.1", f"{_NESTED}.example.com", "a." * 126 + "com"], "such as api.example.com"),
    ("rag.api.certificate_arn", ["", "arn", "11111111-2222-3333-4444-555555555555", "arn:aws-cn:acm:cn-north-1:111122223333:certificate/11111111-2222-3333-4444-555555555555", "arn:aws:iam::111122223333:server-certificate/x"], "the whole ARN"),
    ("rag.models.answer", ["", "Nova Lite", "arn:aws:bedrock:ap-southeast-1::foundation-model/x", "a*"], "write the id"),
    ("rag.models.embedding", ["", "cohere.embed-*"], "write the id"),
    ("rag.models.embedding_dimension", [0], "raise it"),
    ("rag.models.answer_max_tokens", [8193], "lower it"),
    ("rag.models.minimum_similarity", [float("nan"), float("inf")], "ordinary number"),
    ("rag.models.minimum_similarity", [1.1], "lower it"),
    ("rag.models.guardrail_id", ["", "My guardrail", "arn:aws:bedrock:ap-southeast-1:1:guardrail/a"], "write the id alone"),
    ("rag.models.guardrail_version", ["0", "draft", "v1", "1.0"], "in quotes, or DRAFT"),
    ("rag.models.guardrail_version", [1], "write text, in quotes"),
    ("rag.alerts.critical_emails.0", ["", "on-call", "a@b", "@example.com", "a b@example.com", "Team <a@example.com>", "a@Example.com", "a@example.com\n", "x" * 65 + "@example.com", ".a@example.com"], "such as on-call@example.com"),
    ("rag.alerts.critical_emails", [("a@example.com", "a@example.com")], "name each once"),
    ("rag.alerts.critical_emails", [tuple(f"a{n}@example.com" for n in range(11))], "name fewer"),
    ("rag.alerts.warning_emails.0", ["mailto:a@example.com", "${x}@example.com"], "such as on-call@example.com"),
    ("rag.alerts.slack", ["Notifier", "webhook", True], "use one of these"),
    ("rag.alerts.amazon_q", ["T0123ABCD"], "other environments' files"),
    ("account.trail.locked_days", [0], "raise it"),
    ("account.trail.retention_days", [364], "raise it"),
    ("account.trail.retention_days", [3654], "lower it"),
    ("account.guard_duty", [False, "none"], "other environments' files"),
    ("account.security_contact.name", ["", " a", "a ", "x" * 65, "a\nb", "${x}"], "1 to 64 characters"),
    ("account.security_contact.title", ["", "x" * 51], "1 to 50 characters"),
    ("account.security_contact.email", ["security", "a@b"], "such as on-call@example.com"),
    ("account.security_contact.phone", ["", "024 0000 0000", "+84", "+84 24 abc", "+84 24 0000 0000 "], "the country's code"),
    ("account.unused_access_days", [0], "raise it"),
    ("account.unused_access_days", [366], "lower it"),
    ("account.default_vpc", ["open", True], "use one of these"),
    ("account.other_regions.0", ["ap-southeast-1", "eu-west-1"], "use one of these"),
    ("account.other_regions", [("us-east-1", "us-east-1")], "name each once"),
    ("rag.monitoring.error_percent", [0.9], "raise it"),
    ("rag.monitoring.error_percent", [99.5, 100], "lower it"),
    ("rag.monitoring.latency_ms", [float("nan"), float("inf")], "ordinary number"),
    ("delivery.gitlab_url", ["http://gitlab.example.com", "https://gitlab.example.com/", "https://example.com/gitlab", "https://gitlab.example.com:8443", "https://gitlab", "https://GitLab.com", f"https://{_NESTED}.com"], "GitLab's host in small letters"),
    ("delivery.project_path", ["infrastructure", "mapvibe/*", "/mapvibe/x", "mapvibe/", "mapvibe//x", "-mapvibe/x", "mapvibe/x.git"], "its group and its name"),
    ("delivery.branch", ["", "*", "main:environment_protected:true", "a..b", "/main", "main/", "a//b", "x.lock", "a/.b", "main\n"], "without asterisk or colon"),
    ("delivery.subject_components.0", ["project", "*"], "use one of these"),
    ("delivery.environment_protected", ["true"], "write True or False"),
    ("delivery.deployment_tier", ["prod"], "use one of these"),
    ("delivery.identity_provider", ["none"], "use one of these"),
    ("governance.budgets.monthly_usd", [0, -1], "raise it"),
    ("governance.budgets.monthly_usd", [1_000_001], "lower it"),
    ("governance.budgets.daily_usd", [4.5, "5"], "write a whole number"),
    ("governance.budgets.action.roles.0", ["", "mapvibe-dev-x", "Rag", "rag_", "a*", "rag\n"], "such as rag"),
    ("governance.budgets.action.approval", ["manual"], "use one of these"),
    ("governance.budgets.action.percent", [49], "raise it"),
    ("governance.anomalies.monitor_arn", ["", "11111111-2222-3333-4444-555555555555", "arn:aws:ce::111122223333:anomalysubscription/x"], "aws ce get-anomaly-monitors"),
]  # fmt: skip

ACCEPTED: list[tuple[str, list[Any]]] = [
    ("owner", ["a", "x" * 256, "Team A+B - c=d . e_f : g/h @ i"]),
    ("rag.network.cidr", ["100.64.0.0/16", "172.16.0.0/16", "192.168.0.0/16", "10.0.0.0/21"]),
    ("rag.database.name", ["a", "a" * 63, "users"]),
    ("rag.database.engine_version", ["16", "17.11", "18.6"]),
    ("rag.api.cors_origins", [("http://localhost:3000", "https://a.example.com:8443", "http://127.0.0.1:5173")]),
    ("rag.api.domain_name", ["api.example.com", "a-1.xn--bcher-kva.example"]),
    ("delivery.gitlab_url", ["https://gitlab.example.com"]),
    ("delivery.project_path", ["a/b/c-d.e_f"]),
    ("delivery.branch", ["release/1.0", "m"]),
]  # fmt: skip

ISSUERS = [
    "https://issuer.example.com",
    "https://tenant.eu.auth0.com/",
    "https://cognito-idp.ap-southeast-1.amazonaws.com/ap-southeast-1_AbCdEf123",
    "https://login.example.com:8443/realms/main",
]


def changed(field: str, value: Any) -> dict[str, Any]:
    """The change that puts a value into a field; a position stands for the field's first value."""
    path = field.split(".")
    if path[-1].isdigit():
        del path[-1]
        value = (value,)
    return {"__".join(path): value}


@pytest.mark.parametrize(
    ("field", "value", "remedy"),
    [(field, value, remedy) for field, values, remedy in REFUSED for value in values],
    ids=lambda v: ascii(v)[:50],
)
def test_a_wrong_value_is_one_line(field: str, value: Any, remedy: str) -> None:
    assert_told("dev", changed(field, value), f"{field}=", remedy)


@pytest.mark.parametrize(
    ("field", "value"), [(field, value) for field, values in ACCEPTED for value in values]
)
def test_what_aws_takes_is_taken(field: str, value: Any) -> None:
    lines = lines_for("dev", changed(field, value))
    assert [line for line in lines if "both or neither" not in line] == []


@pytest.mark.parametrize("issuer", ISSUERS)
def test_issuers_of_the_usual_providers_are_taken(issuer: str) -> None:
    changes = {"rag__api__jwt_issuer": issuer, "rag__api__jwt_audience": ("client",)}
    assert lines_for("dev", changes) == []


def test_a_value_that_would_break_its_line_is_told_in_one() -> None:
    (line,) = lines_for("dev", {"owner": "a\nb" + "x" * 300})
    assert line.startswith(r"environments/dev.py: owner='a\nbxxx")
    assert len(line) < 400


def test_a_letter_that_only_looks_right_is_shown() -> None:
    (line,) = lines_for("dev", {"project": "m\u0430pvibe"})
    assert line.startswith(r"environments/dev.py: project='m\u0430pvibe': ")


def test_no_field_is_refused_without_a_remedy() -> None:
    """A pattern of pydantic says that something does not match, and not what would."""
    bare = [path for path, field in fields() if any(hasattr(m, "pattern") for m in field.metadata)]
    assert bare == [], "use of_form, which says how to mend the value"


def test_every_field_of_text_has_a_form() -> None:
    """Text that may be anything reaches AWS, and Terraform reads ${ in it as its own."""
    texts = [path for path, field in fields() if field.annotation is str]
    assert len(texts) > 10
    for path in texts:
        assert lines_for("dev", changed(path, "${x}")), path
