"""How files become documents, and what is said of those that cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from local.document_files import LoadError, read_folder

FULL = """---
id: hoi-an
title: Hội An
source: https://example.com/hoi-an
metadata:
  kind: place
  since: 1999
  share: 0.5
  old: true
---

# A heading

Text.
"""


def fault(folder: Path) -> str:
    with pytest.raises(LoadError) as caught:
        read_folder(folder)
    return str(caught.value)


def test_front_matter_gives_all_members(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text(FULL)
    [file] = read_folder(tmp_path)
    assert file.name == "x.md"
    assert file.item() == {
        "id": "hoi-an",
        "title": "Hội An",
        "text": "# A heading\n\nText.",
        "source_uri": "https://example.com/hoi-an",
        "metadata": {"kind": "place", "since": 1999, "share": 0.5, "old": True},
    }


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a/b.md", "Words.\n\n## The *first* heading ##\n\n# The second", "The *first* heading"),
        ("plain.md", "No heading here, #1 is none.", "plain"),
        ("plain.txt", "# a comment of a text file", "plain"),
        ("UPPER.MD", "---\n---\n# Title\n", "Title"),
        ("rule.md", "# Title\n\n---\n\nText\n\n---\n", "Title"),
        ("part.md", "---\nmetadata:\ntitle: Given\n---\n# Title\n", "Given"),
    ],
)
def test_a_file_without_front_matter_has_a_title_and_a_source(
    tmp_path: Path, name: str, text: str, title: str
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    [file] = read_folder(tmp_path)
    assert (file.document.title, file.document.source_uri) == (title, f"file:{name}")
    assert file.document.id is None
    assert file.document.metadata == {}


def test_windows_files_read_the_same(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_bytes(b"\xef\xbb\xbf" + FULL.replace("\n", "\r\n").encode())
    [file] = read_folder(tmp_path)
    assert file.document.title == "Hội An"
    assert file.document.text == "# A heading\n\nText."


def test_files_come_in_order_and_others_are_left_out(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "sub/c.md", "picture.png", ".hidden.md", ".git/x.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"text of {name}")
    (tmp_path / "folder.md").mkdir()
    assert [file.name for file in read_folder(tmp_path)] == ["a.txt", "b.md", "sub/c.md"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfea\x00", "is not UTF-8; save it as UTF-8"),
        (b" \n", "is empty; write some text"),
        (b"---\ntitle: x\n---\n\n", "is empty; write some text"),
        (b"---\ntitle: x\n", "its front matter has no end; close it with a line of ---"),
        (b"---\ntitle: x\n  y: [\n---\ntext", "is no YAML in line 3: "),
        (b"---\n&a [*a\n---\ntext", "is no YAML in line 3: "),
        (b"---\ntitle: 2024-99-99\n---\ntext", "is no YAML that can be read"),
        (b"---\ntitle: " + b"[" * 5000 + b"\n---\ntext", "is no YAML that can be read"),
        (b"---\ntitle: \x07\n---\ntext", "is no YAML that can be read"),
        (b"---\njust words\n---\ntext", "is not a list of names and values"),
        (b"---\ntags: x\n---\ntext", "has 'tags', known are id, title, source, metadata"),
        (b"---\nmetadata: [a]\n---\ntext", "its metadata is not a list of names and values"),
        (b"---\nmetadata: {a: [b]}\n---\ntext", "metadata 'a' is of kind list, but may only"),
        (b"---\nmetadata: {a: 2024-05-01}\n---\ntext", "metadata 'a' is of kind date, but"),
        (b"---\nmetadata: {a: }\n---\ntext", "metadata 'a' is of kind NoneType, but"),
        (b"---\nmetadata: {a: .nan}\n---\ntext", "metadata a: "),
        (b"---\nmetadata: {1: x}\n---\ntext", "metadata 1: should be text; write it in quotes"),
        (b"---\ntitle: 1984\n---\ntext", "title: should be text; write it in quotes"),
        (b'---\ntitle: "\\ud800"\n---\ntext', "title: input should be a valid string"),
        (b'---\nmetadata: {a: "\\ud800"}\n---\ntext', "metadata a: input should be a valid"),
        (b'---\nmetadata: {"\\ud800": a}\n---\ntext', "input should be a valid string"),
        (b"---\nid: a b\n---\ntext", "id: must be letters, digits and . _ ~ -"),
        (b"---\nsource: ''\n---\ntext", "source: string should have at least 1 char"),
        (b"text\x00", "text: must not be blank or hold a NUL character"),
    ],
)
def test_a_bad_file_is_said_in_one_line(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "bad.md").write_bytes(content)
    message = fault(tmp_path)
    assert message.startswith("bad.md: ")
    assert words in message
    assert "\n" not in message


def test_all_bad_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("")
    (tmp_path / "b.md").write_text("fine")
    (tmp_path / "c.md").write_text("---\n")
    assert [line.split(":")[0] for line in fault(tmp_path).splitlines()] == ["a.md", "c.md"]


def test_files_that_would_replace_each_other_are_said(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(FULL)
    (tmp_path / "b.md").write_text(FULL)
    assert fault(tmp_path) == "b.md: has the id or source of a.md; give it its own"


def test_a_file_that_cannot_be_opened_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, encoding: str) -> str:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "a.md").write_text("text")
    monkeypatch.setattr(Path, "read_text", refuse)  # root reads everything
    assert fault(tmp_path) == "a.md: cannot be read (Permission denied); make it readable"


def test_a_name_that_is_not_utf8_can_be_printed(tmp_path: Path) -> None:
    (tmp_path / "a\udcff.txt").write_text("text")
    [file] = read_folder(tmp_path)
    assert file.document.title == "a\ufffd"


def test_a_folder_without_documents_is_said(tmp_path: Path) -> None:
    assert "holds no .md or .txt file; add some" in fault(tmp_path)
    assert "there is no such folder" in fault(tmp_path / "missing")
