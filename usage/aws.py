"""Clients of the account that is read, and AWS's refusals in one line."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from usage.errors import UsageError

_TIMEOUTS = Config(
    connect_timeout=5, read_timeout=60, retries={"mode": "standard", "max_attempts": 4}
)
_SIGN_IN = 'sign in (or run eval "$(make -s local-env ENV=dev)" for the emulator)'
_NO_CREDENTIALS = (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError)
_ENDED = (SSOTokenLoadError, TokenRetrievalError, UnauthorizedSSOTokenError)
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
_WRONG = {
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
    "AuthFailure",
}
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"}
_ACTION = re.compile(r"not authorized to perform: ([\w-]+:\w+)")


class Denied(UsageError):
    """AWS refused one action; what can do without goes on.

    Attributes:
        action: which permission is missing.
    """

    def __init__(self, action: str) -> None:
        """Args: action: as IAM names it."""
        super().__init__(f"AWS: {action} is denied; add it to the policies of the role you use")
        self.action = action


class Account:
    """The account and region that the credentials lead to.

    Attributes:
        region: where it is read.
    """

    def __init__(self, region: str | None = None) -> None:
        """Args: region: by default that of the process environment or profile.

        Raises:
            UsageError: nobody says which region, or the profile does not exist.
        """
        try:
            self._session = boto3.Session(region_name=region)
        except ProfileNotFound as error:
            raise UsageError(f"AWS: {error}; correct AWS_PROFILE") from None
        if not self._session.region_name:
            raise UsageError(
                "AWS: no region; name one with --region or --environment, or set AWS_REGION"
            )
        self.region: str = self._session.region_name

    def client(self, service: str) -> Any:
        """A client of a service; made within ``translated`` it fails in one line."""
        return self._session.client(service, config=_TIMEOUTS)

    def id(self) -> str:
        """The account's twelve digits; asking needs no permission."""
        with translated("sts:GetCallerIdentity"):
            return str(self.client("sts").get_caller_identity()["Account"])


@contextlib.contextmanager
def translated(action: str) -> Iterator[None]:
    """Turn what boto3 raises into one line.

    Args:
        action: what is being done, as IAM names it.

    Raises:
        Denied: the action is not permitted.
        UsageError: anything else.
    """
    try:
        yield
    except ClientError as error:
        raise _refused(error, action) from error
    except _NO_CREDENTIALS as error:
        raise UsageError(f"AWS: no credentials ({_line(error)}); {_SIGN_IN}") from error
    except _ENDED as error:
        raise UsageError(f"AWS: the sign-in has expired ({_line(error)}); {_SIGN_IN}") from error
    except NoRegionError as error:
        raise UsageError("AWS: no region; name one with --region") from error
    except (EndpointConnectionError, HTTPClientError) as error:
        raise UsageError(
            f"AWS: not reached ({_line(error)}); check the network, the region and AWS_ENDPOINT_URL"
        ) from error
    except (BotoCoreError, ValueError) as error:
        # botocore raises ValueError itself for an endpoint's address that is none.
        raise UsageError(f"AWS: {action}: {_line(error)}") from error


def _refused(error: ClientError, action: str) -> UsageError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    message = _line(error)
    if code in _EXPIRED:
        return UsageError(f"AWS: the token has expired; {_SIGN_IN}")
    if code in _WRONG:
        return UsageError(f"AWS: the credentials are not accepted ({code}); {_SIGN_IN}")
    if code in _DENIED:
        named = _ACTION.search(message)
        return Denied(named[1] if named else action)
    return UsageError(f"AWS: {action}: {message}")


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
