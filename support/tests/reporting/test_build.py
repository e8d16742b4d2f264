"""`python -m support.reporting` with the real Allure: two runs in a row, a fault, an interrupted run, bad input."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.reporting.__main__ import main
from support.reporting.error import ReportError
from support.reporting.report.build import without_analytics
from support.tests.reporting.built_reports import NOT_SEEN, demand_node, make_report, run_features, two_runs
from support.tests.suite_runs import ROOT

pytestmark = pytest.mark.slow

TO_ALLURE = re.compile(r'href="(allure/index\.html#[0-9a-f]{32})"')


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages of two runs, and their history."""
    demand_node()
    return two_runs(tmp_path_factory)


def test_the_address_of_a_scenario_stays_the_same_from_run_to_run(twice: Path) -> None:
    first, second = (set(TO_ALLURE.findall((twice / name).read_text())) for name in ("first.html", "index.html"))
    assert first == second
    assert len(first) == 5


def test_the_run_before_is_remembered(twice: Path) -> None:
    entries = [json.loads(line) for line in (twice / "runs.jsonl").read_text().splitlines()]
    assert [entry["passed"] for entry in entries] == [5, 5]
    assert "There is no earlier run" in (twice / "first.html").read_text()
    assert "No claim has changed since the last run." in (twice / "index.html").read_text()
    assert len((twice / "history-simulated.jsonl").read_text().splitlines()) == 2


def test_neither_page_asks_for_anything_from_the_network(twice: Path) -> None:
    assert "googletagmanager" not in (twice / "allure" / "index.html").read_text()
    assert "<script" not in (twice / "index.html").read_text()


def test_an_analytics_tag_that_has_moved_is_noticed() -> None:
    with pytest.raises(ReportError, match="still calls an analytics service"):
        without_analytics('<img src="https://www.googletagmanager.com/pixel">')


def test_a_fault_is_told_in_plain_words_and_left_out_of_the_trends(tmp_path: Path) -> None:
    demand_node()
    run_features(tmp_path / "results", NOT_SEEN, "--fault", "first-writer-wins")
    made = make_report(tmp_path, [tmp_path / "results"])
    assert made.returncode == 0
    assert "2 of 2 scenarios did not pass (2 wrong verdict)" in made.stdout
    page = (tmp_path / "index.html").read_text()
    assert "the update of partner A (us-east-1) won: yet the update of partner B was written later" in page
    assert not (tmp_path / "history-simulated.jsonl").exists()
    assert (tmp_path / "runs.jsonl").read_text() == ""


def test_an_incomplete_run_leaves_no_green_page(twice: Path, tmp_path: Path) -> None:
    shutil.copytree(twice / "results", tmp_path / "results")
    lost = next((tmp_path / "results").glob("*-scenario.json"))
    node_id, uuid = (json.loads(lost.read_text())[name] for name in ("node_id", "uuid"))
    [result] = [each for each in lost.parent.glob("*-result.json") if json.loads(each.read_text())["uuid"] == uuid]
    result.unlink()
    lost.unlink()
    record = tmp_path / "results" / "run.json"
    known = json.loads(record.read_text())
    known["ended"].remove(node_id)
    record.write_text(json.dumps(known))
    made = make_report(tmp_path, [tmp_path / "results"])
    assert made.returncode == 3
    assert "THIS RUN IS NOT COMPLETE: 1 of 5 tests has no result" in made.stderr
    page = (tmp_path / "index.html").read_text()
    assert "THIS RUN IS NOT COMPLETE" in page
    assert "4 of 5" in page


def test_a_run_whose_results_were_removed_gets_no_verdict(twice: Path, tmp_path: Path) -> None:
    shutil.copytree(twice / "results", tmp_path / "results")
    next((tmp_path / "results").glob("*-result.json")).unlink()
    made = make_report(tmp_path, [tmp_path / "results"])
    assert made.returncode == 3
    assert "1 of 5 tests ended, and the folder does not have their results" in made.stderr


def test_two_runs_of_one_mode_are_compared(twice: Path, tmp_path: Path) -> None:
    made = make_report(tmp_path, [twice / "results"] * 2, "--no-history")
    assert made.returncode == 0, made.stderr
    assert "simulated-1: Everything" in made.stdout
    assert "differs" not in made.stdout
    assert "What differs between simulated-1 and simulated-2" in (tmp_path / "index.html").read_text()


def test_results_that_are_not_there_are_one_line_with_the_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "nothing")]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert "there are no results in" in line
    assert "cure: run pytest features/ --alluredir=" in line


def test_more_than_two_runs_are_refused(twice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(twice / "results")] * 3) == 1
    assert "3 folders are too many; cure: name one, or two to compare" in capsys.readouterr().err


def test_without_node_there_is_one_line_with_the_cure() -> None:
    python = Path(sys.base_prefix) / "bin" / "python3"
    code = (
        "from support.reporting.report.node import find_node\n"
        "try: print(find_node())\nexcept Exception as error: print(error)"
    )
    packages = os.pathsep.join([str(ROOT), *sys.path])
    environment = {"PATH": "/nowhere", "PYTHONPATH": packages}
    done = subprocess.run([str(python), "-c", code], env=environment, capture_output=True, text=True, check=True)
    if not done.stdout.startswith("the report needs"):
        pytest.skip(f"this Python has a Node next to it: {done.stdout.strip()}")
    assert done.stdout.count("\n") == 1
    assert "cure: install Node.js 22 or newer, or pip install '.[report]'" in done.stdout
