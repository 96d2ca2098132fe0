"""CodePipeline and CodeBuild."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry
from pipeline.cost.pricing import Pricing, Subject

ACTION_MINUTES = "monthly_action_minutes"
BUILD_MINUTES = "monthly_build_mins"


def pipeline(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_codepipeline``: a V1 by the month, a V2 by the minutes of its actions."""
    if subject.get("pipeline_type", "V1") == "V1":
        yield pricing.fixed("active pipeline", "codepipeline.v1", 1)
    else:
        yield pricing.used(subject, "action minutes", "codepipeline.v2", ACTION_MINUTES)


def project(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_codebuild_project``; a size without a row is named as a missing price."""
    size = str(subject.get("environment.0.compute_type", "")).rpartition("_")[2].lower()
    arm = str(subject.get("environment.0.type", "")).startswith("ARM_")
    fleet = "arm1" if arm else "general1"
    key = f"codebuild.{fleet}.{size}"
    yield pricing.used(subject, f"build minutes, {fleet}.{size}", key, BUILD_MINUTES)


ENTRIES: dict[str, Entry] = {
    "aws_codepipeline": Entry(pipeline, frozenset({ACTION_MINUTES})),
    "aws_codebuild_project": Entry(project, frozenset({BUILD_MINUTES})),
}
