"""`python -m support.simulator`: a global table on loopback for any SDK, in real time."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import boto3

from support.clock import WallClock
from support.tests.red import ROOT
from support.workshop import TABLE

COMMAND = [sys.executable, "-m", "support.simulator"]
ITEM = {"PK": {"S": "USER#1"}, "SK": {"S": "PROFILE"}}


@contextmanager
def running(*options: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The process, and the lines that it prints when it is ready."""
    with subprocess.Popen([*COMMAND, "--port", "0", *options], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, [process.stdout.readline().strip() for _ in range(3)]
        finally:
            process.kill()


def endpoint(lines: list[str]) -> str:
    return lines[1].rpartition("=")[2]


def replicates(url: str, within: float) -> bool:
    """Whether an item that boto3 puts into one region is found in the other."""
    session = boto3.session.Session(aws_access_key_id="x", aws_secret_access_key="y")
    virginia, ireland = (session.client("dynamodb", name, endpoint_url=url) for name in ("us-east-1", "eu-west-1"))
    virginia.put_item(TableName=TABLE["TableName"], Item=ITEM)
    clock = WallClock()
    while clock.elapsed() < within:
        if ireland.get_item(TableName=TABLE["TableName"], Key=ITEM).get("Item") == ITEM:
            return True
        clock.wait(0.05)
    return False


def test_any_sdk_can_use_it_and_it_replicates_in_real_time() -> None:
    with running("--lag", "0.2") as (_, lines):
        assert lines[0] == (
            "ready: the table demo-ecommerce-freetier in us-east-1,eu-west-1, lag around 0.2 s, faults: none"
        )
        assert replicates(endpoint(lines), within=10)


def test_a_fault_is_said_and_works() -> None:
    with running("--lag", "0.1", "--fault", "lost-write") as (_, lines):
        assert lines[0].endswith("faults: lost-write=1")
        assert not replicates(endpoint(lines), within=1)


def test_ctrl_c_ends_it_without_a_traceback() -> None:
    with running() as (process, _):
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0


def test_a_port_that_is_taken_is_one_line() -> None:
    with running() as (_, lines):
        taken = endpoint(lines).rpartition(":")[2]
        done = subprocess.run([*COMMAND, "--port", taken], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.strip() == f"port {taken} can't be used: Address already in use; name another with --port"


def test_a_fault_that_nobody_knows_is_refused() -> None:
    command = [*COMMAND, "--fault", "gremlins"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "there is no fault 'gremlins'" in done.stderr
