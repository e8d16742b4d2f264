"""A project of its own for a test that runs pytest on features."""

import sys

import pytest

CONFTEST = """
    pytest_plugins = ["support.gherkin.collection", "support.gherkin.failures", "steps.orders"]
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
