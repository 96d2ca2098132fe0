"""Volumes: which types, how large, and no paid performance."""

from __future__ import annotations

from modules.governance.limits import Limits
from modules.iam import Conditions, Statement

_MOST_IOPS = 3_000
_MOST_THROUGHPUT_MIBPS = 125
"""What a gp3 volume has without paying for it.

Source: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
"""


_NEW = ("ec2:CopyVolumes", "ec2:CreateVolume", "ec2:RunInstances")
_CHANGED = ("ec2:ModifyVolume",)


def new(limits: Limits) -> tuple[Statement, ...]:
    """Refuse new volumes of other types and larger ones.

    One whose size or type the request does not tell is refused, too: it would be the snapshot's.
    """
    return (
        _refused("VolumeTypes", _NEW, {"StringNotEquals": {"ec2:VolumeType": limits.volume_types}}),
        _refused("VolumeSizes", _NEW, {"NumericGreaterThanIfExists": _size(limits)}),
    )


def changed(limits: Limits) -> tuple[Statement, ...]:
    """Refuse the same to a change, which need not name all of it.

    AWS does not say whether the keys of a change are what the volume has or what it shall have. That
    people change none (``running_costs``) holds either way.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    """
    return (
        _refused(
            "ChangedVolumeTypes",
            _CHANGED,
            {
                "Null": {"ec2:VolumeType": "false"},
                "StringNotEquals": {"ec2:VolumeType": limits.volume_types},
            },
        ),
        _refused("ChangedVolumeSizes", _CHANGED, {"NumericGreaterThan": _size(limits)}),
    )


def _size(limits: Limits) -> dict[str, str]:
    return {"ec2:VolumeSize": str(limits.largest_volume_gib)}


def performance() -> tuple[Statement, ...]:
    """Refuse paid operations and throughput; a request that names none gets what is free."""
    free = {"Iops": _MOST_IOPS, "Throughput": _MOST_THROUGHPUT_MIBPS}
    return tuple(
        _refused(
            f"Volume{what}",
            (*_NEW, *_CHANGED),
            {"NumericGreaterThan": {f"ec2:Volume{what}": str(most)}},
        )
        for what, most in free.items()
    )


def _refused(sid: str, actions: tuple[str, ...], conditions: Conditions) -> Statement:
    return Statement(
        sid=sid,
        effect="Deny",
        actions=actions,
        resources=("arn:aws:ec2:*:*:volume/*",),
        conditions=conditions,
    )
