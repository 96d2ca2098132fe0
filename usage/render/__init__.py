"""The report as a person or a program reads it; each form in a file of its own."""

from collections.abc import Callable, Mapping

from usage.render.as_csv import as_csv
from usage.render.as_html import as_html
from usage.render.as_json import as_json
from usage.render.as_table import as_table
from usage.report import Report

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "table": as_table,
    "csv": as_csv,
    "json": as_json,
    "html": as_html,
}

__all__ = ["FORMATS"]
