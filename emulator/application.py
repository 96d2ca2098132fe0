"""The WSGI application: moto's server, with its gaps filled and one account per access key."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable, Iterable
from typing import Any

from emulator.identity import ACCESS_KEY_PREFIX

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

HEALTH_PATH = "/_emulator/health"

# Signed requests carry the access key id in a header, presigned URLs in the query string.
_ACCESS_KEY = re.compile(rf"Credential={ACCESS_KEY_PREFIX}(\d{{12}})(?:/|%2F)")


def build() -> Application:
    """Fills moto's gaps in this process and builds the application.

    Imports moto, which takes about a second.

    Raises:
        emulator.gaps.registry.GapError: if moto no longer has what a gap's filling replaces.
    """
    from moto.core.config import default_user_config

    # Lambda and Batch would start containers; what we test is Terraform, not what runs in them.
    default_user_config["lambda"]["use_docker"] = False
    default_user_config["batch"]["use_docker"] = False
    # AWS's own policies exist in every account and our roles attach them.
    default_user_config["iam"]["load_aws_managed_policies"] = True

    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

    from emulator.gaps import fill_all

    fill_all()
    moto = DomainDispatcherApplication(create_backend_app)
    return _with_health(_one_at_a_time(_with_accounts(moto)))


def _one_at_a_time(application: Application) -> Application:
    """Lets one request in at a time: AWS's operations are atomic, moto's dictionaries are not.

    Without it, a request that reads while another writes may fail after it has taken effect; the
    caller's retry is then refused as a duplicate.
    """
    lock = threading.Lock()

    def serialised(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        with lock:
            return list(application(environ, start_response))

    return serialised


def _with_accounts(application: Application) -> Application:
    """Lets the account follow from the access key id, `local-<12 digits>`."""

    def routed(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        signed = environ.get("HTTP_AUTHORIZATION", "") or environ.get("QUERY_STRING", "")
        key = _ACCESS_KEY.search(signed)
        if key:
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = key.group(1)
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
