"""dev: the cheapest that is still secure. Values only."""

from environments.settings import Environment
from stacks.account.settings import AccountSettings, SecurityContactSettings
from stacks.delivery.settings import DeliverySettings
from stacks.governance.settings import GovernanceSettings
from stacks.rag.monitoring_settings import (
    AlertSettings,
    InvocationLoggingSettings,
    MonitoringSettings,
)
from stacks.rag.settings import (
    ApiSettings,
    DatabaseSettings,
    FlowLogArchiveSettings,
    FlowLogSettings,
    FunctionSettings,
    ModelSettings,
    NetworkSettings,
    ProxySettings,
    RagSettings,
)
from stacks.settings import LimitSettings

DEV = Environment(
    name="dev",
    guarded=False,
    account_id="111122223333",  # an example of AWS's documentation: put yours
    owner="platform-team",
    cost_center="mapvibe-dev",
    log_retention_days=365,
    key_deletion_window_days=7,
    limits=LimitSettings(
        database_classes=("db.t4g.micro", "db.t3.micro"),
        largest_volume_gib=50,
    ),
    rag=RagSettings(
        network=NetworkSettings(
            cidr="10.20.0.0/16",
            zones=("ap-southeast-1a", "ap-southeast-1b"),
            nat="none",
            interface_endpoints=("bedrock-runtime", "secretsmanager"),
            interface_endpoint_zones=("ap-southeast-1a",),
            # Little traffic: Parquet would be larger, and no file is large enough for colder storage.
            flow_logs=FlowLogSettings(
                cloudwatch_days=7,
                archive=FlowLogArchiveSettings(
                    format="plain-text", colder_after_days=None, force_destroy=True
                ),
            ),
        ),
        database=DatabaseSettings(
            instance_class="db.t4g.micro",
            storage_gib=20,
            max_storage_gib=50,
            multi_az=False,
            deletion_protection=False,
            backup_retention_days=1,
            final_snapshot=False,
            apply_immediately=True,
            proxy=ProxySettings(zones=("ap-southeast-1a", "ap-southeast-1b")),
        ),
        function=FunctionSettings(memory_mib=512, timeout_seconds=28, reserved_concurrency=10),
        api=ApiSettings(throttle_rate=20, throttle_burst=40),
        models=ModelSettings(
            answer="apac.amazon.nova-lite-v1:0",
            embedding="cohere.embed-multilingual-v3",
        ),
        alerts=AlertSettings(slack="notifier"),
        invocation_logging=InvocationLoggingSettings(force_destroy=True),
        # A few developers: a minute seldom has twenty requests.
        monitoring=MonitoringSettings(minimum_requests=5),
    ),
    delivery=DeliverySettings(
        project_path="mapvibe/infrastructure",
        environment_protected=False,
        deployment_tier="development",
    ),
    governance=GovernanceSettings(),
    account=AccountSettings(
        security_contact=SecurityContactSettings(  # an example: put your own
            name="Platform team", email="security@example.com", phone="+84 24 0000 0000"
        ),
        role_changes=False,  # developers deploy by hand
        protected=False,
    ),
)
