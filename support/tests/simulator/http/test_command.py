"""`python -m support.simulator`: a global table on loopback for any SDK, in real time."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from support.options import OptionError
from support.page.workshop import TABLE
from support.simulator.__main__ import read_options
from support.tests.suite_runs import ROOT

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "support.simulator"]


@contextmanager
def running(*options: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    with subprocess.Popen([*COMMAND, "--port", "0", *options], cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, [process.stdout.readline().strip() for _ in range(4)]
        finally:
            process.kill()


def environment(lines: list[str]) -> dict[str, str]:
    exported = [word for line in lines if line.startswith("export ") for word in line.split()[1:]]
    return {"PATH": os.environ["PATH"], "HOME": "/nowhere", **dict(word.split("=", 1) for word in exported)}


SCRIPT = """
import boto3, time
here, there = boto3.client("dynamodb"), boto3.client("dynamodb", "eu-west-1")
(table,) = here.list_tables()["TableNames"]
(stream,) = boto3.client("dynamodbstreams").list_streams(TableName=table)["Streams"]
boto3.client("dynamodbstreams").describe_stream(StreamArn=stream["StreamArn"])
assert boto3.client("cloudwatch").list_metrics(Namespace="AWS/DynamoDB")["Metrics"] == []
item = {"PK": {"S": "USER#1"}, "SK": {"S": "PROFILE"}}
here.put_item(TableName=table, Item=item)
for _ in range(600):
    if there.get_item(TableName=table, Key=item).get("Item") == item:
        print(table)
        break
    time.sleep(0.1)
"""


def test_the_exported_variables_are_all_that_boto3_needs_and_it_replicates_in_real_time() -> None:
    with running("--lag", "0.2") as (_, lines):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT], env=environment(lines), capture_output=True, text=True, check=False
        )
    assert "us-east-1,eu-west-1, lag around 0.2 s, faults: none" in lines[0]
    assert (done.stdout.strip(), done.stderr) == (TABLE["TableName"], "")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_it_without_a_traceback(ending: signal.Signals) -> None:
    with running() as (process, _):
        process.send_signal(ending)
        assert process.wait(timeout=120) == 0


def test_a_port_that_is_taken_is_one_line() -> None:
    with running() as (_, lines):
        taken = lines[1].rpartition(":")[2]
        done = subprocess.run([*COMMAND, "--port", taken], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"port {taken} can't be used: Address already in use" in done.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--port", "65536"], "use a whole number from 0 to 65535"),
        (["--regions", "us-east-1,mars-1"], "'mars-1' is no region"),
        (["--lag", "inf"], "use seconds from 0"),
        (["--fault", "gremlins"], "there is no fault"),
        (["--regions", "us-east-1,eu-central-1", "--fault", "keeps-own-version"], "eu-west-1, which is not served"),
        (["--engine", "localhost:8000"], "use an address like http://127.0.0.1:8000"),
        (["--engine", "us-east-1=http://127.0.0.1:8000"], "once for each of us-east-1, eu-west-1"),
    ],
)
def test_an_option_that_cannot_be_is_one_line_before_anything_starts(options: list[str], says: str) -> None:
    with pytest.raises(OptionError) as refused:
        read_options(options)
    assert str(refused.value).startswith(options[-2])
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
