import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.tests.gherkin.lint_project import Project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    yield Project(tmp_path)
    for name in [name for name in sys.modules if name.startswith(Project.package)]:
        del sys.modules[name]
