"""Pytest plugin: a .feature file is a test file, and each of its scenarios a test under its own name.

`pytest "features/conflict_resolution.feature::Ireland writes first"` runs a scenario. Before any does, the
specification is linted. A test function has two attributes for the report: `template`, pytest-bdd's scenario,
and `gherkin_tags`, its tags of the form `@kind:value`.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

import pytest
from pytest_bdd import scenario
from pytest_bdd.feature import get_feature
from pytest_bdd.parser import ScenarioTemplate

from support.gherkin.installed import refuse_tests_without_packages, refuse_two_allure_plugins
from support.gherkin.lint import lint
from support.gherkin.regions import regions_key, rename_regions
from support.gherkin.specification import UNREADABLE, read_features, unreadable
from support.gherkin.tags import KindTag, declared_tags, kind_tags

scenarios_key = pytest.StashKey[int]()
"""How many scenarios the specification has, those of its examples counted one by one."""

FEATURES = "features"
TESTS = "support/tests"
STEPS = "steps"


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


def _test_function(path: Path, template: ScenarioTemplate) -> Callable[..., object]:
    bind = scenario(path.name, template.name, features_base_dir=str(path.parent))
    function: Any = bind(lambda: None)
    function.__code__ = _placed(cast(FunctionType, function).__code__, path, template.line_number)
    function.__test__ = True  # Whatever its name is: python_functions is for Python.
    function.template = template
    function.gherkin_tags = kind_tags(template)
    return cast(Callable[..., object], function)


def _placed(code: CodeType, path: Path, line: int) -> CodeType:
    """The same code as if it stood in the feature file: pytest, JUnit files and editors take the place from there."""
    return code.replace(co_filename=str(path), co_firstlineno=line)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> FeatureFile | None:
    if file_path.suffix != ".feature":
        return None
    return FeatureFile.from_parent(parent, path=file_path)


def pytest_bdd_apply_tag(tag: str, function: Callable[..., object]) -> bool | None:  # noqa: ARG001
    """Keep tags of a kind off pytest's markers; the others become markers as usual."""
    return True if KindTag.of(tag) else None


def pytest_configure() -> None:
    refuse_two_allure_plugins()


@pytest.hookimpl(tryfirst=True)  # Before xdist starts its workers.
def pytest_sessionstart(session: pytest.Session) -> None:
    """Refuse to run a specification that the lint objects to."""
    config = session.config
    features = (config.rootpath / FEATURES).resolve()
    if hasattr(config, "workerinput"):
        return
    if _asks_for(config, (config.rootpath / TESTS).resolve()):
        refuse_tests_without_packages()
    # --generate-missing is pytest-bdd's own list of the steps that are not defined.
    if not features.is_dir() or not _asks_for(config, features) or config.getoption("generate_missing", False):
        return
    written, _ = read_features(features)
    config.stash[scenarios_key] = sum(len(each.rows) for feature in written for each in feature.scenarios)
    problems = lint(features, STEPS, declared_tags(config.rootpath / "pyproject.toml"))
    if problems:
        head = f"the specification can't be run as it is ({len(problems)} to correct):"
        raise pytest.UsageError("\n".join([head, *map(str, problems)]))


def _asks_for(config: pytest.Config, folder: Path) -> bool:
    """Whether what was asked for is in a folder, or leads to it."""
    here = config.invocation_params.dir
    return any(_touches((here / argument.split("::")[0]).resolve(), folder) for argument in config.args)


def _touches(path: Path, folder: Path) -> bool:
    return path.is_relative_to(folder) or folder.is_relative_to(path)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let VS Code's test explorer list the rows of outlines: it breaks at parametrized tests that are not Python's."""
    if session.config.option.collectonly and session.config.pluginmanager.hasplugin("vscode_pytest"):
        _forget_parameters(session.items)


def _forget_parameters(items: Iterable[pytest.Item]) -> None:
    for item in items:
        if isinstance(item.parent, FeatureFile):
            vars(item).pop("callspec", None)
