"""What must not be installed beside each other."""

from importlib.metadata import PackageNotFoundError, distribution

import pytest


def refuse_two_allure_plugins() -> None:
    """Say in one line what pytest says in fifty: both Allure plugins define the same options.

    The other one must be kept out by `-p no:allure_pytest_bdd`, or pytest ends before anybody is asked.
    """
    try:
        distribution("allure-pytest-bdd")
    except PackageNotFoundError:
        return
    raise pytest.UsageError(
        "allure-pytest-bdd is installed beside allure-pytest, and both define --alluredir: "
        "pip uninstall allure-pytest-bdd"
    )
