"""The migrations of this version of the code, as files."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

_FILE_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")


class MigrationError(Exception):
    """Migrations can't be applied; one line that names the migration, without secrets."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Migration:
    """A step from one version of the database to the next.

    Attributes:
        version: its number, from 1.
        name: of its file, without ``.sql``.
        text: SQL, any number of statements.
    """

    version: int
    name: str
    text: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read(folder: Path) -> list[Migration]:
    """Read the migrations of this version of the code.

    Args:
        folder: holds ``0001_name.sql`` and so on.

    Returns:
        The migrations, in order.

    Raises:
        MigrationError: there is none, one is misnamed, or a number is missing or taken twice.
    """
    migrations: list[Migration] = []
    for version, path in enumerate(sorted(folder.glob("*.sql")), start=1):
        if not _FILE_NAME.fullmatch(path.name):
            raise MigrationError(f"migration {path.name} must be named like 0001_add_things.sql")
        if int(path.name[:4]) != version:
            raise MigrationError(f"migration {path.stem}: the next number is {version:04}")
        # Line ends are normalised, so that a checkout on Windows has the same checksum.
        text = path.read_text(encoding="utf-8")
        migrations.append(Migration(version=version, name=path.stem, text=text))
    if not migrations:
        raise MigrationError(f"there is no migration in the folder {folder.name}")
    return migrations
