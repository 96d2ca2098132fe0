"""Tests of the HTTP APIs that the emulator serves, in a real one; `api/` has the rules."""

from __future__ import annotations

import base64
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from emulator import control
from emulator.api.authorizer import as_text
from emulator.control import Emulator
from tests.emulator.conftest import Aws, clients
from tests.emulator.deployed import api, eventually, function, http

REGION = "eu-west-1"
FUNCTION = "mapvibe-test-rag"

HANDLER = """
import time
from pathlib import Path

def handler(event, context):
    what = event.get("queryStringParameters", {}).get("do", "echo")
    return globals()[what](event)

def echo(event):
    return event

def fail(event):
    raise ValueError

def malformed(event):
    return {"statusCode": "nonsense"}

def slow(event):
    time.sleep(2)
    Path(event["queryStringParameters"]["path"]).write_text("finished")

def stated(event):
    return {
        "statusCode": 201,
        "headers": {"Content-Type": "image/png", "X-N": 1, "Access-Control-Allow-Origin": "own"},
        "cookies": ["a=1"],
        "body": "iVBORw==",
        "isBase64Encoded": True,
    }
"""


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of one service, with the handlers of this file."""
    folder = tmp_path_factory.mktemp("services")
    (folder / "tiny").mkdir()
    (folder / "tiny" / "app.py").write_text(HANDLER)
    return folder


@pytest.fixture(scope="module")
def emulator(services: Path) -> Iterator[Emulator]:
    """An emulator that runs these handlers."""
    with control.ephemeral(services) as running:
        yield running


@pytest.fixture
def aws(emulator: Emulator, account_id: str) -> Aws:
    """Clients of an account of the test's own, which has a function with an alias."""
    made = clients(emulator, account_id, REGION)
    function(made, FUNCTION, Publish=True, Timeout=60)
    made("lambda").create_alias(FunctionName=FUNCTION, Name="live", FunctionVersion="1")
    return made


Deploy = Callable[..., str]


@pytest.fixture
def deploy(aws: Aws, account_id: str) -> Deploy:
    """Creates an API in front of the function; gives the start of its paths."""

    def deployed(routes: dict[str, dict[str, Any]] | None = None, **settings: Any) -> str:
        named = {"account_id": account_id, "function_name": FUNCTION, **settings}
        return f"/_api/{api(aws, routes or {'ANY /{proxy+}': {}}, **named)}"

    return deployed


def _message(status: int, text: str) -> tuple[int, bytes]:
    return status, f'{{"message":"{text}"}}'.encode()


def test_a_route_leads_to_its_function(emulator: Emulator, deploy: Deploy, account_id: str) -> None:
    base = deploy({"POST /documents/{id}": {}})
    headers = {"Content-Type": "application/json", "X-Mixed-Case": "1", "Cookie": "a=1; b=2"}

    path = f"{base}/documents/a%2Fb%20c?limit=1&limit=2"
    status, answered, body = http(emulator, "POST", path, '"phở"'.encode(), headers)

    event = json.loads(body)
    api_id = base.removeprefix("/_api/")
    assert (status, answered["content-type"]) == (200, "application/json")
    assert re.fullmatch(r"[A-Za-z0-9+/]{15}=", answered["apigw-requestid"])
    assert event["routeKey"] == "POST /documents/{id}"
    assert event["rawPath"] == "/documents/a/b c"
    assert event["pathParameters"] == {"id": "a/b c"}
    assert event["queryStringParameters"] == {"limit": "1,2"}
    assert event["cookies"] == ["a=1", "b=2"]
    assert (event["headers"]["x-mixed-case"], "cookie" in event["headers"]) == ("1", False)
    assert (event["body"], event["isBase64Encoded"]) == ('"phở"', False)
    context = event["requestContext"]
    assert context["requestId"] == answered["apigw-requestid"]
    assert (context["accountId"], context["apiId"]) == (account_id, api_id)
    assert context["domainName"] == f"{api_id}.execute-api.{REGION}.amazonaws.com"
    assert context["http"]["sourceIp"] == "127.0.0.1"


def test_what_leads_nowhere_is_not_found(emulator: Emulator, deploy: Deploy) -> None:
    base = deploy({"GET /known": {}})

    for method, path in (
        ("GET", f"{base}/unknown"),
        ("POST", f"{base}/known"),
        ("GET", base),
        ("GET", "/_api/nosuchapi/known"),
        ("GET", "/_api/"),
    ):
        status, _, body = http(emulator, method, path)
        assert (status, body) == _message(404, "Not Found"), path


def test_an_answer_with_a_status_is_passed_on(emulator: Emulator, deploy: Deploy) -> None:
    base = deploy()

    status, headers, body = http(emulator, "GET", f"{base}/x?do=stated")
    assert (status, body) == (201, base64.b64decode("iVBORw=="))
    assert (headers["content-type"], headers["x-n"], headers["set-cookie"]) == (
        "image/png",
        "1",
        "a=1",
    )

    with socket.create_connection(("127.0.0.1", emulator.port), timeout=60) as plain:
        plain.sendall(f"HEAD {base}/x?do=stated HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        head = b"".join(iter(lambda: plain.recv(65536), b""))
    assert b" 201 Created\r\n" in head
    assert f"content-length: {len(body)}\r\n".encode() in head.lower()
    assert head.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("what", ["fail", "malformed"])
def test_a_failing_function_is_an_internal_error(
    emulator: Emulator, deploy: Deploy, what: str
) -> None:
    status, headers, body = http(emulator, "GET", f"{deploy()}/x?do={what}")

    assert (status, body) == _message(500, "Internal Server Error")
    assert headers["apigw-requestid"]


def test_an_api_without_permission_is_an_internal_error(emulator: Emulator, deploy: Deploy) -> None:
    status, _, body = http(emulator, "GET", f"{deploy(permitted=False)}/x")

    assert (status, body) == _message(500, "Internal Server Error")


def test_a_permission_is_for_its_route_and_alias(
    emulator: Emulator, deploy: Deploy, aws: Aws, account_id: str
) -> None:
    base = deploy({"GET /a/{id}": {}, "POST /a/{id}": {}, "GET /b": {}}, permitted=False)
    source = f"arn:aws:execute-api:{REGION}:{account_id}:{base.removeprefix('/_api/')}/*"
    permit = {
        "FunctionName": FUNCTION,
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
    }
    aws("lambda").add_permission(
        **permit, StatementId="a", Qualifier="live", SourceArn=f"{source}/GET/a/*"
    )
    aws("lambda").add_permission(**permit, StatementId="b", SourceArn=f"{source}/GET/b")

    statuses = [
        http(emulator, method, f"{base}{path}")[0]
        for method, path in (("GET", "/a/1"), ("POST", "/a/1"), ("GET", "/b"))
    ]

    assert statuses == [200, 500, 500]


def test_the_api_gives_up_before_the_function(
    emulator: Emulator, deploy: Deploy, tmp_path: Path
) -> None:
    base, finished = deploy(timeout_ms=500), tmp_path / "finished"

    status, _, body = http(emulator, "GET", f"{base}/x?do=slow&path={finished}")

    assert (status, body) == _message(503, "Service Unavailable")
    assert not finished.exists()
    assert eventually(finished.exists)  # as on AWS, nobody stops it


def test_bodies_have_a_limit(emulator: Emulator, deploy: Deploy) -> None:
    base = deploy()
    text = {"Content-Type": "text/plain"}

    for size in (10 * 1024 * 1024 + 1, 10 * 1024 * 1024, 6_291_456):
        status, _, body = http(emulator, "POST", f"{base}/x", b"x" * size, text)
        assert (status, body) == _message(413, "Request Entity Too Large"), size
    # The event holds more than the body. So does the answer, which repeats it.
    status, _, body = http(emulator, "POST", f"{base}/x", b"x" * 6_280_000, text)
    assert (status, len(json.loads(body)["body"])) == (200, 6_280_000)


def test_requests_over_the_limit_are_turned_away(emulator: Emulator, deploy: Deploy) -> None:
    base = deploy(
        {"GET /few": {}, "GET /many": {}},
        stage={
            "DefaultRouteSettings": {"ThrottlingRateLimit": 1000.0, "ThrottlingBurstLimit": 1000},
            "RouteSettings": {
                "GET /few": {"ThrottlingRateLimit": 0.001, "ThrottlingBurstLimit": 2}
            },
        },
    )

    few = [http(emulator, "GET", f"{base}/few") for _ in range(4)]
    many = [http(emulator, "GET", f"{base}/many")[0] for _ in range(4)]

    assert [status for status, _, _ in few] == [200, 200, 429, 429]
    assert (few[-1][0], few[-1][2]) == _message(429, "Too Many Requests")
    assert many == [200] * 4


def test_a_function_without_room_turns_requests_away(
    emulator: Emulator, deploy: Deploy, aws: Aws
) -> None:
    aws("lambda").put_function_concurrency(FunctionName=FUNCTION, ReservedConcurrentExecutions=0)

    status, _, body = http(emulator, "GET", f"{deploy()}/x")

    assert (status, body) == _message(429, "Too Many Requests")


def test_cors_is_answered_by_the_gateway(emulator: Emulator, deploy: Deploy) -> None:
    base = deploy(
        {"GET /x": {}},
        CorsConfiguration={
            "AllowOrigins": ["https://app.example.com"],
            "AllowMethods": ["GET", "POST"],
            "AllowHeaders": ["authorization"],
            "MaxAge": 600,
        },
    )
    ours, theirs = {"Origin": "https://app.example.com"}, {"Origin": "https://evil.example.com"}
    asking = {"Access-Control-Request-Method": "GET"}

    status, headers, body = http(emulator, "OPTIONS", f"{base}/x", headers=ours | asking)
    assert (status, body) == (204, b"")
    assert {name: value for name, value in headers.items() if name.startswith("access-")} == {
        "access-control-allow-origin": "https://app.example.com",
        "access-control-allow-methods": "GET,POST",
        "access-control-allow-headers": "authorization",
        "access-control-max-age": "600",
    }
    for path, expected in ((f"{base}/x?do=stated", 201), (f"{base}/nowhere", 404)):
        status, headers, _ = http(emulator, "GET", path, headers=ours)
        assert status == expected
        assert headers["access-control-allow-origin"] == "https://app.example.com"
    for method, more in (("OPTIONS", asking), ("GET", {})):
        _, headers, _ = http(emulator, method, f"{base}/x?do=stated", headers=theirs | more)
        assert "access-control-allow-origin" not in headers


def test_without_cors_the_function_sets_the_headers(emulator: Emulator, deploy: Deploy) -> None:
    base = deploy({"GET /x": {}})
    asking = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "GET"}

    assert http(emulator, "OPTIONS", f"{base}/x", headers=asking)[0] == 404
    _, headers, _ = http(emulator, "GET", f"{base}/x?do=stated", headers=asking)
    assert headers["access-control-allow-origin"] == "own"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (1700000000, "1700000000"),
        (True, "true"),
        (["admin", "users"], "[admin users]"),
        ({"b": 1, "a": "x"}, "map[a:x b:1]"),
    ],
)
def test_claims_are_handed_over_as_text(value: Any, text: str) -> None:
    assert as_text(value) == text


class Issuer:
    """An OpenID issuer on loopback."""

    def __init__(self) -> None:
        """Makes keys and starts to serve them."""
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.curve = ec.generate_private_key(ec.SECP256R1())
        keys = [
            jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            | {"kid": "one", "use": "sig"},
            jwt.algorithms.ECAlgorithm.to_jwk(self.curve.public_key(), as_dict=True)
            | {"kid": "curve", "use": "sig"},
        ]
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                documents = {
                    "/.well-known/openid-configuration": {"jwks_uri": f"{issuer.url}/keys"},
                    "/keys": {"keys": keys},
                }
                body = json.dumps(documents[self.path]).encode()
                issuer.served.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.served: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def token(
        self, kid: str = "one", key: Any = None, algorithm: str = "RS256", **claims: Any
    ) -> str:
        """Signs a token that is good, but for what is changed; None leaves a claim out."""
        now = int(time.time())
        good = {"iss": self.url, "aud": "client", "sub": "user", "exp": now + 300, "iat": now}
        kept = {name: value for name, value in (good | claims).items() if value is not None}
        return jwt.encode(kept, key or self.key, algorithm, headers={"kid": kid})


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """An issuer whose keys the APIs of this file fetch."""
    made = Issuer()
    yield made
    made.server.shutdown()
    made.thread.join()
    made.server.server_close()


@pytest.fixture
def guarded(deploy: Deploy, issuer: Issuer) -> str:
    """An API with an authorizer."""
    routes: dict[str, dict[str, Any]] = {
        "GET /open": {"AuthorizationType": "NONE"},
        "GET /guarded": {},
        "GET /scoped": {"AuthorizationScopes": ["read", "write"]},
        "GET /signed": {"AuthorizationType": "AWS_IAM"},
    }
    return deploy(routes, jwt={"Issuer": issuer.url, "Audience": ["client", "other"]})


def _with(token: str) -> dict[str, str]:
    return {"Authorization": token}


def test_good_tokens_are_let_in_with_their_claims(
    emulator: Emulator, guarded: str, issuer: Issuer
) -> None:
    token = issuer.token(tenant="hanoi", groups=["a", "b"], email_verified=True)

    for value in (f"Bearer {token}", f"bearer {token}", token):
        status, _, body = http(emulator, "GET", f"{guarded}/guarded", headers=_with(value))
        assert status == 200
    authorizer = json.loads(body)["requestContext"]["authorizer"]
    claims = authorizer["jwt"]["claims"]
    assert authorizer["jwt"]["scopes"] is None
    assert (claims["tenant"], claims["groups"], claims["email_verified"]) == (
        "hanoi",
        "[a b]",
        "true",
    )
    assert claims["exp"].isdecimal()
    access = issuer.token(aud=None, client_id="other")
    assert http(emulator, "GET", f"{guarded}/guarded", headers=_with(access))[0] == 200
    listed = issuer.token(aud=["someone", "client"])
    assert http(emulator, "GET", f"{guarded}/guarded", headers=_with(listed))[0] == 200
    # Fetched once, not for every request.
    assert issuer.served.count("/keys") == 1


def test_other_tokens_are_refused(emulator: Emulator, guarded: str, issuer: Issuer) -> None:
    now = int(time.time())
    token = issuer.token()
    head, payload, signature = token.split(".")
    refused = {
        "none": None,
        "no token": "Bearer",
        "garbage": "Bearer garbage",
        "expired": issuer.token(exp=now - 60),
        "no expiry": issuer.token(exp=None),
        "not yet": issuer.token(nbf=now + 300),
        "issuer": issuer.token(iss="https://else.example.com"),
        "audience": issuer.token(aud="stranger"),
        "aud before client_id": issuer.token(aud="stranger", client_id="client"),
        "no audience": issuer.token(aud=None),
        "key": issuer.token(key=issuer.stranger),
        "unknown key": issuer.token(kid="two"),
        "curve": issuer.token(kid="curve", key=issuer.curve, algorithm="ES256"),
        "changed": ".".join([head, payload[:-4] + "AAAA", signature]),
        "unsigned": jwt.encode({"iss": issuer.url, "aud": "client", "exp": now + 9}, "", "none"),
        "shared secret": issuer.token(key="x" * 64, algorithm="HS256"),
    }

    for why, value in refused.items():
        headers = _with(value) if value else {}
        status, answered, body = http(emulator, "GET", f"{guarded}/guarded", headers=headers)
        assert (status, body) == _message(401, "Unauthorized"), why
        assert answered["www-authenticate"].startswith("Bearer"), why
        assert http(emulator, "GET", f"{guarded}/open", headers=headers)[0] == 200


def test_a_scope_of_the_route_is_asked_for(
    emulator: Emulator, guarded: str, issuer: Issuer
) -> None:
    def ask(**claims: Any) -> tuple[int, bytes]:
        headers = _with(issuer.token(**claims))
        status, _, body = http(emulator, "GET", f"{guarded}/scoped", headers=headers)
        return status, body

    assert ask() == ask(scope="reads") == ask(scp=["else"]) == _message(403, "Forbidden")
    for claims in ({"scope": "else write"}, {"scp": ["write"]}):
        status, body = ask(**claims)
        assert status == 200
        assert json.loads(body)["requestContext"]["authorizer"]["jwt"]["scopes"] == ["write"]


def test_other_authorizers_let_nobody_in(emulator: Emulator, guarded: str, issuer: Issuer) -> None:
    headers = _with(issuer.token())
    status, _, body = http(emulator, "GET", f"{guarded}/signed", headers=headers)

    assert (status, body) == _message(403, "Forbidden")


def test_an_issuer_that_does_not_answer_lets_nobody_in(
    emulator: Emulator, deploy: Deploy, issuer: Issuer
) -> None:
    gone = "http://127.0.0.1:1"
    base = deploy({"GET /x": {}}, jwt={"Issuer": gone, "Audience": ["client"]})

    headers = _with(issuer.token(iss=gone))
    status, _, body = http(emulator, "GET", f"{base}/x", headers=headers)

    assert (status, body) == _message(401, "Unauthorized")
