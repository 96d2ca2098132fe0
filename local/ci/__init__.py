"""Runs the pipeline's file on this machine: gitlab-ci-local, the emulator, a stand-in for GitLab.

The jobs are the real ones, each in a folder of its own that holds the repository and the artifacts
of the jobs before it. AWS is the emulator, reached with the temporary credentials of the roles that
the environments' delivery stacks make. What runs differently from GitLab is in
docs/pipeline.md.
"""

from __future__ import annotations

from local.ci.errors import CiError
from local.ci.pipeline import SAMPLE, LocalPipeline
from local.ci.rehearsal import rehearse
from local.ci.set_up import local_pipeline

__all__ = ["SAMPLE", "CiError", "LocalPipeline", "local_pipeline", "rehearse"]
