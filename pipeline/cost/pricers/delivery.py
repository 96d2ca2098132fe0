"""CodePipeline and CodeBuild."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry, is_set
from pipeline.cost.pricing import Pricing, Subject

ACTION_MINUTES = "monthly_action_minutes"
BUILD_MINUTES = "monthly_build_mins"

_ENVIRONMENTS = {
    "LINUX_CONTAINER": "general1",
    "LINUX_EC2": "general1",
    "ARM_CONTAINER": "arm1",
    "ARM_EC2": "arm1",
    "LINUX_LAMBDA_CONTAINER": "lambda.x86",
    "ARM_LAMBDA_CONTAINER": "lambda.arm",
    "WINDOWS_CONTAINER": "windows.general1",
    "WINDOWS_EC2": "windows.general1",
    "WINDOWS_SERVER_2019_CONTAINER": "windows.general1",
    "WINDOWS_SERVER_2022_CONTAINER": "windows.general1",
}
"""Kind of environment to the name of its prices; those that are not here have none.

Source: https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-compute-types.html
"""


def pipeline(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_codepipeline``: a V1 by the month, a V2 by the minutes of its actions."""
    if subject.get("pipeline_type", "V1") == "V1":
        yield pricing.fixed("active pipeline", "codepipeline.v1", 1)
    else:
        yield pricing.used(subject, "action minutes", "codepipeline.v2", ACTION_MINUTES)


def project(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_codebuild_project``; a size without a row is named as a missing price.

    On a reserved fleet the fleet is billed, and not the minutes.
    """
    if is_set(subject, "environment.0.fleet.0.fleet_arn"):
        return
    size = str(subject.get("environment.0.compute_type", "")).rpartition("_")[2].lower()
    kind = str(subject.get("environment.0.type", "LINUX_CONTAINER"))
    fleet = _ENVIRONMENTS.get(kind, kind.lower())
    # Builds on Lambda are billed by the second.
    scale = Decimal(60 if fleet.startswith("lambda") else 1)
    what, key = f"build minutes, {fleet}.{size}", f"codebuild.{fleet}.{size}"
    yield pricing.used(subject, what, key, BUILD_MINUTES, scale=scale)


_SOURCE = "where the source is costs nothing here"
_ARTIFACTS = "the bucket that holds what is built is billed"

ENTRIES: dict[str, Entry] = {
    "aws_codebuild_project": Entry(
        project,
        frozenset({BUILD_MINUTES}),
        free={
            "artifacts": _ARTIFACTS,
            "badge_enabled": "a badge costs nothing",
            "build_batch_config": "the minutes of all builds are stated as usage",
            "build_timeout": "the minutes of builds are stated as usage",
            "cache": "the bucket that holds the cache is billed",
            "concurrent_build_limit": "the minutes of builds are stated as usage",
            "encryption_key": "the key is billed, as an aws_kms_key",
            "environment.certificate": "a file in a bucket has no fee",
            "environment.environment_variable": "variables cost nothing",
            "environment.image": "an image has no fee; its repository is billed by itself",
            "environment.image_pull_credentials_type": "permissions cost nothing",
            "environment.privileged_mode": "permissions cost nothing",
            "environment.registry_credential": "the secret is billed by itself",
            "file_system_locations": "the file system is billed by itself",
            "logs_config": "the log group or the bucket is billed",
            "project_visibility": "permissions cost nothing",
            "queued_timeout": "waiting costs nothing",
            "resource_access_role": "permissions cost nothing",
            "secondary_artifacts": _ARTIFACTS,
            "secondary_source_version": _SOURCE,
            "secondary_sources": _SOURCE,
            "source": _SOURCE,
            "source_version": _SOURCE,
            "vpc_config": "a network interface costs nothing",
        },
    ),
    "aws_codepipeline": Entry(
        pipeline,
        frozenset({ACTION_MINUTES}),
        free={
            "artifact_store": _ARTIFACTS,
            "execution_mode": "runs cost by the pipeline or by the minute",
            "stage": "what an action calls is billed by itself",
            "trigger": "a trigger has no fee",
            "variable": "variables cost nothing",
        },
    ),
}
