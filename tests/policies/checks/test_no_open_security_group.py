"""Ranges of both versions, in one rule or in two, and who may be open."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policies.examples import change, faults, judged, of_plan, plan, stack, unknown

CHECK = "MV_AWS_14"
GROUP = "aws_security_group.g"
RULE = "aws_vpc_security_group_ingress_rule.r"


@pytest.mark.parametrize(
    ("ranges", "fails"),
    [
        (["0.0.0.0/0"], True),
        (["0.0.0.0/1", "128.0.0.0/1"], True),
        (["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"], True),
        (["10.0.0.0/8"], False),
        (["203.0.113.7/32"], False),
        (["::/0"], True),
        (["0::/0"], True),
        (["fd00::/16"], False),
        ([f"{first}.0.0.0/8" for first in range(256)], True),
    ],
)
def test_ranges(tmp_path: Path, ranges: list[str], fails: bool) -> None:
    rule = {"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ranges}
    path = stack(tmp_path, {"aws_security_group": {"g": {"name": "g", "ingress": [rule]}}})
    assert (GROUP in faults(judged(path)[CHECK])) is fails


def test_a_rule_in_a_plan(tmp_path: Path) -> None:
    path = stack(tmp_path, {"aws_vpc_security_group_ingress_rule": {"r": {}}})
    ports = {"ip_protocol": "tcp", "from_port": 22, "to_port": 22}
    open_ = plan(tmp_path, change(RULE, {**ports, "cidr_ipv6": "::/0"}))
    assert faults(of_plan(CHECK, path, open_)) == {RULE: "lets in ::/0 on port 22"}
    to_come = plan(tmp_path, change(RULE, ports, {"cidr_ipv4": True}))
    assert unknown(of_plan(CHECK, path, to_come)) == {
        RULE: "from where it lets in is not known yet"
    }
