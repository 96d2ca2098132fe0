"""Names that AWS would refuse are told with the file that holds them."""

from __future__ import annotations

import pytest

from modules.gitlab_access import roles
from stacks.errors import ConfigurationError
from tests.support.mistakes import assert_told
from tests.support.stacks import delivery_stack


@pytest.mark.parametrize("project", ["sg-team", "aws", "sthree"])
def test_a_project_that_aws_keeps_for_itself(project: str) -> None:
    assert_told("dev", {"project": project}, f"project={project}: ", "choose another")


def test_what_aws_would_refuse_is_one_line_with_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "LONGEST_MANAGED_POLICY", 100)
    with pytest.raises(ConfigurationError) as raised:
        delivery_stack("dev", cost_center="another")
    (line,) = str(raised.value).splitlines()
    assert line.startswith("environments/dev.py: policy mapvibe-dev-pipeline-boundary: ")
    assert "IAM takes 100" in line
