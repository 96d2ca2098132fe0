"""EC2: what an account shares with nobody in a region, and what its new machines begin with.

Sources: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableSnapshotBlockPublicAccess.html,
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EnableImageBlockPublicAccess.html and
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html
"""

from __future__ import annotations

from typing import Any, cast

from moto.core.responses import ActionResult
from moto.ec2.responses.settings import Settings

from emulator.gaps.registry import Gap, add

_KEPT = "account_defaults"
_NO_PREFERENCE = ("no-preference", -1)


def _defaults(settings: Settings) -> dict[str, Any]:
    """What is kept for the account in a region, with its other resources."""
    backend = settings.ec2_backend
    if not hasattr(backend, _KEPT):
        setattr(backend, _KEPT, {"snapshots": "unblocked", "images": "unblocked", "metadata": {}})
    return cast("dict[str, Any]", getattr(backend, _KEPT))


def _snapshots() -> None:
    def answer(self: Settings) -> ActionResult:
        return ActionResult({"State": _defaults(self)["snapshots"]})

    @add(Settings, "enable_snapshot_block_public_access")
    def _(self: Settings) -> ActionResult:
        _defaults(self)["snapshots"] = self._get_param("State")
        return answer(self)

    @add(Settings, "disable_snapshot_block_public_access")
    def _(self: Settings) -> ActionResult:
        _defaults(self)["snapshots"] = "unblocked"
        return answer(self)

    @add(Settings, "get_snapshot_block_public_access_state")
    def _(self: Settings) -> ActionResult:
        return answer(self)


def _images() -> None:
    def answer(self: Settings) -> ActionResult:
        return ActionResult({"ImageBlockPublicAccessState": _defaults(self)["images"]})

    @add(Settings, "enable_image_block_public_access")
    def _(self: Settings) -> ActionResult:
        _defaults(self)["images"] = self._get_param("ImageBlockPublicAccessState")
        return answer(self)

    @add(Settings, "disable_image_block_public_access")
    def _(self: Settings) -> ActionResult:
        _defaults(self)["images"] = "unblocked"
        return answer(self)

    @add(Settings, "get_image_block_public_access_state")
    def _(self: Settings) -> ActionResult:
        return answer(self)


def _metadata() -> None:
    names = ("HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "InstanceMetadataTags")

    @add(Settings, "modify_instance_metadata_defaults")
    def _(self: Settings) -> ActionResult:
        kept = _defaults(self)["metadata"]
        for name in names:
            value = self._get_param(name)
            if value in _NO_PREFERENCE:
                kept.pop(name, None)
            elif value is not None:
                kept[name] = value
        return ActionResult({"Return": True})

    @add(Settings, "get_instance_metadata_defaults")
    def _(self: Settings) -> ActionResult:
        return ActionResult({"AccountLevel": dict(_defaults(self)["metadata"])})


GAPS = (
    Gap(
        service="ec2",
        name="snapshots-shared-with-nobody",
        moto="knows no such setting",
        aws="keeps it for the account in a region; unblocked at first",
        fill=_snapshots,
    ),
    Gap(
        service="ec2",
        name="images-shared-with-nobody",
        moto="knows no such setting",
        aws="keeps it for the account in a region; unblocked at first",
        fill=_images,
    ),
    Gap(
        service="ec2",
        name="instance-metadata-defaults",
        moto="knows no such setting",
        aws="keeps what was asked for, and forgets what nobody prefers any more",
        fill=_metadata,
    ),
)
