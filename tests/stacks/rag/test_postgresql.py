"""Versions of PostgreSQL that the settings allow, and names that PostgreSQL keeps for itself."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import get_args

import pytest

from emulator.postgres import running
from stacks.rag.postgresql import MAJORS, RESERVED_WORDS, MajorVersion, max_connections


def test_connections_follow_memory() -> None:
    assert max_connections("db.t4g.micro") == 84
    assert max_connections("db.m7g.large") == 675


def test_a_database_can_be_upgraded_to_every_version_that_it_can_have() -> None:
    assert get_args(MajorVersion) == tuple(MAJORS)


@pytest.mark.parametrize("major", MAJORS)
def test_no_version_costs_extended_support(major: str) -> None:
    """AWS bills it by vCPU and hour from that day on, and the estimate has no price for it.

    Take the version out of MAJORS, or price extended support in pipeline/cost.
    """
    assert dt.datetime.now(dt.UTC).date() <= MAJORS[major].standard_support_ends


def test_the_reserved_words_are_postgresqls_own() -> None:
    """R: reserved; T: reserved, but a function or type may have the name."""
    # Not tmp_path: pytest makes its folders for us only, and root runs the server as nobody.
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        Path(folder).chmod(0o755)
        with running(Path(folder)) as server, server.connect() as connection:
            rows = connection.execute(
                "SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')"
            ).fetchall()
    assert {word for (word,) in rows} == RESERVED_WORDS
