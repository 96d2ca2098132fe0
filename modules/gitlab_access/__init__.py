"""How GitLab's pipeline signs in to an environment's account: by OpenID Connect, without a key."""

import bindings as bindings  # must run before the first provider import
from modules.gitlab_access.applied_stack import PIPELINE, AppliedStack, ServiceName, StateObject
from modules.gitlab_access.boundary import boundary_arn
from modules.gitlab_access.roles import GitlabAccess
from modules.gitlab_access.trust import (
    Pipeline,
    SubjectComponent,
    apply_audience,
    plan_audience,
    provider_arn,
)

__all__ = [
    "PIPELINE",
    "AppliedStack",
    "GitlabAccess",
    "Pipeline",
    "ServiceName",
    "StateObject",
    "SubjectComponent",
    "apply_audience",
    "boundary_arn",
    "plan_audience",
    "provider_arn",
]
