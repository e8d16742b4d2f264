"""What is suggested can be applied to the page, and the page that comes of it is known as corrected."""

import subprocess
from pathlib import Path

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


def test_a_patch_keeps_the_ends_of_lines(tmp_path: Path) -> None:
    text = page_text().replace("\n", "\r\n")
    assert patched(tmp_path, text).count("\r\n") == text.count("\n")
    assert len(compare_file(tmp_path / "page.md").corrected) == len(suggestions())


def test_a_patch_of_a_file_that_ends_within_a_line_can_be_applied(tmp_path: Path) -> None:
    assert patched(tmp_path, page_text().partition(LAST)[0] + LAST).endswith("the same one")


def test_what_was_emphasised_is_replaced_with_its_marks(tmp_path: Path) -> None:
    text = page_text().replace("Later timestamp wins", "Later **timestamp wins**")
    assert "*" not in patched(tmp_path, text).partition("Understand why**: ")[2].partition("\n")[0]


def test_a_line_that_is_worded_otherwise_is_named_and_what_was_corrected_is_not() -> None:
    text = (
        page_text().replace("Millisecond level", "Very exact").replace(suggestions()[0].says, suggestions()[0].instead)
    )
    assert not_there(text, suggestions()) == ["T3.1"]


def test_a_patched_page_says_what_was_suggested_and_changes_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(page_text())
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    diff = patch(page, page.read_text(), suggestions())
    subprocess.run(["git", "apply", "--unsafe-paths", "-"], input=diff, text=True, cwd=tmp_path, check=True)
    found = compare_file(page)
    assert (found.changes, found.corrected) == ((), tuple(each.claim for each in suggestions()))
    assert patch(page, page.read_text(), suggestions()) == ""
