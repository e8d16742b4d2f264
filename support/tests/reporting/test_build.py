"""`python -m support.reporting` with the real Allure: two runs in a row, a fault, an interrupted run, bad input."""

import json
import os
import re
import shutil
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from support.reporting.__main__ import main
from support.tests.reporting.built_reports import NOT_SEEN, demand_node, make_report, run_features, two_runs
from support.tests.suite_runs import ROOT

pytestmark = pytest.mark.slow

WINS = "eu-west-1 writes before the update from us-east-1 has arrived, and wins"


def shown_in(page: Path) -> dict[str, dict[str, Any]]:
    """The tests that a page has data of, by their names."""
    found = re.findall(r'd\("data/test-results/[^"]*","([^"]*)"', page.read_text())
    tests = [json.loads(b64decode(data)) for data in found]
    return {test["name"]: test for test in tests}


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages of two runs, and their history."""
    demand_node()
    return two_runs(tmp_path_factory)


def test_a_test_is_recognized_in_the_next_run(twice: Path) -> None:
    first, second = shown_in(twice / "first.html"), shown_in(twice / "index.html")
    assert {name: test["historyId"] for name, test in first.items()} == {
        name: test["historyId"] for name, test in second.items()
    }


def test_each_test_has_the_history_of_the_runs_before(twice: Path) -> None:
    assert [len(test["history"]) for test in shown_in(twice / "first.html").values()] == [0] * 5
    assert [len(test["history"]) for test in shown_in(twice / "index.html").values()] == [1] * 5


def test_delays_are_kept_for_their_trends(twice: Path) -> None:
    entries = [json.loads(line) for line in (twice / "history-simulated.jsonl").read_text().splitlines()]
    assert [sorted(entry["metrics"])[0] for entry in entries] == ["delay.eu-west-1-to-us-east-1.average"] * 2
    assert "last run" in (twice / "index.html").read_text()


def test_the_tree_is_numbered_in_the_order_of_the_page(twice: Path) -> None:
    [data] = re.findall(r'd\("widgets/tree.json","([^"]*)"', (twice / "index.html").read_text())
    leaves = json.loads(b64decode(data))["leavesById"].values()
    ordered = [leaf["name"] for leaf in sorted(leaves, key=lambda leaf: leaf["groupOrder"])]
    assert ordered[:2] == ["Virginia writes last, so Virginia wins", WINS]
    assert ordered[3] == "Both directions are timed side by side"


def test_the_page_knows_no_analytics(twice: Path) -> None:
    assert "googletagmanager" not in (twice / "index.html").read_text()


def test_a_fault_is_told_in_plain_words_and_left_out_of_the_trends(tmp_path: Path) -> None:
    demand_node()
    run_features(tmp_path / "results", NOT_SEEN, "--fault", "first-writer-wins")
    made = make_report(tmp_path, [tmp_path / "results"])
    assert made.returncode == 0
    assert "2 of 2 scenarios did not pass (2 wrong verdict)" in made.stdout
    test = shown_in(tmp_path / "index.html")[WINS]
    assert [category["name"] for category in test["categories"]] == ["Wrong verdict"]
    won = "the update of partner A (us-east-1) won: yet the update of partner B was written later"
    assert f"Wrong verdict: {won}" in test["descriptionHtml"]
    assert "went back to an older version" in test["error"]["message"]
    assert not (tmp_path / "history-simulated.jsonl").exists()


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
    assert "THIS RUN IS NOT COMPLETE" in (tmp_path / "index.html").read_text()
    tests = shown_in(tmp_path / "index.html")
    assert tests["This run is not complete"]["status"] == "broken"
    assert any(test["fullName"] == f"missing#{node_id}" for test in tests.values())


def test_results_that_are_not_there_are_one_line_with_the_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "nothing")]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert "there are no results in" in line
    assert "cure: run pytest features/ --alluredir=" in line


def test_two_runs_of_one_mode_are_refused(twice: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(twice / "results")] * 2) == 1
    assert "two of the folders are of the same mode" in capsys.readouterr().err


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
