"""One Lambda function: role, log group, dead letters, security group, versions and an alias."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.lambda_alias import LambdaAlias
from cdktf_cdktf_provider_aws.lambda_function import (
    LambdaFunction,
    LambdaFunctionDeadLetterConfig,
    LambdaFunctionEnvironment,
    LambdaFunctionLoggingConfig,
    LambdaFunctionTracingConfig,
)
from cdktf_cdktf_provider_aws.lambda_provisioned_concurrency_config import (
    LambdaProvisionedConcurrencyConfig,
)
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from constructs import Construct

from modules import network_access
from modules.checkov import skip
from modules.encryption import EncryptionKey
from modules.iam import Statement, managed_policy, policy, service_role
from modules.lambda_function.code import CodePackage
from modules.lambda_function.permissions import TRACING, own_statements
from modules.lambda_function.placement import OUTSIDE, within
from modules.lifecycle import replaced_with
from modules.logs import RetentionDays, log_group
from modules.naming import Naming
from modules.network_access import Peer
from modules.vpc import InterfaceEndpoints, Vpc

ALIAS = "live"

_DEAD_LETTER_SECONDS = 14 * 24 * 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class Capacity:
    """How much of Lambda a function may use.

    Attributes:
        memory_mib: memory, MiB; CPU grows with it.
        timeout_seconds: when Lambda stops an invocation.
        reserved_concurrency: invocations at once, at most; they are kept free for it.
        provisioned_concurrency: environments kept warm for the alias; 0 for none.
    """

    memory_mib: int
    timeout_seconds: int
    reserved_concurrency: int
    provisioned_concurrency: int = 0


class Function(Construct):
    """A function that can do nothing until verbs let it.

    Callers use the alias ``live``, which moves to each new version once that version exists.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        role: str,
        description: str,
        code: CodePackage,
        handler: str,
        network: Vpc | None,
        key: EncryptionKey,
        capacity: Capacity,
        log_retention_days: RetentionDays,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Create the function and what belongs to it.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            role: last part of its name.
            description: what it does, shown in the console.
            code: the zip.
            handler: ``<module>.<function>`` inside the zip.
            network: the VPC in whose application tier the function runs. None for outside of any:
                there it reaches the internet without NAT, and nothing that is private.
            key: encrypts its environment, logs and dead letters.
            capacity: memory, time and concurrency.
            log_retention_days: when log entries expire.
            environment: variables known from the start; verbs add theirs.
        """
        super().__init__(scope, construct_id)
        self.name = naming.name(role)
        self.short_name = role
        self.capacity = capacity
        self._naming = naming
        self._environment = dict(environment or {})
        self._permissions: list[TerraformResource] = []
        arn = naming.arn("lambda", f"function:{self.name}")
        self._placement = (
            within(network, self, name=self.name, function_arn=arn) if network else OUTSIDE
        )
        group = log_group(
            self,
            "log-group",
            name=f"/aws/lambda/{self.name}",
            key=key,
            retention_days=log_retention_days,
        )
        self.log_group = group
        self.log_group_name = group.name
        self.dead_letters = SqsQueue(
            self,
            "dead-letters",
            name=naming.name(f"{role}-dead-letters"),
            kms_master_key_id=key.arn,
            message_retention_seconds=_DEAD_LETTER_SECONDS,
        )
        self.role = service_role(
            self,
            "role",
            name=self.name,
            service="lambda.amazonaws.com",
            description=f"What the function {self.name} may do",
        )
        attachments = [
            managed_policy(self, construct_id, role=self.role, path=path)
            for construct_id, path in (
                ("interfaces", self._placement.managed_policy),
                ("tracing", TRACING),
            )
            if path
        ]
        own_policy = self._attach(
            "own",
            (
                *own_statements(log_group=group, dead_letters=self.dead_letters, key=key),
                *self._placement.statements,
            ),
        )
        self.function = LambdaFunction(
            self,
            "function",
            function_name=self.name,
            description=description,
            role=self.role.arn,
            runtime=code.runtime,
            architectures=[code.architecture],
            handler=handler,
            filename=code.copy_into_stack(self, "code"),
            source_code_hash=code.sha256_base64,
            memory_size=capacity.memory_mib,
            timeout=capacity.timeout_seconds,
            reserved_concurrent_executions=capacity.reserved_concurrency,
            publish=True,
            kms_key_arn=key.arn,
            vpc_config=self._placement.vpc_config,
            dead_letter_config=LambdaFunctionDeadLetterConfig(target_arn=self.dead_letters.arn),
            tracing_config=LambdaFunctionTracingConfig(mode="Active"),
            logging_config=LambdaFunctionLoggingConfig(
                log_format="JSON",
                application_log_level="INFO",
                system_log_level="WARN",
                log_group=group.name,
            ),
            environment=self._variables(),
            timeouts=self._placement.timeouts,
            # Lambda checks the role's permissions when it creates the function, and the order
            # is kept on destroy: the role goes last, so that the interfaces can be freed.
            depends_on=[own_policy, *attachments],
        )
        skip(
            self.function,
            "CKV_AWS_272",
            reason="the zip is built and hashed by the pipeline that deploys it; no signing profile",
        )
        if network is None:
            skip(
                self.function,
                "CKV_AWS_117",
                reason="it talks to the internet and to AWS's public endpoints only, and nothing "
                "private is within its reach",
            )
        self.alias = LambdaAlias(
            self,
            "alias",
            name=ALIAS,
            description="The version that callers reach",
            function_name=self.function.id,
            function_version=self.function.version,
        )
        if capacity.provisioned_concurrency:
            LambdaProvisionedConcurrencyConfig(
                self,
                "provisioned",
                function_name=self.function.id,
                qualifier=self.alias.name,
                provisioned_concurrent_executions=capacity.provisioned_concurrency,
                lifecycle=replaced_with(self.alias),
            )

    @property
    def security_group(self) -> SecurityGroup:
        """The group of its network interfaces.

        Raises:
            ValueError: it runs outside of a VPC, where nothing private can be reached.
        """
        if self._placement.security_group is None:
            raise ValueError(
                f"{self.name}: runs outside of a VPC and has no security group; give it a network"
            )
        return self._placement.security_group

    @property
    def permissions(self) -> list[TerraformResource]:
        """Every policy and rule that verbs have given it: what an invocation must wait for."""
        return list(self._permissions)

    def grant(self, name: str, *statements: Statement) -> None:
        """Attach a policy of this name to the function's role.

        Args:
            name: what the policy is for; unique within the function.
            statements: what it allows.
        """
        self._permissions.append(self._attach(name, statements))

    def connect_to(self, target: Peer, *, port: int, purpose: str) -> None:
        """Let the function open TCP connections to ``target``."""
        self._permissions += network_access.allow(
            self,
            f"to-{purpose.replace(' ', '-')}",
            source=self,
            target=target,
            port=port,
            purpose=f"{self.name}: {purpose}",
        )

    def allow_to_endpoints(self, endpoints: InterfaceEndpoints) -> None:
        """Let the function use the network's interface endpoints."""
        self.connect_to(endpoints, port=endpoints.port, purpose="endpoints")

    def allow_to_internet(self) -> None:
        """Let the function open HTTPS connections to anywhere, by way of NAT."""
        self._permissions.append(network_access.allow_https_out(self, "to-internet", source=self))

    def add_environment(self, **variables: str) -> None:
        """Add variables to the function's environment.

        Raises:
            ValueError: a variable already has another value.
        """
        for name, value in variables.items():
            if self._environment.get(name, value) != value:
                raise ValueError(f"{self.name}: environment variable {name} is set twice")
        self._environment.update(variables)
        rendered = self._variables()
        if rendered:
            self.function.put_environment(variables=rendered.variables)

    def go_live_after(self, resource: TerraformResource) -> None:
        """Let callers reach a new version only once ``resource`` has been created or changed."""
        address = f"{resource.terraform_resource_type}.{resource.friendly_unique_id}"
        self.alias.depends_on = [*(self.alias.depends_on or ()), address]

    def _variables(self) -> LambdaFunctionEnvironment | None:
        return LambdaFunctionEnvironment(variables=self._environment) if self._environment else None

    def _attach(self, name: str, statements: tuple[Statement, ...]) -> IamRolePolicy:
        return IamRolePolicy(
            self, f"{name}-policy", name=name, role=self.role.id, policy=policy(*statements)
        )
