"""Takes a plan's JSON from a file; each way in which the file can be wrong is one line."""

from __future__ import annotations

from pathlib import Path

import msgspec

from pipeline.errors import PipelineError, Status
from pipeline.plan.document import PlanDocument

LARGEST_BYTES = 512 * 1024**2
"""A larger file is refused before it is read: it would not fit a job's memory."""

FORMAT_MAJOR = "1"
"""Terraform adds fields within a major version and keeps the others.

Source: https://developer.hashicorp.com/terraform/internals/json-format
"""

_REMEDY = "write it with 'terraform show -json PLANFILE'"
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DECODER = msgspec.json.Decoder(PlanDocument)


def load(path: Path) -> PlanDocument:
    """Read and decode a plan's JSON.

    Lines that stand before the JSON are passed over: Terraform prints deprecations there.

    Args:
        path: the file.

    Raises:
        PipelineError: with ``BAD_PLAN``; it is no plan that can be used.
    """
    document = _decode(path, _json_of(path, _read(path)))
    _check(path, document)
    return document


def bad_plan(path: Path, what: str, remedy: str = _REMEDY) -> PipelineError:
    """The error of a file that is no plan that can be used.

    Args:
        path: the file.
        what: what is wrong with it.
        remedy: how to mend that.
    """
    return PipelineError(f"{path}: {what}; {remedy}", Status.BAD_PLAN)


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise bad_plan(path, "a folder, not a plan's JSON", "name the file in it")
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise bad_plan(
                path,
                f"{size} bytes, above the limit of {LARGEST_BYTES}",
                "split the stack, or raise LARGEST_BYTES in pipeline/plan/source.py",
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise bad_plan(path, "no such file") from None
    except OSError as error:
        raise bad_plan(
            path, f"cannot be read ({error.strerror})", "mend that and run again"
        ) from None


def _json_of(path: Path, raw: bytes) -> memoryview:
    """The JSON's part of a file, without copying it."""
    if not raw.strip():
        raise bad_plan(path, "empty")
    if raw.startswith(_ZIP):
        raise bad_plan(path, "Terraform's binary plan, not its JSON")
    if raw.startswith(_UTF16):
        raise bad_plan(path, "UTF-16 text, not UTF-8", "redirect in a shell that writes UTF-8")
    start = raw.find(b"{")
    if start < 0:
        raise bad_plan(path, "no JSON object in it")
    if raw.startswith(b'{"@level"', start):
        raise bad_plan(path, "the log of 'terraform plan -json', not a plan")
    return memoryview(raw)[start:]


def _decode(path: Path, text: memoryview) -> PlanDocument:
    try:
        return _DECODER.decode(text)
    except msgspec.ValidationError as error:
        raise bad_plan(path, f"not a Terraform plan ({_one_line(error)})") from None
    except msgspec.DecodeError as error:
        what = "truncated JSON" if "truncated" in str(error) else f"not JSON ({_one_line(error)})"
        raise bad_plan(path, what) from None
    except UnicodeDecodeError as error:
        raise bad_plan(path, f"not UTF-8 ({error.reason} at byte {error.start})") from None
    except RecursionError:
        raise bad_plan(path, "nested too deeply for a plan") from None


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _check(path: Path, document: PlanDocument) -> None:
    if document.values is not None:
        raise bad_plan(path, "Terraform's state, not a plan")
    if not document.format_version or (
        document.configuration is None and document.planned_values is None
    ):
        raise bad_plan(path, "JSON, but not a Terraform plan")
    major = document.format_version.split(".", 1)[0]
    if major == "0":
        raise bad_plan(
            path,
            f"format_version {document.format_version[:20]!r} of a Terraform before 1.1",
            f"plan again with a newer Terraform and {_REMEDY}",
        )
    if major != FORMAT_MAJOR:
        raise bad_plan(
            path,
            f"format_version {document.format_version[:20]!r}, but {FORMAT_MAJOR}.x is what is read",
            "use the Terraform that this project pins",
        )
    if document.errored:
        raise bad_plan(
            path,
            "Terraform could not finish this plan (errored)",
            "mend what 'terraform plan' said and plan again",
        )
