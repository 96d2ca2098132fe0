"""What docs/contributing.md says of a route and of a setting is all that they need."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]

BEFORE = {
    "services/rag/contract/routes.py": '    Route("GET /documents"),\n',
    "services/rag/contract/settings.py": "    embedding_model_id: Annotated[\n",
    "services/rag/operations.py": "OPERATIONS = ",
    "services/rag/schemas.py": "class Check(_ResponseModel):\n",
    "stacks/rag/settings.py": "    embedding_dimension: int = Field(\n",
}
"""File to the line before which an addition goes."""

PROGRAM = """
import json, os
from emulator.api.routes import Route, match
from services.rag import app
from services.rag.service import service
from tests.support.stacks import rag_stack

stack = rag_stack("dev")
routes = [
    Route(key=route["route_key"], target="", authorization=route["authorization_type"],
          authorizer_id=None, scopes=())
    for route in stack.resources("aws_apigatewayv2_route").values()
]
os.environ |= stack.one("aws_lambda_function", "rag")["environment"]["variables"]
os.environ["AWS_REGION"] = "ap-southeast-1"

def get(path):
    event = {"routeKey": match(routes, "GET", path).route.key}
    return json.loads(app.handler(event, None)["body"])

print(json.dumps({
    "answer": get("/limits"),
    "described": get("/openapi.json")["paths"]["/limits"]["get"],
    "setting": service().settings.answer_language,
}))
"""
"""Synthesises, lets the emulator find the routes in the JSON, and answers them by the service."""


def steps(heading: str) -> dict[str, str]:
    """The files that a section of the page names, and what it adds to each."""
    page = (ROOT / "docs" / "contributing.md").read_text()
    section = page.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(
        r"^\d\. `([^`]+)`.*?\n\n   ```(?:python)?\n(.*?)   ```$", section, re.M | re.S
    )
    return {path: textwrap.dedent(re.sub(r"(?m)^   ", "", code)) for path, code in found}


def add(clone: Path, path: str, code: str) -> None:
    """Add to a file, indented as the line before which it goes."""
    file, anchor = clone / path, BEFORE[path]
    text = file.read_text()
    assert text.count(f"\n{anchor}") == 1, f"{path}: {anchor!r} is not there once"
    indent = re.match(" *", anchor)
    addition = textwrap.indent(code, indent[0] if indent else "")
    file.write_text(text.replace(f"\n{anchor}", f"\n{addition}\n{anchor}"))


def test_a_route_and_a_setting_that_follow_the_page_work(tmp_path: Path) -> None:
    for package in ROOT.glob("*/__init__.py"):  # with its bytecode, which saves seconds
        shutil.copytree(package.parent, tmp_path / package.parent.name)
    route, setting = steps("A route of the RAG API"), steps("A setting of the RAG API")
    assert (len(route), len(setting)) == (3, 2)
    for path, code in {**route, **setting}.items():
        add(tmp_path, path, code)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["answer"] == {"documents": 500, "answer_tokens": 800}
    assert found["described"]["summary"] == "Tell how large a request and its answer may be"
    assert found["described"]["operationId"] == "limits"
    assert found["described"]["security"] == [{"token": []}, {}]
    assert found["setting"] == "vi"
