"""What the terminal shows of a scenario that failed."""

import re

import pytest

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

    @then("all is well")
    def _(): pass
"""


def run(project: pytest.Pytester, step: str, *arguments: str, background: str = "an order") -> str:
    """What the terminal shows of a scenario with this step; any other step than the slow one can be slow by chance."""
    feature = f"""
        Feature: Orders
          Background:
            Given {background}
          Scenario: The later one wins
            Then all is well
            Then {step}
            And all is well
    """
    project.makefile(".feature", orders=feature)
    shown = project.runpytest_inprocess("orders.feature", "--tb=short", *arguments).stdout.str()
    return re.sub(r"(?<!a slow order)  \(\d+\.\d\d s\)$", "", shown, flags=re.M)


HEAD = """\
orders.feature:6
Scenario: The later one wins
  passed       Given an order
  passed       Then all is well
  FAILED       Then {step}
  not reached  And all is well

"""


@pytest.mark.parametrize("options", [(), pytest.param(("-n", "1"), marks=pytest.mark.slow)], ids=["alone", "worker"])
def test_a_verdict_is_shown_with_the_steps_and_without_python(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.setenv("CI", "true")  # In CI pytest would have the whole message in its summary.
    shown = run(project, "eu wins", *options)
    verdict = "E   expected eu to win\nE     eu-west-1: 200\nE     us-east-1: 150\n===="
    assert HEAD.format(step="eu wins") + verdict in shown
    assert "FAILED orders.feature::The later one wins - expected eu to win\n==" in shown


@pytest.mark.parametrize(("step", "message"), [("eu is asked", "expected eu to win"), ("eu fails", "eu failed")])
def test_of_a_verdict_its_message_is_shown(project: pytest.Pytester, step: str, message: str) -> None:
    assert HEAD.format(step=step) + f"E   {message}\n====" in run(project, step)


def test_any_other_error_has_a_traceback_of_our_own_code(project: pytest.Pytester) -> None:
    shown = run(project, "the suite breaks")
    _, traceback = shown.split(HEAD.format(step="the suite breaks"))
    files = [line.partition(":")[0] for line in traceback.splitlines() if ": in " in line]
    assert files == ["steps/orders.py"] * 3
    assert "E   KeyError: 'eu'" in traceback
    assert "E   ValueError: no such region\nE   at all\n" in traceback
    assert "FAILED orders.feature::The later one wins - ValueError: no such region\n" in traceback


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("nothing is said", "steps/orders.py:"),
        ("a link is needed", "steps/orders.py:7: in link"),
        ("something unknown is needed", "fixture 'unknown' not found"),
    ],
)
def test_what_has_no_words_is_shown_at_its_step_with_python(project: pytest.Pytester, step: str, says: str) -> None:
    shown = run(project, step)
    assert HEAD.format(step=step) in shown
    assert says in shown


def test_a_failure_in_the_background_has_its_line(project: pytest.Pytester) -> None:
    shown = run(project, "eu wins", background="nothing")
    assert "orders.feature:3\nScenario: The later one wins\n  FAILED       Given nothing\n  not reached" in shown
    assert 'Step definition is not found: Given "nothing"' in shown


def test_slow_steps_show_their_durations(project: pytest.Pytester) -> None:
    shown = run(project, "eu wins", background="a slow order")
    assert "  passed       Given a slow order  (0.0" in shown


@pytest.mark.parametrize("option", ["--tb=long", "--full-trace", "--showlocals"])
def test_a_traceback_option_adds_python_code(project: pytest.Pytester, option: str) -> None:
    shown = run(project, "eu wins", option)
    assert HEAD.format(step="eu wins") in shown
    assert 'raise AssertionError("expected eu to win' in shown


def test_tb_line_shows_a_failure_in_one_line(project: pytest.Pytester) -> None:
    shown = run(project, "eu wins", "--tb=line")
    assert "orders.feature:6: expected eu to win\n" in shown
    assert "not reached" not in shown
