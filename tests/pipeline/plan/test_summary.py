"""One look at a plan tells the same as a look for each purpose."""

from __future__ import annotations

import gc

import pytest

from pipeline.plan.attributes import views
from pipeline.plan.collector import collector_paused
from pipeline.plan.fingerprint import fingerprint
from pipeline.plan.model import Action
from pipeline.plan.summary import summarise
from tests.pipeline.plans import change, plan

AWS_ID = "AKIA" + "IOSFODNN7EXAMPLE"
VALUES = {"name": "a", "password": "hunter2hunter2", "rules": [{"cidr": "10.0.0.0/8"}]}
PLAN = plan(
    change("aws_a.created", after=VALUES, unknown={"id": True, "rules": [{"id": True}]}),
    change("aws_a.hollow", after={"blocks": [{}]}, unknown={"blocks": [{"arn": True}]}),
    change("aws_a.updated", "update", VALUES, {**VALUES, "name": "b"}, {"rules": True}),
    change("aws_a.block", "update", {"blocks": []}, {"blocks": [{}]}, {"blocks": [{"id": True}]}),
    change("aws_a.replaced", "replace", VALUES, {"name": "b"}, replace_paths=(("name",),)),
    change(f'aws_a.gone["{AWS_ID}"]', "delete", VALUES),
    change("aws_a.left", "forget", VALUES),
    change("aws_a.kept", "no-op", VALUES),
    outputs={"url": Action.CREATE},
)


def test_it_tells_what_views_and_fingerprint_tell() -> None:
    summary = summarise(PLAN)
    assert (summary.changes, summary.masked) == views(PLAN)
    assert summary.fingerprint == fingerprint(PLAN) == "0197d92b9a773513da1d"


def test_a_new_block_shows_itself_or_what_will_be_known_of_it() -> None:
    """A creation leaves out what AWS decides, so the block must stand for itself."""
    shown = {each.address: each.attributes for each in summarise(PLAN).changes}
    hollow, block = shown["aws_a.hollow"], shown["aws_a.block"]
    assert [(row.path, row.before, row.after) for row in hollow] == [("blocks[0]", None, "{}")]
    assert [(row.path, row.before, row.after) for row in block] == [
        ("blocks[0].id", None, "(known after apply)")
    ]


def test_the_collector_pauses_and_comes_back() -> None:
    with collector_paused():
        assert not gc.isenabled()
        with collector_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_collector_comes_back_after_an_error() -> None:
    with pytest.raises(ValueError, match="bad"), collector_paused():
        raise ValueError("bad")
    assert gc.isenabled()
