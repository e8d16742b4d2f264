"""`python -m support.mutants` on a part of the features."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.mutants.__main__ import main
from support.tests.suite_runs import ROOT


def run(folder: Path, *arguments: str) -> tuple[int, str, Path]:
    """The exit code, what was shown, and the file that was written."""
    output = folder / "mutants.json"
    command = [sys.executable, "-m", "support.mutants", "--seeds", "1", "--output", str(output), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    return done.returncode, done.stdout + done.stderr, output


@pytest.mark.slow
def test_a_mutant_is_killed_with_a_message_and_one_that_no_scenario_notices_fails_the_command(tmp_path: Path) -> None:
    faults = ("--only", "attribute-rewritten", "--only", "latency-is-scaled=0")
    code, shown, output = run(tmp_path, "--feature", "exercise_2", *faults, "--seeds", "2")
    assert code == 1
    assert "killed     attribute-rewritten=region_created: " in shown
    assert 'region_created is "us-east-1" instead of "eu-west-1"' in shown
    assert "PROBLEM: latency-is-scaled=0: no scenario notices it" in shown
    told = json.loads(output.read_text())
    assert [each["status"] for each in told["mutants"]] == ["killed", "survived"]
    assert told["healthy_seeds"] == {"runs": 2, "red": 0}


@pytest.mark.parametrize(
    ("option", "name", "says"),
    [
        ("--only", "loses-delete", "there is no fault 'loses-delete': perhaps 'loses-deletes' was meant; "),
        ("--feature", "exercise_9", "--feature exercise_9: no file in features/ has this in its name"),
    ],
)
def test_an_unknown_fault_or_feature_ends_the_command(
    option: str, name: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([option, name])
    assert says in capsys.readouterr().err


@pytest.mark.slow
def test_a_signal_ends_the_command_in_one_line_after_the_runs_at_work(tmp_path: Path) -> None:
    options = ("--feature", "exercise_2", "--workers", "1", "--output", str(tmp_path / "x.json"))
    command = [sys.executable, "-m", "support.mutants", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        assert running.stdout is not None
        running.stdout.readline()
        running.send_signal(signal.SIGTERM)
        said = running.communicate(timeout=300)[0]
    assert running.returncode == 1
    assert said.splitlines()[-1] == "interrupted: no table was written"
    assert "Traceback" not in said
    assert not list(tmp_path.iterdir())
