"""Feature files as test files: what is collected, selected and refused."""

from typing import Any

import pytest

STEPS = """
    from pytest_bdd import given, parsers, then

    @given("an order")
    def _(): pass

    @then(parsers.parse('"{winner}" wins'))
    def _(): pass
"""

FEATURE = """
    @exercise_1
    Feature: Orders

      Scenario: A plain one, with "quotes" / slashes [and] brackets
        Given an order

      @exercise_2
      Rule: The later one wins
        @claim:E1.8
        Scenario Outline: <winner> waits
          Then "<winner>" wins

          @first_row
          Examples:
            | winner |
            | eu     |
          Examples:
            | winner |
            | us     |
"""

PLAIN = 'features/orders.feature::A plain one, with "quotes" / slashes [and] brackets'
ROWS = ["features/orders.feature::<winner> waits[eu]", "features/orders.feature::<winner> waits[us]"]


@pytest.fixture
def project(project: pytest.Pytester) -> pytest.Pytester:
    project.mkdir("features")
    project.makefile(".feature", **{"features/orders": FEATURE})
    return project


def functions(project: pytest.Pytester, *arguments: str) -> list[Any]:
    return project.inline_genitems(*arguments)[0]


@pytest.mark.parametrize(
    ("arguments", "selected"),
    [
        (["."], [PLAIN, *ROWS]),
        ([PLAIN], [PLAIN]),
        (["features/orders.feature::<winner> waits"], ROWS),
        ([ROWS[1]], ROWS[1:]),
    ],
)
def test_scenarios_and_rows_are_tests_under_their_own_names(
    project: pytest.Pytester, arguments: list[str], selected: list[str]
) -> None:
    assert [item.nodeid for item in functions(project, *arguments)] == selected


def test_a_test_stands_where_its_scenario_does(project: pytest.Pytester) -> None:
    places = [item.location[:2] for item in functions(project, "features")]
    assert places == [("features/orders.feature", line) for line in (3, 9, 9)]


def test_tags_are_markers_but_for_those_of_claims(project: pytest.Pytester) -> None:
    _, *rows = functions(project, "features")
    first, second = ({mark.name for mark in row.iter_markers()} for row in rows)
    assert first - {"allure_label"} == {"exercise_1", "exercise_2", "first_row", "parametrize"}
    assert first - second == {"first_row"}


def test_a_file_elsewhere_that_cannot_be_read_says_so_in_one_line(project: pytest.Pytester) -> None:
    project.makefile(".feature", odd="Feature: Odd\n  Scenario: A\n    Given an order\n  Feature: B")
    result = project.runpytest_inprocess("odd.feature")
    result.stdout.fnmatch_lines("odd.feature:4: this is not Gherkin: Multiple features*")


@pytest.mark.parametrize("arguments", [[PLAIN], ["--collect-only"], ["-n", "2"]], ids=" ".join)
def test_nothing_runs_while_the_lint_objects(project: pytest.Pytester, arguments: list[str]) -> None:
    project.makefile(".feature", **{"features/bad": "Feature: Bad\n  Scenario: A"})
    result = project.runpytest_inprocess(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.outlines == []
    result.stderr.fnmatch_lines('features/bad.feature:2: the scenario "A" has no steps of its own*')


def test_the_lint_does_not_hold_up_other_tests(project: pytest.Pytester) -> None:
    project.makefile(".feature", **{"features/bad": "Feature: Bad\n  Scenario: A"})
    project.mkdir("tests")
    project.makepyfile(**{"tests/test_other": "def test_other(): pass"})
    project.runpytest_inprocess("tests").assert_outcomes(passed=1)


def test_the_test_explorer_of_vs_code_gets_no_parameters(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.makepyfile(vscode_pytest="")
    monkeypatch.syspath_prepend(project.path)
    recorder = project.inline_run("--collect-only", "-p", "vscode_pytest", "features")
    [session] = {call.session for call in recorder.getcalls("pytest_collection_finish")}
    assert [hasattr(item, "callspec") for item in session.items] == [False, False, False]
