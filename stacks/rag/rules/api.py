"""Rules of the API: who signs in, and under which name it answers."""

from __future__ import annotations

from collections.abc import Iterator

from stacks.rag.settings import RagSettings
from stacks.settings import EnvironmentSettings

_REGION_FIELD, _ACCOUNT_FIELD = 3, 4
"""``arn:aws:acm:<region>:<account>:certificate/<id>``, counted from 0."""


def _sign_in(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    api = rag.api
    if (api.jwt_issuer is None) != (not api.jwt_audience):
        yield (
            f"api.jwt_issuer={api.jwt_issuer}: an authorizer needs an issuer and an audience; "
            "set both or neither"
        )


def _domain(rag: RagSettings, _: EnvironmentSettings) -> Iterator[str]:
    api = rag.api
    if (api.domain_name is None) != (api.certificate_arn is None):
        yield (
            f"api.domain_name={api.domain_name}: a custom domain needs a name and a certificate; "
            "set both or neither"
        )


def _certificate(rag: RagSettings, environment: EnvironmentSettings) -> Iterator[str]:
    """A regional domain takes certificates of its own region and account only.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-custom-domain-names.html
    """
    arn = rag.api.certificate_arn
    if arn is None:
        return
    fields = arn.split(":")
    if fields[_REGION_FIELD] != environment.region:
        yield (
            f"api.certificate_arn={arn}: of another region than the API's; use one that ACM holds "
            f"in {environment.region}"
        )
    if fields[_ACCOUNT_FIELD] != environment.account_id:
        yield (
            f"api.certificate_arn={arn}: of another account than the API's; use one that ACM holds "
            f"in {environment.account_id}"
        )


RULES = (_sign_in, _domain, _certificate)
