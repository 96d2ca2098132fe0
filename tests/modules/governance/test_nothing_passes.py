"""Made-up requests: nothing outside of the limits passes, under any layer, and nothing within is hit.

Each layer is asked by somebody who has all permissions besides, in one question to Node a layer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.modules.governance.principals import Who, held, request
from tests.support.iam.decisions import decide
from tests.support.long_form import LONG
from tests.support.provider_calls import ACCOUNT, NEW
from tests.support.stacks import BY_NAME

LIMITS = BY_NAME["dev"].limit_values
REGION = LIMITS.environment.region
LAYERS: tuple[Who, ...] = (
    "within the boundary",
    "in a group",
    "under the SCPs",
    "pipeline widened",
)
EC2, RDS = f"arn:aws:ec2:{REGION}:{ACCOUNT}", f"arn:aws:rds:{REGION}:{ACCOUNT}"

FAMILIES = st.sampled_from(["t3", "t3a", "t4g", "m7i", "c7gn", "u-6tb1", "p5", "T3", "t3 ", "t"])
SIZES = st.sampled_from(["nano", "micro", "small", "medium", "large", "16xlarge", "metal", "", "*"])
TYPES = st.builds("{}.{}".format, FAMILIES, SIZES)
CLASSES = st.builds("db.{}".format, TYPES) | st.sampled_from(["db.serverless", "db.t3.micro"])
VOLUME_TYPES = st.sampled_from(["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard", "GP3"])
GIB = st.integers(1, 65_536) | st.sampled_from([49, 50, 51])
REGIONS = st.sampled_from([REGION] * 3 + ["us-east-1", "ap-southeast-3", "unspecified", "AP-SOUTHEAST-1"])  # fmt: skip
KEYS = st.sampled_from(["Environment", "environment", "ENVIRONMENT", "Project", "project", "Name"])
VALUES = st.sampled_from(["dev", "mapvibe", "prod", "Dev", "dev ", "*", ""])
TAGS = st.just(NEW) | st.dictionaries(KEYS, VALUES, max_size=4).map(
    lambda tags: {
        **{f"aws:RequestTag/{key}": value for key, value in tags.items()},
        **({"aws:TagKeys": list(tags)} if tags else {}),
    }
)
Asked = tuple[str, str, Mapping[str, Any], bool]
"""Action, resource, context, and whether it is within the limits."""


def tagged(tags: Mapping[str, Any]) -> bool:
    """Whether exactly the demanded keys are there, with the environment's values and no twin's."""
    keys = [str(key) for key in tags.get("aws:TagKeys", ())]
    for tag, value in LIMITS.tags.items():
        twins = [key for key in keys if key.lower() == tag.lower()]
        if tag not in keys or any(tags[f"aws:RequestTag/{key}"] != value for key in twins):
            return False
    return True


def asked(
    action: str, resource: str, place: str, context: Mapping[str, Any], within: bool
) -> Asked:
    return (
        action,
        resource,
        {**context, "aws:RequestedRegion": place},
        within and place == REGION,
    )


@st.composite
def machines(draw: st.DrawFn) -> Asked:
    kind, tags, place = draw(TYPES), draw(TAGS), draw(REGIONS)
    within = kind in LIMITS.instance_types and tagged(tags)
    context = {**tags, "ec2:InstanceType": kind}
    return asked("ec2:RunInstances", f"{EC2}:instance/i-0123abcd", place, context, within)


@st.composite
def volumes(draw: st.DrawFn) -> Asked:
    kind, size, tags, place = draw(VOLUME_TYPES), draw(GIB), draw(TAGS), draw(REGIONS)
    within = kind in LIMITS.volume_types and size <= LIMITS.largest_volume_gib and tagged(tags)
    context = {**tags, "ec2:VolumeType": kind, "ec2:VolumeSize": str(size)}
    return asked("ec2:CreateVolume", f"{EC2}:volume/vol-0123abcd", place, context, within)


@st.composite
def databases(draw: st.DrawFn) -> Asked:
    kind, size, tags, place = draw(CLASSES), draw(GIB), draw(TAGS), draw(REGIONS)
    action = draw(
        st.sampled_from(["rds:CreateDBInstance", "rds:RestoreDBInstanceFromDBSnapshot", "rds:RestoreDBInstanceToPointInTime"])
    )  # fmt: skip
    context = {**tags, "rds:StorageSize": str(size)}
    if draw(st.integers(0, 9)):
        context["rds:DatabaseClass"] = kind
    within = (
        context.get("rds:DatabaseClass") in LIMITS.database_classes
        and size <= LIMITS.largest_volume_gib
        and tagged(tags)
    )
    return asked(action, f"{RDS}:db:mapvibe-dev-try-one", place, context, within)


@st.composite
def models(draw: st.DrawFn) -> Asked:
    """A model that answers elsewhere does so through a profile of ours, or not at all."""
    place = draw(REGIONS)
    profile = draw(
        st.none() | st.sampled_from(["apac.a.b-v1:0", "us.a.b-v1:0", "global.a.b", "apacx"])
    )
    context: dict[str, Any] = {"aws:RequestedRegion": place}
    if profile:
        context["bedrock:InferenceProfileArn"] = (
            f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/{profile}"
        )
    within = place == REGION or bool(profile and profile.startswith("apac."))
    return (
        "bedrock:InvokeModel",
        f"arn:aws:bedrock:{REGION}::foundation-model/a.b-v1:0",
        context,
        within,
    )


@pytest.mark.parametrize("layer", LAYERS)
@given(
    requests=st.lists(
        st.one_of(machines(), volumes(), databases(), models()), min_size=10, max_size=20
    )
)
@settings(
    max_examples=60 if LONG else 4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_nothing_outside_of_the_limits_passes(layer: Who, requests: list[Asked]) -> None:
    made = [request(layer, action, resource, context) for action, resource, context, _ in requests]
    for (action, _, context, within), decision in zip(
        requests, decide(made, held(layer)), strict=True
    ):
        assert decision.allowed is within, (action, context)
