"""What the terminal shows of a scenario that failed."""

import re
import sys

import pytest

PYPROJECT = """
    [tool.pytest.ini_options]
    pythonpath = ["."]
    addopts = ["-p", "no:randomly", "-p", "no:hypothesispytest", "--tb=short", "--import-mode=importlib"]
"""

STEPS = """
    import time
    import pytest
    from pytest_bdd import given, parsers, then

    @pytest.fixture
    def link():
        raise RuntimeError("the link is down")

    def lookup(items, key):
        return hidden(items, key)

    def hidden(items, key):
        __tracebackhide__ = True
        return items[key]

    @given("an order")
    def _(): pass

    @given("a slow order")
    def _(): time.sleep(0.02)

    @then("eu wins")
    def _():
        raise AssertionError("expected eu to win\\n  eu-west-1: 200\\n  us-east-1: 150")

    @then("eu is asked")
    def _():
        found = "us wins"
        assert found == "eu wins", "expected eu to win"

    @then("eu fails")
    def _(): pytest.fail("eu failed")

    @then("the suite breaks")
    def _():
        try:
            lookup({}, "eu")
        except KeyError as error:
            raise ValueError("no such region\\nat all") from error

    @then("nothing is said")
    def _(): raise AssertionError

    @then("a link is needed")
    def _(link): pass

    @then("something unknown is needed")
    def _(unknown): pass

    @then("it is skipped")
    def _(): pytest.skip("not here")

    @then("all is well")
    def _(): pass
"""


class Project:
    """A project of one scenario."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        pytester.makepyprojecttoml(PYPROJECT)
        pytester.makeconftest(
            'pytest_plugins = ["support.gherkin.collection", "support.gherkin.failures", "words.orders"]'
        )
        pytester.mkpydir("words")
        pytester.makepyfile(**{"words/orders": STEPS})

    def run(self, step: str, *arguments: str, background: str = "an order") -> str:
        """What the terminal shows of a scenario with this step, without durations: any step can be a slow one."""
        return re.sub(r"  \(\d+\.\d\d s\)$", "", self.run_timed(step, *arguments, background=background), flags=re.M)

    def run_timed(self, step: str, *arguments: str, background: str = "an order") -> str:
        """What the terminal shows of a scenario with this step."""
        feature = f"""
            Feature: Orders
              Background:
                Given {background}
              Scenario: The later one wins
                Then all is well
                Then {step}
                And all is well
        """
        self.pytester.makefile(".feature", orders=feature)
        return self.pytester.runpytest_inprocess("orders.feature", *arguments).stdout.str()


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.delenv("CI", raising=False)
    for name in [name for name in sys.modules if name.split(".")[0] == "words"]:
        monkeypatch.delitem(sys.modules, name)
    return Project(pytester)


HEAD = """\
orders.feature:6
Scenario: The later one wins
  passed       Given an order
  passed       Then all is well
  FAILED       Then {step}
  not reached  And all is well

"""

VERDICT = """\
E   expected eu to win
E     eu-west-1: 200
E     us-east-1: 150
==========================="""


def test_a_verdict_is_shown_with_the_steps_and_without_python(project: Project) -> None:
    shown = project.run("eu wins")
    assert HEAD.format(step="eu wins") + VERDICT in shown


def test_what_pytest_adds_to_the_message_of_an_assertion_is_left_out(project: Project) -> None:
    shown = project.run("eu is asked")
    assert "E   expected eu to win" in shown
    assert "assert 'us wins'" not in shown


def test_pytest_fail_is_a_verdict_too(project: Project) -> None:
    shown = project.run("eu fails")
    assert HEAD.format(step="eu fails") + "E   eu failed\n====" in shown


def test_the_summary_names_the_scenario_and_the_first_line_of_the_message(project: Project) -> None:
    shown = project.run("eu wins")
    assert "FAILED orders.feature::The later one wins - expected eu to win\n" in shown


def test_the_summary_has_one_line_in_ci_too(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert "FAILED orders.feature::The later one wins - expected eu to win\n==" in project.run("eu wins")


@pytest.mark.slow
def test_workers_tell_it_in_the_same_words(project: Project) -> None:
    shown = project.run("eu wins", "-n", "2")
    assert HEAD.format(step="eu wins") + VERDICT in shown
    assert "FAILED orders.feature::The later one wins - expected eu to win\n" in shown


def test_any_other_error_has_a_traceback_of_our_own_code(project: Project) -> None:
    shown = project.run("the suite breaks")
    _, traceback = shown.split(HEAD.format(step="the suite breaks"))
    files = [line.partition(":")[0] for line in traceback.splitlines() if ": in " in line]
    assert files == ["words/orders.py"] * 3
    assert "E   KeyError: 'eu'" in traceback
    assert "The above exception was the direct cause" in traceback
    assert "E   ValueError: no such region\nE   at all\n" in traceback
    assert "FAILED orders.feature::The later one wins - ValueError: no such region\n" in traceback


def test_a_verdict_without_words_has_a_traceback(project: Project) -> None:
    shown = project.run("nothing is said")
    assert HEAD.format(step="nothing is said") + "words/orders.py:" in shown
    assert "- AssertionError\n" in shown


def test_a_fixture_that_fails_fails_the_step_that_needs_it(project: Project) -> None:
    shown = project.run("a link is needed")
    assert HEAD.format(step="a link is needed") + "words/orders.py:7: in link" in shown


def test_a_fixture_that_does_not_exist_is_named(project: Project) -> None:
    shown = project.run("something unknown is needed")
    assert HEAD.format(step="something unknown is needed") in shown
    assert "fixture 'unknown' not found" in shown


def test_a_failure_in_the_background_has_its_line(project: Project) -> None:
    shown = project.run("eu wins", background="nothing")
    assert "orders.feature:3\nScenario: The later one wins\n  FAILED       Given nothing\n  not reached" in shown
    assert 'StepDefinitionNotFoundError: Step definition is not found: Given "nothing"' in shown


def test_slow_steps_show_their_durations(project: Project) -> None:
    shown = project.run_timed("eu wins", background="a slow order")
    assert "  passed       Given a slow order  (0.0" in shown


def test_a_skipped_scenario_is_none_that_failed(project: Project) -> None:
    shown = project.run("it is skipped", "-rs")
    assert "1 skipped" in shown
    assert "FAILED" not in shown


@pytest.mark.parametrize("option", ["--tb=long", "--tb=native", "--full-trace", "--showlocals"])
def test_who_asks_for_python_gets_it_too(project: Project, option: str) -> None:
    shown = project.run("eu wins", option)
    assert HEAD.format(step="eu wins") in shown
    assert 'raise AssertionError("expected eu to win' in shown


def test_one_line_is_one_line(project: Project) -> None:
    shown = project.run("eu wins", "--tb=line")
    assert "orders.feature:6: expected eu to win\n" in shown
    assert "not reached" not in shown


def test_a_junit_file_has_the_message(project: Project) -> None:
    project.run("eu wins", "--junitxml=junit.xml")
    written = (project.pytester.path / "junit.xml").read_text("utf-8")
    assert '<failure message="expected eu to win">orders.feature:6\nScenario: The later one wins' in written
