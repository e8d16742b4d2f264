"""What any Allure reads of a run as a whole: what was tested with what, and the categories of trouble."""

import json
import re
from importlib.metadata import version
from pathlib import Path
from platform import python_version

import pytest

from support.reporting.recording.cause import categories

PACKAGES = ("pytest", "pytest-bdd", "allure-pytest", "boto3", "moto")

environment_key = pytest.StashKey[dict[str, str]]()
"""Where conftest.py puts what it knows of the run: mode, seed, regions. It is published: no account, path or host."""

page_changes_key = pytest.StashKey[dict[str, str]]()
"""Where conftest.py puts what another version of the page says differently: the change in words, by the claim's id;
empty words for what is corrected there as suggested."""


def mode_of(config: pytest.Config) -> str:
    return config.stash.get(environment_key, {}).get("mode", "simulated")


def environment(config: pytest.Config) -> dict[str, str]:
    known: dict[str, str] = config.stash.get(environment_key, {})
    return {**known, "python": python_version(), **{package: version(package) for package in PACKAGES}}


def write_run_files(config: pytest.Config, folder: Path) -> None:
    """Write `environment.properties` and `categories.json` next to the results."""
    lines = [f"{_escaped(name, ' =:')} = {_escaped(value)}\n" for name, value in environment(config).items()]
    (folder / "environment.properties").write_text("".join(lines), encoding="utf-8")
    (folder / "categories.json").write_text(json.dumps(categories(), indent=1), encoding="utf-8")


def _escaped(text: str, separators: str = "") -> str:
    """The text as a .properties file wants it: on one line, with a backslash before what would end a name."""
    return re.sub(rf"[\\{separators}]", r"\\\g<0>", text).replace("\n", "\\n")
