"""Requests over HTTP to the simulator, beside DynamoDB Local where `$DYNAMODB_LOCAL` names its folder."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any

import boto3
from botocore.config import Config

from support.benchmarks.bare import REGIONS
from support.benchmarks.growth import calls, item
from support.benchmarks.measuring import CLOCK, ROOT, NotMeasuredError, Plan
from support.benchmarks.rows import Row, unmeasured
from support.page.workshop import TABLE, TABLE_NAME

FOLDER = "DYNAMODB_LOCAL"
JAR = "DynamoDBLocal.jar"
SECONDS_TO_START = 60
BATCH = 25
FASTEST = 0.2
"""The share of calls whose slowest stands for all: a busy machine slows the others down, each server differently."""

HOME = REGIONS[0]


def rows(plan: Plan) -> list[Row]:
    """Each request at the simulator and at DynamoDB Local; none where that is missing."""
    folder = Path(os.environ.get(FOLDER) or "/nowhere")
    if not (folder / JAR).is_file() or not which("java"):
        return []
    libraries = f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}"
    ports = _free_ports()
    simulator = (sys.executable, "-m", "support.simulator", "--port", str(ports[0]))
    java = ("java", "-Xmx256m", libraries, "-jar", JAR, "-inMemory", "-port", str(ports[1]))
    try:
        with serving(simulator, ROOT, ports[0]) as ours, serving(java, folder, ports[1]) as local:
            return _rows(plan, ours, local)
    except NotMeasuredError as error:
        return [unmeasured("requests over HTTP", str(error))]


@contextmanager
def serving(command: Sequence[str], folder: Path, port: int) -> Iterator[Any]:
    """A server with a table in it, and a client of it. Raises NotMeasuredError when it does not start."""
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield _client(port)
        finally:
            process.kill()


def _rows(plan: Plan, ours: Any, local: Any) -> list[Row]:
    local.create_table(**TABLE)
    puts = [{"PutRequest": {"Item": item(number)}} for number in range(plan.items_over_http)]
    for first in range(0, len(puts), BATCH):
        for client in (ours, local):
            client.batch_write_item(RequestItems={TABLE_NAME: puts[first : first + BATCH]})
    return [_row(plan, work, ours, local) for work in ("query", "query of an index", "put", "get")]


def _row(plan: Plan, work: str, ours: Any, local: Any) -> Row:
    call = calls(plan.items_over_http)[work]
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(2 * plan.calls):
        for client, taken in zip((ours, local), times, strict=True):
            started = CLOCK.elapsed()
            call(client, number * 7919)
            if number >= plan.calls:  # Java is slow until it has compiled what is often done
                taken.append(CLOCK.elapsed() - started)
    simulator, other = (1000 * sorted(each)[int(FASTEST * len(each))] for each in times)
    how = f"{simulator:.2f} ms, there {other:.2f} ms: the fastest {FASTEST:.0%} of {plan.calls} calls are no slower"
    return Row(
        f"{work} over HTTP, among {plan.items_over_http:,} items", "DynamoDB Local", 1.0, "x", simulator / other, how
    )


def _client(port: int) -> Any:
    once = Config(retries={"total_max_attempts": 1})
    session = boto3.session.Session("simulated", "simulated", region_name=HOME)
    return session.client("dynamodb", endpoint_url=f"http://127.0.0.1:{port}", config=once)


def _free_ports() -> list[int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return [server.getsockname()[1] for server in (one, other)]


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    started = CLOCK.elapsed()
    while CLOCK.elapsed() - started < SECONDS_TO_START:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        CLOCK.wait(0.05)
    raise NotMeasuredError(f"{Path(str(process.args[0])).name} does not answer")  # type: ignore[index]
