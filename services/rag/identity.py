"""Whose documents a request is about: nothing that a caller writes into a request decides it."""

from __future__ import annotations

from http import HTTPStatus

from .contract import ApiSettings
from .problems import Problem
from .request import Request

_MAX_LENGTH = 200


def tenant_of(request: Request, settings: ApiSettings) -> str:
    """Return the tenant of a request.

    Args:
        request: whose token API Gateway has verified, where there is an authorizer.
        settings: which claim counts, or the fixed tenant.

    Returns:
        The tenant.

    Raises:
        Problem: 403 if the token names none.
    """
    if settings.tenant_claim is None:
        assert settings.tenant is not None  # noqa: S101 - the settings were checked
        return settings.tenant
    tenant = request.claims.get(settings.tenant_claim)
    if not isinstance(tenant, str) or not tenant.strip() or "\0" in tenant:
        raise Problem(
            HTTPStatus.FORBIDDEN, f"the token has no claim {settings.tenant_claim} with a tenant"
        )
    if len(tenant) > _MAX_LENGTH:
        raise Problem(HTTPStatus.FORBIDDEN, f"the claim {settings.tenant_claim} is too long")
    return tenant
