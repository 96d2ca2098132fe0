"""Tests of which route a request takes."""

from __future__ import annotations

import pytest

from emulator.api.routes import Match, Route, match

ROUTES = (
    "GET /pets/dog/1",
    "GET /pets/dog/{id}",
    "GET /pets/{proxy+}",
    "ANY /pets/dog/1",
    "ANY /{proxy+}",
    "GET /",
    "$default",
)


@pytest.mark.parametrize(
    ("request_line", "key", "parameters"),
    [
        # The first four are those of AWS's documentation.
        ("GET /pets/dog/1", "GET /pets/dog/1", {}),
        ("GET /pets/dog/2", "GET /pets/dog/{id}", {"id": "2"}),
        ("GET /pets/cat/1", "GET /pets/{proxy+}", {"proxy": "cat/1"}),
        ("POST /test/5", "ANY /{proxy+}", {"proxy": "test/5"}),
        ("POST /pets/dog/1", "ANY /pets/dog/1", {}),
        ("GET /", "GET /", {}),
        ("POST /", "$default", {}),
        ("GET /pets/dog/a%2Fb%20c", "GET /pets/dog/{id}", {"id": "a/b c"}),
        ("GET /pets/dog/", "GET /pets/{proxy+}", {"proxy": "dog/"}),
        ("GET /pets/dog/ph%E1%BB%9F", "GET /pets/dog/{id}", {"id": "phở"}),
        ("GET /petsXdog/1", "ANY /{proxy+}", {"proxy": "petsXdog/1"}),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_most_specific_route_is_taken(
    request_line: str, key: str, parameters: dict[str, str], order: int
) -> None:
    method, _, path = request_line.partition(" ")

    found = match([Route(key=each) for each in ROUTES[::order]], method, path)

    assert found == Match(route=Route(key=key), parameters=parameters)


@pytest.mark.parametrize("request_line", ["POST /a", "HEAD /a", "GET /a/", "GET /A", "GET /b"])
def test_there_may_be_no_route(request_line: str) -> None:
    method, _, path = request_line.partition(" ")

    assert match([Route(key="GET /a"), Route(key="GET /c.d")], method, path) is None
    assert match([Route(key="GET /c.d")], "GET", "/cxd") is None
