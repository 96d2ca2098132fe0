"""CloudTrail: the end of a trail.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DeleteTrail.html
"""

from __future__ import annotations

from collections.abc import Callable

from moto.cloudtrail.models import CloudTrailBackend

from emulator.gaps.registry import Gap, replace


def _delete_by_arn() -> None:
    @replace(CloudTrailBackend, "delete_trail")
    def _(original: Callable[..., None], self: CloudTrailBackend, name: str) -> None:
        original(self, self.get_trail(name).trail_name)


GAPS = (
    Gap(
        service="cloudtrail",
        name="delete-by-arn",
        moto="keeps a trail that is deleted by its ARN, and says nothing of one that is not there",
        aws="deletes it, and refuses what is not there",
        fill=_delete_by_arn,
    ),
)
