"""The code of functions: built from services/ when its inputs changed, before synth."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from modules.lambda_function import CodePackage
from services.dependencies import PYTHON_VERSION
from services.package import PackageError, build
from stacks.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]


RAG = ROOT / "services" / "rag"


def migrations_hash() -> str:
    """SHA-256 of what the database of services/rag must be: migrations, and the role's rights."""
    digest = hashlib.sha256()
    for path in [*sorted((RAG / "migrations").glob("*.sql")), RAG / "provision.py"]:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


@functools.cache
def code(service: str) -> CodePackage:
    """The zip of a service, as a function's construct takes it.

    Args:
        service: name of a package in ``services/``.

    Raises:
        ConfigurationError: the zip cannot be built.
    """
    try:
        package = build(service, root=ROOT, output=ROOT / "build")
    except PackageError as error:
        raise ConfigurationError(f"services/{service}: {error}") from error
    return CodePackage(
        path=package.path,
        sha256_hex=package.sha256_hex,
        sha256_base64=package.sha256_base64,
        runtime=f"python{PYTHON_VERSION}",
    )
