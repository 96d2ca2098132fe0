"""Empties a bucket of invocation logs, so that ``destroy`` can take it: versions and all.

Terraform deletes no bucket that holds something, and that is as it should be. This is for the day
when it is really meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from toolchain.progress import print_to_stderr
from usage.aws import Account, translated
from usage.errors import UsageError

Ask = Callable[[str], str]

_NAME = re.compile(
    r"(?P<project>[a-z0-9-]+)-(?P<environment>[a-z0-9]+)-bedrock-logs-(?P<account>\d{12})"
)
"""As ``modules/bedrock`` names it."""
_FOLDER = "AWSLogs/{account}/BedrockModelInvocationLogs/"
_SHOWN_EVERY = 10_000


def empty(
    bucket: str,
    *,
    region: str | None = None,
    ask: Ask | None,
    show: Callable[[str], object] = print_to_stderr,
) -> None:
    """Say what and how much there is, ask for the bucket's name, and delete it.

    Args:
        bucket: the bucket's name.
        region: where it is; by default that of the profile.
        ask: asks a person; None where there is none.
        show: prints one line.

    Raises:
        UsageError: it is no such bucket, nobody confirmed, or AWS did not delete all.
    """
    named = _NAME.fullmatch(bucket)
    if named is None:
        raise UsageError(
            f"--bucket {bucket}: not a bucket of invocation logs; its name would end in "
            "-bedrock-logs-<account>, see the output invocation_log_bucket"
        )
    account = Account(region)
    _check_account(account, bucket, named["account"])
    with translated("s3:GetBucketTagging"):
        client = account.client("s3")
        _check_tags(client, bucket, named)
    with translated("s3:ListBucketVersions"):
        number, size = _measure(client, bucket, _FOLDER.format(account=named["account"]), show)
    if not number:
        show(f"{bucket}: it is empty already; nothing was deleted")
        return
    show(
        f"{bucket}: {number:,} objects, old versions and deletion marks, {size / 1e6:,.1f} MB. They "
        "will be gone for good."
    )
    _confirm(bucket, ask)
    with translated("s3:DeleteObjectVersion"):
        deleted = _delete(client, bucket, number, show)
    show(f"{bucket}: emptied, {deleted:,} deleted; the bucket itself is left for 'destroy'")


def _check_account(account: Account, bucket: str, wanted: str) -> None:
    own = account.id()
    if own != wanted:
        raise UsageError(
            f"AWS credentials: they are of account {own}, but {bucket} belongs to {wanted}; sign in "
            "there"
        )


def _check_tags(client: Any, bucket: str, named: re.Match[str]) -> None:
    tags = {t["Key"]: t["Value"] for t in client.get_bucket_tagging(Bucket=bucket)["TagSet"]}
    for tag, value in (
        ("ManagedBy", "cdktf"),
        ("Project", named["project"]),
        ("Environment", named["environment"]),
    ):
        if tags.get(tag) != value:
            raise UsageError(
                f"--bucket {bucket}: its tag {tag} is {tags.get(tag)!r}, not {value!r}, so that it "
                "is none of this project's; nothing was deleted"
            )


def _versions(client: Any, bucket: str) -> Iterator[list[dict[str, Any]]]:
    """Pages of everything in the bucket, at most 1,000 each."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        if found:
            yield found


def _measure(
    client: Any, bucket: str, folder: str, show: Callable[[str], object]
) -> tuple[int, int]:
    """Number and bytes; refuses a bucket that holds anything but Bedrock's logs."""
    number = size = 0
    for page in _versions(client, bucket):
        for each in page:
            if not each["Key"].startswith(folder):
                raise UsageError(
                    f"--bucket {bucket}: it holds {each['Key']}, which is no log of invocations; "
                    "move it away first; nothing was deleted"
                )
            size += each.get("Size", 0)
        if (number + len(page)) // _SHOWN_EVERY > number // _SHOWN_EVERY:
            show(f"{bucket}: {number + len(page):,} counted so far")
        number += len(page)
    return number, size


def _confirm(bucket: str, ask: Ask | None) -> None:
    if ask is None:
        raise UsageError(
            f"{bucket}: a person must type its name, and there is no terminal; nothing was deleted"
        )
    try:
        typed = ask("Type the bucket's name to delete all of it: ")
    except EOFError:
        typed = ""
    if typed.strip() != bucket:
        raise UsageError(f"{bucket}: the name was not typed; nothing was deleted")


def _delete(client: Any, bucket: str, number: int, show: Callable[[str], object]) -> int:
    """Delete until nothing is left; returns how many there were.

    Each round lists from the beginning: a listing that goes on from a deleted key may skip some.
    """
    done = 0
    while page := next(_versions(client, bucket), None):
        objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in page]
        answer = client.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
        if errors := answer.get("Errors"):
            raise UsageError(
                f"{bucket}: {len(errors)} objects were not deleted, the first is "
                f"{errors[0]['Key']} ({errors[0]['Code']}); {done:,} were before them; mend that "
                "and run it again"
            )
        if (done + len(objects)) // _SHOWN_EVERY > done // _SHOWN_EVERY:
            show(f"{bucket}: {done + len(objects):,} of {number:,} deleted")
        done += len(objects)
    return done
