"""A run says how much of the specification it covers, and is not green for nothing."""

import json
from pathlib import Path

import pytest

from support.tests.suite_runs import ROOT, pytest_run

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_a_part_is_called_a_part(workers: tuple[str, ...], tmp_path: Path) -> None:
    done = pytest_run("features/", "-m", "health", f"--alluredir={tmp_path}", *workers)
    assert (done.code, done.has("a part: 5 of ")) == (0, True), done.lines
    extent = json.loads((tmp_path / "run.json").read_text())["extent"]
    assert extent == {"chosen": 5, "shown_before": 0, "total": extent["total"]}
    assert extent["total"] > 5


def test_a_run_that_tested_nothing_ends_with_5() -> None:
    assert pytest_run("features/", "-k", "nowhere").code == 5


def test_a_run_of_what_its_target_cannot_show_ends_with_5(tmp_path: Path) -> None:
    (tmp_path / "features").mkdir()
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\nmarkers = ['here']\n")
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["support.reporting.plugin"]\n')
    (tmp_path / "test_skips.py").write_text("import pytest\n\n@pytest.mark.skip\ndef test_it():\n    pass\n")
    done = pytest_run(str(tmp_path), folder=tmp_path, PYTHONPATH=str(ROOT))
    assert done.code == 5, done.lines


def test_a_list_of_tests_tests_nothing_on_purpose() -> None:
    assert pytest_run("features/", "--collect-only", "-m", "health").code == 0
