"""What is suggested can be applied to the page, and the page that comes of it is known as corrected."""

import subprocess
from pathlib import Path

import pytest

from support.page.drift.comparison import compare_file
from support.page.drift.markdown_page import read_text
from support.page.suggestions import not_there, patch, suggestions
from support.tests.page.test_drift import page_text


def patched(folder: Path, text: str) -> str:
    """The text of a page to which its patch was applied."""
    page = folder / "page.md"
    page.write_bytes(text.encode())
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    diff = patch(page, read_text(page), suggestions())
    subprocess.run(["git", "apply", "--unsafe-paths", "-"], input=diff.encode(), cwd=folder, check=True)
    return page.read_bytes().decode()


LAST = "- **Timestamp precision**: Millisecond level"


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=repr)
def test_a_patched_page_says_what_was_suggested_and_changes_nothing_else(tmp_path: Path, newline: str) -> None:
    text = page_text().replace("\n", newline)
    after, page = patched(tmp_path, text), tmp_path / "page.md"
    assert after.count(newline) == text.count("\n")
    found = compare_file(page)
    assert (found.changes, found.corrected) == ((), tuple(each.claim for each in suggestions()))
    assert patch(page, after, suggestions()) == ""


def test_a_patch_of_a_file_that_ends_within_a_line_can_be_applied(tmp_path: Path) -> None:
    assert patched(tmp_path, page_text().partition(LAST)[0] + LAST).endswith("the same one")


def test_what_was_emphasised_is_replaced_with_its_marks(tmp_path: Path) -> None:
    text = page_text().replace("Later timestamp wins", "Later **timestamp wins**")
    assert "*" not in patched(tmp_path, text).partition("Understand why**: ")[2].partition("\n")[0]


def test_a_line_that_is_worded_otherwise_is_named_and_what_was_corrected_is_not() -> None:
    first = suggestions()[0]
    text = page_text().replace("Millisecond level", "Very exact").replace(first.says, first.instead)
    assert not_there(text, suggestions()) == ["T3.1"]
