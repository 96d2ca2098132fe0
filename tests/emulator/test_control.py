"""Tests of starting, finding and stopping the emulator."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from emulator import control
from emulator.control import LOG, STATE, Emulator, EmulatorError
from emulator.identity import UNSET

REPOSITORY = Path(control.__file__).parent.parent


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A repository's folder whose emulator is stopped afterwards."""
    yield tmp_path
    control.stop(tmp_path)


def _write_state(root: Path, emulator: Emulator) -> None:
    (root / STATE).parent.mkdir(exist_ok=True)
    (root / STATE).write_text(json.dumps(vars(emulator)))


def _eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_it_starts_once_is_found_and_stops(root: Path) -> None:
    assert control.running(root) is None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with ThreadPoolExecutor(2) as two:
        first, second = two.map(lambda _: control.start(root, port), range(2))

    assert first.port == port
    assert first == second == control.start(root) == control.running(root)
    assert first.url == f"http://127.0.0.1:{first.port}"
    assert json.loads((root / STATE).read_text()) == vars(first)
    assert (root / LOG).exists()
    assert control.stop(root) is True
    assert _free(first.port)
    assert control.running(root) is None
    assert control.stop(root) is False
    assert not (root / STATE).exists()


def test_it_outlives_the_process_that_started_it(root: Path) -> None:
    code = "import sys; from pathlib import Path; from emulator.control import start; "
    code += "start(Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(root)], cwd=REPOSITORY, check=True, timeout=60)

    assert control.running(root) is not None


def test_one_that_answers_no_more_is_stopped_all_the_same(root: Path) -> None:
    emulator = control.start(root)
    os.kill(emulator.pid, signal.SIGSTOP)
    assert control.stop(root) is True
    assert _free(emulator.port)
    assert not (root / STATE).exists()


def test_a_port_that_is_not_free_is_named(root: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EmulatorError, match=f"port {port} of 127.0.0.1 is not free"):
            control.start(root, port)


def test_a_start_that_fails_shows_the_end_of_the_log(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control, "_PACKAGE_PARENT", root)  # there is no package to start there

    with pytest.raises(EmulatorError, match="No module named"):
        control.start(root)
    assert control.running(root) is None


@pytest.mark.parametrize("text", ["", "{}", "[]", "not json", '{"pid": 1}'])
def test_a_damaged_state_file_counts_as_none(root: Path, text: str) -> None:
    (root / STATE).parent.mkdir()
    (root / STATE).write_text(text)

    assert control.running(root) is None


def test_a_state_file_of_a_dead_process_counts_as_none(root: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    _write_state(
        root, Emulator(pid=process.pid, port=1, url="http://127.0.0.1:1", started="long ago")
    )

    assert control.running(root) is None
    assert control.stop(root) is False


def test_a_stranger_on_the_port_is_neither_taken_for_the_emulator_nor_killed(root: Path) -> None:
    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"pid": os.getpid() + 1}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Stranger) as stranger:
        thread = threading.Thread(target=stranger.serve_forever)
        thread.start()
        try:
            port = stranger.server_port
            url = f"http://127.0.0.1:{port}"
            _write_state(root, Emulator(pid=os.getpid(), port=port, url=url, started="long ago"))
            assert control.running(root) is None
            assert control.stop(root) is False  # or this very process would have ended
        finally:
            stranger.shutdown()
            thread.join()


def test_an_ephemeral_one_ends_with_its_block() -> None:
    with control.ephemeral() as emulator:
        assert not _free(emulator.port)
    assert _free(emulator.port)


def test_an_ephemeral_one_ends_with_its_process() -> None:
    code = "import os, signal; from emulator.control import ephemeral\n"
    code += "with ephemeral() as e: print(e.port, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, stdout=subprocess.PIPE, timeout=60
    )
    port = int(done.stdout)

    assert _eventually(lambda: _free(port))


def test_the_environment_leads_to_the_emulator_and_nowhere_else() -> None:
    emulator = Emulator(pid=1, port=4566, url="http://127.0.0.1:4566", started="now")
    inherited = dict.fromkeys(UNSET, "real") | {
        "AWS_ENDPOINT_URL_S3": "https://s3.example.com",
        "AWS_ACCESS_KEY_ID": "real",
        "NO_PROXY": "example.com",
        "PATH": "/bin",
    }

    process = control.process_environment(emulator, "210987654321", "eu-west-1", inherited)

    assert process == {
        "PATH": "/bin",
        "NO_PROXY": "example.com,127.0.0.1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_ACCESS_KEY_ID": "local-210987654321",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "2",
        "CHECKPOINT_DISABLE": "1",
    }
    added = control.environment(emulator, "210987654321", "eu-west-1")
    assert added.items() <= (process | {"NO_PROXY": added["NO_PROXY"]}).items()


@pytest.mark.parametrize("account_id", ["", "42", "12345678901a", "1234567890123", "١٢٣٤٥٦٧٨٩٠١٢"])
def test_an_account_is_twelve_digits(account_id: str) -> None:
    emulator = Emulator(pid=1, port=4566, url="http://127.0.0.1:4566", started="now")

    with pytest.raises(ValueError, match="is not twelve digits"):
        control.environment(emulator, account_id, "eu-west-1")
