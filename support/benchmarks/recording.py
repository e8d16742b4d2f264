"""A pytest plugin that writes down which calls the suite makes: `-p support.benchmarks.recording --record-calls FILE`.

Each line of the file is a JSON object: scenario, service, region, operation (boto3's name for it), parameters.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name

from support.simulator.boto_clients import BotoClients

make_client = BotoClients.client


class Recorder:
    """Listens to every client that the run makes, at the event in which botocore shows a call before it checks it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lines: list[str] = []
        self._scenario = ""
        self._patch = pytest.MonkeyPatch()

    def pytest_sessionstart(self) -> None:
        """Listen to the clients that are made from now on."""

        def client(maker: BotoClients, service: str, region: str) -> Any:
            made = make_client(maker, service, region)

            def note(params: Mapping[str, Any], model: Any, **_: Any) -> None:
                self._note(service, region, xform_name(model.name), params)

            made.meta.events.register(f"provide-client-params.{service}", note)
            return made

        self._patch.setattr(BotoClients, "client", client)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """The calls that follow belong to this scenario."""
        self._scenario = nodeid

    def pytest_sessionfinish(self) -> None:
        """Write the file."""
        self._patch.undo()
        self._file.write_text("".join(self._lines), encoding="utf-8")

    def _note(self, service: str, region: str, operation: str, parameters: Mapping[str, Any]) -> None:
        call = {"scenario": self._scenario, "service": service, "region": region, "operation": operation}
        self._lines.append(json.dumps({**call, "parameters": parameters}, default=_json) + "\n")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where to write the calls."""
    parser.addoption("--record-calls", type=Path, required=True, help="the file that the calls are written to")


def pytest_configure(config: pytest.Config) -> None:
    """Start the recorder."""
    config.pluginmanager.register(Recorder(config.getoption("--record-calls")))


def _json(value: object) -> str:
    """A time as text, which boto3 takes as well; other values (binary ones) would not come back as they were."""
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"a call with a {type(value).__name__} cannot be recorded")
