"""Tests of limits of requests."""

from __future__ import annotations

from emulator.api.throttle import Limit, Throttle
from tests.emulator.api.described import an_api


def test_a_bucket_holds_its_burst_and_fills_at_its_rate() -> None:
    now = [100.0]
    throttle = Throttle(lambda: now[0])

    def admitted(requests: int, route: str = "GET /a", burst: float = 3) -> int:
        limit = Limit(rate=2, burst=burst)
        return sum(throttle.admits("api", route, limit) for _ in range(requests))

    assert admitted(5) == 3
    assert admitted(5, route="GET /b") == 3
    now[0] += 0.25
    assert admitted(5) == 0
    now[0] += 0.25
    assert admitted(5) == 1
    now[0] += 3600
    assert admitted(5) == 3
    assert admitted(5, burst=4) == 4  # changed by a deployment
    assert all(throttle.admits("api", "GET /a", None) for _ in range(100))


def test_a_route_s_own_limit_wins_over_the_stage_s() -> None:
    described = an_api(
        default_settings={"throttlingRateLimit": 50.0, "throttlingBurstLimit": 100},
        route_settings={
            "POST /query": {"throttlingRateLimit": 2.0, "throttlingBurstLimit": 4},
            "GET /health": {"detailedMetricsEnabled": True},
        },
    )

    assert described.limit("POST /query") == Limit(rate=2, burst=4)
    assert described.limit("GET /health") == described.limit("else") == Limit(rate=50, burst=100)
    assert an_api().limit("POST /query") is None
