"""The JSON of GitLab's Terraform widget (``artifacts:reports:terraform``)."""

from __future__ import annotations

from pipeline.report.model import EnvironmentReport


def widget(report: EnvironmentReport) -> dict[str, int]:
    """What the widget shows of one environment, all its stacks together; a job leaves one file.

    A replacement is one creation and one destruction. Moves, imports, forgotten resources and
    outputs count nothing.
    """
    counts = report.counts
    return {
        "create": counts.create + counts.replace,
        "update": counts.update,
        "delete": counts.delete + counts.replace,
    }
