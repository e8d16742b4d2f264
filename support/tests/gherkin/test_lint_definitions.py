"""The lint of the step definitions: doubled, unused, or in a module that can't be imported."""

import pytest

from support.gherkin.lint import lint
from support.gherkin.problem import Problem
from support.tests.gherkin.lint_project import DECLARED, STEPS, Project


def test_a_step_that_two_definitions_match(project: Project) -> None:
    project.write(
        f"{project.package}/more.py",
        """
        from pytest_bdd import given, parsers

        @given(parsers.parse("an {thing}"))
        def _(): pass
        """,
    )
    [problem] = project.lint()
    assert str(problem) == (
        'features/good.feature:6: "an order" matches "an {thing}" at words_of_a_test/more.py:3 '
        'and "an order" at words_of_a_test/orders.py:3; word one of the two definitions differently'
    )


def test_two_definitions_of_one_sentence(project: Project) -> None:
    project.write(f"{project.package}/twin.py", STEPS)
    problems = project.lint()
    assert len(problems) == 3
    assert str(problems[0]) == (
        'words_of_a_test/twin.py:3: Given "an order" is already defined at words_of_a_test/orders.py:3: '
        "only one of them would run; delete one, or word it differently"
    )


def test_one_sentence_may_be_given_and_checked(project: Project) -> None:
    project.write(
        f"{project.package}/more.py",
        """
        from pytest_bdd import then

        @then("an order")
        def _(): pass
        """,
    )
    project.write_scenario("Scenario: A\n  Given an order\n  Then an order")
    assert project.lint() == []


def test_a_definition_that_no_step_uses(project: Project) -> None:
    project.write(f"{project.package}/deep/__init__.py", "")
    path = project.write(
        f"{project.package}/deep/more.py",
        """
        from pytest_bdd import then


        @then("nobody says this")
        def _(): pass
        """,
    )
    [problem] = project.lint()
    assert problem == Problem(path, 4, 'no scenario uses Then "nobody says this"', "delete it, or write the scenario")


@pytest.mark.parametrize(
    ("code", "finding"),
    [
        ("\nimport nosuchmodule\n", "2: {}: ModuleNotFoundError: No module named 'nosuchmodule'"),
        ("x = 1\ndef f(:\n", "2: {}: SyntaxError: invalid syntax (more.py, line 2)"),
        ("# coding: nope\n", "1: {}: SyntaxError: unknown encoding: nope (more.py, line 0)"),
        ("x = '\0'\n", "1: {}: SyntaxError: source code string cannot contain null bytes"),
        ("def f():\n    return {}['x']\nf()\n", "2: {}: KeyError: 'x'"),
        ("raise ValueError('two\\n  lines')\n", "1: {}: ValueError: two lines"),
    ],
)
def test_a_steps_module_that_cannot_be_imported_is_the_only_finding(project: Project, code: str, finding: str) -> None:
    (project.steps / "more.py").write_text(code)
    project.write_scenario("Scenario: A\n  Given something of that module")
    [problem] = project.lint()
    text = finding.format("words_of_a_test.more can't be imported")
    assert str(problem) == f"words_of_a_test/more.py:{text}; its step definitions are missing until it can"


def test_a_package_inside_the_steps_that_cannot_be_imported_is_named_by_its_init_file(project: Project) -> None:
    path = project.write(f"{project.package}/deep/__init__.py", "x = 1\nimport nosuchmodule\n")
    assert [(each.path, each.line) for each in project.lint()] == [(path, 2)]


def test_a_package_of_steps_that_is_not_there(project: Project) -> None:
    [problem] = lint(project.features, "nosuchpackage", DECLARED)
    assert str(problem) == (
        "nosuchpackage.py:1: nosuchpackage can't be imported: ModuleNotFoundError: No module named 'nosuchpackage'; "
        "its step definitions are missing until it can"
    )


def test_a_value_that_a_converter_refuses_leaves_the_step_without_a_definition(project: Project) -> None:
    project.write(
        f"{project.package}/more.py",
        """
        from pytest_bdd import parsers, when

        @when(parsers.parse("it naps {seconds:Odd} s", extra_types={"Odd": {"2": 2}.__getitem__}))
        def _(): pass
        """,
    )
    project.write_scenario("Scenario: A\n  When it naps 2 s\n  When it naps x s")
    [problem] = project.lint()
    assert str(problem) == (
        'features/other.feature:4: no step definition for When "it naps x s"; '
        "correct the step, or define it in the package of the steps"
    )


def test_a_definition_for_all_types_of_step_is_called_a_step(project: Project) -> None:
    project.write(
        f"{project.package}/more.py",
        """
        from pytest_bdd import step

        @step("an apple")
        def _(): pass
        """,
    )
    project.write_scenario("Scenario: A\n  Given an apple\n  When an apple\n  Then an apple")
    assert project.lint() == []
    (project.features / "other.feature").unlink()
    [problem] = project.lint()
    assert problem.text == 'no scenario uses Step "an apple"'
