"""Whatever differs between the two outputs is found and named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from toolchain.cdktn.compare import compare

Stack = dict[str, Any]


def stack(version: str = "0.21.0", source: str = "aws", provider: str = "5.100.0") -> Stack:
    """A stack's file as CDKTF writes it."""
    metadata = {"metadata": {"path": "dev/Network/Vpc", "uniqueId": "Network_Vpc_1A2B3C4D"}}
    return {
        "//": {"metadata": {"stackName": "dev", "version": version}},
        "data": {"aws_ami": {"image": {"//": metadata, "most_recent": True}}},
        "output": {"vpc_id": {"value": "${aws_vpc.Network_Vpc_1A2B3C4D.id}"}},
        "provider": {"aws": [{"region": "ap-southeast-1"}]},
        "resource": {
            "aws_vpc": {
                "Network_Vpc_1A2B3C4D": {
                    "//": metadata,
                    "cidr_block": "10.0.0.0/16",
                    "tags": {"Name": "dev"},
                    "timeouts": [{"create": "10m"}, {"create": "20m"}],
                }
            }
        },
        "terraform": {
            "backend": {"s3": {"bucket": "state"}},
            "required_providers": {"aws": {"source": source, "version": provider}},
        },
    }


def write(out: Path, **stacks: Stack) -> Path:
    """Write an output folder."""
    for name, content in stacks.items():
        path = out / "stacks" / name / "cdk.tf.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(content))
    return out


def successor() -> Stack:
    """The same stack, as the successor writes it."""
    return stack("0.24.0", "hashicorp/aws", "6.69.1")


def test_metadata_and_provider_are_no_difference(tmp_path: Path) -> None:
    after = successor()
    after["resource"]["aws_vpc"]["Network_Vpc_1A2B3C4D"]["//"] = {"metadata": "other"}
    found = compare(
        write(tmp_path / "before", dev=stack(), prod=stack()),
        write(tmp_path / "after", dev=after, prod=successor()),
    )
    assert found.differences == []
    assert found.addresses == {"dev": 5, "prod": 5}
    assert found.providers == (["aws 5.100.0"], ["hashicorp/aws 6.69.1"])


def change(*path: str | int, to: Any) -> Callable[[Stack], None]:
    """Set one value of a stack."""

    def apply(content: Stack) -> None:
        inner: Any = content
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = to

    return apply


def move_vpc(content: Stack) -> None:
    """Give the VPC another address."""
    vpcs = content["resource"]["aws_vpc"]
    vpcs["Network_Vpc_99999999"] = vpcs.pop("Network_Vpc_1A2B3C4D")


VPC = ("resource", "aws_vpc", "Network_Vpc_1A2B3C4D")
AT = "dev: aws_vpc.Network_Vpc_1A2B3C4D"


@pytest.mark.parametrize(
    ("breaks", "said"),
    [
        (move_vpc, [f"{AT}: is missing", "dev: aws_vpc.Network_Vpc_99999999: is new"]),
        (
            change(*VPC, "cidr_block", to="10.1.0.0/16"),
            [f'{AT}: cidr_block was "10.0.0.0/16", is "10.1.0.0/16"'],
        ),
        (change(*VPC, "region", to="eu-west-1"), [f'{AT}: region was absent, is "eu-west-1"']),
        (change(*VPC, "tags", to={}), [f'{AT}: tags.Name was "dev", is absent']),
        (
            change(*VPC, "timeouts", 1, "create", to="5m"),
            [f'{AT}: timeouts[1].create was "20m", is "5m"'],
        ),
        (
            change(*VPC, "timeouts", to=[]),
            [f'{AT}: timeouts was [{{"create": "10m"}}, {{"create": "20m"}}], is []'],
        ),
        (
            change("data", "aws_ami", "image", "most_recent", to=1),
            ["dev: data.aws_ami.image: most_recent was true, is 1"],
        ),
        (change("output", to={}), ["dev: output.vpc_id: is missing"]),
        (
            change("provider", "aws", 0, "region", to="eu-west-1"),
            ['dev: provider.aws: [0].region was "ap-southeast-1", is "eu-west-1"'],
        ),
        (
            change("terraform", "backend", "s3", "bucket", to="other"),
            ['dev: terraform.backend: s3.bucket was "state", is "other"'],
        ),
    ],
)
def test_each_difference_is_named(
    tmp_path: Path, breaks: Callable[[Stack], None], said: list[str]
) -> None:
    after = successor()
    breaks(after)
    found = compare(write(tmp_path / "before", dev=stack()), write(tmp_path / "after", dev=after))
    assert [str(difference) for difference in found.differences] == said


def test_missing_and_new_stacks_are_differences(tmp_path: Path) -> None:
    found = compare(
        write(tmp_path / "before", dev=stack(), prod=stack()),
        write(tmp_path / "after", dev=successor(), staging=successor()),
    )
    assert [str(d) for d in found.differences] == ["prod: is missing", "staging: is new"]
