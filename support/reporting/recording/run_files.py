"""What was tested with what: the file that Allure shows as the metadata of a run."""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version

import pytest

PACKAGES = ("pytest", "pytest-bdd", "allure-pytest", "boto3", "moto")

environment_key = pytest.StashKey[dict[str, str]]()
"""Where conftest.py puts what it knows of the run: mode, seed, regions. It is published: no account, path or host."""


def environment(config: pytest.Config) -> dict[str, str]:
    """What conftest.py has put down, and the versions of what the suite is made of."""
    known: dict[str, str] = config.stash.get(environment_key, {})
    return {**known, "python": python_version(), **_versions()}


def write_environment(config: pytest.Config, folder: Path) -> None:
    """Write `environment.properties` next to the results."""
    lines = [f"{_escaped(name, ' =:')} = {_escaped(value)}\n" for name, value in environment(config).items()]
    (folder / "environment.properties").write_text("".join(lines), encoding="utf-8")


def _versions() -> dict[str, str]:
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions


def _escaped(text: str, separators: str = "") -> str:
    """The text as a .properties file wants it: on one line, with a backslash before what would end a name."""
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    for separator in separators:
        text = text.replace(separator, f"\\{separator}")
    return text
