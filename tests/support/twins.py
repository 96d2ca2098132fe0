"""A stack with two of each module, wired together."""

from __future__ import annotations

from cdktf import TerraformStack

from backend import aws_provider
from modules.alerting import Alerts, AmazonQ, SlackNotifier
from modules.api_gateway import HttpApi, Route, Throttle
from modules.encryption import EncryptionKey
from modules.flow_log_queries import FlowLogQueries
from modules.grafana import Dashboard, Grafana, api_error_rate, error_rate_alert
from modules.lambda_function import Capacity, Function
from modules.monitoring import (
    AlarmTopics,
    ApiThresholds,
    DatabaseThresholds,
    Monitoring,
    all_of,
)
from modules.naming import Naming
from modules.private_bucket import PrivateBucket
from modules.rds import Database, InstanceProtection, InstanceSize, ProxySize, Roles
from modules.vpc import FlowLogArchive, FlowLogs, InterfaceEndpoints, Vpc
from tests.support.apps import new_app
from tests.support.apps import synthesised as app_stack
from tests.support.stacks import Stack, code

ZONES = ("ap-southeast-1a", "ap-southeast-1b")
NAMING = Naming(
    project="mapvibe", environment="dev", account_id="111122223333", region="ap-southeast-1"
)


def twins(first: Naming, second: Naming) -> Stack:
    """A stack with two of everything, one named by each."""
    app = new_app()
    stack = TerraformStack(app, "twins")
    aws_provider(stack, naming=first, tags={"Environment": "dev"})
    shared = add_system(stack, "system-0", first, cidr="10.0.0.0/16", shared=None)
    add_system(stack, "system-1", second, cidr="10.1.0.0/16", shared=shared)
    return app_stack(app, "twins")


def add_system(
    stack: TerraformStack, part: str, naming: Naming, *, cidr: str, shared: Function | None
) -> Function:
    """One of each module, wired together; returns the function that answers the API.

    Args:
        stack: where they go.
        part: first part of their construct ids.
        naming: their names.
        cidr: the network's range.
        shared: a function of another system that this one's API calls, too.
    """
    key = EncryptionKey(
        stack, f"{part}-key", naming=naming, role="data", description="t", deletion_window_days=7
    )
    network = Vpc(stack, f"{part}-network", naming=naming, cidr=cidr, zones=ZONES, nat="single")
    endpoints = InterfaceEndpoints(
        stack,
        f"{part}-endpoints",
        naming=naming,
        network=network,
        services=("bedrock-runtime", "ecr.api"),
        zones=ZONES[:1],
    )
    flow_logs = FlowLogs(
        stack,
        f"{part}-flow-logs",
        naming=naming,
        network=network,
        key=key,
        archive=FlowLogArchive(colder_after_days=90),
    )
    assert flow_logs.archive
    FlowLogQueries(
        stack,
        f"{part}-flow-log-queries",
        naming=naming,
        network=network,
        key=key,
        archive=flow_logs.archive,
        file_format="parquet",
        scan_limit_gib=10,
    )
    PrivateBucket(stack, f"{part}-bucket", naming=naming, name=naming.global_name("documents"))
    database = Database(
        stack,
        f"{part}-database",
        naming=naming,
        network=network,
        key=key,
        engine_version="17",
        parameter_family="postgres17",
        database_name="documents",
        roles=Roles(master="owner", application="app"),
        certificates="/var/task/rds.pem",
        size=InstanceSize(
            instance_class="db.t4g.micro", storage_gib=20, max_storage_gib=50, multi_az=False
        ),
        protection=InstanceProtection(
            deletion_protection=False,
            backup_retention_days=1,
            final_snapshot=True,
            apply_immediately=True,
        ),
        proxy=ProxySize(zones=ZONES),
        secret_version=1,
        log_retention_days=7,
    )
    functions = [
        Function(
            stack,
            f"{part}-{role}",
            naming=naming,
            role=role,
            description="t",
            code=code(),
            handler="app.handler",
            network=network,
            key=key,
            capacity=Capacity(memory_mib=128, timeout_seconds=3, reserved_concurrency=1),
            log_retention_days=7,
        )
        for role in ("answers", "preparation")
    ]
    for function in functions:
        function.allow_to_endpoints(endpoints)
    database.grant_connect(functions[0])
    database.grant_administer(functions[1])
    api = HttpApi(
        stack,
        f"{part}-api",
        naming=naming,
        routes={
            "GET /health": Route(function=functions[0]),
            "GET /shared": Route(function=shared or functions[0]),
        },
        throttle=Throttle(rate=1, burst=1),
        key=key,
        log_retention_days=7,
    )
    Alerts(
        stack,
        f"{part}-alerts",
        naming=naming,
        emails={"critical": ("a@example.com", "b@example.com"), "warning": ("a@example.com",)},
        slack=SlackNotifier(code=code(), handler="app.handler"),
        key_deletion_window_days=7,
        log_retention_days=7,
    )
    Alerts(
        stack,
        f"{part}-channel-alerts",
        naming=naming.within("channel"),
        emails={},
        slack=AmazonQ(workspace_id="T0123ABCD", channel_id="C0123ABCD"),
        key_deletion_window_days=7,
        log_retention_days=7,
    )
    Grafana(
        stack,
        f"{part}-grafana",
        naming=naming,
        network=network,
        key=key,
        version="11.6.16",
        dashboard=Dashboard(title="t", panels=[api_error_rate(api, too_many=5)]),
        alert=error_rate_alert(api, percent=5),
        log_groups=[api.log_group_name],
        recovery_window_days=7,
    )
    monitoring = Monitoring(
        stack,
        f"{part}-monitoring",
        naming=naming,
        topics=AlarmTopics(
            critical="arn:aws:sns:ap-southeast-1:111122223333:critical",
            warning="arn:aws:sns:ap-southeast-1:111122223333:warning",
        ),
        runbooks="https://example.com",
    )
    alarms = monitoring.watch.api(
        api,
        ApiThresholds(
            error_percent=5,
            outage_percent=50,
            minimum_requests=20,
            latency_ms=2_500,
            anomaly_detection=True,
        ),
    )
    monitoring.watch.function(functions[0], concurrency_percent=90)
    monitoring.watch.job(functions[1])
    overloaded = monitoring.watch.database(
        database,
        DatabaseThresholds(
            cpu_percent=80, free_storage_percent=20, connections_percent=80, borrow_latency_ms=100
        ),
    )
    monitoring.watch.nat(network)
    monitoring.page("failing", meaning="It fails.", rule=all_of(overloaded, alarms.errors))
    monitoring.draw("i")
    return functions[0]
