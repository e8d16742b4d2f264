"""A translation shares headings by order, JSON and numbers with the page, and no words."""

import re

import pytest

from support.page.drift.comparison import compare
from support.page.drift.finding import Comparison
from support.page.drift.markdown_page import PageError, parse_page
from support.tests.page.page_writer import KNOWN, page_text


def translated(text: str) -> str:
    """A text whose words are other ones; numbers, regions, keys and tables stay, as in a translation."""
    names = r"(?i:[a-z]{2}-[a-z]+-\d)|demo-[\w-]+|GSI\d\w*|Ireland|Virginia"
    kept = rf"{names}|[\w-]*[#_\[][\w#\[\]@.-]*|\d[\d:-]*"
    return re.sub(rf"({kept})|([^\W\d_]+)", lambda found: found[1] or found[2][::-1].lower() + "ứ", text)


def compared(*edits: tuple[str, str]) -> Comparison:
    """What the suite says of the translation after some replacements."""
    text = page_text(translated)
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return compare(parse_page(text), KNOWN)


def test_a_translation_is_recognized_and_raises_no_alarm() -> None:
    comparison = compared()
    assert comparison.translation
    assert comparison.lines() == ["a translation of the page: nothing that the suite tests has changed"]


def test_a_translated_blank_is_no_change() -> None:
    assert compared(("[your-name]", "[tên-của-bạn]")).changes == ()


def test_a_number_in_a_translation_is_compared() -> None:
    [change] = compared(("30-60", "30-90")).changes
    assert change.text == "numbers differ: 30-60 is gone, 30-90 is new"
    assert "E1.6" in change.claims
    assert change.scenarios


def test_a_template_in_a_translation_is_compared() -> None:
    [change] = compared(('"stock": 50', '"stock": 40')).changes
    assert (change.kind, change.section) == ("template", "Exercise 2, Step 1")
    assert change.scenarios


def test_a_list_item_that_a_translation_leaves_out_is_noticed() -> None:
    text = page_text(translated)
    item = next(line for line in text.splitlines() if translated("Browser cache") in line)
    [change] = compared((f"{item}\n", "")).changes
    assert change.text == "it has 3 list items, not 4"
    assert "T1.3" in change.claims


def test_a_heading_that_a_translation_leaves_out_is_noticed() -> None:
    text = page_text(translated)
    step = text[text.index(f"### {translated('Step 2: Note Creation Time')}") :].partition("\n### ")[0] + "\n"
    [change] = compared((step, "")).changes
    assert change.text == 'nothing is in the place of the heading "Step 2: Note Creation Time"'


def test_a_page_of_the_same_structure_without_the_templates_is_no_translation() -> None:
    text = re.sub(r"```json.*?```", "", page_text(translated), flags=re.DOTALL)
    with pytest.raises(PageError):
        compare(parse_page(text), KNOWN)
