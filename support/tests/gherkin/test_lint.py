"""The lint of the specification: for each finding a file that has it, and one project that has none."""

from textwrap import indent

import pytest

from support.gherkin.lint import lint
from support.tests.gherkin.lint_project import DECLARED, Project


def test_a_clean_project_has_no_problem(project: Project) -> None:
    assert project.lint() == []


NO_STEPS = 'the scenario "Empty" has no steps of its own: it would always pass; write its steps, or delete it'
NO_COLON = "leave out the colon, or word it as a description"
DEFINE_IT = "correct the step, or define it in the package of the steps"
NO_ORDER = 'no step definition for Given "no order"; perhaps "an order" was meant?'
NOT_DECLARED = "the tag @nowhere is not declared; correct it, or declare it in the markers of pyproject.toml"
KINDS = "write @kind:value with one of the kinds claim, epic, issue, link, owner, severity, tms"
NO_ROWS = "the Examples have no rows: the scenario would not run for them; write rows below a row of column names"


@pytest.mark.parametrize(
    ("scenario", "finding"),
    [
        ("Scenario: Empty", f"2: {NO_STEPS}"),
        ("Background:\n  Given an order\nScenario: Empty", f"4: {NO_STEPS}"),
        ("Scenario: A\n  Given: an order\n  When it waits 1 s", f'3: "Given: an order" is no step; {NO_COLON}'),
        ("Then : a colon\nScenario: A\n  Given an order", f'2: "Then : a colon" is no step; {NO_COLON}'),
        ("Rule: R\n  But : a colon\n  Scenario: A\n    Given an order", f'3: "But : a colon" is no step; {NO_COLON}'),
        (
            "Background:\n  *: a colon\n  Given an order\nScenario: A\n  Given an order",
            f'3: "*: a colon" is no step; {NO_COLON}',
        ),
        ("Scenario: A\n  Given an order\n  Then: it wins", f'4: "Then: it wins" is no step; {NO_COLON}'),
        ("Rule: Promised\n  Text", "1: the feature has no scenario; write one, or delete it"),
        ("Scenario: A\n  And an order", '3: there is no step before this "And"; begin with Given, When or Then'),
        ("Scenario:\n  Given an order", "2: the scenario has no name; name it after what it shows"),
        ("Scenario: A::b\n  Given an order", '2: "::" in the name: pytest could not select it; use other words'),
        ("Scenario: A\n  Given an odrer", '3: no step definition for Given "an odrer"; perhaps "an order" was meant?'),
        (
            "Scenario: A\n  Given something else",
            f'3: no step definition for Given "something else"; {DEFINE_IT}',
        ),
        (
            "Scenario: A\n  When it waits seconds",
            '3: no step definition for When "it waits seconds"; perhaps "it waits {seconds:d} s" was meant?',
        ),
        (
            "Scenario: A\n  Given it waits seconds",
            f'3: no step definition for Given "it waits seconds"; {DEFINE_IT}',
        ),
        (
            "Scenario: A\n  When an order",
            '3: no step definition for When "an order"; it is defined as Given at words_of_a_test/orders.py:3',
        ),
        ("Background:\n  Given no order\nScenario: A\n  Given an order", f"3: {NO_ORDER}"),
        (
            "Background:\n  Given no order\nRule: R\n  Background:\n    Given an order\n"
            "  Scenario: A\n    Given an order",
            f"3: {NO_ORDER}",
        ),
        ("@nowhere\nScenario: A\n  Given an order", f"2: {NOT_DECLARED}"),
        ("@color:red\nScenario: A\n  Given an order", f"2: the tag @color:red is not declared; {KINDS}"),
        ("@claim:\nScenario: A\n  Given an order", f"2: the tag @claim: is not declared; {KINDS}"),
        ("@nowhere\nRule: R\n  Scenario: A\n    Given an order", f"2: {NOT_DECLARED}"),
    ],
)
def test_a_finding_in_a_scenario(project: Project, scenario: str, finding: str) -> None:
    project.write_scenario(scenario)
    assert [str(each) for each in project.lint()] == [f"features/other.feature:{finding}"]


@pytest.mark.parametrize(
    ("examples", "finding"),
    [
        ("Examples:\n  | n |", f"5: {NO_ROWS}"),
        ("Examples: None\n", f"5: {NO_ROWS}"),
        ("@nowhere\nExamples:\n  | n |\n  | 1 |", f"5: {NOT_DECLARED}"),
        (
            "@claim:x\nExamples:\n  | n |\n  | 1 |",
            "5: @claim:x at Examples: pytest-bdd would take it for a marker; move it to the scenario",
        ),
        (
            "Examples:\n  | n |\n  | x |\n  | y |",
            '4: no step definition for When "it waits x s"; perhaps "it waits {seconds:d} s" was meant?',
        ),
        (
            "Examples:\n  | n |\n  | 1 |\n  | |",
            '4: no step definition for When "it waits  s"; perhaps "it waits {seconds:d} s" was meant?',
        ),
        (
            "Examples:\n  | n |\n  | 1 |\n  | 1 |",
            "8: the row is equal to that in line 7: the report would show one as a retry of the other; delete it",
        ),
    ],
)
def test_a_finding_in_examples(project: Project, examples: str, finding: str) -> None:
    outline = "Scenario Outline: Waiting\n  Given an order\n  When it waits <n> s\n"
    project.write_scenario(outline + indent(examples, "  "))
    assert [str(each) for each in project.lint()] == [f"features/other.feature:{finding}"]


def test_a_colon_after_a_step_word_is_found_at_its_own_line_when_the_same_text_is_above(project: Project) -> None:
    project.write_scenario("Scenario: A\n  Given an order\nScenario: B\n  Then: it wins\n  Given an order")
    path = project.features / "other.feature"
    path.write_text("# Then: it wins\n" + path.read_text("utf-8"), "utf-8")
    assert [each.line for each in project.lint()] == [6]


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("Given an order\n      | <missing> |", 4),
        ('Given an order\n  """\n  <missing>\n  """', 4),
        ("Given <missing>", 3),
        ("Given an order\n      | <n> | x |\n      | 1 | <missing> |", 5),
    ],
)
def test_a_placeholder_without_a_column(project: Project, where: str, line: int) -> None:
    project.write_scenario(f"Scenario Outline: A\n  {where}\n  Examples:\n    | n |\n    | 1 |")
    examples = 1 + (project.features / "other.feature").read_text("utf-8").splitlines().index("    Examples:")
    text = f"<missing> is no column of the Examples in line {examples}; add the column, or correct the name"
    assert f"features/other.feature:{line}: {text}" in map(str, project.lint())


def test_a_placeholder_of_the_name_and_of_the_background_is_looked_up_too(project: Project) -> None:
    project.write_scenario(
        "Background:\n  Given an order <missing>\n"
        "Scenario Outline: <lost>\n  Given an order\n  Examples:\n    | n |\n    | 1 |"
    )
    found = [(each.line, each.text.partition(" ")[0]) for each in project.lint()]
    assert {(3, "<missing>"), (4, "<lost>")} <= set(found)


@pytest.mark.parametrize("keyword", ["Scenario Outline", "Scenario Template"])
def test_an_outline_without_examples(project: Project, keyword: str) -> None:
    project.write_scenario(f'{keyword}: A\n  Then "<missing>" wins')
    [problem] = project.lint()
    text = "<missing> has no Examples; add the column, or correct the name"
    assert str(problem) == f"features/other.feature:3: {text}"


def test_angle_brackets_in_a_plain_scenario_are_text(project: Project) -> None:
    project.write_scenario('Scenario: A\n  Then "<b>" wins')
    assert project.lint() == []


def test_a_rule_without_scenarios(project: Project) -> None:
    project.write_scenario("Rule: Kept\n  Scenario: A\n    Given an order\nRule: Promised\n  Text")
    [problem] = project.lint()
    assert str(problem) == 'features/other.feature:5: the rule "Promised" has no scenario; write one, or delete it'


def test_two_scenarios_of_one_name_even_in_two_rules(project: Project) -> None:
    project.write_scenario("Scenario: A\n  Given an order\nRule: R\n  Scenario: A\n    Given an order")
    [problem] = project.lint()
    assert str(problem) == (
        'features/other.feature:5: a scenario named "A" is already in line 2: only one of them would run; '
        "give them different names"
    )


JUST_ABOVE = "correct it here or just above"


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (b"", "1: there is no Feature in this file; write one, or delete the file"),
        (b"# Nothing\n", "1: there is no Feature in this file; write one, or delete the file"),
        (b"Feature: A\n  \xfcber\n", "2: byte 0xfc is not UTF-8; save the file as UTF-8"),
        (b"\xef\xbb\xbfFeature: A\n", "1: the file starts with a byte order mark; save it as UTF-8 without one"),
        (
            b"Feature: A\n  Scenario: B\n    Given c\nFeature: D\n",
            "4: this is not Gherkin: Multiple features are not allowed in a single feature file: "
            f'"Feature: D"; {JUST_ABOVE}',
        ),
        (
            b"# language: xx\nFeature: A\n",
            f'1: this is not Gherkin: Language not supported: xx: "# language: xx"; {JUST_ABOVE}',
        ),
        (
            b"Feature: A\n  Scenario: B\n    Given c\n      | a | b |\n      | a |\n",
            f'5: this is not Gherkin: inconsistent cell count within the table: "| a |"; {JUST_ABOVE}',
        ),
        (
            b"Feature: A\n  @a b\n  Scenario: C\n    Given d\n      | a | b |\n      | a |\n",
            f'2: this is not Gherkin: A tag may not contain whitespace: "@a b"; {JUST_ABOVE}',
        ),
        (
            b"Feature: A\n  @tag\n",
            "3: this is not Gherkin: unexpected end of file, expected: #TagLine, #RuleLine, #Comment, #Empty; "
            f"{JUST_ABOVE}",
        ),
    ],
)
def test_a_file_that_cannot_be_read(project: Project, content: bytes, finding: str) -> None:
    (project.features / "other.feature").write_bytes(content)
    assert [str(each) for each in project.lint()] == [f"features/other.feature:{finding}"]


def test_a_folder_without_features_is_one_finding(project: Project) -> None:
    [problem] = lint(project.steps, project.package, DECLARED)
    text = "there is no .feature file here; name the folder that has them"
    assert str(problem) == f"words_of_a_test:1: {text}"
