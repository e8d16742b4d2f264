"""The lint of the specification: for each finding a project that has it, and one that has none."""

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent, indent

import pytest

from support.gherkin.__main__ import main
from support.gherkin.lint import lint
from support.gherkin.specification import Problem
from support.gherkin.tags import declared_tags
from support.page.scenarios import BEYOND

DECLARED = {"exercise_1"}

STEPS = """
    from pytest_bdd import given, parsers, then, when

    @given("an order")
    def _(): pass

    @when(parsers.parse("it waits {seconds:d} s"))
    def _(): pass

    @then(parsers.parse('"{winner}" wins'))
    def _(): pass
"""

GOOD = """
    @exercise_1
    Feature: Orders
      A description. When it is prose, it may say so.

      Background:
        Given an order

      Rule: The later one wins
        @claim:E1.8
        Scenario Outline: <winner> waits
          When it waits <seconds> s
          And it waits 3 s
            \"\"\"
            It may be quoted too.
            Then: it wins
            \"\"\"
          Then "<winner>" wins

          @exercise_1
          Examples:
            | winner | seconds |
            | eu     | 1       |
            | us     | 2       |
"""


class Project:
    """A small project of features and steps to which a mistake can be added."""

    package = "words_of_a_test"

    def __init__(self, folder: Path) -> None:
        self.features = folder / "features"
        self.steps = folder / self.package
        self.write("features/good.feature", GOOD)
        self.write(f"{self.package}/__init__.py", "")
        self.write(f"{self.package}/orders.py", STEPS)

    def write(self, name: str, text: str) -> Path:
        path = self.features.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip(), "utf-8")
        return path

    def write_scenario(self, text: str) -> None:
        self.write("features/other.feature", "Feature: Other\n" + indent(dedent(text).lstrip("\n"), "  "))

    def lint(self) -> list[Problem]:
        return lint(self.features, self.package, DECLARED)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield Project(tmp_path)
    for name in [name for name in sys.modules if name.startswith(Project.package)]:
        del sys.modules[name]


def expect_only(problems: list[Problem], name: str, line: int, says: str) -> None:
    """There is one finding, which is in this line of this file."""
    [problem] = problems
    assert (problem.path.name, problem.line) == (name, line)
    assert says in f"{problem.text}; {problem.cure}"
    assert problem.cure


OUTLINE = "Scenario Outline: Waiting\n  Given an order\n  When it waits <n> s\n"
QUOTED = '    """\n    text\n    """'
FIRST = "  Examples:\n    | n |\n    | 1 |\n"


@pytest.mark.parametrize(
    ("scenario", "line", "says"),
    [
        ("Background:\n  Given an order\nScenario: Empty", 4, 'the scenario "Empty" has no steps of its own'),
        ("Scenario: A\n  Given: an order\n  When it waits 1 s", 3, '"Given: an order" is no step'),
        ("Scenario: A\n  Given an order\n  Then: it wins", 4, '"Then: it wins" is no step'),
        (f"*: a colon\nScenario: A\n  Given an order\n{QUOTED}", 2, '"*: a colon" is no step'),
        ("Rule: Promised\n  Text", 1, "the feature has no scenario"),
        ("Rule: Kept\n  Scenario: A\n    Given an order\nRule: Promised", 5, 'the rule "Promised" has no scenario'),
        ("Scenario: A\n  And an order", 3, 'there is no step before this "And"'),
        ("Scenario:\n  Given an order", 2, "the scenario has no name"),
        ("Scenario: A::b\n  Given an order", 2, '"::" in the name'),
        ("Scenario: A\n  Given an order\nRule: R\n  Scenario: A\n    Given an order", 5, '"A" is already in line 2'),
        ("Scenario: A\n  Given an odrer", 3, 'no step definition for Given "an odrer"; perhaps "an order"'),
        ("Scenario: A\n  When it waits seconds", 3, 'perhaps "it waits {seconds:d} s" was meant?'),
        ("Scenario: A\n  When an order", 3, "it is defined as Given at words_of_a_test/orders.py:3"),
        ("@nowhere\nScenario: A\n  Given an order", 2, "the tag @nowhere is not declared"),
        ("@nowhere\nRule: R\n  Scenario: A\n    Given an order", 2, "the tag @nowhere is not declared"),
        ('Scenario Outline: A\n  Then "<missing>" wins', 3, "<missing> has no Examples"),
        ('Scenario Template: A\n  Then "<missing>" wins', 3, "<missing> has no Examples"),
        (f"Scenario Outline: <missing>\n  Given an order\n{FIRST}", 2, "<missing> is no column"),
        (f'Scenario Outline: A\n  Then "<missing>" wins\n{FIRST}', 3, "<missing> is no column"),
        (f"Scenario Outline: A\n  Given an order\n    | <n> | x |\n    | 1 | <missing> |\n{FIRST}", 5, "<missing>"),
        (f'Scenario Outline: A\n  Given an order\n  """\n  <missing>\n  """\n{FIRST}', 4, "<missing> is no column"),
        (f'Background:\n  Then "<missing>" wins\nScenario Outline: A\n  Given an order\n{FIRST}', 3, "is no column"),
        (f"{OUTLINE}  Examples:\n    | n |", 5, "the Examples have no rows"),
        (f"{OUTLINE}  @claim:x\n  Examples:\n    | n |\n    | 1 |", 5, "@claim:x at Examples"),
        (f"{OUTLINE}{FIRST}  Examples:\n    | n |\n    | x |", 4, 'no step definition for When "it waits x s"'),
        (f"{OUTLINE}{FIRST}    | 1 |", 8, "the row is equal to that in line 7"),
    ],
)
def test_a_mistake_in_a_feature_is_found_with_its_line(project: Project, scenario: str, line: int, says: str) -> None:
    project.write_scenario(scenario)
    expect_only(project.lint(), "other.feature", line, says)


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        (b"# Nothing\n", 1, "there is no Feature in this file"),
        (b"Feature: A\n  \xfcber\n", 2, "byte 0xfc is not UTF-8"),
        (b"\xef\xbb\xbfFeature: A\n", 1, "the file starts with a byte order mark"),
        (b"Feature: A\n  Scenario: B\n    Given c\nFeature: D\n", 4, "this is not Gherkin: Multiple features"),
        (b"Feature: A\n  @a b\n  Scenario: C\n", 2, 'this is not Gherkin: A tag may not contain whitespace: "@a b"'),
    ],
)
def test_a_file_that_cannot_be_read_is_found_with_its_line(
    project: Project, content: bytes, line: int, says: str
) -> None:
    (project.features / "other.feature").write_bytes(content)
    expect_only(project.lint(), "other.feature", line, says)


def test_a_folder_without_features_is_a_finding(project: Project) -> None:
    expect_only(lint(project.steps, project.package, DECLARED), project.package, 1, "no .feature file")


def test_only_a_project_that_transcribes_the_page_is_held_to_it(project: Project) -> None:
    assert lint(project.features, project.package, DECLARED) == []
    assert len(lint(project.features, project.package, {*DECLARED, BEYOND})) > 50


def define(project: Project, kind: str, sentence: str) -> None:
    """Add a step definition, in a module of its own."""
    text = f"from pytest_bdd import parsers, {kind}\n\n@{kind}({sentence})\ndef _(): pass\n"
    project.write(f"{project.package}/deep/__init__.py", "")
    project.write(f"{project.package}/deep/more.py", text)


NAP = 'parsers.parse("it naps {seconds:Odd} s", extra_types={"Odd": {"2": 2}.__getitem__})'


@pytest.mark.parametrize(
    ("kind", "sentence", "steps", "file", "line", "says"),
    [
        ("given", 'parsers.parse("an {thing}")', "", "good.feature", 6, '"an order" matches "an {thing}" at words_of'),
        ("given", '"an order"', "", "orders.py", 3, "is already defined at words_of_a_test/deep/more.py:3"),
        ("then", '"nobody says this"', "", "more.py", 3, 'no scenario uses Then "nobody says this"'),
        # A value that the converter refuses leaves the step without a definition.
        ("when", NAP, "  When it naps 2 s\n  When it naps x s", "other.feature", 5, "no step definition for When"),
    ],
)
def test_a_mistake_in_a_step_definition_is_found_with_its_line(
    project: Project, kind: str, sentence: str, steps: str, file: str, line: int, says: str
) -> None:
    define(project, kind, sentence)
    project.write_scenario(f"Scenario: A\n  Given an order\n{steps}")
    expect_only([each for each in project.lint() if each.path.name == file], file, line, says)


@pytest.mark.parametrize(
    ("kind", "steps"),
    [("then", "  Then an apple"), ("step", "  Given an apple\n  When an apple\n  Then an apple")],
)
def test_definitions_for_other_types_or_for_all_types_of_step_are_no_findings(
    project: Project, kind: str, steps: str
) -> None:
    define(project, kind, '"an apple"')
    project.write(f"{project.package}/same.py", 'from pytest_bdd import when\n\n@when("an order")\ndef _(): pass\n')
    project.write_scenario(f'Scenario: A <b>\n  Given an order\n  When an order\n{steps}\n  Then "<b>" wins')
    assert project.lint() == []


@pytest.mark.parametrize(
    ("module", "code", "line", "reason"),
    [
        ("more.py", "\nimport nosuchmodule\n", 2, "ModuleNotFoundError: No module named 'nosuchmodule'"),
        ("deep/__init__.py", "x = 1\nimport nosuchmodule\n", 2, "ModuleNotFoundError: No module named 'nosuchmodule'"),
        ("more.py", "x = 1\ndef f(:\n", 2, "SyntaxError: invalid syntax"),
        ("more.py", "def f():\n    return {}['x']\nf()\n", 2, "KeyError: 'x'"),
    ],
)
def test_a_steps_module_that_cannot_be_imported_is_the_only_finding(
    project: Project, module: str, code: str, line: int, reason: str
) -> None:
    path = project.steps / module
    path.parent.mkdir(exist_ok=True)
    path.write_text(code)
    project.write_scenario("Scenario: A\n  Given something of that module")
    expect_only(project.lint(), path.name, line, f"can't be imported: {reason}")


def test_a_package_of_steps_that_is_not_there_is_a_finding(project: Project) -> None:
    found = lint(project.features, "nosuchpackage", DECLARED)
    expect_only(found, "nosuchpackage.py", 1, "nosuchpackage can't be imported: ModuleNotFoundError")


def test_the_command_prints_a_line_for_each_finding(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.write("pyproject.toml", '[tool.pytest.ini_options]\nmarkers = ["exercise_1"]')
    assert main(["features", project.package]) == 0
    assert "1 scenarios, 2 with their examples, in 1 features, 3 step definitions" in capsys.readouterr().out
    project.write_scenario("Scenario: A\nScenario: B")
    assert main(["features", project.package]) == 1
    places = [line.split(": ")[0] for line in capsys.readouterr().out.splitlines()]
    assert places == ["features/other.feature:2", "features/other.feature:3"]


def test_the_command_refuses_a_folder_without_features(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 2


@pytest.mark.parametrize(
    ("words", "status", "listed"),
    [([], 0, ["Given", "When", "Then"]), (["Waits"], 0, ["When"]), (["refund"], 1, ["no"])],
)
def test_sentences_are_listed_with_their_places(
    project: Project, capsys: pytest.CaptureFixture[str], words: list[str], status: int, listed: list[str]
) -> None:
    assert main(["features", project.package, "--sentences", *words]) == status
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == listed
    assert all("words_of_a_test/orders.py:" in line for line in lines) == (not status)


def test_a_list_of_sentences_that_lacks_a_module_says_so(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.write(f"{project.package}/broken.py", "import nothing_like_it")
    assert main(["features", project.package, "--sentences"]) == 1
    assert "nothing_like_it" in capsys.readouterr().out


def test_tags_are_declared_as_markers_in_pyproject(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    assert declared_tags(path) == set()
    path.write_text("[tool.pytest.ini_options]\nmarkers = ['a: writes (all)', 'slow', 'flaky(n): again']")
    assert declared_tags(path) == {"a", "slow", "flaky"}
