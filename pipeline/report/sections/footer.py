"""The end of the note: its commit and pipeline, the fingerprints, and how old the prices are."""

from __future__ import annotations

from pipeline.report import costs
from pipeline.report.escape import code, link
from pipeline.report.model import Report

COMMIT = 8
"""Characters of a commit that a reader sees, as in GitLab."""


def render(report: Report) -> str:
    """One line; empty where nothing is known."""
    pieces = []
    if report.commit:
        pieces.append(f"commit {code(report.commit[:COMMIT])}")
    if report.pipeline_url:
        number = f" {report.pipeline_id}" if report.pipeline_id else ""
        pieces.append(link(f"pipeline{number}", report.pipeline_url))
    marks = [
        f"{code(each.name)} {code(each.fingerprint)}" for each in report.stacks if each.fingerprint
    ]
    if marks:
        pieces.append("fingerprints of the planned changes: " + ", ".join(marks))
    if prices := costs.prices(report):
        pieces.append(prices)
    return "---\n\n" + " · ".join(pieces) if pieces else ""
