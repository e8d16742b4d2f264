"""A forked run of pytest is what a run in an interpreter of its own would be."""

import os
from pathlib import Path
from subprocess import TimeoutExpired

import pytest

from support.tests.forked_pytest import run_pytest
from support.tests.suite_runs import LEAN

TEST = """
import os, sys

def test_it():
    import support
    print(sorted(name for name in os.environ if not name.startswith("PYTEST_")), os.getcwd(), support.PLACE)
    print("said to stderr", file=sys.stderr)
    assert "moto" in sys.modules, "nothing was loaded before"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a suite of its own."""
    (tmp_path / "support").mkdir()
    (tmp_path / "support" / "__init__.py").write_text("PLACE = 'the suite of the folder'\n")
    (tmp_path / "test_it.py").write_text(TEST)
    return tmp_path


def test_it_has_its_own_environment_folder_and_suite(folder: Path) -> None:
    done = run_pytest([*LEAN, "-s", "-q"], folder, {"HOME": "/nowhere"})
    assert done.returncode == 0, done.stdout
    assert f"['HOME'] {folder} the suite of the folder" in done.stdout
    assert done.stderr == "said to stderr\n"


def test_its_exit_code_is_that_of_pytest(folder: Path) -> None:
    assert run_pytest([*LEAN, "-k", "another"], folder, os.environ).returncode == pytest.ExitCode.NO_TESTS_COLLECTED


CHANGES_A_LIBRARY = """
import json

def test_it():
    assert not hasattr(json, "left")
    json.left = True
"""


def test_what_it_changes_in_a_library_is_not_there_in_the_next_run(folder: Path) -> None:
    (folder / "test_it.py").write_text(CHANGES_A_LIBRARY)
    assert [run_pytest(LEAN, folder, os.environ).returncode for _ in range(2)] == [0, 0]


def test_one_that_takes_too_long_is_ended(folder: Path) -> None:
    (folder / "test_it.py").write_text("import time\n\ndef test_it():\n    time.sleep(60)\n")
    with pytest.raises(TimeoutExpired):
        run_pytest(LEAN, folder, os.environ, timeout=2)
