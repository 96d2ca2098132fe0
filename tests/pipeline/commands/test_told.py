"""The same is not told with every run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.commands.told import Told

NOW = datetime(2026, 3, 14, 9, 12, tzinfo=UTC)


def test_news_is_what_differs_from_what_was_told_last(tmp_path: Path) -> None:
    told = Told(tmp_path / "drift" / "dev.json")
    assert told.is_news(["a", "b"], now=NOW)
    told.remember(["a", "b"], now=NOW)
    assert not told.is_news(["b", "a"], now=NOW)
    assert told.is_news(["a", "b", "c"], now=NOW)
    assert told.is_news(["a"], now=NOW)


def test_what_nobody_mends_is_told_again_after_a_week(tmp_path: Path) -> None:
    told = Told(tmp_path / "dev.json")
    told.remember(["a"], now=NOW)
    assert not told.is_news(["a"], now=NOW + timedelta(days=6, hours=23))
    assert told.is_news(["a"], now=NOW + timedelta(days=7))


def test_what_comes_back_is_news(tmp_path: Path) -> None:
    told = Told(tmp_path / "dev.json")
    told.remember(["a"], now=NOW)
    assert not told.is_news([], now=NOW)
    assert told.is_news(["a"], now=NOW)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"told": 1, "at": "soon"}'])
def test_a_damaged_file_hides_nothing(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "dev.json"
    path.write_bytes(content)
    assert Told(path).is_news(["a"], now=NOW)
