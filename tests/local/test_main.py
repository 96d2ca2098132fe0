"""The command line of ``local``: how it ends."""

from __future__ import annotations

from typing import NoReturn

import pytest

from local import __main__ as command_line
from local.deploy import LocalError


def raising(error: BaseException) -> object:
    def command(*_: object, **__: object) -> NoReturn:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (LocalError("'cdktf deploy dev' ended with status 1"), "'cdktf deploy dev' ended with"),
        (KeyboardInterrupt(), "deploy: interrupted; what it reached stays, run it again"),
    ],
)
def test_what_stops_it_is_one_line(
    error: BaseException,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command_line, "deploy", raising(error))
    assert command_line.main(["deploy", "dev"]) == 1
    shown = capsys.readouterr().err
    assert shown.startswith(line)
    assert shown.count("\n") == 1
