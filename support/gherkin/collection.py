"""Pytest plugin: a .feature file is a test file, and each of its scenarios a test under its own name.

`pytest "features/conflict_resolution.feature::Ireland writes first"` runs a scenario. Before any does, the
specification is linted.
"""

import re
from collections.abc import Callable
from importlib.metadata import distributions, requires
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_bdd import scenario
from pytest_bdd.feature import get_feature
from pytest_bdd.parser import ScenarioTemplate

from support.gherkin.lint import lint
from support.gherkin.regions import regions_key, rename_regions
from support.gherkin.specification import UNREADABLE, read_features, unreadable
from support.gherkin.tags import declared_tags
from support.page.scenarios import CLAIM

scenarios_key = pytest.StashKey[int]()
"""How many scenarios the specification has, those of its examples counted one by one."""

PROJECT = "global-tables-acceptance"


class FeatureFile(pytest.Module):
    """A feature file as pytest sees it: a module with a function for each scenario."""

    def _getobj(self) -> ModuleType:
        # Underscored, but meant to be overridden, as pytest says; the public `collect` comes too late for fixtures.
        try:
            templates = get_feature(str(self.path.parent), self.path.name).scenarios
        except UNREADABLE as error:
            raise self.CollectError(str(unreadable(self.path, error))) from None
        module = ModuleType(self.path.stem)
        for name, template in templates.items():
            rename_regions(template, self.config.stash.get(regions_key, {}))
            setattr(module, name, _test_function(self.path, template))
        return module


def _test_function(path: Path, template: ScenarioTemplate) -> Any:
    bind = scenario(path.name, template.name, features_base_dir=str(path.parent))
    function: Any = bind(lambda: None)
    # As if it stood in the feature file: pytest, JUnit files and editors take the place from there.
    function.__code__ = function.__code__.replace(co_filename=str(path), co_firstlineno=template.line_number)
    function.__test__ = True  # Whatever its name is: python_functions is for Python.
    return function


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
    if file_path.suffix != ".feature":
        return None
    return FeatureFile.from_parent(parent, path=file_path)


def pytest_bdd_apply_tag(tag: str, function: Callable[..., object]) -> bool | None:  # noqa: ARG001
    """Keep the tags of claims off pytest's markers, of which each would have to be declared; all others become some."""
    return True if tag.startswith(CLAIM) else None


def pytest_configure() -> None:
    """Say in one line what pytest says in fifty: both Allure plugins define the same options.

    The other one must be kept out by `-p no:allure_pytest_bdd`, or pytest ends before this is asked.
    """
    if _is_installed("allure-pytest-bdd"):
        raise pytest.UsageError(
            "allure-pytest-bdd is installed beside allure-pytest, and both define --alluredir: "
            "pip uninstall allure-pytest-bdd"
        )


@pytest.hookimpl(tryfirst=True)  # Before xdist starts its workers.
def pytest_sessionstart(session: pytest.Session) -> None:
    """Refuse to run a specification that the lint objects to."""
    config = session.config
    features = (config.rootpath / "features").resolve()
    if hasattr(config, "workerinput"):
        return
    if _asks_for(config, (config.rootpath / "support/tests").resolve()):
        _refuse_tests_without_packages()
    # --generate-missing is pytest-bdd's own list of the steps that are not defined.
    if not features.is_dir() or not _asks_for(config, features) or config.getoption("generate_missing", False):
        return
    written, _ = read_features(features)
    config.stash[scenarios_key] = sum(len(each.rows) for feature in written for each in feature.scenarios)
    problems = lint(features, "steps", declared_tags(config.rootpath / "pyproject.toml"))
    if problems:
        head = f"the specification can't be run as it is ({len(problems)} to correct):"
        raise pytest.UsageError("\n".join([head, *map(str, problems)]))


def _asks_for(config: pytest.Config, folder: Path) -> bool:
    """Whether what was asked for is in a folder, or leads to it."""
    paths = ((config.invocation_params.dir / argument.split("::")[0]).resolve() for argument in config.args)
    return any(path.is_relative_to(folder) or folder.is_relative_to(path) for path in paths)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let VS Code's test explorer list the rows of outlines: it breaks at parametrized tests that are not Python's."""
    if session.config.option.collectonly and session.config.pluginmanager.hasplugin("vscode_pytest"):
        for item in session.items:
            if isinstance(item.parent, FeatureFile):
                vars(item).pop("callspec", None)


def _refuse_tests_without_packages() -> None:
    """Say in one line what the tests of the project lack: without it some would be skipped, most not be collected."""
    lines = (requires(PROJECT) if _is_installed(PROJECT) else None) or ()
    wanted = [PROJECT, *(re.split(r"[^\w.-]", line)[0] for line in lines if 'extra == "dev"' in line)]
    missing = [name for name in wanted if not _is_installed(name)]
    if missing:
        raise pytest.UsageError(f"the project's own tests need {', '.join(missing)}: pip install -e '.[dev]'")


def _is_installed(name: str) -> bool:
    return any(distributions(name=name))
