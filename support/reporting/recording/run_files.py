"""What any Allure reads of a run as a whole: what was tested with what, who ran it, and the categories of trouble."""

import json
import os
import re
from collections import defaultdict
from collections.abc import Mapping
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

CI_SYSTEMS = {
    "GITHUB_RUN_ID": ("github", "GitHub Actions", "{GITHUB_WORKFLOW} #{GITHUB_RUN_NUMBER}", "GITHUB_RUN_NUMBER",
                      "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"),
    "GITLAB_CI": ("gitlab", "GitLab CI", "{CI_JOB_NAME} #{CI_PIPELINE_IID}", "CI_PIPELINE_IID", "{CI_JOB_URL}"),
    "JENKINS_URL": ("jenkins", "Jenkins", "{JOB_NAME} #{BUILD_NUMBER}", "BUILD_NUMBER", "{BUILD_URL}"),
}  # fmt: skip
"""By the variable that each sets: type and name for Allure, the title of a build, its number, and its address."""


def mode_of(config: pytest.Config) -> str:
    return config.stash.get(environment_key, {}).get("mode", "simulated")


def environment(config: pytest.Config) -> dict[str, str]:
    known: dict[str, str] = config.stash.get(environment_key, {})
    return {**known, "python": python_version(), **{package: version(package) for package in PACKAGES}}


def write_run_files(config: pytest.Config, folder: Path) -> None:
    """Write `environment.properties`, `categories.json` and, in a CI job, `executor.json` next to the results."""
    lines = [f"{_escaped(name, ' =:')} = {_escaped(value)}\n" for name, value in environment(config).items()]
    (folder / "environment.properties").write_text("".join(lines), encoding="utf-8")
    _write(folder / "categories.json", categories())
    executor = executor_of(os.environ)
    if executor:
        _write(folder / "executor.json", executor)


def executor_of(variables: Mapping[str, str]) -> dict[str, object]:
    """Which job of which CI system this is, from its variables; empty outside of the systems that are known here."""
    for marker, (kind, name, title, number, address) in CI_SYSTEMS.items():
        if variables.get(marker):
            known = defaultdict(str, variables)
            built = {"buildName": title.format_map(known), "buildUrl": address.format_map(known)}
            order = variables.get(number, "")
            return {"type": kind, "name": name, **built, **({"buildOrder": int(order)} if order.isdecimal() else {})}
    return {}


def _write(path: Path, values: object) -> None:
    path.write_text(json.dumps(values, indent=1), encoding="utf-8")


def _escaped(text: str, separators: str = "") -> str:
    """The text as a .properties file wants it: on one line, with a backslash before what would end a name."""
    return re.sub(rf"[\\{separators}]", r"\\\g<0>", text).replace("\n", "\\n")
