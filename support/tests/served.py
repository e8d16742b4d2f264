"""A simulated table behind a port, and live runs of the suite against it: real HTTP, real boto3, real time."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from support.clock import WallClock
from support.page.workshop import TABLE, TABLE_NAME, TIME_TO_LIVE_ATTRIBUTE
from support.simulator import Lag, Simulator, fault_named
from support.simulator.http.server import serve
from support.simulator.messages import Request, Response
from support.tests.forked_pytest import run_pytest
from support.tests.http_clients import http_client
from support.tests.quick_clock import QuickClock
from support.tests.suite_runs import LEAN, PYTEST, ROOT, Ran, separate_root

US, EU = "us-east-1", "eu-west-1"
QUICK = Lag(median=1, spread=0.2)
HEARING = """
import os, signal, sys
for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(each, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
LIVE = ("-p", "support.tests.quick_clock", "--mode", "live")
ATTEMPTS = 20
"""So that what a test itself asks gets an answer, whatever faults are on."""
KEYS = {"AWS_ACCESS_KEY_ID": "simulated", "AWS_SECRET_ACCESS_KEY": "simulated"}


@dataclass(frozen=True)
class Served:
    """A simulator behind an address, the requests that have come to it, and a root for the runs against it."""

    simulator: Simulator
    url: str
    root: Path = ROOT
    regions: tuple[str, str] = (US, EU)
    more: Mapping[str, str] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    _clients: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The variables with which any SDK reaches it, and no configuration of the user's."""
        endpoints = {f"AWS_ENDPOINT_URL_{service}": self.url for service in ("DYNAMODB", "CLOUDWATCH", "FIS")}
        no_files = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), os.devnull)
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTEST_", "GLOBAL_"))
        }
        return {**kept, **no_files, **endpoints, **KEYS, "AWS_EC2_METADATA_DISABLED": "true", **self.more}

    def client(self, region: str, service: str = "dynamodb") -> Any:
        """A client over HTTP, which is made once."""
        if (region, service) not in self._clients:
            self._clients[region, service] = http_client(self.url, region, service, ATTEMPTS)
        return self._clients[region, service]

    def items(self, region: str) -> list[dict[str, Any]]:
        """All items of the table in a region, in the order of their keys."""
        pages = self.client(region).get_paginator("scan").paginate(TableName=TABLE_NAME, ConsistentRead=True)
        items = [item for page in pages for item in page["Items"]]
        return sorted(items, key=lambda item: (item["PK"]["S"], item["SK"]["S"]))

    def command(self, *options: str) -> list[str]:
        """The command of a live run of some features."""
        return [*PYTEST, *LIVE, *options]

    def run(self, *options: str, timeout: float = 300) -> Ran:
        """Run features to the end."""
        return Ran.of(run_pytest([*LEAN, *LIVE, *options], self.root, self.environment, timeout))

    def journals(self) -> list[tuple[str, int]]:
        """The run and the process that each journal is of."""
        names = [path.name.split(".") for path in (self.root / "reports" / "journal").glob("*.jsonl")]
        return [(run, int(process.rpartition("-")[2])) for run, process, _ in names]

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Start a run of features that hears all signals, whatever this process ignores."""
        return subprocess.Popen(
            [sys.executable, "-c", HEARING, *self.command(*options)], cwd=self.root, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip


def finished(command: Sequence[str], environment: Mapping[str, str], folder: Path = ROOT, timeout: float = 300) -> Ran:
    """Run a command to its end."""
    done = subprocess.run(
        command, cwd=folder, env=dict(environment), capture_output=True, text=True, check=False, timeout=timeout
    )
    return Ran.of(done)


def until(happened: Callable[[], bool], within: float = 120) -> None:
    """Wait for something that another process does."""
    clock = WallClock()
    while not happened():
        assert clock.elapsed() < within, "it does not happen"
        clock.wait(0.05)


@contextmanager
def served(
    *faults: str, regions: tuple[str, str] = (US, EU), lag: Lag = QUICK, table: Mapping[str, Any] | None = TABLE,
    refusing: tuple[str, str] | None = None, latest_effect: float = 0, **variables: str,
) -> Iterator[Served]:  # fmt: skip
    """Serve a simulator with the workshop's table (None: with no table) as long as the block lasts.

    `refusing` is an error of AWS's that it answers with, and the service that does so.
    """
    broken = [fault_named(text) for text in faults]
    simulator = Simulator(QuickClock(), regions, lag=lag, faults=broken, latest_effect=latest_effect)
    with closing(simulator), TemporaryDirectory() as root:
        if table:
            simulator.create_global_table(table, TIME_TO_LIVE_ATTRIBUTE)
        requests = listen(simulator, *(refusing or ("", "")))
        with serve(simulator) as server:
            yield Served(simulator, server.url, separate_root(Path(root)), regions, variables, requests)


def listen(simulator: Simulator, code: str, service: str) -> list[Request]:
    """The requests that will come; one service may answer them all with an error, in AWS's words."""
    requests: list[Request] = []
    answer = simulator.router.answer
    refusal = Response.error(code, "User: arn:aws:iam::123456789012:user/ada is not authorized", 403)

    def listening(request: Request) -> Response:
        requests.append(request)
        return refusal if request.service == service else answer(request)

    simulator.router.answer = listening  # type: ignore[method-assign]
    return requests


def telling(server: Served, operation: str, change: Callable[[Request, Response], Response]) -> Callable[[], None]:
    """Let a served simulator answer an operation with something else, until what it returns is called."""
    answer = server.simulator.router.answer

    def changed(request: Request) -> Response:
        response = answer(request)
        return change(request, response) if request.operation == operation else response

    server.simulator.router.answer = changed  # type: ignore[method-assign]
    return partial(setattr, server.simulator.router, "answer", answer)
