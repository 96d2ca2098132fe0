"""Names and values are written by whoever opens a merge request."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.report.escape import JOINER, clip, code, fence, link, prose, visible, with_code
from pipeline.report.fingerprints import fingerprints
from pipeline.report.markdown import render
from tests.pipeline.report import parsing
from tests.pipeline.report.reports import ARTIFACT, PIPELINE, everywhere

MARKER = "<!-- mapvibe:note -->"
FORGED = "<!-- mapvibe:plan dev=0000 commit=0 pipeline=9 -->"
HARMLESS = render(everywhere("a harmless text"), marker=MARKER)

HOSTILE = {
    "pipe": "a | b \\| c || d",
    "backticks": "a ` b `` c ``` d ```` e",
    "fence": "a\n```\n@someone\n```\n",
    "tilde fence": "a\n~~~\n@someone",
    "html": "</code></summary></details><script>alert(1)</script><img src=x onerror=y>",
    "forged marker": f"a\n{MARKER}\n{FORGED}\n",
    "forged marker alone": FORGED,
    "open comment": "<!-- a",
    "close comment": "--> a",
    "quick action": "/close",
    "quick action in a line of its own": "a\n/merge\n/assign @someone\n",
    "mention": "@someone and @all or a@b.example",
    "references": "#1 !2 ~3 ~bug %4 $5 &6 ^7 group/project#8 [issue:9] *iteration:1",
    "addresses": "https://evil.example/x www.evil.example HTTP://evil.example",
    "link": "[a](https://evil.example) ![a](https://evil.example/a.png) [b]: https://evil.example",
    "heading": "# a\n## b\n===\n---\n",
    "list": "- a\n1. b\n+ c\n> d",
    "emphasis": "*a* **b** _c_ __d__ ~~e~~ `f`",
    "entities": "&lt;b&gt; &#64;someone &amp;#64;someone",
    "backslashes": "\\ \\\\ \\@someone \\` \\",
    "controls": "\x1b[31ma\x1b[0m\r\n\t\x00\x7f\u202eb\u2028c\u2066d",
    "spaces": "  a  ",
    "empty": "",
    "half a character": "\ud800",
    "long": "`|@a<" * 2_000,
}
REFERENCE = re.compile(r"[@#!~%$&^](?=[\w\"*])|://|\bwww\.|\[issue:", re.IGNORECASE)


def check(text: str) -> None:
    """A note that has the text everywhere is the note that has a harmless one everywhere."""
    note = render(everywhere(text), marker=MARKER)
    assert note.startswith(f"{MARKER}\n<!-- mapvibe:plan dev=4be1c09f2a77d3e8 commit=")
    assert fingerprints(note) == {"dev": "4be1c09f2a77d3e8"}
    assert note.count("<!--") == 2
    assert note.count(MARKER) == 1
    assert parsing.balanced(note)
    assert parsing.html_tags(note) == {"<!--", "<br>", *_TAGS, *_CODE} - _absent(note)
    assert parsing.links(note) <= {PIPELINE, ARTIFACT}
    assert not REFERENCE.search(parsing.prose(note)), REFERENCE.search(parsing.prose(note))
    assert not re.search(r"(?m)^\s*/", note)
    assert "\x1b" not in note
    assert "\u202e" not in note


_TAGS = {"<details>", "</details>", "<summary>", "</summary>"}
_CODE = {"<code>", "</code>"}


def _absent(note: str) -> set[str]:
    return set() if "<br>" in note else {"<br>"}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_changes_nothing_but_its_own_words(text: str) -> None:
    check(text)


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - {"empty", "fence"}))
def test_it_breaks_no_table_and_no_list(name: str) -> None:
    shown = parsing.skeleton(render(everywhere(HOSTILE[name]), marker=MARKER))
    assert shown == parsing.skeleton(HARMLESS)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab1 \n\r`|\\<>!-@#~*_[]()/&;:.w'\"$%^{}=+\u202e\x1b", max_size=40))
def test_no_mixture_of_signs_does(text: str) -> None:
    check(text)


def test_what_is_shown_is_what_was_written() -> None:
    text = "a | b \\| `c` <d> @e #1"
    rows = [row for table in parsing.tables(render(everywhere(text))) for row in table]
    shown = {cell for row in rows for cell in row}
    assert code(text) in shown
    assert with_code(text) in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("aws_vpc.a", "`aws_vpc.a`"),
        ('aws_vpc.a["b"]', '`aws_vpc.a["b"]`'),
        ("@a #1 *b*", "`@a #1 *b*`"),
        ("a|b", "<code>a&#124;b</code>"),
        ("|", "<code>&#124;</code>"),
        ("a`b", "<code>a&#96;b</code>"),
        (" a", "<code> a</code>"),
        ("a\nb", "<code>a&#92;nb</code>"),
        ("", "<code></code>"),
    ],
)
def test_code_is_in_backticks_where_they_suffice(text: str, shown: str) -> None:
    assert code(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0.0.0.0/0 on port 443", "0.0.0.0/0 on port 443"),
        ("a_b *c*", "a\\_b \\*c\\*"),
        ("@a", f"\\@{JOINER}a"),
        ("a|b\\c", "a&#124;b&#92;c"),
        ("<b>&", f"&lt;b&gt;&amp;{JOINER}"),
        ("http://x", f"http:{JOINER}//x"),
        ("/close", f"{JOINER}/close"),
        ("1. a", f"{JOINER}1. a"),
        ("a\nb", "a&#92;nb"),
    ],
)
def test_prose_is_escaped(text: str, shown: str) -> None:
    assert prose(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("set `a_b` to `*`", "set `a_b` to `*`"),
        ("`a|b` | c", "<code>a&#124;b</code> &#124; c"),
        ("`@a` @b", f"`@a` \\@{JOINER}b"),
        ("a ` b", "a &#96; b"),
        ("``", "&#96;&#96;"),
        ("`a``b`", "`a``b`"),
    ],
)
def test_code_in_a_text_is_code_and_all_else_is_escaped(text: str, shown: str) -> None:
    assert with_code(text) == shown


def test_control_characters_are_written_out() -> None:
    assert visible("a\x1bb\u202ec\nd\U000e0001") == "a\\u001bb\\u202ec\\nd\\U000e0001"
    assert visible("Füße 🔴") == "Füße 🔴"


def test_a_fence_is_longer_than_any_inside() -> None:
    assert fence(["+ a ````` b"], language="diff") == "``````diff\n+ a ````` b\n``````"
    assert fence(["a"]) == "```\na\n```"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "", "//x", "data:text/html,a", "@all"])
def test_only_an_address_of_the_web_is_a_link(url: str) -> None:
    assert link("a", url) == "a"


def test_an_address_cannot_end_its_link() -> None:
    assert link("a", "https://x/)[b](c) d\n<") == "[a](https://x/%29%5Bb%5D%28c%29%20d%0A%3C)"


def test_what_is_cut_off_is_counted() -> None:
    assert clip("abcdef", 6) == "abcdef"
    assert clip("abcdef", 2) == "ab… (4 more characters)"
