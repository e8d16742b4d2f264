"""The AWS CLI does the workshop's page against the simulator's port, knowing nothing but the lines that it printed."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from support.clock import WallClock
from support.page.workshop import TABLE_NAME
from support.tests.simulator.http.test_command import environment, running

pytestmark = pytest.mark.slow

US, EU = "us-east-1", "eu-west-1"
PATIENCE = 120
CLI = "AWS_CLI"

ORDER = {
    "PK": {"S": "USER#global-user-ada"},
    "SK": {"S": "ORDER#conflict-test"},
    "GSI2PK": {"S": "STATUS#pending"},
    "GSI2SK": {"S": "ORDER#conflict-test"},
    "total_amount": {"N": "100"},
    "conflict_test": {"BOOL": True},
}


class Terminal:
    """A terminal in which the printed lines were run."""

    def __init__(self, aws: str, lines: list[str]) -> None:
        self._aws = aws
        self._variables = environment(lines)
        self.url = self._variables["AWS_ENDPOINT_URL_DYNAMODB"]

    def aws(self, *words: str, **options: Any) -> Any:
        """The answer to `aws WORDS --NAME VALUE`; JSON for what is no text."""
        named = [
            word
            for name, value in options.items()
            for word in (f"--{name.replace('_', '-')}", value if isinstance(value, str) else json.dumps(value))
        ]
        command = [self._aws, "--output", "json", *words, *named]
        done = subprocess.run(command, env=self._variables, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def order(self, region: str) -> list[dict[str, Any]]:
        """The order as a query finds it, asked as the page's reader would ask a server at an address."""
        found: list[dict[str, Any]] = self.aws(
            *("--endpoint-url", self.url, "--region", region, "dynamodb", "query"),
            table_name=TABLE_NAME,
            key_condition_expression="PK = :pk AND SK = :sk",
            expression_attribute_values={":pk": ORDER["PK"], ":sk": ORDER["SK"]},
        )["Items"]
        return found


def eventually(look: Callable[[], Any], accepted: Callable[[Any], bool]) -> Any:
    clock = WallClock()
    while not accepted(seen := look()):
        assert clock.elapsed() < PATIENCE, f"in the end: {seen}"
        clock.wait(0.2)
    return seen


@pytest.fixture(scope="module")
def terminal() -> Iterator[Terminal]:
    aws = os.environ.get(CLI) or which("aws")
    if not aws:
        pytest.skip(f"there is no aws on PATH, and {CLI} does not name one")
    if not Path(aws).is_file():
        pytest.skip(f"{CLI} is {aws}, which is no file")
    with running("--lag", "0.3", "--publish-after", "0") as (_, lines):
        yield Terminal(aws, lines)


def update(terminal: Terminal, region: str, amount: str) -> None:
    terminal.aws(
        *("--region", region, "dynamodb", "update-item"),
        table_name=TABLE_NAME,
        key={name: ORDER[name] for name in ("PK", "SK")},
        update_expression="SET total_amount = :amount, last_updated_region = :region",
        expression_attribute_values={":amount": {"N": amount}, ":region": {"S": region}},
    )


def latency(terminal: Terminal) -> list[dict[str, Any]]:
    now = WallClock().now()
    points: list[dict[str, Any]] = terminal.aws(
        *("--region", US, "cloudwatch", "get-metric-statistics", "--statistics", "Average", "Maximum"),
        *("--dimensions", f"Name=TableName,Value={TABLE_NAME}", f"Name=ReceivingRegion,Value={EU}"),
        namespace="AWS/DynamoDB",
        metric_name="ReplicationLatency",
        start_time=(now - timedelta(hours=1)).isoformat(),
        end_time=(now + timedelta(minutes=1)).isoformat(),
        period="300",
    )["Datapoints"]
    return points


def test_exercise_3_the_update_that_was_written_last_wins_and_the_latency_is_in_cloudwatch(terminal: Terminal) -> None:
    terminal.aws("--region", US, "dynamodb", "put-item", table_name=TABLE_NAME, item=ORDER)
    eventually(lambda: terminal.order(EU), lambda seen: bool(seen == [ORDER]))
    update(terminal, US, "150")
    update(terminal, EU, "200")
    winner = {**ORDER, "total_amount": {"N": "200"}, "last_updated_region": {"S": EU}}

    for region in (US, EU):
        eventually(lambda region=region: terminal.order(region), lambda seen: bool(seen == [winner]))
    points = eventually(lambda: latency(terminal), bool)
    assert all(50 < point["Average"] <= point["Maximum"] for point in points)


def test_a_replica_is_added_by_the_command_of_the_workshop(terminal: Terminal) -> None:
    terminal.aws(
        *("--region", US, "dynamodb", "create-table", "--billing-mode", "PAY_PER_REQUEST"),
        *("--attribute-definitions", "AttributeName=PK,AttributeType=S"),
        *("--key-schema", "AttributeName=PK,KeyType=HASH"),
        table_name="mine",
    )
    updated = terminal.aws(
        *("--region", US, "dynamodb", "update-table", "--replica-updates", f"Create={{RegionName={EU}}}"),
        table_name="mine",
    )

    replicas = {each["RegionName"]: each["ReplicaStatus"] for each in updated["TableDescription"]["Replicas"]}
    assert replicas == {US: "ACTIVE", EU: "CREATING"}
    assert "mine" in terminal.aws("--region", EU, "dynamodb", "list-tables")["TableNames"]
