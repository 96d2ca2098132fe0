"""prod: survives the loss of a zone, and is hard to lose by mistake. Values only."""

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
    FlowLogSettings,
    FunctionSettings,
    ModelSettings,
    NetworkSettings,
    ProxySettings,
    RagSettings,
)
from stacks.settings import LimitSettings

PROD = Environment(
    name="prod",
    guarded=True,
    account_id="444455556666",  # an example of AWS's documentation: put yours
    owner="platform-team",
    cost_center="mapvibe-prod",
    log_retention_days=365,
    key_deletion_window_days=30,
    limits=LimitSettings(
        database_classes=("db.t4g.large", "db.m7g.large", "db.r6g.large"),
        largest_volume_gib=500,
    ),
    rag=RagSettings(
        network=NetworkSettings(
            cidr="10.40.0.0/16",
            zones=("ap-southeast-1a", "ap-southeast-1b", "ap-southeast-1c"),
            # The way out to Bedrock survives the loss of a zone. "single" would cost a third and not
            # survive it; interface endpoints instead of NAT are dev's choice.
            nat="per_zone",
            # The archive's defaults: Parquet, 90 days at hand, a year in all.
            flow_logs=FlowLogSettings(cloudwatch_days=30),
        ),
        database=DatabaseSettings(
            instance_class="db.m7g.large",
            storage_gib=100,
            max_storage_gib=500,
            multi_az=True,
            deletion_protection=True,
            backup_retention_days=14,
            final_snapshot=True,
            apply_immediately=False,
            proxy=ProxySettings(zones=("ap-southeast-1a", "ap-southeast-1b")),
        ),
        function=FunctionSettings(
            memory_mib=1024,
            timeout_seconds=28,
            reserved_concurrency=200,
            provisioned_concurrency=2,
        ),
        api=ApiSettings(throttle_rate=200, throttle_burst=400),
        models=ModelSettings(
            answer="apac.amazon.nova-pro-v1:0",
            embedding="cohere.embed-multilingual-v3",
        ),
        alerts=AlertSettings(
            critical_emails=("on-call@example.com",),  # an example: put your own
            slack="notifier",
        ),
        # Enough traffic to learn from what is usual, and enough work for models.
        monitoring=MonitoringSettings(
            anomaly_detection=True, model_tokens_hourly=5_000_000, model_calls_hourly=20_000
        ),
        invocation_logging=InvocationLoggingSettings(),
    ),
    delivery=DeliverySettings(
        project_path="mapvibe/infrastructure",
        environment_protected=True,
        deployment_tier="production",
    ),
    governance=GovernanceSettings(),
    account=AccountSettings(
        security_contact=SecurityContactSettings(  # an example: put your own
            name="Platform team", email="security@example.com", phone="+84 24 0000 0000"
        ),
    ),
)
