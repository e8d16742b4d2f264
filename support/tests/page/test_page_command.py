import json
import subprocess
import sys
from pathlib import Path

import pytest

from support.page.__main__ import main
from support.tests.page.page_writer import page_text
from support.tests.reporting.project import run
from support.tests.suite_runs import ROOT


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """The page in a file."""
    path = tmp_path / "page.md"
    path.write_text(page_text(), encoding="utf-8")
    return path


def test_an_unchanged_page_is_0(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(page)]) == 0
    assert capsys.readouterr().out == "the page: nothing that the suite tests has changed\n"


def test_a_changed_page_is_3_with_the_scenarios(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page.write_text(page.read_text("utf-8").replace("Should match exactly", "May differ"), encoding="utf-8")
    assert main([str(page)]) == 3
    assert capsys.readouterr().out.splitlines() == [
        "the page: 1 change that the suite has to follow",
        'Exercise 1, Step 5: "All attributes: Should match exactly" is "All attributes: May differ" now (E1.8)',
        "    features/exercise_1_write_primary_read_replica.feature::All attributes match exactly",
    ]
    assert main([str(page), "--json"]) == 3
    [change] = json.loads(capsys.readouterr().out)["changes"]
    assert (change["kind"], change["claims"], len(change["scenarios"])) == ("line", ["E1.8"], 1)


@pytest.mark.parametrize("text", ["", "# Cooking\n\n- Boil 2 eggs\n"])
def test_no_such_page_is_2_with_one_line(text: str, page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page.write_text(text, encoding="utf-8")
    assert main([str(page)]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"ERROR: {page}")


def test_claims_are_listed_with_their_scenarios(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--claims"]) == 0
    said = capsys.readouterr().out
    assert "E1.8  expectation: All attributes: Should match exactly\n    features/exercise_1_write_primary_read" in said
    assert main(["--claims", "--json"]) == 0
    claims = {claim["id"]: claim for claim in json.loads(capsys.readouterr().out)}
    assert len(claims) == 105
    assert claims["E1.2"]["scenarios"] == []


def test_suggestions_are_listed_with_their_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--suggestions"]) == 0
    said = capsys.readouterr().out
    assert 'E3.4  Step 3: Observe Conflict Resolution: "Understand why: Later timestamp wins"' in said
    assert said.count("    source: AWS") == 4


@pytest.mark.slow
def test_a_run_tells_what_changed_in_its_head(page: Path) -> None:
    page.write_text(page.read_text("utf-8").replace("30-60", "30-90"), encoding="utf-8")
    printed = run(ROOT, "features/exercise_2_write_replica_read_primary.feature", "--page", str(page), "--collect-only")
    assert "30-60 is 30-90 now (E1.6)" in printed


@pytest.mark.slow
def test_a_run_with_no_such_page_does_not_begin() -> None:
    command = [sys.executable, "-m", "pytest", "features/", "--page", "nowhere.md"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert (
        done.stderr.strip()
        == "ERROR: nowhere.md can't be read (No such file or directory): name the page's Markdown file"
    )
