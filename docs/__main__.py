"""``python -m docs [--check]``: write the parts of the documents that are made from the stacks.

A generated part stands between ``<!-- made: NAME -->`` and ``<!-- end: NAME -->``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from pathlib import Path

from cdktf import App

from docs.draw import mermaid
from environments.app import build, pipeline_stacks
from environments.compare import as_markdown, differences
from environments.load import load_environments
from stacks.rag.code import migrations_hash, rag_code

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = (ROOT / "docs" / "environments.md", ROOT / "docs" / "architecture.md")
_PART = re.compile(r"(<!-- made: (\S+) -->\n).*?(<!-- end: \2 -->)", re.DOTALL)


def parts() -> dict[str, str]:
    """Name to text of every generated part."""
    environments = load_environments()
    names = [environment.name for environment in environments]
    with tempfile.TemporaryDirectory() as out:
        app = App(outdir=out)
        build(app, environments, code=rag_code(), migrations_hash=migrations_hash())
        app.synth()
        pictures = [
            f"## {each}\n\n{_fenced(Path(out) / 'stacks' / each / 'cdk.tf.json')}"
            for environment in environments
            for each in pipeline_stacks(environment)
        ]
    table = as_markdown(differences(environments), names)
    return {"pictures": "\n".join(pictures), "environments": table}


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
    made = parts()
    old = [path for path in DOCUMENTS if rewrite(path.read_text(), made) != path.read_text()]
    for path in old:
        if options.check:
            print(f"{path.relative_to(ROOT)}: out of date; run 'make docs'", file=sys.stderr)
        else:
            path.write_text(rewrite(path.read_text(), made))
            print(f"{path.relative_to(ROOT)}: written")
    return 1 if options.check and old else 0


def _fenced(path: Path) -> str:
    return f"```mermaid\n{mermaid(json.loads(path.read_text()))}```\n"


if __name__ == "__main__":
    sys.exit(main())
