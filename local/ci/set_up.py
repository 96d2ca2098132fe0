"""Sets a pipeline up as a team sets it up: state, roles, variables, a merge request."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import toolchain
from emulator import control
from emulator.gitlab.state import MergeRequest, Project, State, Token, User
from environments.load import load_environments
from environments.settings import Environment
from local.ci.errors import CiError
from local.ci.pipeline import MERGE_REQUEST, PROJECT_ID, SAMPLE, LocalPipeline
from local.ci.project import PATH, copy, git
from local.ci.stand_in import serving
from local.deploy import outputs
from local.progress import follow
from pipeline.release.credentials import ROLE, TOKEN
from pipeline.release.seal import new_key
from toolchain.synth import synthesise

_TOKEN = "local-token"  # noqa: S105 - of the stand-in
_BOT = 90
_APPLY_ROLE = "apply_role_arn"
"""The output of the delivery stack, with the system behind it where a stack has its own."""


@contextmanager
def local_pipeline(root: Path, work: Path, *, tests: str = SAMPLE) -> Iterator[LocalPipeline]:
    """A pipeline on an emulator and a stand-in of its own, for the length of the block.

    Args:
        root: the repository, set up.
        work: an empty folder.
        tests: what the job ``test`` runs.

    Raises:
        CiError: a step of the set-up failed.
    """
    with control.ephemeral() as emulator, serving(work) as gitlab:
        made = LocalPipeline(root=root, work=work, emulator=emulator, gitlab=gitlab, tests=tests)
        copy(root, made.project, gitlab.url)
        gitlab.set_state(_first_state(made))
        _write_variables(made, _set_up_environments(made))
        yield made


def _set_up_environments(pipeline: LocalPipeline) -> dict[str, dict[str, str]]:
    """What an administrator does once: remote state and roles of all environments, at once.

    Returns:
        Names of variables to GitLab's environments to the ARNs of their roles.
    """
    variables: dict[str, dict[str, str]] = {}
    # The remote state is created from the synthesised stacks.
    synthesise(pipeline.project, pipeline.process())
    with ThreadPoolExecutor() as pool:
        for roles in pool.map(lambda each: _set_up(pipeline, each), _with_pipeline()):
            for name, scope, arn in roles:
                variables.setdefault(name, {})[scope] = arn
    return variables


def _with_pipeline() -> list[Environment]:
    return [each for each in load_environments() if each.delivery]


def _set_up(pipeline: LocalPipeline, environment: Environment) -> list[tuple[str, str, str]]:
    name = environment.name
    stack, out = f"delivery-{name}", f".local/set-up-{name}"
    process = pipeline.process(environment)
    for step, command in enumerate(
        (
            [sys.executable, "-m", "backend", "create", name],
            [str(toolchain.cdktf()), "deploy", stack, "--auto-approve", "--output", out],
        )
    ):
        log = pipeline.work / f"set-up-{name}-{step}.log"
        status = follow(
            command, folder=pipeline.project, process=process, log=log, label=f"{name}: "
        )
        if status != 0:
            raise CiError(f"setting up {name} failed: all it said is in {log}")
    found = outputs(pipeline.project / out / "stacks" / stack, process)
    applies = [
        (f"{ROLE}{output.removeprefix(_APPLY_ROLE).upper()}", name, str(arn))
        for output, arn in found.items()
        if output.startswith(_APPLY_ROLE)
    ]
    return [(ROLE, f"plan/{name}", str(found["plan_role_arn"])), *applies]


def _first_state(pipeline: LocalPipeline) -> State:
    """GitLab's project, its bot's token, and one open merge request."""
    main = git(pipeline.project, "rev-parse", "main")
    request = MergeRequest(
        iid=MERGE_REQUEST, title="The change", source_branch="change", commits=[pipeline.head]
    )
    project = Project(
        id=PROJECT_ID,
        path=PATH,
        branches={"main": main},
        commits=[main, pipeline.head],
        merge_requests=[request],
    )
    return State(
        users=[User(id=1, username="developer"), User(id=_BOT, username="project_1217_bot")],
        tokens=[Token(value=_TOKEN, user_id=_BOT)],
        projects=[project],
    )


def _write_variables(pipeline: LocalPipeline, roles: Mapping[str, Mapping[str, str]]) -> None:
    """Set the project's CI/CD variables, as docs/pipeline.md says.

    Args:
        pipeline: whose.
        roles: variable to environment, ``plan/dev`` or ``dev``, to the ARN of its role.
    """
    everywhere = {
        "GITLAB_TOKEN": _TOKEN,
        "PLAN_KEY": new_key(),
        # GitLab makes these for each job; here they are none, and the emulator asks for none.
        **{name.replace(ROLE, TOKEN): "a.local.token" for name in roles},
        "MAPVIBE_TOOLS": str(pipeline.root),
        # GitLab keeps it from pipeline to pipeline.
        "MYPY_CACHE_DIR": str(pipeline.root / ".mypy_cache"),
        "TESTS": pipeline.tests,
    }
    values = {name: dict(each) for name, each in roles.items()}
    values |= {name: {"*": value} for name, value in everywhere.items()}
    # Without its type a value that is a path would be a file.
    settings = {name: {"type": "variable", "values": each} for name, each in values.items()}
    home = pipeline.work / "home" / ".gitlab-ci-local"
    home.mkdir(parents=True, exist_ok=True)
    # JSON is YAML.
    (home / "variables.yml").write_text(json.dumps({"global": settings}, indent=2))
