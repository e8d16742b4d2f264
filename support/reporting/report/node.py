"""Allure 3 is a program for Node.js: which Node this machine has, and how Allure is started with it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from support.reporting.error import ReportError

ALLURE = "allure@3.18.0"
"""Pinned: the page is finished by hand after Allure has written it, and its parts may move with any release."""

OLDEST_NODE = 22
CURE = "install Node.js 22 or newer, or pip install '.[report]' for the one on PyPI"


def find_node() -> Path:
    """The folder of a Node that is new enough: this Python's own, or the system's. Raises ReportError without one."""
    own, system, seen = Path(sys.executable).with_name("node"), shutil.which("node"), []
    for folder in {each.parent: None for each in (own, Path(system or own)) if each.exists()}:
        version = _version(folder / "node")
        if version >= OLDEST_NODE and (folder / "npx").exists():
            return folder
        seen.append(f"version {version} in {folder}" if (folder / "npx").exists() else f"no npx in {folder}")
    found = f"only {', '.join(seen)}" if seen else "none"
    raise ReportError(f"the report needs Node.js {OLDEST_NODE} or newer, and there is {found}; cure: {CURE}")


def run_allure(node: Path, folder: Path, arguments: list[str], environment: Mapping[str, str]) -> None:
    """Run Allure in a folder; npx fetches it the first time. Raises ReportError when it does not succeed."""
    path = f"{node}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [str(node / "npx"), "--yes", "--prefer-offline", ALLURE, *arguments],
        cwd=folder,
        env={**os.environ, **environment, "PATH": path, "ALLURE_NO_ANALYTICS": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        last = next(
            (line for line in said if "npm" in line and "code" in line), said[-1] if said else "it said nothing"
        )
        cure = "connect to an npm registry once; it is kept after that" if "npm" in last else "see its message"
        raise ReportError(f"{ALLURE} ended with {done.returncode}: {last}; cure: {cure}")


def _version(node: Path) -> int:
    """The major version of a Node; 0 if it can't tell."""
    try:
        said = subprocess.run([str(node), "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    found = re.match(r"v(\d+)\.", said)
    return int(found[1]) if found else 0
