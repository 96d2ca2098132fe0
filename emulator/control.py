"""Starting, finding and stopping the emulator.

`start(root)` leaves a daemon that outlives the caller, with its state in `.local/`; `running(root)`
finds it again and `stop(root)` ends it. Tests take `ephemeral()`: a child that ends with the block.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from emulator.application import HEALTH_PATH
from emulator.cloudwatch.endpoint import CLOCK_PATH
from emulator.events.endpoint import EVENTS_PATH
from emulator.identity import UNSET, unwanted, variables
from emulator.spending import SPENDING_PATH

__all__ = (
    "UNSET",
    "Emulator",
    "EmulatorError",
    "clock_now",
    "cost_anomaly",
    "environment",
    "ephemeral",
    "process_environment",
    "running",
    "set_clock_speed",
    "spend",
    "start",
    "stop",
    "tell_event",
)

STATE = Path(".local/emulator.json")
LOG = Path(".local/emulator.log")

_HOST = "127.0.0.1"
_START_TIMEOUT = 60.0  # seconds: a cold import of moto on a busy machine
_STOP_TIMEOUT = 10.0  # seconds
_HEALTH_TIMEOUT = 5.0  # seconds
_LOG_LINES = 20
_MODULE = "emulator.server"
_PACKAGE_PARENT = Path(__file__).resolve().parent.parent
# The emulator answers on loopback, so a proxy of the environment must not be used.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class EmulatorError(Exception):
    """The emulator could not be started or stopped; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Emulator:
    """A running emulator.

    Attributes:
        pid: process id.
        port: on loopback.
        url: the endpoint, such as `http://127.0.0.1:4566`.
        started: when, in UTC and ISO 8601.
    """

    pid: int
    port: int
    url: str
    started: str


def start(root: Path, port: int | None = None) -> Emulator:
    """Starts the emulator as a daemon, or returns the one that runs already.

    Args:
        root: the repository's folder; state and log are written below it.
        port: on loopback; a free one by default. Ignored if an emulator runs already.

    Raises:
        EmulatorError: if the port is taken or the emulator does not become healthy.
    """
    state, log = root / STATE, root / LOG
    state.parent.mkdir(parents=True, exist_ok=True)
    # Two starts at once must not leave two daemons and one state file.
    with state.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        already = running(root)
        if already:
            return already
        process, address = _spawn(port or 0, log, tied=False)
        # Waits for the child: without this, a stopped emulator would stay a zombie as long as its
        # starter lives.
        threading.Thread(target=process.wait, daemon=True).start()
        emulator = _await_health(process, address, log)
        draft = state.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(emulator), indent=2) + "\n", encoding="utf-8")
        draft.replace(state)  # a reader sees the whole state or none
    return emulator


def running(root: Path) -> Emulator | None:
    """Finds the emulator that `start` left behind.

    A state file that names a dead process, or a port that something else answers on by now, counts
    as none.
    """
    emulator = _recorded(root)
    return emulator if emulator and _answers(emulator.url, emulator.pid) else None


def stop(root: Path) -> bool:
    """Stops the emulator, also one that does not answer any more, and forgets it.

    Returns:
        Whether its process was there.

    Raises:
        EmulatorError: if it does not end.
    """
    emulator = _recorded(root)
    found = emulator is not None and _is_emulator(emulator.pid)
    if emulator and found:
        for signal_number in (signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(emulator.pid, signal_number)
            if _ends(emulator):
                break
        else:
            raise EmulatorError(f"emulator process {emulator.pid} does not end")
    (root / STATE).unlink(missing_ok=True)
    return found


@contextlib.contextmanager
def ephemeral(services: Path | None = None) -> Iterator[Emulator]:
    """Runs a fresh emulator on a free port for the length of the block.

    It ends with the block and, whatever happens, with this process.

    Args:
        services: folder of the functions' code; the project's own by default.

    Raises:
        EmulatorError: if it does not become healthy.
    """
    with tempfile.TemporaryDirectory(prefix="emulator-") as folder:
        log = Path(folder, LOG.name)
        process, address = _spawn(0, log, tied=True, services=services)
        with process:
            try:
                yield _await_health(process, address, log)
            finally:
                process.kill()


def environment(emulator: Emulator, account_id: str, region: str) -> dict[str, str]:
    """Gives the variables that send Terraform, boto3 and cdktf to the emulator.

    They only work in an environment without the variables of `UNSET`: `process_environment` sees
    to both.

    Args:
        emulator: a running one.
        account_id: twelve digits.
        region: such as `us-east-1`.

    Raises:
        ValueError: if the account id is not twelve digits.
    """
    return variables(emulator.url, account_id, region)


def process_environment(
    emulator: Emulator,
    account_id: str,
    region: str,
    inherited: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Gives a whole process environment in which AWS is the emulator.

    Args:
        emulator: a running one.
        account_id: twelve digits.
        region: such as `us-east-1`.
        inherited: what to start from; this process's environment by default.

    Raises:
        ValueError: if the account id is not twelve digits.
    """
    inherited = os.environ if inherited is None else inherited
    dropped = unwanted(inherited)
    kept = {name: value for name, value in inherited.items() if name not in dropped}
    return kept | variables(emulator.url, account_id, region, inherited)


def set_clock_speed(emulator: Emulator, speed: float) -> None:
    """Lets CloudWatch's clock run faster than real time, so that alarms change within seconds.

    Args:
        emulator: a running one.
        speed: seconds of the clock in a real second, 1 to 120.

    Raises:
        EmulatorError: if the emulator does not take it.
    """
    _ask(emulator, CLOCK_PATH, {"speed": speed})


def clock_now(emulator: Emulator) -> datetime:
    """The time of CloudWatch's clock, in UTC: ahead of this machine's once it has run faster.

    Args:
        emulator: a running one.

    Raises:
        EmulatorError: if the emulator does not answer.
    """
    return datetime.fromtimestamp(_ask(emulator, CLOCK_PATH)["now"], UTC)


def spend(
    emulator: Emulator, account_id: str, budget: str, *, actual: float, forecast: float
) -> list[str]:
    """Sets what a budget's period has cost so far; the budget tells and acts as it is set up.

    Args:
        emulator: a running one.
        account_id: whose budget.
        budget: its name.
        actual: spent so far, USD.
        forecast: at the end of the period, USD.

    Returns:
        Whom it told, and what it did.

    Raises:
        EmulatorError: if there is no such budget, or a topic does not let it in.
    """
    asked = {"account_id": account_id, "budget": budget, "actual": actual, "forecast": forecast}
    return list(_ask(emulator, SPENDING_PATH, asked)["told"])


def cost_anomaly(
    emulator: Emulator, account_id: str, service: str, *, expected: float, actual: float
) -> list[str]:
    """Lets a service of an account cost more than is usual.

    Args:
        emulator: a running one.
        account_id: whose costs.
        service: as bills name it.
        expected: what it should have cost, USD.
        actual: what it cost, USD.

    Returns:
        Whom that told.

    Raises:
        EmulatorError: if a topic does not let anomaly detection in.
    """
    asked = {"account_id": account_id, "service": service, "expected": expected, "actual": actual}
    return list(_ask(emulator, SPENDING_PATH, asked)["told"])


def tell_event(emulator: Emulator, event: Mapping[str, Any]) -> None:
    """Tells an event as AWS's services do, which no call of its API can.

    Args:
        emulator: a running one.
        event: as AWS's documentation shows them; its account and region say whose rules see it.

    Raises:
        EmulatorError: if the emulator does not take it.
    """
    _ask(emulator, EVENTS_PATH, event)


def _ask(emulator: Emulator, path: str, wanted: Mapping[str, Any] | None = None) -> Any:
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{emulator.url}{path}", data=json.dumps(wanted).encode() if wanted else None
    )
    try:
        with _opener.open(request, timeout=_HEALTH_TIMEOUT) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise EmulatorError(json.load(error)["message"]) from error
    except OSError as error:
        raise EmulatorError(f"the emulator does not answer: {error}") from error


def _spawn(
    port: int, log: Path, *, tied: bool, services: Path | None = None
) -> tuple[subprocess.Popen[bytes], tuple[str, int]]:
    options = ["--state", str(log.parent.resolve())]
    options += ["--tied"] if tied else []
    options += ["--services", str(services.resolve())] if services else []
    with socket.socket() as listener, log.open("wb") as output:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_HOST, port))
        except OSError as error:
            raise EmulatorError(f"port {port} of {_HOST} is not free: {error.strerror}") from error
        listener.listen(128)
        process = subprocess.Popen(
            [sys.executable, "-m", _MODULE, "--fd", str(listener.fileno()), *options],
            cwd=_PACKAGE_PARENT,
            stdin=subprocess.PIPE if tied else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[listener.fileno()],
            start_new_session=True,  # Ctrl-C and a closing terminal must not reach it
        )
        return process, listener.getsockname()


def _await_health(
    process: subprocess.Popen[bytes], address: tuple[str, int], log: Path
) -> Emulator:
    host, port = address
    url = f"http://{host}:{port}"
    deadline = time.monotonic() + _START_TIMEOUT
    while process.poll() is None and (left := deadline - time.monotonic()) > 0:
        # The socket listens already, so the first request waits until the emulator can answer.
        if _answers(url, process.pid, timeout=left):
            started = datetime.now(UTC).isoformat(timespec="seconds")
            return Emulator(pid=process.pid, port=port, url=url, started=started)
        time.sleep(0.05)
    process.kill()
    last = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:]
    raise EmulatorError("\n".join(["the emulator did not start; its log ends with:", *last]))


def _answers(url: str, pid: int, timeout: float = _HEALTH_TIMEOUT) -> bool:
    """Whether the emulator with this process id answers at this URL."""
    try:
        with _opener.open(f"{url}{HEALTH_PATH}", timeout=timeout) as response:
            return bool(json.load(response) == {"pid": pid})
    except (OSError, ValueError):
        return False


def _recorded(root: Path) -> Emulator | None:
    """The emulator of the state file, whether or not it still runs."""
    try:
        return Emulator(**json.loads((root / STATE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _is_emulator(pid: int) -> bool:
    """Whether the process is there and is an emulator: another one may have got its number."""
    if Path("/proc/self").exists():
        with contextlib.suppress(OSError):
            return _MODULE in Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
        return False
    command = ["ps", "-o", "args=", "-p", str(pid)]
    return _MODULE in subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _ends(emulator: Emulator) -> bool:
    deadline = time.monotonic() + _STOP_TIMEOUT
    while time.monotonic() < deadline:
        # An ending process loses its command line a moment before its socket.
        if not _is_emulator(emulator.pid) and not _accepts(emulator.port):
            return True
        time.sleep(0.05)
    return False


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((_HOST, port)) == 0
