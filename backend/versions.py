"""The versions of a state that its bucket keeps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from backend.aws import client, error_code
from backend.errors import BackendError
from backend.synthesised import StackState

_FORMAT = 4
"""The version of Terraform's state format since 0.12."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """A state that could be read.

    Attributes:
        body: the parsed JSON.
        serial: rises with every change.
        lineage: the same for all states that followed from one another.
    """

    body: dict[str, Any]
    serial: int
    lineage: str

    @property
    def resources(self) -> set[str]:
        """Addresses of the resources that the state manages."""
        return {
            ".".join(filter(None, (each.get("module"), each["type"], each["name"])))
            for each in self.body["resources"]
            if each["mode"] == "managed"
        }


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of the state object, or the mark of its deletion.

    Attributes:
        state: whose.
        id: S3's id of the version.
        modified: when it was written.
        size: bytes.
        latest: it is what Terraform reads now.
        deleted: it is a delete marker.
    """

    state: StackState
    id: str
    modified: datetime
    size: int
    latest: bool
    deleted: bool

    @cached_property
    def data(self) -> bytes:
        """The bytes of it."""
        answer = client("s3", self.state).get_object(
            Bucket=self.state.bucket, Key=self.state.key, VersionId=self.id
        )
        data: bytes = answer["Body"].read()
        return data

    @cached_property
    def content(self) -> Content | None:
        """What it holds; None where that is no state of Terraform's."""
        if self.deleted:
            return None
        try:
            body = json.loads(self.data)
            content = Content(body=body, serial=int(body["serial"]), lineage=str(body["lineage"]))
            content.resources  # noqa: B018 - fails here, not later
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        return content if body.get("version") == _FORMAT else None

    def __str__(self) -> str:
        """One line of the list that a person chooses from."""
        when = f"{self.modified:%Y-%m-%d %H:%M:%S}"
        if self.deleted:
            return f"{when}  deleted"
        size = f"{self.size / 1000:.1f} kB"
        if self.content is None:
            return f"{when}  damaged: not a Terraform state  {size}  {self.id}"
        number = len(self.content.resources)
        return (
            f"{when}  serial {self.content.serial}  {number} resource{'' if number == 1 else 's'}"
            f"  {size}  lineage {self.content.lineage[:8]}  {self.id}"
        )


def list_versions(state: StackState) -> list[Version]:
    """All versions of a state, newest first.

    Raises:
        BackendError: there is no such bucket, or not one version in it.
    """
    pages = client("s3", state).get_paginator("list_object_versions")
    found: list[Version] = []
    try:
        for page in pages.paginate(Bucket=state.bucket, Prefix=state.key):
            found += [
                Version(
                    state=state,
                    id=each["VersionId"],
                    modified=each["LastModified"],
                    size=each.get("Size", 0),
                    latest=each["IsLatest"],
                    deleted=kind == "DeleteMarkers",
                )
                for kind in ("DeleteMarkers", "Versions")
                for each in page.get(kind, [])
                if each["Key"] == state.key
            ]
    except ClientError as error:
        if error_code(error) != "NoSuchBucket":
            raise
        raise BackendError(
            f"state bucket {state.bucket}: it does not exist; if {state.environment} was never "
            f"deployed, run 'make backend ENV={state.environment}'"
        ) from error
    if all(version.deleted for version in found):
        raise BackendError(
            f"{state.location}: the bucket holds no version of it, so there is nothing to restore; "
            f"if {state.stack} was never deployed, nothing is lost: deploy it"
        )
    return sorted(found, key=lambda version: (version.latest, version.modified), reverse=True)
