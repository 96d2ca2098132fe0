"""Runbooks as they are written: their commands are typed into a shell beside a deployed dev.

In the deployment of ``test_dev.py``, whose worker runs it. Other pages are followed elsewhere:
``tests/test_runbooks.py`` says where.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.deploy.conftest import Project
from tests.deploy.test_dev import STATE_BUCKET, STATE_KEY
from tests.support.runbooks import Page

pytestmark = [pytest.mark.deploy, pytest.mark.xdist_group("dev")]


def _page(name: str, dev: Project) -> Page:
    return Page.open(name, root=dev.root, process=dev.process)


def test_lock(dev: Project) -> None:
    """A job of the pipeline was cancelled; its container is gone."""
    info = {
        "ID": "6f1d0000-dead-4000-8000-000000000001",
        "Operation": "OperationTypeApply",
        "Who": "root@runner-t3x4-project-42-concurrent-0",
        "Created": (datetime.now(UTC) - timedelta(hours=3)).isoformat(),
    }
    dev.client("dynamodb").put_item(
        TableName="mapvibe-dev-state-lock",
        Item={"LockID": {"S": f"{STATE_BUCKET}/{STATE_KEY}"}, "Info": {"S": json.dumps(info)}},
    )
    page = _page("lock", dev)
    status, said = page.type("make show-lock STACK=dev")
    assert status == 0, said
    assert "UTC, 3:00:" in said
    assert "cannot be told: it is a job of GitLab's runner" in said
    status, said = page.type("make unlock STACK=dev")
    assert status != 0
    status, said = page.type("make unlock STACK=dev LOCK=LOCK_ID", LOCK_ID=info["ID"])
    assert status == 0, said
    assert page.left == []
    status, said = dev.run("terraform", f"-chdir={dev.stack}", "plan", "-input=false")
    assert status == 0, said
