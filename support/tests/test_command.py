"""What all commands have in common: a reader that has seen enough, places that can't be written to, any folder."""

import os
import subprocess
import sys
import tomllib

import pytest

from support.reporting.__main__ import main as make_report
from support.tests.suite_runs import ROOT

COMMANDS = [path.parent.name for path in (ROOT / "support").glob("*/__main__.py")]


@pytest.mark.slow
def test_a_command_whose_reader_has_seen_enough_ends_without_a_word() -> None:
    buffered = {**os.environ, "PYTHONUNBUFFERED": ""}  # Otherwise argparse keeps the broken pipe to itself.
    read, write = os.pipe()
    os.close(read)
    commands = {room: [sys.executable, "-m", f"support.{room}", "--help"] for room in COMMANDS}
    started = {
        room: subprocess.Popen(command, cwd=ROOT, env=buffered, stdout=write, stderr=subprocess.PIPE)
        for room, command in commands.items()
    }
    os.close(write)
    ended = {room: (each.communicate()[1], each.returncode) for room, each in started.items()}
    assert ended == dict.fromkeys(COMMANDS, (b"", 141))


@pytest.mark.parametrize("option", ["--json", "--summary", "--output", "--history", "$GITHUB_STEP_SUMMARY"])
def test_a_report_names_the_place_that_it_cannot_write_to(
    option: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "README.md/x" if option.startswith("$") else "")
    monkeypatch.chdir(ROOT)
    assert make_report([] if option.startswith("$") else [option, "README.md/x"]) == 1
    [line] = capsys.readouterr().err.splitlines()
    assert f"{option} README.md/x: Not a directory" in line


def test_what_is_no_python_is_installed_too() -> None:
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    patterns = [f"{package.replace('.', '/')}/{name}" for package, names in packed.items() for name in names]
    found = {path for pattern in patterns for path in ROOT.glob(pattern)}
    files = {path for room in ("features", "support") for path in (ROOT / room).rglob("*.*") if path.is_file()}
    assert {path for path in files - found if not path.suffix.startswith((".py", ".md", ".ambr"))} == set()
