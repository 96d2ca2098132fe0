"""The stack of the RAG system: the one place where its modules are wired together."""

from __future__ import annotations

import json

from cdktf_cdktf_provider_aws.lambda_invocation import LambdaInvocation
from constructs import Construct

from modules import bedrock
from modules.api_gateway import Cors, CustomDomain, HttpApi, JwtAuthorizer, Route, Throttle
from modules.encryption import EncryptionKey
from modules.flow_log_queries import FlowLogQueries
from modules.gitlab_access import AppliedStack, ServiceName
from modules.lambda_function import Capacity, Code, CodePackage, Function
from modules.rds import (
    Database,
    InstanceProtection,
    InstanceSize,
    ProxySize,
    Roles,
    family_of,
    secret_name,
)
from modules.vpc import FlowLogArchive, FlowLogs, InterfaceEndpoints, Vpc
from services.rag import contract
from stacks.base import Stack, applied_stack, module_value
from stacks.rag.models import ANSWER_MODELS, EMBEDDING_MODELS
from stacks.rag.monitoring import Watched
from stacks.rag.settings import RagSettings
from stacks.rag.watching import watch
from stacks.settings import EnvironmentSettings

DATABASE_ROLES = Roles(master="mapvibe_master", application="mapvibe_app")
_MIGRATIONS_CAPACITY = Capacity(memory_mib=512, timeout_seconds=900, reserved_concurrency=1)
"""It waits for a new proxy's target, which takes minutes, and builds indexes."""


_SERVICES: tuple[ServiceName, ...] = (
    "network",
    "functions",
    "apis",
    "roles",
    "models",
    "invocation-logs",
    "queues",
    "logs",
    "flow-logs",
    "flow-log-queries",
    "database",
    "secrets",
    "keys",
    "alerts",
    "monitoring",
)
"""What the stack's resources are made of."""


def applied(environment: EnvironmentSettings, settings: RagSettings) -> AppliedStack:
    """What the pipeline's roles must be allowed to plan and apply the stack."""
    return applied_stack(
        "rag",
        environment,
        services=(*_SERVICES, "instances") if settings.grafana else _SERVICES,
        secrets=(secret_name(environment.naming, DATABASE_ROLES.application),),
        models=(*EMBEDDING_MODELS[environment.region], *ANSWER_MODELS[environment.region]),
    )


class RagStack(Stack):
    """API → Lambda → RDS Proxy → PostgreSQL, and Lambda → Bedrock, in one account.

    Attributes:
        network, flow_logs, key, database, function, migrations, api: the modules, for what is built
            around them.
        watching: what watches them.
    """

    def __init__(
        self,
        scope: Construct,
        environment: EnvironmentSettings,
        settings: RagSettings,
        *,
        code: Code,
        migrations_hash: str,
        bounded: bool,
        runbooks: str,
    ) -> None:
        """Wire the system of one environment.

        Args:
            scope: the app.
            environment: the environment, validated.
            settings: the system's settings, validated.
            code: gives the zip of a service.
            migrations_hash: changes with what the database must be.
            bounded: the pipeline applies this stack, so that its roles need the boundary.
            runbooks: address of the folder with the alarms' runbooks.
        """
        super().__init__(scope, "rag", environment=environment)
        self.settings = settings
        self._migrations_hash = migrations_hash

        self.key = EncryptionKey(
            self,
            "key",
            naming=self.naming,
            role="data",
            description=f"Everything that {environment.project} {environment.name} stores",
            deletion_window_days=environment.key_deletion_window_days,
            more_statements=[bedrock.key_statement(self.naming)]
            if settings.invocation_logging
            else [],
        )
        self.network = self._network()
        self.flow_logs = self._flow_logs()
        self.endpoints = self._endpoints()
        self.database = self._database()
        self.function = self._function(
            "rag",
            "rag",
            "Answers the API",
            contract.API_HANDLER,
            code("rag"),
            module_value(Capacity, settings.function),
        )
        self.migrations = self._function(
            "migrations",
            "migrations",
            "Brings the database's schema and roles up to date; invoked by Terraform",
            contract.MIGRATIONS_HANDLER,
            code("rag"),
            _MIGRATIONS_CAPACITY,
        )
        self.api = self._api()

        self._wire()
        self.watching = watch(self, self._watched(), settings, code=code, runbooks=runbooks)
        if bounded:
            self.bound_roles()
        self._output()

    def _wire(self) -> None:
        """Who may talk to whom. Everything that is not here is refused."""
        self.database.grant_connect(self.function)
        self.database.grant_administer(self.migrations)
        for function in (self.function, self.migrations):
            if self.endpoints:
                function.allow_to_endpoints(self.endpoints)
            if self.settings.network.nat != "none":
                function.allow_to_internet()
        self._use_models()
        self._configure()
        self._migrate()

    def _use_models(self) -> None:
        """Let the function invoke its models."""
        models = self.settings.models
        self.function.grant(
            "invoke-models",
            *bedrock.invoke_statements((models.answer, models.embedding), naming=self.naming),
        )
        if models.guardrail_id and models.guardrail_version:
            self.function.grant(
                "apply-guardrail",
                bedrock.guardrail_statement(models.guardrail_id, naming=self.naming),
            )

    def _configure(self) -> None:
        """Give the functions the settings of the service that are in its contract.

        A setting of the models is one of the service under the same name.
        """
        models, api = self.settings.models, self.settings.api
        of_api = contract.ApiSettings(
            region=self.environment.region,
            answer_model_id=models.answer,
            embedding_model_id=models.embedding,
            # Whose documents a request is about is said in one of two ways, never in both.
            tenant=None if api.jwt_issuer else api.tenant,
            tenant_claim=api.tenant_claim if api.jwt_issuer else None,
            **models.model_dump(exclude={"answer", "embedding"}),
        )
        of_migrations = contract.MigrationSettings(embedding_dimension=models.embedding_dimension)
        self.function.add_environment(**contract.variables(of_api))
        self.migrations.add_environment(**contract.variables(of_migrations))

    def _migrate(self) -> None:
        """Run the migrations, once for each set of them; the deployment fails if they do."""
        invocation = LambdaInvocation(
            self,
            "migrate",
            function_name=self.migrations.function.function_name,
            qualifier=self.migrations.alias.name,
            # Without a proxy the application's role signs in with IAM tokens itself.
            input=json.dumps(contract.migration_event(grant_rds_iam=self.database.proxy is None)),
            triggers={
                "migrations": self._migrations_hash,
                "embedding_dimension": str(self.settings.models.embedding_dimension),
                "secret_version": str(self.settings.database.application_secret_version),
                "database": self.database.instance.instance.resource_id,
            },
            depends_on=[
                self.database.ready,
                self.database.application_secret.written,
                *self.migrations.permissions,
                *self.network.routes_and_rules,
                *(self.endpoints.interfaces if self.endpoints else ()),
            ],
        )
        # New code never meets an old schema: when a migration fails, callers stay with the old code.
        self.function.go_live_after(invocation)

    def _network(self) -> Vpc:
        network = self.settings.network
        return Vpc(
            self,
            "network",
            naming=self.naming,
            cidr=network.cidr,
            zones=network.zones,
            nat=network.nat,
        )

    def _flow_logs(self) -> FlowLogs:
        settings = self.settings.network.flow_logs
        archive = settings.archive
        logs = FlowLogs(
            self,
            "flow-logs",
            naming=self.naming,
            network=self.network,
            key=self.key,
            cloudwatch_days=settings.cloudwatch_days,
            archive=module_value(FlowLogArchive, archive) if archive else None,
        )
        if archive and logs.archive:
            FlowLogQueries(
                self,
                "flow-log-queries",
                naming=self.naming,
                network=self.network,
                key=self.key,
                archive=logs.archive,
                file_format=archive.format,
                scan_limit_gib=archive.scan_limit_gib,
            )
        return logs

    def _endpoints(self) -> InterfaceEndpoints | None:
        network = self.settings.network
        if not network.interface_endpoints:
            return None
        return InterfaceEndpoints(
            self,
            "endpoints",
            naming=self.naming,
            network=self.network,
            services=network.interface_endpoints,
            zones=network.interface_endpoint_zones,
        )

    def _database(self) -> Database:
        database = self.settings.database
        return Database(
            self,
            "database",
            naming=self.naming,
            network=self.network,
            key=self.key,
            engine_version=database.engine_version,
            parameter_family=family_of(database.engine_version),
            database_name=database.name,
            roles=DATABASE_ROLES,
            certificates=contract.RDS_AUTHORITIES[self.environment.region],
            size=module_value(InstanceSize, database),
            protection=module_value(InstanceProtection, database),
            proxy=module_value(ProxySize, database.proxy) if database.proxy else None,
            secret_version=database.application_secret_version,
            log_retention_days=self.environment.log_retention_days,
        )

    def _function(
        self,
        construct_id: str,
        role: str,
        description: str,
        handler: str,
        code: CodePackage,
        capacity: Capacity,
    ) -> Function:
        return Function(
            self,
            construct_id,
            naming=self.naming,
            role=role,
            description=description,
            code=code,
            handler=handler,
            network=self.network,
            key=self.key,
            capacity=capacity,
            log_retention_days=self.environment.log_retention_days,
        )

    def _api(self) -> HttpApi:
        api = self.settings.api
        return HttpApi(
            self,
            "api",
            naming=self.naming,
            routes={
                route.key: Route(
                    function=self.function,
                    authorized=route.needs_token,
                    timeout_ms=api.timeout_ms,
                )
                for route in contract.ROUTES
            },
            throttle=Throttle(rate=api.throttle_rate, burst=api.throttle_burst),
            key=self.key,
            log_retention_days=self.environment.log_retention_days,
            authorizer=JwtAuthorizer(issuer=api.jwt_issuer, audience=api.jwt_audience)
            if api.jwt_issuer
            else None,
            cors=Cors(origins=api.cors_origins) if api.cors_origins else None,
            domain=CustomDomain(name=api.domain_name, certificate_arn=api.certificate_arn)
            if api.domain_name and api.certificate_arn
            else None,
        )

    def _watched(self) -> Watched:
        models = self.settings.models
        return Watched(
            api=self.api,
            function=self.function,
            migrations=self.migrations,
            database=self.database,
            network=self.network,
            key=self.key,
            flow_log_group=self.flow_logs.log_group_name,
            models=(models.answer, models.embedding),
        )

    def _output(self) -> None:
        """What a person or another tool may need to know."""
        self.output("api_url", self.api.url, "Where the API answers")
        self.output("api_id", self.api.api.id, "Id of the API, part of its generated address")
        if self.database.proxy:
            self.output(
                "proxy_endpoint", self.database.proxy.address, "Host of RDS Proxy, port 5432"
            )
        self.output(
            "database_endpoint", self.database.instance.address, "Host of the instance, port 5432"
        )
        self.output(
            "database_secret_arn",
            self.database.application_secret.arn,
            "Secret of the application's database role",
        )
        self.output("state_location", self.state.location, "Where this stack's state lies")
