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
    assert str(problem).startswith(
        'features/good.feature:6: "an order" matches "an {thing}" at words_of_a_test/more.py:3 '
        'and "an order" at words_of_a_test/orders.py:3; '
    )


def test_two_definitions_of_one_sentence(project: Project) -> None:
    project.write(f"{project.package}/twin.py", STEPS)
    problems = project.lint()
    assert len(problems) == 3
    assert str(problems[0]).startswith(
        'words_of_a_test/twin.py:3: Given "an order" is already defined at words_of_a_test/orders.py:3: '
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
        ("\nimport nosuchmodule\n", "2: words_of_a_test.more can't be imported: ModuleNotFoundError: No module named"),
        ("x = 1\ndef f(:\n", "2: words_of_a_test.more can't be imported: SyntaxError"),
        ("def f():\n    return {}['x']\nf()\n", "2: words_of_a_test.more can't be imported: KeyError: 'x'"),
    ],
)
def test_a_steps_module_that_cannot_be_imported_is_the_only_finding(project: Project, code: str, finding: str) -> None:
    (project.steps / "more.py").write_text(code)
    project.write_scenario("Scenario: A\n  Given something of that module")
    [problem] = project.lint()
    assert str(problem).startswith(f"words_of_a_test/more.py:{finding}")


def test_a_package_of_steps_that_is_not_there(project: Project) -> None:
    [problem] = lint(project.features, "nosuchpackage", DECLARED)
    assert str(problem).startswith("nosuchpackage.py:1: nosuchpackage can't be imported: ModuleNotFoundError")
