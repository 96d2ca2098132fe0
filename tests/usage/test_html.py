"""The page: well formed, without anything from outside, and with nothing of AWS's as markup."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from tests.usage.samples import COHERE, NOBODYS, NOVA, NOW, PERIOD, REGION, points, report, series
from usage.make import put_together
from usage.models import model
from usage.render import FORMATS
from usage.render.as_html import as_html

SVG = "{http://www.w3.org/2000/svg}"


def tree(text: str) -> ET.Element:
    """The page as XML, which HTML of this form is, too."""
    return ET.fromstring(text.removeprefix("<!DOCTYPE html>\n"))  # noqa: S314 - made here


@pytest.fixture(scope="module")
def page() -> str:
    return as_html(report())


def test_it_is_well_formed_and_needs_nothing_else(page: str) -> None:
    tags = {element.tag for element in tree(page).iter()}
    assert not tags & {"script", "link", "img", "iframe", "object"}
    assert "http" not in re.sub(r"<style>.*</style>", "", page, flags=re.DOTALL)
    assert not re.search(r"url\(|@import|\son\w+=", page)


def test_names_are_text_whatever_they_hold(page: str) -> None:
    assert "<b>eve</b>" not in page
    assert "user/&lt;b&gt;eve&lt;/b&gt;" in page
    evil = model("x.</title></svg><script>alert(1)</script>\u202e&\"'")
    found = as_html(
        put_together({evil: series(input=points(5.0))}, period=PERIOD, now=NOW, region=REGION)
    )
    root = tree(found)
    assert "script" not in {element.tag for element in root.iter()}
    assert "\u202e" not in found


def test_both_plots_are_there_and_can_be_heard(page: str) -> None:
    days, tokens = (e for e in tree(page).iter("svg") if e.get("role") == "img")
    for plot in (days, tokens):
        ids = {element.get("id") for element in plot.iter()}
        assert set(str(plot.get("aria-labelledby")).split()) <= ids
    assert len(list(days.iter("rect"))) == 2
    told = [str(e.findtext("title")) for e in tokens.iter("rect")]
    assert f"{NOVA}: 4,000,000 input tokens" in told
    assert f"{NOVA}: 1,000,000 output tokens" in told


def test_bars_are_as_long_as_their_figures(page: str) -> None:
    """Nova's 4 million read are four times its 1 million written, and more than Cohere's 3."""
    _, tokens = (e for e in tree(page).iter("svg") if e.get("role") == "img")
    width = {str(e.findtext("title")): float(str(e.get("width"))) for e in tokens.iter("rect")}
    read = width[f"{NOVA}: 4,000,000 input tokens"]
    assert read == pytest.approx(4 * width[f"{NOVA}: 1,000,000 output tokens"], rel=0.01)
    days, _ = (e for e in tree(page).iter("svg") if e.get("role") == "img")
    first, second = (float(str(e.get("height"))) for e in days.iter("rect"))
    assert first / second == pytest.approx(1.615 / 0.189, rel=0.01)


def test_long_names_and_figures_stay_within_the_plot() -> None:
    """An ARN may have 2,048 characters; a plot is 720 wide, a figure 8 a character at most."""
    long = model("arn:aws:bedrock:ap-southeast-1:111122223333:imported-model/" + "x" * 200 + "END")
    root = tree(
        as_html(
            put_together({long: series(input=points(1e15))}, period=PERIOD, now=NOW, region=REGION)
        )
    )
    _, tokens = (e for e in root.iter("svg") if e.get("role") == "img")
    texts = list(tokens.iter("text"))
    assert str(texts[0].text).startswith("…")
    assert str(texts[0].text).endswith("END")
    for each in texts:
        assert float(str(each.get("x"))) + 8 * len(str(each.text)) <= 720 + 8


@pytest.mark.parametrize(
    ("tokens", "labels"),
    [(1.0, ["0", "0.000000025", "0.00000005", "0.000000075", "0.0000001"]),
     (1e16, ["0", "250,000,000", "500,000,000", "750,000,000", "1,000,000,000"])],
)  # fmt: skip
def test_the_axis_has_figures_that_people_read(tokens: float, labels: list[str]) -> None:
    """Cohere's tokens cost 0.1 USD a million."""
    use = {model(COHERE): series(input=points(tokens))}
    root = tree(as_html(put_together(use, period=PERIOD, now=NOW, region=REGION)))
    days, _ = (e for e in root.iter("svg") if e.get("role") == "img")
    assert [e.text for e in days.iter("text") if e.get("text-anchor") == "end"] == labels


def test_a_day_of_which_no_price_is_known_has_a_bar_to_be_seen() -> None:
    use = {model(NOBODYS): series(input=points(5.0))}
    root = tree(as_html(put_together(use, period=PERIOD, now=NOW, region=REGION)))
    days, _ = (e for e in root.iter("svg") if e.get("role") == "img")
    first, second = days.iter("rect")
    assert first.get("class") == "partial"
    assert float(str(first.get("height"))) > 2
    assert float(str(second.get("height"))) == 0


def test_tables_have_headings_for_columns_and_rows(page: str) -> None:
    for table in tree(page).iter("table"):
        assert table.find("caption") is not None
        assert all(e.get("scope") == "col" for e in table.findall("./thead/tr/th"))
        for row in table.findall("./tbody/tr"):
            assert row[0].tag == "th"
            assert row[0].get("scope") == "row"


def test_what_has_no_price_is_said_in_words(page: str) -> None:
    text = "".join(tree(page).itertext())
    assert "1.80 + unknown" in text
    assert "Without a price, and so in no total" in text
    assert 'class="partial"' in page


@pytest.mark.parametrize("name", FORMATS)
def test_every_form_is_the_same_twice(name: str) -> None:
    assert FORMATS[name](report()) == FORMATS[name](report())
