"""What must not be installed beside each other, and what must be."""

import re
from importlib.metadata import PackageNotFoundError, distribution, requires

import pytest

PROJECT = "global-tables-acceptance"


def refuse_two_allure_plugins() -> None:
    """Say in one line what pytest says in fifty: both Allure plugins define the same options.

    The other one must be kept out by `-p no:allure_pytest_bdd`, or pytest ends before anybody is asked.
    """
    if _is_installed("allure-pytest-bdd"):
        raise pytest.UsageError(
            "allure-pytest-bdd is installed beside allure-pytest, and both define --alluredir: "
            "pip uninstall allure-pytest-bdd"
        )


def refuse_tests_without_packages() -> None:
    """Say in one line what the tests of the project lack: without it some would be skipped, most not be collected."""
    lines = (requires(PROJECT) if _is_installed(PROJECT) else None) or ()
    wanted = [PROJECT, *(re.split(r"[^\w.-]", line)[0] for line in lines if 'extra == "dev"' in line)]
    missing = [name for name in wanted if not _is_installed(name)]
    if missing:
        raise pytest.UsageError(f"the project's own tests need {', '.join(missing)}: pip install -e '.[dev]'")


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True
