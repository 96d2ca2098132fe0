"""The renaming takes what names the packages, and nothing else that is called cdktf."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from toolchain.cdktn.rehearse import tracked_files
from toolchain.cdktn.rename import rename, rename_files
from toolchain.layout import ROOT


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from cdktf import App, Fn", "from cdktn import App, Fn"),
        ("    from cdktf import (\n        App,\n    )", "    from cdktn import (\n        App,\n    )"),
        ("from cdktf.testing import x", "from cdktn.testing import x"),
        ("import cdktf", "import cdktn"),
        ("import cdktf\nimport os", "import cdktn\nimport os"),
        ("import cdktf as c", "import cdktn as c"),
        ("import cdktf  # noqa: F401", "import cdktn  # noqa: F401"),
        ("from cdktf_cdktf_provider_aws.vpc import Vpc", "from cdktn_provider_aws.vpc import Vpc"),
        ('PACKAGE = "cdktf_cdktf_provider_aws"', 'PACKAGE = "cdktn_provider_aws"'),
        ("app = cdktf.Testing.app()", "app = cdktn.Testing.app()"),
        # Programs that other programs start.
        ('"-c", "import main; from cdktf import App; App()"', '"-c", "import main; from cdktn import App; App()"'),
        ('"import cdktf"', '"import cdktn"'),
        ('"import cdktf\\n"', '"import cdktn\\n"'),
        ('const PACKAGE = "@cdktf/provider-";', 'const PACKAGE = "@cdktn/provider-";'),
    ],
)  # fmt: skip
def test_what_names_the_packages_is_renamed(before: str, after: str) -> None:
    assert rename(before) == after
    assert rename(after) == after


@pytest.mark.parametrize(
    "text",
    [
        '"ManagedBy": "cdktf",',
        'command = [str(toolchain.cdktf()), "deploy", stack]',
        "def cdktf() -> Path:",
        'dev.run("cdktf", "deploy", "dev", "--auto-approve")',
        'Path("cdktf.out/stacks")',
        'root / "cdktf.json"',
        'layout.node_modules / "cdktf-cli" / "bundle" / "bin" / "cdktf"',
        'require("@cdktf/node-pty-prebuilt-multiarch")',
        "what comes from cdktf deploy is shown",
        "# the import cdktf deploy would need",
        "run 'cdktf synth' first",
        "import cdktf_tools",
        "from cdktfx import App",
        "install_cdktf(layout, node, env)",
    ],
)
def test_command_files_and_tags_keep_their_name(text: str) -> None:
    assert rename(text) == text


def test_files_are_changed_and_their_lines_counted(tmp_path: Path) -> None:
    contents = {
        "main.py": "from cdktf import App\n\nApp()\r\n",
        "any/folder/index.cjs": 'const PACKAGE = "@cdktf/provider-";\n',
        "plain.py": 'print("cdktf deploy")\n',
        "package.json": '{"dependencies": {"cdktf-cli": "0.21.0"}}\n',
        "requirements.txt": "cdktf_cdktf_provider_aws==1\n",
    }
    for name, content in contents.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content.encode())
    names = [Path(name) for name in contents]
    assert rename_files(tmp_path, names) == [
        (Path("main.py"), 1),
        (Path("any/folder/index.cjs"), 1),
    ]
    # Line ends stay as they are: a checkout may have others.
    assert (tmp_path / "main.py").read_bytes() == b"from cdktn import App\n\nApp()\r\n"
    for name in ("plain.py", "package.json", "requirements.txt"):
        assert (tmp_path / name).read_bytes() == contents[name].encode()


def test_no_import_of_this_repository_is_left_behind() -> None:
    checked = 0
    for name in tracked_files(ROOT):
        if name.suffix != ".py" or "cdktn" in str(name):
            continue
        tree = ast.parse(rename((ROOT / name).read_text("utf-8")))
        for node in ast.walk(tree):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            roots = {module.partition(".")[0] for module in modules}
            assert not roots & {"cdktf", "cdktf_cdktf_provider_aws"}, name
            checked += any(root.startswith("cdktn") for root in roots)
            # A name that an import bound before is a name that nothing binds now.
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                assert node.value.id != "cdktf", f"{name}:{node.lineno}"
    assert checked > 50
