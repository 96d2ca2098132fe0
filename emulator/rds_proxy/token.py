"""IAM tokens of RDS: signed on the client, checked here as RDS checks them.

A token is the URL of a request that nobody sends, with its signature in the query string.
Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html
"""

from __future__ import annotations

import datetime as dt
import hmac
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from emulator import identity

_MAX_SECONDS = 900
_CLOCKS_DIFFER = dt.timedelta(minutes=5)
_TIMESTAMP = "%Y%m%dT%H%M%SZ"


class TokenError(Exception):
    """The token is not good for this connection; the message says why, without the token."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """What a token must be signed for.

    Attributes:
        host: name of the proxy or the instance.
        account_id: whose it is.
        region: where it is.
    """

    host: str
    account_id: str
    region: str

    def check(self, token: str, *, user: str, ports: Collection[int]) -> None:
        """Checks a token.

        Permissions are not checked: the emulator reads no IAM policy.

        Args:
            token: what came as the password.
            user: the role that the client wants to be.
            ports: those that the token may name.

        Raises:
            TokenError: if anything about it is wrong.
        """
        try:
            url = urlsplit(f"https://{token}")
            port = url.port
        except ValueError:
            raise TokenError("it is no URL") from None
        query = dict(parse_qsl(url.query))
        issued = _issued(query)
        key_id, _, rest = query.get("X-Amz-Credential", "").partition("/")
        key = self._key(key_id)
        scope = f"{issued:%Y%m%d}/{self.region}/rds-db/aws4_request"
        for what, holds in (
            ("host", url.hostname == self.host and port in ports),
            ("action", (url.path, query.get("Action")) == ("/", "connect")),
            ("user", query.get("DBUser") == user),
            ("credential", key is not None and rest == scope),
        ):
            if not holds:
                raise TokenError(f"it is for another {what}")
        if key is None or not hmac.compare_digest(
            query.get("X-Amz-Signature", ""), self._signature(url, query, key)
        ):
            raise TokenError("its signature is wrong")

    def _key(self, key_id: str) -> Credentials | None:
        """A key of this account: its own, or one of a role that somebody assumed."""
        given = identity.variables("", self.account_id, self.region, {})
        if key_id == given["AWS_ACCESS_KEY_ID"]:
            return Credentials(key_id, given["AWS_SECRET_ACCESS_KEY"])
        from moto.sts.models import sts_backends  # late: a second of imports

        role = sts_backends[self.account_id]["aws"].get_assumed_role_from_access_key(key_id)
        return Credentials(key_id, role.secret_access_key) if role else None

    def _signature(self, url: SplitResult, query: Mapping[str, str], key: Credentials) -> str:
        signer = SigV4QueryAuth(key, "rds-db", self.region)
        unsigned = re.sub(r"&?X-Amz-Signature=[^&]*", "", url.query)
        request = AWSRequest(method="GET", url=url._replace(query=unsigned).geturl())
        request.context["timestamp"] = query["X-Amz-Date"]
        text = signer.string_to_sign(request, signer.canonical_request(request))
        signature: str = signer.signature(text, request)
        return signature


def _issued(query: Mapping[str, str]) -> dt.datetime:
    """When the token was signed, if it is valid now."""
    try:
        issued = dt.datetime.strptime(query["X-Amz-Date"], _TIMESTAMP).replace(tzinfo=dt.UTC)
        seconds = int(query["X-Amz-Expires"])
    except (KeyError, ValueError):
        raise TokenError("it is no token") from None
    now = dt.datetime.now(dt.UTC)
    if not 0 < seconds <= _MAX_SECONDS or issued > now + _CLOCKS_DIFFER:
        raise TokenError("its time is wrong")
    if now >= issued + dt.timedelta(seconds=seconds):
        raise TokenError("it has expired")
    return issued
