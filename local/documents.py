"""Sends the documents of a folder to the API of a deployment."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.document_files import DocumentFile, LoadError, read_folder
from local.documents_api import DocumentsApi, request_body
from services.rag.schemas import MAX_DOCUMENTS, StoredDocuments

__all__ = ["SAMPLES", "DocumentFile", "LoadError", "Loaded", "load", "read_folder"]

SAMPLES = Path(__file__).resolve().parent / "samples"
"""The sample documents: short pages about places and food in Vietnam."""

_BATCH_BYTES = 250_000
"""Size of a request. All its texts must be embedded before API Gateway gives up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """What became of the documents, in numbers.

    Attributes:
        created: documents that were new.
        updated: documents that had changed.
        unchanged: documents that were there already.
        embedded: chunks that were new and had to be embedded.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    embedded: int = 0

    @classmethod
    def of(cls, stored: StoredDocuments) -> Loaded:
        """Count one answer."""
        by_status = Counter(item.status for item in stored.documents)
        return cls(
            created=by_status["created"],
            updated=by_status["updated"],
            unchanged=by_status["unchanged"],
            embedded=sum(item.embedded for item in stored.documents),
        )

    def __add__(self, other: Loaded) -> Loaded:
        """Add up two answers."""
        return Loaded(
            created=self.created + other.created,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
            embedded=self.embedded + other.embedded,
        )

    def __str__(self) -> str:
        """One line."""
        return (
            f"{self.created} created, {self.updated} updated, {self.unchanged} unchanged "
            f"(chunks embedded: {self.embedded})"
        )


def load(
    url: str,
    folder: Path,
    *,
    token: str | None = None,
    show: Callable[[str], object] = print,
    sleep: Callable[[float], None] = time.sleep,
) -> Loaded:
    """Send all documents of a folder, and say what became of them.

    Running it again is safe: what is stored already stays as it is and is not embedded again.

    Args:
        url: of the API, without ``/documents``.
        folder: where the documents are; ``read_folder`` says in what form.
        token: a JWT for an API that wants one; sent as a bearer token.
        show: gets a line for each request and one for all of them.
        sleep: waits that many seconds.

    Returns:
        The numbers of the last line.

    Raises:
        LoadError: a file is bad (then nothing was sent), or the API did not take a request; the
            requests before it are stored.
    """
    api = DocumentsApi(url, token=token, show=show, sleep=sleep)
    files = read_folder(folder)
    batches = list(_batches(files))
    total = Loaded()
    for number, batch in enumerate(batches, start=1):
        body = request_body(batch)
        try:
            loaded = Loaded.of(api.store(body, names=[file.name for file in batch]))
        except LoadError as error:
            raise LoadError(f"{error}{_stored_so_far(number, len(batches))}") from None
        total += loaded
        what = f"{_documents(len(batch))}, {len(body) / 1000:.0f} kB"
        show(f"request {number} of {len(batches)} ({what}): {loaded}")
    show(f"{_documents(len(files))}: {total}")
    return total


def _documents(number: int) -> str:
    return f"{number} document{'' if number == 1 else 's'}"


def _stored_so_far(number: int, requests: int) -> str:
    if number == 1:
        return ""
    return (
        f"; this was request {number} of {requests}, those before it are stored: "
        "running it again goes on from there"
    )


def _batches(files: Sequence[DocumentFile]) -> Iterator[list[DocumentFile]]:
    """Put as many files together as fit; one that is larger goes by itself."""
    batch: list[DocumentFile] = []
    size = 0
    for file in files:
        added = len(request_body([file]))
        if batch and (size + added > _BATCH_BYTES or len(batch) == MAX_DOCUMENTS):
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += added
    if batch:
        yield batch
