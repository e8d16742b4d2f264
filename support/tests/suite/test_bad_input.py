"""A user's mistake gets one clear line with the cure, exit code 4, and nothing runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.tests.forked_pytest import run_pytest
from support.tests.suite_runs import ROOT, Ran, pytest_run


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--mode", "lvie"], "ERROR: --mode lvie: there is no such mode; use --mode simulated"),
        (["--alluredir", "README.md/results"], "README.md/results: Not a directory; use a folder that can"),
        (["-p", "no:pytest-bdd"], "ERROR: pytest-bdd is not loaded: unset PYTEST_DISABLE_PLUGIN_AUTOLOAD"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_a_bad_option_ends_the_run_with_one_line_and_exit_code_4(arguments: list[str], says: str) -> None:
    ran = pytest_run("features/", *arguments)
    assert (ran.code, len(ran.lines)) == (4, 1)
    assert says in ran.lines[0]


@pytest.mark.slow
@pytest.mark.parametrize("module", ["pytest", "support.mutants"])
def test_python_that_leaves_out_every_check_is_refused(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-O", "-m", module], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode != 0
    [line] = [each for each in (done.stdout + done.stderr).splitlines() if each and not each.startswith(("usage", " "))]
    assert "every check: run" in line


TAKES_ALL = """
from support.settings import OPTIONS

def pytest_addoption(parser):
    for option in OPTIONS:
        parser.addoption(option.flag, dest=f"theirs_{option.field}")
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--seed=8", "--global-tables-seed=7"], 0, ["seed 7", "--mode is another plugin's, use --global-tables-mode"]),
        (["-q", "--mode=live"], 4, ["ERROR: --mode is another plugin's here: use --global-tables-mode"]),
    ],
)
def test_names_that_another_plugin_has_too_are_reached_by_longer_ones(
    arguments: list[str], code: int, says: list[str], tmp_path: Path
) -> None:
    (tmp_path / "takes_all.py").write_text(TAKES_ALL)
    ran = pytest_run("-p", "takes_all", "features/", "-m", "health", *arguments, PYTHONPATH=str(tmp_path))
    assert (ran.code, all(map(ran.has, says))) == (code, True), ran.lines


@pytest.mark.slow
def test_features_are_what_a_run_without_a_path_means_and_it_needs_no_cache() -> None:
    no_cache = ("-o", "cache_dir=README.md/cache")  # as where nobody may write
    ran = Ran.of(run_pytest(["-p", "no:randomly", "-m", "health", *no_cache], ROOT, os.environ))
    assert (ran.code, ran.has("5 passed, ")) == (0, True), ran.lines


def test_a_project_that_pytest_looks_for_elsewhere_is_refused(tmp_path: Path) -> None:
    ran = pytest_run("--alluredir", str(tmp_path))
    assert (ran.code, len(ran.lines)) == (4, 1)
    assert "--alluredir=" in ran.lines[0]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of this project, to be spoilt."""
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("features", "steps", "support"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("tests", "__pycache__"))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "metadata", "argument", "cure"),
    [
        ("allure_pytest_bdd", "Name: allure-pytest-bdd", "features", "pip uninstall allure-pytest-bdd"),
        (
            "global_tables_acceptance",
            'Name: global-tables-acceptance\nRequires-Dist: not-there>=1; extra == "dev"',
            "support/tests",
            "need not-there: pip install -e '.[dev]'",
        ),
    ],
)
def test_what_is_installed_too_much_or_too_little_is_said(
    name: str, metadata: str, argument: str, cure: str, project: Path
) -> None:
    folder = project / f"{name}-9.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\n{metadata}\nVersion: 9\n")
    ran = pytest_run("features/", argument, folder=project)
    assert (ran.code, len(ran.lines)) == (4, 1)
    assert cure in ran.lines[0]
