"""The AWS CLI works against the simulator's port, knowing nothing but the lines that it printed."""

import json
import os
import shlex
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from shutil import which
from typing import Any

import pytest

from support.clock import WallClock
from support.page.workshop import TABLE_NAME
from support.tests.simulator.http.test_command import environment, running
from support.tests.simulator.simulated_world import EU, US

CLI = "AWS_CLI"
KEY = '{"PK": {"S": "USER#ada"}, "SK": {"S": "PROFILE"}}'


@pytest.fixture
def aws() -> Iterator[Callable[[str, str], Any]]:
    program = which(os.environ.get(CLI, "aws"))
    if not program:
        pytest.skip(f"there is no aws on PATH, or {CLI} names no program")
    with running("--lag", "0.3", "--publish-after", "0") as (_, lines):

        def answer(region: str, words: str) -> Any:
            command = [program, "--output", "json", "--region", region, *shlex.split(words)]
            done = subprocess.run(command, env=environment(lines), capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout or "{}")

        yield answer


@pytest.mark.slow
def test_items_replicate_and_the_latency_is_in_cloudwatch(aws: Callable[[str, str], Any]) -> None:
    clock, table = WallClock(), f"--table-name {TABLE_NAME}"
    aws(US, f"dynamodb put-item {table} --item '{KEY}'")
    while not (found := aws(EU, f"dynamodb get-item {table} --key '{KEY}'")):
        assert clock.elapsed() < 120
    assert found["Item"] == json.loads(KEY)

    start, end = ((clock.now() + timedelta(hours=hours)).isoformat() for hours in (-1, 1))
    latency = aws(
        US,
        "cloudwatch get-metric-statistics --namespace AWS/DynamoDB --metric-name ReplicationLatency --period 300"
        f" --statistics Average Maximum --dimensions Name=TableName,Value={TABLE_NAME} Name=ReceivingRegion,Value={EU}"
        f" --start-time {start} --end-time {end}",
    )
    (point,) = latency["Datapoints"]
    assert 50 < point["Average"] <= point["Maximum"]
