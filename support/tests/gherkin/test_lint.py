"""The lint of the specification: for each finding a file that has it, and one project that has none."""

from pathlib import Path
from textwrap import indent

import pytest

from support.gherkin.__main__ import main
from support.gherkin.lint import lint
from support.gherkin.tags import declared_tags
from support.tests.gherkin.lint_project import DECLARED, Project


def test_a_clean_project_has_no_problem(project: Project) -> None:
    assert project.lint() == []


@pytest.mark.parametrize(
    ("scenario", "finding"),
    [
        ("Scenario: Empty", '2: the scenario "Empty" has no steps of its own: it would always pass; '),
        ("Background:\n  Given an order\nScenario: Empty", '4: the scenario "Empty" has no steps of its own'),
        ("Scenario: A\n  Given: an order\n  When it waits 1 s", '3: "Given: an order" is no step; leave out the colon'),
        ("Then : a colon\nScenario: A\n  Given an order", '2: "Then : a colon" is no step; leave out the colon'),
        ("Scenario: A\n  Given an order\n  Then: it wins", '4: "Then: it wins" is no step; leave out the colon'),
        ("Rule: Promised\n  Text", "1: the feature has no scenario"),
        ("Scenario: A\n  And an order", '3: there is no step before this "And"; begin with Given'),
        ("Scenario:\n  Given an order", "2: the scenario has no name"),
        ("Scenario: A::b\n  Given an order", '2: "::" in the name'),
        ("Scenario: A\n  Given an odrer", '3: no step definition for Given "an odrer"; perhaps "an order" was meant?'),
        ("Scenario: A\n  Given something else", '3: no step definition for Given "something else"; correct the step'),
        (
            "Scenario: A\n  When an order",
            '3: no step definition for When "an order"; it is defined as Given at words_of_a_test/orders.py:3',
        ),
        ("Background:\n  Given no order\nScenario: A\n  Given an order", '3: no step definition for Given "no order"'),
        (
            "Background:\n  Given no order\nRule: R\n  Background:\n    Given an order\n"
            "  Scenario: A\n    Given an order",
            '3: no step definition for Given "no order"',
        ),
        ("@nowhere\nScenario: A\n  Given an order", "2: the tag @nowhere is not declared; correct it, or declare it"),
        ("@color:red\nScenario: A\n  Given an order", "2: the tag @color:red is not declared; write @kind:value with"),
        ("@claim:\nScenario: A\n  Given an order", "2: the tag @claim: is not declared; write @kind:value with"),
        ("@nowhere\nRule: R\n  Scenario: A\n    Given an order", "2: the tag @nowhere is not declared"),
    ],
)
def test_a_finding_in_a_scenario(project: Project, scenario: str, finding: str) -> None:
    project.write_scenario(scenario)
    [problem] = project.lint()
    assert str(problem).startswith(f"features/other.feature:{finding}")


@pytest.mark.parametrize(
    ("examples", "finding"),
    [
        ("Examples:\n  | n |", "5: the Examples have no rows"),
        ("Examples: None\n", "5: the Examples have no rows"),
        ("@nowhere\nExamples:\n  | n |\n  | 1 |", "5: the tag @nowhere is not declared"),
        ("@claim:x\nExamples:\n  | n |\n  | 1 |", "5: @claim:x at Examples: pytest-bdd would take it for a marker"),
        ("Examples:\n  | n |\n  | x |", '4: no step definition for When "it waits x s"'),
        ("Examples:\n  | n |\n  | 1 |\n  | 1 |", "8: the row is equal to that in line 7"),
    ],
)
def test_a_finding_in_examples(project: Project, examples: str, finding: str) -> None:
    outline = "Scenario Outline: Waiting\n  Given an order\n  When it waits <n> s\n"
    project.write_scenario(outline + indent(examples, "  "))
    [problem] = project.lint()
    assert str(problem).startswith(f"features/other.feature:{finding}")


@pytest.mark.parametrize(
    "where", ["Given an order\n      | <missing> |", 'Given an order\n  """\n  <missing>\n  """', "Given <missing>"]
)
def test_a_placeholder_without_a_column(project: Project, where: str) -> None:
    project.write_scenario(f"Scenario Outline: A\n  {where}\n  Examples:\n    | n |\n    | 1 |")
    assert any("<missing> is no column of the Examples in line" in str(problem) for problem in project.lint())


def test_an_outline_without_examples(project: Project) -> None:
    project.write_scenario('Scenario Outline: A\n  Then "<missing>" wins')
    [problem] = project.lint()
    assert str(problem).startswith("features/other.feature:3: <missing> has no Examples")


def test_angle_brackets_in_a_plain_scenario_are_text(project: Project) -> None:
    project.write_scenario('Scenario: A\n  Then "<b>" wins')
    assert project.lint() == []


def test_a_rule_without_scenarios(project: Project) -> None:
    project.write_scenario("Rule: Kept\n  Scenario: A\n    Given an order\nRule: Promised\n  Text")
    [problem] = project.lint()
    assert str(problem).startswith('features/other.feature:5: the rule "Promised" has no scenario')


def test_two_scenarios_of_one_name_even_in_two_rules(project: Project) -> None:
    project.write_scenario("Scenario: A\n  Given an order\nRule: R\n  Scenario: A\n    Given an order")
    [problem] = project.lint()
    assert 'features/other.feature:5: a scenario named "A" is already in line 2' in str(problem)


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (b"", "1: there is no Feature in this file"),
        (b"# Nothing\n", "1: there is no Feature in this file"),
        (b"Feature: A\n  \xfcber\n", "2: byte 0xfc is not UTF-8; save the file as UTF-8"),
        (b"\xef\xbb\xbfFeature: A\n", "1: the file starts with a byte order mark"),
        (
            b"Feature: A\n  Scenario: B\n    Given c\nFeature: D\n",
            "4: this is not Gherkin: Multiple features are not allowed",
        ),
        (b"# language: xx\nFeature: A\n", "1: this is not Gherkin: Language not supported: xx"),
        (
            b"Feature: A\n  Scenario: B\n    Given c\n      | a | b |\n      | a |\n",
            "5: this is not Gherkin: inconsistent cell count within the table",
        ),
    ],
)
def test_a_file_that_cannot_be_read(project: Project, content: bytes, finding: str) -> None:
    (project.features / "other.feature").write_bytes(content)
    [problem] = project.lint()
    assert str(problem).startswith(f"features/other.feature:{finding}")


def test_a_folder_without_features_is_one_finding(project: Project) -> None:
    [problem] = lint(project.steps, project.package, DECLARED)
    assert str(problem).startswith("words_of_a_test:1: there is no .feature file here")


def test_tags_are_declared_as_markers_in_pyproject(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool.pytest.ini_options]\nmarkers = ["exercise_1: writes", "slow", "flaky(n): again"]')
    assert declared_tags(path) == {"exercise_1", "slow", "flaky"}


def test_without_a_pyproject_no_tag_is_declared(tmp_path: Path) -> None:
    assert declared_tags(tmp_path / "pyproject.toml") == frozenset()


def test_the_command_counts_what_it_looked_at(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.write("pyproject.toml", '[tool.pytest.ini_options]\nmarkers = ["exercise_1"]')
    assert main(["features", project.package]) == 0
    assert capsys.readouterr().out == "1 scenarios in 1 features, 3 step definitions: nothing to object to\n"


def test_the_command_prints_a_line_for_each_finding(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.write("pyproject.toml", '[tool.pytest.ini_options]\nmarkers = ["exercise_1"]')
    project.write_scenario("Scenario: A\nScenario: B")
    assert main(["features", project.package]) == 1
    places = [line.split(": ")[0] for line in capsys.readouterr().out.splitlines()]
    assert places == ["features/other.feature:2", "features/other.feature:3"]


def test_a_folder_without_features_is_named_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path}: there is no feature in it; name the folder of the features\n"
