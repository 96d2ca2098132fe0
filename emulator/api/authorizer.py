"""JWT authorizers: whose tokens an API accepts, and what of them a function sees.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

import jwt

from emulator.api.answer import Answer, message
from emulator.api.deployed import Authorizer
from emulator.api.request import Request

ALGORITHMS = ("RS256", "RS384", "RS512")
"""AWS supports RSA only."""

_TIMEOUT_SECONDS = 5.0
_BEARER = "bearer "


class DeniedError(Exception):
    """The caller may not; `answer` is what it gets."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class Tokens:
    """Checks tokens; keeps the issuers' keys for five minutes."""

    def __init__(self) -> None:
        """Starts without any keys."""
        self._lock = threading.Lock()
        self._clients: dict[str, jwt.PyJWKClient] = {}

    def authorize(
        self, request: Request, authorizer: Authorizer, scopes: tuple[str, ...]
    ) -> dict[str, Any]:
        """Checks a request's token.

        Args:
            request: with or without a token.
            authorizer: says which tokens are good.
            scopes: the token must have one of them, if there are any.

        Returns:
            The event's `authorizer`.

        Raises:
            DeniedError: if there is no token, or it isn't good.
        """
        token = _token(request, authorizer)
        if not token:
            raise DeniedError(message(401, "Unauthorized", ("www-authenticate", "Bearer")))
        claims = self._verified(token, authorizer)
        granted = _scopes(claims)
        matched = [scope for scope in scopes if scope in granted]
        if scopes and not matched:
            challenge = f'Bearer scope="{" ".join(scopes)}" error="insufficient_scope"'
            raise DeniedError(message(403, "Forbidden", ("www-authenticate", challenge)))
        texts = {name: as_text(value) for name, value in claims.items()}
        return {"jwt": {"claims": texts, "scopes": matched or None}}

    def _verified(self, token: str, authorizer: Authorizer) -> dict[str, Any]:
        try:
            # Checked before any key is fetched, so that a malformed token causes no request.
            jwt.decode(token, options={"verify_signature": False})
            key = self._client(authorizer.issuer).get_signing_key_from_jwt(token)
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=ALGORITHMS,
                issuer=authorizer.issuer,
                options={"verify_aud": False, "require": ["exp", "iss"]},
            )
        except jwt.ExpiredSignatureError:
            raise _invalid("the token has expired") from None
        except jwt.InvalidIssuerError:
            raise _invalid("invalid issuer") from None
        except jwt.PyJWKClientError:
            raise _invalid("no signing key of the issuer fits the token") from None
        except (OSError, ValueError, KeyError):
            raise _invalid("the issuer's keys can't be fetched") from None
        except jwt.PyJWTError:
            raise _invalid("the token is not valid") from None
        if not _audience(claims) & set(authorizer.audience):
            raise _invalid("the token does not have a valid audience")
        return claims

    def _client(self, issuer: str) -> jwt.PyJWKClient:
        with self._lock:
            if issuer not in self._clients:
                url = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
                with urllib.request.urlopen(url, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
                    keys = json.load(answer)["jwks_uri"]
                self._clients[issuer] = jwt.PyJWKClient(keys, timeout=_TIMEOUT_SECONDS)
            return self._clients[issuer]


def as_text(value: Any) -> str:
    """A claim as API Gateway hands it over: everything is text, lists are `[a b]`."""
    match value:
        case str():
            return value
        case list():
            return f"[{' '.join(map(as_text, value))}]"
        case dict():
            members = " ".join(f"{key}:{as_text(value[key])}" for key in sorted(value))
            return f"map[{members}]"
        case _:
            return json.dumps(value)


def _token(request: Request, authorizer: Authorizer) -> str | None:
    for source in authorizer.sources:
        kind, _, name = source.removeprefix("$request.").partition(".")
        value = _value(request, kind, name)
        if value:
            bearer = value[: len(_BEARER)].lower() == _BEARER
            return value[len(_BEARER) :] if bearer else value
    return None


def _value(request: Request, kind: str, name: str) -> str | None:
    if kind == "header":
        return request.headers.get(name.lower())
    return parse_qs(request.query).get(name, [None])[0] if kind == "querystring" else None


def _audience(claims: Mapping[str, Any]) -> set[str]:
    """The `client_id` counts where there is no `aud`, as in Cognito's access tokens."""
    audience = claims.get("aud", claims.get("client_id", []))
    return {audience} if isinstance(audience, str) else set(map(str, audience))


def _scopes(claims: Mapping[str, Any]) -> list[str]:
    scopes = claims.get("scope", claims.get("scp", ""))
    return scopes.split() if isinstance(scopes, str) else list(map(str, scopes))


def _invalid(reason: str) -> DeniedError:
    challenge = f'Bearer scope="" error="invalid_token" error_description="{reason}"'
    return DeniedError(message(401, "Unauthorized", ("www-authenticate", challenge)))
