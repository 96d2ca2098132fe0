"""Amazon Bedrock: which models a function may invoke, and the log of all invocations."""

from modules.bedrock.invocation_logging import (
    BUCKET_ROLE,
    LOG_GROUP,
    DeliveredData,
    InvocationLogging,
    key_statement,
)
from modules.bedrock.models import (
    ENDPOINT_SERVICE,
    GEOGRAPHIES,
    GLOBAL,
    INVOKE_ACTIONS,
    guardrail_statement,
    invoke_statements,
    profile_scope,
)

__all__ = [
    "BUCKET_ROLE",
    "ENDPOINT_SERVICE",
    "GEOGRAPHIES",
    "GLOBAL",
    "INVOKE_ACTIONS",
    "LOG_GROUP",
    "DeliveredData",
    "InvocationLogging",
    "guardrail_statement",
    "invoke_statements",
    "key_statement",
    "profile_scope",
]
