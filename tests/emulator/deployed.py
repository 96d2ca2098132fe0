"""Functions and APIs for the tests, deployed by API calls as Terraform would."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

from emulator.control import Emulator
from tests.emulator.conftest import Aws


def _code() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("nothing.py", "")
    return buffer.getvalue()


def function(aws: Aws, name: str, handler: str = "tiny.app.handler", **settings: Any) -> None:
    """Creates a function; its code is the services' folder, whatever the zip has."""
    role = aws("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}'
    )["Role"]["Arn"]
    aws("lambda").create_function(
        FunctionName=name,
        Role=role,
        Runtime="python3.13",
        Handler=handler,
        Code={"ZipFile": _code()},
        **settings,
    )


def invoke(aws: Aws, name: str, event: Any = None, **arguments: Any) -> tuple[Any, Any]:
    """Invokes a function; gives what it answered, and boto3's whole answer."""
    answer = aws("lambda").invoke(FunctionName=name, Payload=json.dumps(event or {}), **arguments)
    return json.loads(answer["Payload"].read() or "null"), answer


def api(
    aws: Aws,
    routes: dict[str, dict[str, Any]],
    *,
    account_id: str,
    function_name: str,
    permitted: bool = True,
    stage: dict[str, Any] | None = None,
    timeout_ms: int = 30_000,
    jwt: dict[str, Any] | None = None,
    **settings: Any,
) -> str:
    """Creates an HTTP API whose routes lead to the function's alias `live`; gives its id."""
    gateway = aws("apigatewayv2")
    api_id: str = gateway.create_api(Name=function_name, ProtocolType="HTTP", **settings)["ApiId"]
    region = gateway.meta.region_name
    arn = f"arn:aws:lambda:{region}:{account_id}:function:{function_name}:live"
    path = f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"
    integration = gateway.create_integration(
        ApiId=api_id,
        IntegrationType="AWS_PROXY",
        IntegrationMethod="POST",
        IntegrationUri=path,
        PayloadFormatVersion="2.0",
        TimeoutInMillis=timeout_ms,
    )["IntegrationId"]
    authorizer = {}
    if jwt:
        made = gateway.create_authorizer(
            ApiId=api_id,
            AuthorizerType="JWT",
            Name="jwt",
            IdentitySource=["$request.header.Authorization"],
            JwtConfiguration=jwt,
        )
        authorizer = {"AuthorizationType": "JWT", "AuthorizerId": made["AuthorizerId"]}
    for key, more in routes.items():
        guard = authorizer if "AuthorizationType" not in more else {}
        gateway.create_route(
            ApiId=api_id, RouteKey=key, Target=f"integrations/{integration}", **guard, **more
        )
    gateway.create_stage(ApiId=api_id, StageName="$default", AutoDeploy=True, **(stage or {}))
    if permitted:
        aws("lambda").add_permission(
            FunctionName=function_name,
            Qualifier="live",
            StatementId=f"api-{api_id}",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=f"arn:aws:execute-api:{region}:{account_id}:{api_id}/*/*",
        )
    return api_id


def http(
    emulator: Emulator,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, dict[str, str], bytes]:
    """Sends a request as it is; gives status, headers by lower-case name, and body."""
    connection = HTTPConnection("127.0.0.1", emulator.port, timeout=60)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, named, answer.read()
    finally:
        connection.close()


def eventually(condition: Callable[[], object], seconds: float = 20) -> bool:
    """Waits until a condition holds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False
