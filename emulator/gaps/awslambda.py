"""Lambda: configuration that gets lost, and provisioned concurrency."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.awslambda.urls import url_paths
from moto.core.utils import iso_8601_datetime_with_nanoseconds

from emulator.gaps.registry import Gap, GapError, add, replace

Answer = tuple[int, dict[str, Any], str]

_PROVISIONED_CONCURRENCY_PATH = (
    r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)/provisioned-concurrency$"
)


def _dead_letters_and_logging() -> None:
    @replace(LambdaFunction, "__init__")
    def _(
        original: Callable[..., None],
        self: Any,
        account_id: str,
        spec: dict[str, Any],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        self.dead_letter_config = spec.get("DeadLetterConfig")
        self.logging_config = spec.get("LoggingConfig") or {}
        original(self, account_id, spec, *args, **kwargs)

    @replace(LambdaFunction, "get_configuration")
    def _(original: Callable[..., dict[str, Any]], self: Any, on_create: bool = False) -> Any:
        configuration = original(self, on_create)
        if (self.dead_letter_config or {}).get("TargetArn"):
            configuration["DeadLetterConfig"] = self.dead_letter_config
        configuration["LoggingConfig"] = _complete_logging(self.function_name, self.logging_config)
        return configuration

    @replace(LambdaFunction, "update_configuration")
    def _(original: Callable[..., Any], self: Any, updates: dict[str, Any]) -> Any:
        self.dead_letter_config = updates.get("DeadLetterConfig", self.dead_letter_config)
        self.logging_config = updates.get("LoggingConfig", self.logging_config)
        return original(self, updates)


def _complete_logging(function_name: str, wanted: dict[str, Any]) -> dict[str, Any]:
    defaults = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function_name}"}
    if wanted.get("LogFormat") == "JSON":
        defaults |= {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    return defaults | wanted


def _configuration_updates() -> None:
    @replace(LambdaFunction, "update_configuration")
    def _(original: Callable[..., Any], self: LambdaFunction, updates: dict[str, Any]) -> Any:
        self.kms_key_arn = updates.get("KMSKeyArn", self.kms_key_arn)
        self.tracing_config = updates.get("TracingConfig", self.tracing_config)
        if "EphemeralStorage" in updates:
            self.ephemeral_storage = updates["EphemeralStorage"]["Size"]
        return original(self, updates)


def _provisioned_concurrency() -> None:
    if _PROVISIONED_CONCURRENCY_PATH in url_paths:
        raise GapError("moto has Lambda's provisioned-concurrency path now: drop the gap")
    url_paths[_PROVISIONED_CONCURRENCY_PATH] = LambdaResponse.dispatch

    @add(LambdaResponse, "put_provisioned_concurrency_config")
    def _(self: LambdaResponse) -> Answer:
        configurations, qualifier = _provisioned(self)
        wanted = self.json_body["ProvisionedConcurrentExecutions"]
        reserved = self.backend.get_function(_function_name(self)).reserved_concurrency
        if reserved is not None and wanted > int(reserved):
            raise LambdaClientError(
                "InvalidParameterValueException",
                "Requested Provisioned Concurrency should not be greater than the "
                "reservedConcurrentExecution for function",
            )
        configurations[qualifier] = {
            "RequestedProvisionedConcurrentExecutions": wanted,
            "AvailableProvisionedConcurrentExecutions": wanted,
            "AllocatedProvisionedConcurrentExecutions": wanted,
            "Status": "READY",
            "LastModified": iso_8601_datetime_with_nanoseconds(),
        }
        return 202, {"status": 202}, json.dumps(configurations[qualifier])

    @add(LambdaResponse, "get_provisioned_concurrency_config")
    def _(self: LambdaResponse) -> Answer:
        configurations, qualifier = _provisioned(self)
        if qualifier not in configurations:
            error = "ProvisionedConcurrencyConfigNotFoundException"
            message = f"No Provisioned Concurrency Config found for {qualifier}"
            body = json.dumps({"Type": "User", "message": message})
            return 404, {"status": 404, "x-amzn-errortype": error}, body
        return 200, {}, json.dumps(configurations[qualifier])

    @add(LambdaResponse, "delete_provisioned_concurrency_config")
    def _(self: LambdaResponse) -> Answer:
        configurations, qualifier = _provisioned(self)
        configurations.pop(qualifier, None)
        return 204, {"status": 204}, ""


def _function_name(request: LambdaResponse) -> str:
    return str(request.path.rsplit("/", 2)[-2])


def _provisioned(request: LambdaResponse) -> tuple[dict[str, dict[str, Any]], str]:
    """Finds a function's configurations by qualifier, and the qualifier that is asked for."""
    qualifier = request.querystring["Qualifier"][0]
    request.backend.get_function(_function_name(request), qualifier)  # raises if there is none
    latest = request.backend.get_function(_function_name(request))
    return latest.__dict__.setdefault("provisioned_concurrency", {}), qualifier


GAPS = (
    Gap(
        service="lambda",
        name="dead-letters-and-logging",
        moto="drops the dead-letter target and the logging configuration",
        aws="keeps both, with defaults for what the logging configuration leaves out",
        fill=_dead_letters_and_logging,
    ),
    Gap(
        service="lambda",
        name="configuration-updates",
        moto="ignores the KMS key, tracing and ephemeral storage in a configuration update",
        aws="changes them",
        fill=_configuration_updates,
    ),
    Gap(
        service="lambda",
        name="provisioned-concurrency",
        moto="has no provisioned concurrency",
        aws="keeps it per version or alias, up to the function's reserved concurrency",
        fill=_provisioned_concurrency,
    ),
)
