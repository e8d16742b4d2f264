"""Tests depend on nothing that the user has configured: what they start inherits a clean environment.

With xdist the slow ones start first, so that no worker is alone with one at the end.
"""

import gc
import os
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from support.targets.run import is_worker

# The same examples on every push; others, and ten times as many, with --hypothesis-profile=nightly. Laws that take long
# are held against a part of them.
settings.register_profile("push", max_examples=100, derandomize=True, deadline=None, database=None)
settings.register_profile("nightly", max_examples=1000, derandomize=False, deadline=None)
settings.load_profile("push")

CONFIGURATION = re.compile(r"(AWS|MOTO|GLOBAL_TABLES)_.*|.*_(PROXY|CA_BUNDLE)", re.IGNORECASE)
OF_THE_TESTS = ("AWS_CLI",)
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
NO_FILES = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)

# Without its cache, which many containers switch off, each worker and each run of a test would compile the suite anew.
sys.dont_write_bytecode = False

# Tests by the thousand make objects by the million: at the usual thresholds every sixth second goes to look at them.
gc.set_threshold(20_000, 20, 50)


# Of a project of its own, for a test that runs pytest on features.
CONFTEST = """
    pytest_plugins = ["support.gherkin.collection", "support.reporting.plugin", "steps.orders"]
"""

PYPROJECT = """
    [tool.pytest.ini_options]
    testpaths = ["features", "tests"]
    pythonpath = ["."]
    addopts = ["-p", "no:randomly", "-p", "no:hypothesispytest", "--strict-markers", "--import-mode=importlib"]
    markers = ["exercise_1", "exercise_2", "first_row"]
"""


@pytest.fixture
def project(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> pytest.Pytester:
    """Its steps, STEPS of the module, must not be taken for those of this repository."""
    for name in [name for name in sys.modules if name.split(".")[0] == "steps"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makepyprojecttoml(PYPROJECT)
    pytester.makeconftest(CONFTEST)
    pytester.mkpydir("steps")
    pytester.makepyfile(**{"steps/orders": request.module.STEPS})
    return pytester


@pytest.fixture(scope="session", autouse=True)
def nothing_configured() -> Iterator[None]:
    """Take options, endpoints, profiles and proxies out of the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [each for each in os.environ if CONFIGURATION.fullmatch(each) and each not in OF_THE_TESTS]:
            patch.delenv(name)
        patch.delenv(NO_BYTECODE, raising=False)
        for name, value in {**NO_FILES, "AWS_EC2_METADATA_DISABLED": "true"}.items():
            patch.setenv(name, value)
        yield


@pytest.hookimpl(trylast=True)  # When others have left tests out, and put the rest in an order by chance.
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what is slow first in each worker, live runs before all else; all workers must come to the same order."""
    if is_worker(config):
        items.sort(key=lambda item: (item.get_closest_marker("slow") is None, "/targets/" not in item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object | None:
    """Let the tests of a module run in one worker: they may share a browser, an engine in Java, or live runs."""
    if config.getvalue("dist") != "load":
        return None
    from xdist.scheduler import LoadFileScheduling  # xdist may not be installed

    return LoadFileScheduling(config, log)  # type: ignore[no-any-return]  # xdist has no types
