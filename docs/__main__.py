"""``python -m docs [--check]``: write what is made from the stacks and from the prices.

That is the file of the pipeline's jobs, and parts of documents; a generated part stands between
``<!-- made: NAME -->`` and ``<!-- end: NAME -->``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cdktf import App

from docs import dashboard, grafana
from docs.draw import mermaid
from docs.panels import draw
from docs.prices import coverage
from environments.app import LISTING, build, pipeline_stacks, write_listing
from environments.compare import as_markdown, differences
from environments.load import load_environments
from environments.settings import Environment
from pipeline.commands import jobs
from pipeline.environments import read_environments
from stacks.base import stack_id
from stacks.rag.code import code, migrations_hash

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = tuple(
    ROOT / "docs" / name for name in ("environments.md", "architecture.md", "pipeline.md")
)
PICTURES = ROOT / "docs/pictures"
_PART = re.compile(r"(<!-- made: (\S+) -->\n).*?(<!-- end: \2 -->)", re.DOTALL)


def files() -> dict[Path, str]:
    """Path to text of every file that is generated, wholly or in part."""
    environments = load_environments()
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        _synthesise(out, environments)
        write_listing(out, environments)
        parts = {
            "pictures": "\n".join(_picture(out, stack) for stack in _stacks(out, environments)),
            "prices": coverage(),
            "environments": as_markdown(
                differences(environments), [environment.name for environment in environments]
            ),
        }
        made = {
            ROOT / jobs.FILE: jobs.render(read_environments(out / LISTING)),
            PICTURES / "dashboard.svg": draw(dashboard.panels(_dashboard(out, environments[-1]))),
            PICTURES / "grafana.svg": draw(grafana.panels(_grafana(environments[-1]))),
        }
    return made | {path: rewrite(path.read_text(), parts) for path in DOCUMENTS}


def rewrite(text: str, made: dict[str, str]) -> str:
    """The document with its generated parts made anew.

    Raises:
        KeyError: the document asks for a part that nobody makes.
    """
    return _PART.sub(lambda found: found.group(1) + made[found.group(2)] + found.group(3), text)


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0, or 1 when ``--check`` finds a document out of date."""
    parser = argparse.ArgumentParser(prog="python -m docs", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, report what is old")
    options = parser.parse_args(arguments)
    old = [(path, text) for path, text in files().items() if _read(path) != text]
    for path, text in old:
        name = path.relative_to(ROOT)
        if options.check:
            print(f"{name}: out of date; run 'make docs'", file=sys.stderr)
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            print(f"{name}: written")
    return 1 if options.check and old else 0


def _read(path: Path) -> str:
    return path.read_text() if path.is_file() else ""


def _stacks(out: Path, environments: Sequence[Environment]) -> list[str]:
    """What the pipeline applies in every environment; then what a person applies, once: it is alike."""
    applied = [each for environment in environments for each in pipeline_stacks(environment)]
    made = sorted(path.name for path in (out / "stacks").glob(f"*-{environments[0].name}"))
    return [*applied, *(each for each in made if each not in applied)]


def _synthesise(out: Path, environments: Sequence[Environment]) -> None:
    app = App(outdir=str(out))
    build(app, environments, code=code, migrations_hash=migrations_hash())
    app.synth()


def _dashboard(out: Path, environment: Environment) -> dict[str, Any]:
    """The body of the only dashboard of an environment's product."""
    (found,) = _resources(out, environment, "aws_cloudwatch_dashboard")
    parsed: dict[str, Any] = json.loads(found["dashboard_body"])
    return parsed


def _grafana(environment: Environment) -> dict[str, Any]:
    """Grafana's dashboard of an environment, as if it were switched on there."""
    values = environment.model_dump()
    values["rag"]["grafana"] = {}
    with tempfile.TemporaryDirectory() as name:
        _synthesise(Path(name), [Environment.model_validate(values)])
        (machine,) = _resources(Path(name), environment, "aws_instance")
    return grafana.dashboard(machine["user_data"])


def _resources(out: Path, environment: Environment, kind: str) -> list[dict[str, Any]]:
    """All of one type in the stack of an environment's product."""
    return list(_body(out, stack_id("rag", environment.name))["resource"][kind].values())


def _body(out: Path, stack: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((out / "stacks" / stack / "cdk.tf.json").read_text())
    return body


def _picture(out: Path, stack: str) -> str:
    return f"## {stack}\n\n```mermaid\n{mermaid(_body(out, stack))}```\n"


if __name__ == "__main__":
    sys.exit(main())
