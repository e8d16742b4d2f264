"""Feature files as test files: what is collected, selected and refused."""

import sys
from importlib.metadata import PackageNotFoundError
from typing import Any

import pytest

from support.gherkin import installed
from support.gherkin.collection import FeatureFile
from support.gherkin.tags import KindTag

CONFTEST = """
    pytest_plugins = ["support.gherkin.collection", "support.gherkin.failures", "steps.orders"]
"""

PYPROJECT = """
    [tool.pytest.ini_options]
    testpaths = ["features", "tests"]
    pythonpath = ["."]
    addopts = ["-p", "no:randomly", "-p", "no:hypothesispytest", "--strict-markers", "--import-mode=importlib"]
    markers = ["exercise_1", "exercise_2", "first_row"]
"""

STEPS = """
    from pytest_bdd import given, parsers, then

    @given("an order")
    def _(): pass

    @then(parsers.parse('"{winner}" wins'))
    def _(winner): assert winner != "nobody", f"{winner} has won"
"""

FEATURE = """
    @exercise_1 @severity:minor @epic:Tables
    Feature: Orders

      Scenario: A plain one, with "quotes" / slashes [and] brackets
        Given an order

      @exercise_2
      Rule: The later one wins
        @claim:E1.8 @severity:critical
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
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project of its own, whose steps must not be taken for those of this repository."""
    for name in [name for name in sys.modules if name.split(".")[0] == "steps"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makepyprojecttoml(PYPROJECT)
    pytester.makeconftest(CONFTEST)
    pytester.mkpydir("steps")
    pytester.makepyfile(**{"steps/orders": STEPS})
    pytester.mkdir("features")
    pytester.makefile(".feature", **{"features/orders": FEATURE})
    return pytester


def collected(project: pytest.Pytester, *arguments: str) -> list[str]:
    lines = project.runpytest_inprocess("--collect-only", "-q", *arguments).outlines
    return [line for line in lines if "::" in line]


def functions(project: pytest.Pytester) -> list[Any]:
    items, _ = project.inline_genitems("features")
    return items


@pytest.mark.parametrize("argument", ["features", "features/", "features/orders.feature", "."])
def test_scenarios_are_tests_under_their_own_names_in_the_order_of_the_file(
    project: pytest.Pytester, argument: str
) -> None:
    assert collected(project, argument) == [PLAIN, *ROWS]


@pytest.mark.parametrize(
    ("arguments", "selected"),
    [
        ([PLAIN], [PLAIN]),
        (["features/orders.feature::<winner> waits"], ROWS),
        ([ROWS[1]], ROWS[1:]),
        (["-k", "plain and not waits"], [PLAIN]),
        (["-m", "exercise_1"], [PLAIN, *ROWS]),
        (["-m", "exercise_2"], ROWS),
        (["-m", "first_row"], ROWS[:1]),
    ],
)
def test_scenarios_and_rows_can_be_selected(
    project: pytest.Pytester, arguments: list[str], selected: list[str]
) -> None:
    assert collected(project, *arguments) == selected


def test_the_failed_ones_can_be_run_again(project: pytest.Pytester) -> None:
    project.makefile(".feature", **{"features/bad": 'Feature: Bad\n  Scenario: A\n    Then "nobody" wins'})
    project.runpytest_inprocess().assert_outcomes(passed=3, failed=1)
    assert collected(project, "--lf") == ["features/bad.feature::A"]


def test_a_test_stands_where_its_scenario_does(project: pytest.Pytester) -> None:
    items = functions(project)
    assert [item.location[:2] for item in items] == [("features/orders.feature", line) for line in (3, 9, 9)]


def test_a_scenario_that_is_skipped_by_a_mark_points_at_the_feature_file(project: pytest.Pytester) -> None:
    project.makeconftest(
        CONFTEST
        + """
    import pytest
    def pytest_collection_modifyitems(items):
        for item in items:
            item.add_marker(pytest.mark.skip(reason="not today"))
    """
    )
    result = project.runpytest_inprocess("-rs")
    result.stdout.fnmatch_lines(["SKIPPED [[]1] features/orders.feature:4: not today"])


def test_a_report_finds_the_scenario_at_the_test_function(project: pytest.Pytester) -> None:
    items = functions(project)
    assert [item.function.template.name for item in items[:2]] == [PLAIN.partition("::")[2], "<winner> waits"]
    assert isinstance(items[0].parent, FeatureFile)


def test_tags_of_a_kind_are_for_the_report_the_nearest_last(project: pytest.Pytester) -> None:
    plain, row, _ = functions(project)
    common = (KindTag("epic", "Tables"), KindTag("severity", "minor"))
    assert plain.function.gherkin_tags == common
    assert row.function.gherkin_tags == (
        *common,
        KindTag("claim", "E1.8"),
        KindTag("severity", "critical"),
    )


def test_tags_of_a_kind_are_no_markers(project: pytest.Pytester) -> None:
    items = functions(project)
    assert {mark.name for mark in items[1].iter_markers()} == {"exercise_1", "exercise_2", "first_row", "parametrize"}


@pytest.mark.slow
def test_scenarios_run_in_two_workers(project: pytest.Pytester) -> None:
    result = project.runpytest_inprocess("-n", "2")
    result.assert_outcomes(passed=3)


def test_a_file_elsewhere_that_cannot_be_read_says_so_in_one_line(project: pytest.Pytester) -> None:
    project.makefile(".feature", odd="Feature: Odd\n  Scenario: A\n    Given an order\n  Feature: B")
    result = project.runpytest_inprocess("odd.feature")
    result.stdout.fnmatch_lines(
        ["*ERROR collecting odd.feature*", "odd.feature:4: this is not Gherkin: Multiple features*", "*summary*"],
        consecutive=True,
    )


@pytest.mark.parametrize(
    "arguments", [[], ["features"], [PLAIN], ["--collect-only"], ["-n", "2"]], ids=lambda words: " ".join(words[:1])
)
def test_nothing_runs_while_the_lint_objects(project: pytest.Pytester, arguments: list[str]) -> None:
    project.makefile(".feature", **{"features/bad": "Feature: Bad\n  Scenario: A"})
    result = project.runpytest_inprocess(*arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.outlines == []
    result.stderr.fnmatch_lines(
        [
            "ERROR: the specification can't be run as it is (1 to correct):",
            'features/bad.feature:2: the scenario "A" has no steps of its own*',
        ],
        consecutive=True,
    )


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


def test_two_allure_plugins_are_refused_in_one_line(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "distribution", lambda name: name)
    result = project.runpytest_inprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: allure-pytest-bdd is installed beside allure-pytest*: pip uninstall *"])


def test_one_allure_plugin_is_welcome(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_found(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(installed, "distribution", not_found)
    installed.refuse_two_allure_plugins()
