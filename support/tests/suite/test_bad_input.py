"""A user's mistake gets one clear line with the cure, exit code 4, and nothing runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.tests.forked_pytest import run_pytest
from support.tests.served import Ran
from support.tests.suite_runs import LEAN, ROOT


def run_suite(*arguments: str, folder: Path = ROOT) -> tuple[int, list[str]]:
    """The exit code and the lines of `pytest features/` with these arguments."""
    ran = Ran.of(run_pytest([*LEAN, "features/", *arguments], folder, os.environ))
    return ran.code, list(ran.lines)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--mode", "lvie"], "ERROR: --mode lvie: there is no such mode; use --mode simulated"),
        (["--seed", "x"], "ERROR: --seed x: use a whole number from 0 to "),
        (["--probes", "0"], "ERROR: --probes 0: use a whole number from 1 to 1000, as in --probes 2"),
        (["--participant", "Ada L."], "as in --participant ada"),
        (["--fault", "gremlins"], "there is no fault 'gremlins': choose from cut-link"),
        (["--fault", "throttling=2"], "the fault throttling takes share, 0 to 1, as in throttling=0.2, not '2'"),
        (["--alluredir", "README.md/results"], "README.md/results: Not a directory; name a folder that can"),
        (["-p", "no:pytest-bdd"], "ERROR: pytest-bdd is not loaded: unset PYTEST_DISABLE_PLUGIN_AUTOLOAD"),
        (["--fault", "first-writer-wins=1"], "the fault first-writer-wins takes no value: leave out =1"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else "",
)
def test_a_bad_option_ends_the_run_with_one_line_and_exit_code_4(arguments: list[str], says: str) -> None:
    code, lines = run_suite(*arguments)
    assert code == 4
    assert len(lines) == 1
    assert says in lines[0]


@pytest.mark.slow
@pytest.mark.parametrize("module", ["pytest", "support.mutants"])
def test_python_that_leaves_out_every_check_is_refused(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-O", "-m", module], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode != 0
    [line] = [each for each in (done.stdout + done.stderr).splitlines() if each and not each.startswith(("usage", " "))]
    assert "every check: run" in line


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of this project, to be spoilt."""
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("features", "steps", "support"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("tests", "__pycache__"))
    return tmp_path


FEATURE = "features/exercise_1_write_primary_read_replica.feature"


def add(project: Path, place: str, text: str) -> None:
    with (project / place).open("a") as file:
        file.write(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("\n    Scenario: Nothing\n", "Nothing"),
        ("\n    Scenario: All attributes match exactly\n      Then the replication time is noted\n", "match exactly"),
        ("\n    Scenario: New\n      Then the moon is made of cheese\n", "the moon is made of cheese"),
        ("\n    @exercize_1\n    Scenario: New\n      Then the replication time is noted\n", "exercize_1"),
        ("\n    Scenarios: New\n      | a\n", FEATURE),
    ],
    ids=["empty scenario", "name used twice", "undefined step", "undeclared tag", "no Gherkin"],
)
def test_a_spoilt_feature_is_named_with_its_line(project: Path, text: str, says: str) -> None:
    add(project, FEATURE, text)
    code, lines = run_suite(folder=project)
    assert code == 4
    assert any(f"{FEATURE}:" in line and says in line for line in lines), lines
    assert not any("Traceback" in line for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize("sentence", ["the replication time is noted", "nobody ever says this"])
def test_a_step_that_is_defined_twice_or_unused_is_named(project: Path, sentence: str) -> None:
    add(
        project,
        "steps/links.py",
        f'\n\n@when("{sentence}")\n@then("{sentence}")\ndef again() -> None:\n    """Again."""\n',
    )
    path = project / "steps/links.py"
    path.write_text(path.read_text().replace("import given, when", "import given, then, when"))
    code, lines = run_suite(folder=project)
    assert code == 4
    assert any("steps/links.py" in line for line in lines), lines


def test_both_allure_plugins_are_refused(project: Path) -> None:
    metadata = project / "allure_pytest_bdd-2.16.2.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: allure-pytest-bdd\nVersion: 2.16.2\n")
    code, lines = run_suite(folder=project)
    assert code == 4
    assert len(lines) == 1
    assert "pip uninstall allure-pytest-bdd" in lines[0]
