"""What the drill does in the deployed environment's account, each by one of AWS's operations."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from emulator import control
from emulator.session import session
from environments.settings import Environment
from local.errors import LocalError

_POLL_SECONDS = 0.5
_LONGEST_DRILL = timedelta(days=1)
_DATABASE_SECONDS = 60
"""For a database to stop or to start."""


class Account:
    """The account of an environment on the emulator."""

    def __init__(self, emulator: control.Emulator, environment: Environment) -> None:
        """Connect to nothing yet.

        Args:
            emulator: where it was deployed.
            environment: whose account and region.
        """
        own = session(environment.account_id, environment.region)
        self._client: Callable[[str], Any] = lambda service: own.client(
            service, endpoint_url=emulator.url
        )

    def secret(self, secret_id: str) -> str | None:
        """The value of a secret, None where it has none yet."""
        secrets = self._client("secretsmanager")
        with suppress(secrets.exceptions.ResourceNotFoundException):
            return str(secrets.get_secret_value(SecretId=secret_id)["SecretString"])
        return None

    def put_secret(self, secret_id: str, value: str) -> None:
        """Give a secret a value."""
        self._client("secretsmanager").put_secret_value(SecretId=secret_id, SecretString=value)

    def stop_database(self, identifier: str) -> None:
        """Stop an instance and wait until it is stopped."""
        rds = self._client("rds")
        rds.stop_db_instance(DBInstanceIdentifier=identifier)
        self._await_database(rds, identifier, "stopped")

    def start_database(self, identifier: str) -> None:
        """Start an instance and wait until it is available; nothing to do if it runs."""
        rds = self._client("rds")
        with suppress(rds.exceptions.InvalidDBInstanceStateFault):
            rds.start_db_instance(DBInstanceIdentifier=identifier)
        self._await_database(rds, identifier, "available")

    def await_requests(
        self, api_id: str, count: int, *, since: datetime, seconds: float
    ) -> dict[str, float]:
        """Wait until CloudWatch has a minute with so many requests of an API.

        Args:
            api_id: the API's id.
            count: requests in that minute, at least.
            since: minutes before do not count, in the time of the emulator's CloudWatch.
            seconds: how long at most.

        Returns:
            The newest such minute: how many, and their 95th percentile of latency in milliseconds;
            empty if none came.
        """
        minute: dict[str, float] = {}

        def counted() -> bool:
            minute.update(self._newest_minute(api_id, count, since))
            return bool(minute)

        _await(counted, seconds)
        return minute

    def _newest_minute(self, api_id: str, count: int, since: datetime) -> dict[str, float]:
        queries = [
            {
                "Id": name.lower(),
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/ApiGateway",
                        "MetricName": name,
                        "Dimensions": [{"Name": "ApiId", "Value": api_id}],
                    },
                    "Period": 60,
                    "Stat": statistic,
                },
            }
            for name, statistic in (("Count", "Sum"), ("Latency", "p95"))
        ]
        found = self._client("cloudwatch").get_metric_data(
            MetricDataQueries=queries,
            StartTime=since,
            EndTime=since + _LONGEST_DRILL,
            ScanBy="TimestampDescending",
        )["MetricDataResults"]
        for number, latency in zip(*(each["Values"] for each in found), strict=False):
            if number >= count:
                return {"requests": number, "p95_ms": latency}
        return {}

    def alarm_state(self, name: str) -> str:
        """The state of an alarm: OK, ALARM or INSUFFICIENT_DATA.

        Raises:
            LocalError: there is no such alarm.
        """
        found = self._client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
        if not found:
            raise LocalError(f"there is no alarm {name}: deploy again, then start the drill again")
        return str(found[0]["StateValue"])

    def await_alarm(self, name: str, state: str, seconds: float) -> bool:
        """Wait until an alarm has a state; returns whether it came to that."""
        return _await(lambda: self.alarm_state(name) == state, seconds)

    def _await_database(self, rds: Any, identifier: str, status: str) -> None:
        def has_status() -> bool:
            found = rds.describe_db_instances(DBInstanceIdentifier=identifier)["DBInstances"]
            return bool(found[0]["DBInstanceStatus"] == status)

        if not _await(has_status, _DATABASE_SECONDS):
            raise LocalError(f"database {identifier} is not {status} after {_DATABASE_SECONDS} s")


def _await(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True
