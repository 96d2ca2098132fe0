"""Servers for the tests of the emulator: ours, and plain moto to compare with."""

from __future__ import annotations

import functools
import itertools
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from emulator.control import Emulator, ephemeral
from emulator.identity import DEFAULT_ACCOUNT, access_key_id

REGION = "us-east-1"

Aws = Callable[[str], Any]

# How plain moto falls short: a wrong answer, an error, nothing at all, or a server error.
_MOTO_FAILS = (
    AssertionError,
    ClientError,
    KeyError,
    ResponseParserError,
    pytest.fail.Exception,
)
_session = boto3.Session()  # one, since each reads the services' descriptions anew
_accounts = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "gap(id): shows what the emulator does; runs on plain moto too, where it has to fail",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    mark = metafunc.definition.get_closest_marker("gap")
    if mark is None:
        return
    fails = pytest.mark.xfail(
        strict=True,
        raises=_MOTO_FAILS,
        reason=f"gap {mark.args[0]}: if this passes, moto has closed it and our filling can go",
    )
    servers = ["emulator", pytest.param("plain_moto", marks=fails)]
    metafunc.parametrize("server", servers, indirect=True)


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """An emulator for the session; tests keep apart by account."""
    with ephemeral() as running:
        yield running


@pytest.fixture(scope="session")
def plain_moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """Moto's own server, on a free port; it knows one account only."""
    log = tmp_path_factory.mktemp("plain_moto") / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "--port", "0"],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = _announced_url(log.read_text)
        request = urllib.request.Request(  # noqa: S310 - loopback
            f"{url}/moto-api/config", data=b'{"lambda": {"use_docker": false}}', method="POST"
        )
        urllib.request.urlopen(request, timeout=30).close()  # noqa: S310 - loopback
        yield Emulator(pid=process.pid, port=int(url.rsplit(":")[-1]), url=url, started="")
    finally:
        process.kill()
        process.wait()


def _announced_url(read: Callable[[], str]) -> str:
    for _ in range(600):
        for line in read().splitlines():
            if "Running on" in line:
                return line.split()[-1]
        time.sleep(0.05)
    raise AssertionError(f"plain moto did not start: {read()}")


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Emulator:
    """The server a `gap` test runs on: each in turn."""
    chosen = request.getfixturevalue(request.param)
    assert isinstance(chosen, Emulator)
    return chosen


@pytest.fixture
def account_id() -> str:
    """An account of the test's own."""
    return f"{next(_accounts):012d}"


@pytest.fixture
def aws(server: Emulator) -> Aws:
    """Makes boto3 clients by service, in one account: plain moto has no other.

    So names have to keep tests apart. A new account for each would also take a second each.
    """
    return clients(server, DEFAULT_ACCOUNT)


@functools.cache
def clients(server: Emulator, account_id: str, region: str = REGION) -> Aws:
    """Makes boto3 clients of an account, by service."""
    # What moto lacks fails at once instead of being tried again.
    config = Config(retries={"total_max_attempts": 1})

    @functools.cache
    def client(service: str) -> Any:
        return _session.client(
            service,
            endpoint_url=server.url,
            region_name=region,
            aws_access_key_id=access_key_id(account_id),
            aws_secret_access_key="local",
            config=config,
        )

    return client
