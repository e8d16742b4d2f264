"""`python -m support.gherkin`: what it prints, and its exit status."""

from pathlib import Path

import pytest

from support.gherkin.__main__ import main
from support.tests.gherkin.lint_project import Project

MARKERS = '[tool.pytest.ini_options]\nmarkers = ["exercise_1"]'


def test_it_counts_what_it_looked_at(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.write("pyproject.toml", MARKERS)
    assert main(["features", project.package]) == 0
    assert capsys.readouterr().out == "1 scenarios in 1 features, 3 step definitions: nothing to object to\n"


def test_it_prints_a_line_for_each_finding(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.write("pyproject.toml", MARKERS)
    project.write_scenario("Scenario: A\nScenario: B")
    assert main(["features", project.package]) == 1
    places = [line.split(": ")[0] for line in capsys.readouterr().out.splitlines()]
    assert places == ["features/other.feature:2", "features/other.feature:3"]


def test_a_folder_without_features_is_named_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path}: there is no feature in it; name the folder of the features\n"


def test_without_arguments_it_lints_the_project_s_features_and_steps_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([]) == 0, capsys.readouterr().out
    assert capsys.readouterr().out.endswith(" step definitions: nothing to object to\n")


def test_its_help_says_what_it_does_and_what_its_arguments_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    with pytest.raises(SystemExit):
        main(["--help"])
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == "usage: python -m support.gherkin [-h] [--sentences [WORD]] [features] [steps]"
    assert "`python -m support.gherkin` says what is wrong with the specification, a line for each finding." in lines
    assert "features the folder of the features" in lines
    assert "steps the package of the step definitions" in lines
    assert "--sentences [WORD] list the sentences, or those with a word" in lines
