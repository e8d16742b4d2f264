"""With xdist, tests that share something costly run in one worker, and the slow ones first."""

import os

import pytest

from support.tests.forked_pytest import run_pytest
from support.tests.scheduling import SHARING
from support.tests.suite_runs import LEAN, ROOT

CONFTEST = "from support.tests.conftest import pytest_collection_modifyitems, pytest_xdist_make_scheduler"
SHARING_TESTS = """
import pytest

@pytest.mark.parametrize("number", range(6))
def test_sharing(number): ...
"""
OTHER_TESTS = """
import pytest

@pytest.mark.parametrize("number", range(6))
def test_quick(number): ...

@pytest.mark.slow
def test_slow(): ...
"""


@pytest.mark.parametrize("place", SHARING)
def test_what_shares_something_is_where_the_scheduling_looks_for_it(place: str) -> None:
    assert (ROOT / place).exists()


@pytest.mark.slow
def test_a_run_with_workers_keeps_them_together_and_starts_with_the_slow_ones(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeini("[pytest]\nmarkers = slow\n")
    pytester.makeconftest(CONFTEST)
    sharing = pytester.path / SHARING[0]
    sharing.parent.mkdir(parents=True)
    sharing.write_text(SHARING_TESTS)
    pytester.makepyfile(test_others=OTHER_TESTS)
    ran = run_pytest([*LEAN, "-n2", "-v", "--import-mode=importlib"], pytester.path, os.environ)
    lines = ran.stdout.splitlines()
    assert pytest.RunResult.parse_summary_nouns(lines) == {"passed": 13}
    ended = [line.split() for line in lines if line.startswith("[gw")]
    assert len({worker for worker, *_, test in ended if "test_sharing" in test}) == 1
    assert "test_slow" in next(test for *_, test in ended if "test_others" in test)
