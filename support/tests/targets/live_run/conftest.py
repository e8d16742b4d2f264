"""Preflight, as tests ask it."""

from collections.abc import Callable
from typing import Any

import pytest

from support.settings import read_settings
from support.targets.live_run.preflight import Readiness, examine
from support.tests.served import Served


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Readiness]:
    """What preflight finds, asked with the variables of a server."""

    def ask(server: Served, **options: Any) -> Readiness:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        return examine(read_settings(mode="live", **options))

    return ask
