"""The WSGI application: moto's server with its gaps filled, and what it lacks around it.

From the outside: health, Bedrock's models, the HTTP APIs, Lambda's Invoke, then moto. Only moto is
behind the lock that lets one request in at a time: a function that runs calls back into the emulator.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from emulator.cloudwatch.endpoint import with_clock
from emulator.cloudwatch.publisher import Publisher
from emulator.errors import with_errors
from emulator.replay import with_replay
from emulator.wsgi import Application, StartResponse, account_of

__all__ = ("HEALTH_PATH", "SERVICES", "Application", "StartResponse", "build")

HEALTH_PATH = "/_emulator/health"
SERVICES = Path(__file__).resolve().parent.parent / "services"
"""The folder of the functions' code, unless another is given."""


def build(*, url: str, state: Path, services: Path = SERVICES) -> Application:
    """Fills moto's gaps in this process and builds the application.

    Imports moto, which takes about a second.

    Args:
        url: where the application will answer.
        state: folder for what it leaves behind, such as the functions' logs.
        services: folder of the functions' code.

    Raises:
        emulator.gaps.registry.GapError: if moto no longer has what a gap's filling replaces.
    """
    from moto.core.config import default_user_config

    # Lambda and Batch would start containers; functions run in processes of ours.
    default_user_config["lambda"]["use_docker"] = False
    default_user_config["batch"]["use_docker"] = False
    # AWS's own policies exist in every account and our roles attach them.
    default_user_config["iam"]["load_aws_managed_policies"] = True

    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    from emulator.cloudwatch import evaluator
    from emulator.cloudwatch.runtime import STORE
    from emulator.events.endpoint import with_events
    from emulator.gaps import fill_all
    from emulator.spending.endpoint import with_spending

    fill_all()
    lock = threading.Lock()
    evaluator.start(lock)

    def create(service: Any) -> Any:
        if service is None:
            raise NotImplementedError("moto has no such service")
        return create_backend_app(service)

    moto = DomainDispatcherApplication(create)
    inner = _one_at_a_time(with_replay(with_errors(_with_accounts(moto))), lock)
    inner = _with_functions(
        inner, lock, url=url, state=state, services=services, publisher=STORE, now=STORE.clock.now
    )
    return _with_health(with_clock(with_events(with_spending(inner, lock), lock)))


def _with_functions(
    application: Application,
    lock: AbstractContextManager[Any],
    *,
    url: str,
    state: Path,
    services: Path,
    publisher: Publisher,
    now: Callable[[], float],
) -> Application:
    """Runs functions, on invocation and behind the HTTP APIs, and answers as their models."""
    from emulator import every_minute
    from emulator.api.deployed import Apis
    from emulator.api.gateway import Gateway
    from emulator.bedrock import with_models
    from emulator.databases import Databases
    from emulator.functions.dead_letters import DeadLetters
    from emulator.functions.deployed import Functions
    from emulator.functions.endpoint import with_functions
    from emulator.functions.invoker import Invoker
    from emulator.functions.source import Source
    from emulator.logs.streams import Streams
    from emulator.models.invocation_log import InvocationLog
    from emulator.outlets import OUTLETS
    from emulator.sns.delivery import Delivery

    functions, databases = Functions(lock), Databases(lock)
    dead_letters = DeadLetters(lock)
    streams = Streams(lock)
    invoker = Invoker(
        credentials=functions.credentials,
        source=Source(services),
        url=url,
        logs=state / "functions",
        publisher=publisher,
        databases=databases,
        dead_letters=dead_letters,
        streams=streams,
    )
    OUTLETS.publisher = publisher
    OUTLETS.notify = Delivery(
        functions=functions,
        invoker=invoker,
        dead_letters=dead_letters,
        publisher=publisher,
    ).start
    gateway = Gateway(
        apis=Apis(lock),
        functions=functions,
        invoker=invoker,
        publisher=publisher,
        streams=streams,
    )
    inner = with_functions(application, functions=functions, invoker=invoker)
    every_minute.start(databases, lock, publisher=publisher, now=now)
    return with_models(
        gateway.around(inner), publisher=publisher, log=InvocationLog(lock, publisher, now)
    )


def _one_at_a_time(
    application: Application, lock: AbstractContextManager[Any] | None = None
) -> Application:
    """Lets one request in at a time: AWS's operations are atomic, moto's dictionaries are not.

    Without it, a request that reads while another writes may fail after it has taken effect; the
    caller's retry is then refused as a duplicate.
    """
    lock = lock or threading.Lock()

    def serialised(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        with lock:
            return list(application(environ, start_response))

    return serialised


def _with_accounts(application: Application) -> Application:
    """Lets the account follow from the access key id, `local-<12 digits>`."""

    def routed(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        account_id = account_of(environ)
        if account_id:
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = account_id
        return application(environ, start_response)

    return routed


def _with_health(application: Application) -> Application:
    """Answers `HEALTH_PATH` with this process's id, so that nobody trusts a reused port or pid."""

    def answered(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != HEALTH_PATH:
            return application(environ, start_response)
        body = json.dumps({"pid": os.getpid()}).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response("200 OK", headers)
        return [body]

    return answered
