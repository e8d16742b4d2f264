"""What is suggested can be applied to the page, and the page that comes of it is known as corrected."""

import subprocess
from pathlib import Path

from support.page.drift.comparison import compare_file
from support.page.suggestions import patch, suggestions
from support.tests.page.test_drift import page_text


def test_a_patched_page_says_what_was_suggested_and_changes_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(page_text())
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    diff = patch(page, page.read_text(), suggestions())
    subprocess.run(["git", "apply", "--unsafe-paths", "-"], input=diff, text=True, cwd=tmp_path, check=True)
    found = compare_file(page)
    assert (found.changes, found.corrected) == ((), tuple(each.claim for each in suggestions()))
    assert patch(page, page.read_text(), suggestions()) == ""
