"""Break the deployed environment's database, and see that the right person would have been called."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from emulator import control
from environments.settings import Environment
from local.deploy import api_address, deploy, print_line, process_environment, step
from local.deploy import outputs as outputs_of
from local.deployed import recorded
from local.drill.account import Account
from local.drill.receiver import Receiver, receiving
from local.drill.traffic import Traffic, sending
from local.errors import LocalError
from local.examples import EXAMPLES

ALARM = "api-errors"
"""The last part of the name of the alarm that goes off first; it has a runbook of this name."""

_SPEED = 6
"""A minute of the emulator's CloudWatch lasts ten seconds: the alarms stay as they are deployed."""

_PER_SECOND, _SENDERS = 8, 16
"""Requests: enough in each such minute for the alarm to take their rate of errors seriously, also
while each waits five seconds for a database that does not come."""

_A_FULL_MINUTE = 30
"""Requests: half of what is sent in ten seconds, for a busy machine."""

_LONGEST_WAIT_SECONDS = 90
"""For an alarm, or a message. Most take a third."""


def drill(environment: Environment, *, root: Path) -> None:
    """Requests, a stopped database, an alarm, a message; a started database, and a message again.

    Deploys the environment first where it is not on the emulator yet. Whatever happens, the
    database runs again at the end, and the secret with Slack's address is as it was.

    Args:
        environment: which.
        root: the project's folder.

    Raises:
        LocalError: something that should have happened did not.
        ToolchainError: the settings are wrong, or Terraform failed.
    """
    _check(environment)
    emulator = _deployed(environment, root)
    outputs = _outputs(emulator, environment, root)
    started = time.monotonic()
    account, database = Account(emulator, environment), outputs["database_endpoint"].split(".")[0]
    alarm = environment.naming.name(ALARM)
    api = api_address(emulator, outputs["api_id"])
    with (
        receiving() as slack,
        _webhook(account, outputs["slack_webhook_secret"], slack),
        _fast_clock(emulator),
        sending(api, EXAMPLES[1], per_second=_PER_SECOND, senders=_SENDERS) as traffic,
    ):
        begun = control.clock_now(emulator)
        step(f"1/4 requests: {_PER_SECOND} a second, until CloudWatch has a minute of them")
        _expect_requests(account, outputs["api_id"], since=begun)
        _expect_state(account, alarm, "OK")
        _tell(traffic)
        try:
            step(f"2/4 the database breaks: {database} is stopped")
            account.stop_database(database)
            _expect_message(account, slack, alarm, "ALARM")
            _tell(traffic)
        finally:
            step(f"3/4 the repair: {database} is started")
            account.start_database(database)
        step(f"4/4 until {alarm} says that it is over")
        traffic.take()
        _expect_message(account, slack, alarm, "OK")
        _tell(traffic)
    print_line(
        f"\nThe alarm came and went, and both were told, in {time.monotonic() - started:.0f} s. "
        f"What to do when it is no drill: docs/runbooks/alarms/{ALARM}.md"
    )


def _check(environment: Environment) -> None:
    rag = environment.rag
    if rag is None or rag.monitoring is None or rag.alerts.slack != "notifier":
        raise LocalError(
            f"{environment.name} has no alarms that reach Slack by the notifier, so there is "
            f"nothing to drill; see rag.monitoring and rag.alerts.slack in "
            f"environments/{environment.name}.py"
        )


def _deployed(environment: Environment, root: Path) -> control.Emulator:
    emulator = control.running(root)
    names = [each.environment for each in recorded(root)] if emulator else []
    if environment.name not in names:
        print_line(f"{environment.name} is not deployed to the emulator yet; that comes first")
        deploy(environment, root=root)
        emulator = control.running(root)
    if emulator is None:
        raise LocalError(f"the emulator has ended: make deploy-local ENV={environment.name}")
    return emulator


def _outputs(emulator: control.Emulator, environment: Environment, root: Path) -> dict[str, str]:
    stack = root / "cdktf.out" / "stacks" / environment.name
    found = outputs_of(stack, process_environment(environment, emulator))
    return {name: str(value) for name, value in found.items()}


@contextmanager
def _webhook(account: Account, secret: str, slack: Receiver) -> Iterator[None]:
    """Let the notifier post to the receiver; what the secret held before comes back."""
    before = account.secret(secret)
    account.put_secret(secret, slack.url)
    try:
        yield
    finally:
        if before is not None:
            account.put_secret(secret, before)


@contextmanager
def _fast_clock(emulator: control.Emulator) -> Iterator[None]:
    control.set_clock_speed(emulator, _SPEED)
    print_line(f"\nA minute of the emulator's CloudWatch lasts {60 / _SPEED:.0f} s for the drill.")
    try:
        yield
    finally:
        control.set_clock_speed(emulator, 1)


def _expect_requests(account: Account, api_id: str, *, since: datetime) -> None:
    minute = account.await_requests(
        api_id, _A_FULL_MINUTE, since=since, seconds=_LONGEST_WAIT_SECONDS
    )
    if not minute:
        raise LocalError(
            f"CloudWatch has no minute with {_A_FULL_MINUTE} requests of API {api_id} after "
            f"{_LONGEST_WAIT_SECONDS} s: see the emulator's log, .local/emulator.log"
        )
    print_line(
        f"    CloudWatch: {minute['requests']:.0f} requests a minute, 95 of 100 within "
        f"{minute['p95_ms']:.0f} ms"
    )


def _expect_state(account: Account, alarm: str, state: str) -> None:
    if not account.await_alarm(alarm, state, _LONGEST_WAIT_SECONDS):
        raise LocalError(
            f"{alarm} is {account.alarm_state(alarm)} after {_LONGEST_WAIT_SECONDS} s, and should "
            f"be {state}: see its history with 'aws cloudwatch describe-alarm-history'"
        )
    print_line(f"    {alarm}: {state}")


def _expect_message(account: Account, slack: Receiver, alarm: str, state: str) -> None:
    _expect_state(account, alarm, state)
    text = slack.wait_for(lambda text: alarm in text and state in text, _LONGEST_WAIT_SECONDS)
    if text is None:
        raise LocalError(
            f"{alarm} is {state}, and no message of it came in {_LONGEST_WAIT_SECONDS} s: "
            "see docs/runbooks/notifications.md"
        )
    print_line("    what Slack was sent:")
    for line in text.splitlines():
        print_line(f"    | {line}")


def _tell(traffic: Traffic) -> None:
    answers = ", ".join(f"{count} times {status}" for status, count in traffic.take().items())
    print_line(f"    answers meanwhile: {answers or 'none yet'}")
