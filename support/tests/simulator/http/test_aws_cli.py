"""The AWS CLI does the workshop's page against the simulator's port, knowing nothing but the lines that it printed."""

import json
import os
import subprocess
from collections.abc import Iterator
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

USER = {
    "PK": {"S": "USER#global-user-ada"},
    "SK": {"S": "PROFILE"},
    "GSI1PK": {"S": "USER#ada@global.com"},
    "GSI1SK": {"S": "PROFILE"},
    "name": {"S": "Ada Global"},
    "region_created": {"S": "us-east-1"},
}
PRODUCT = {
    "PK": {"S": "PRODUCT#eu-product-1"},
    "SK": {"S": "DETAILS"},
    "GSI1PK": {"S": "CATEGORY#eu-electronics"},
    "GSI1SK": {"S": "PRODUCT#eu-product-1"},
    "GSI2PK": {"S": "PRICE#200-500"},
    "GSI2SK": {"S": "PRODUCT#eu-product-1"},
    "price": {"N": "299"},
    "region_created": {"S": "eu-west-1"},
}
ORDER = {
    "PK": {"S": "USER#global-user-ada"},
    "SK": {"S": "ORDER#conflict-test"},
    "GSI2PK": {"S": "STATUS#pending"},
    "GSI2SK": {"S": "ORDER#conflict-test"},
    "total_amount": {"N": "100"},
    "conflict_test": {"BOOL": True},
}


def executable() -> str:
    named = os.environ.get(CLI) or which("aws")
    if not named:
        pytest.skip(f"there is no aws on PATH, and {CLI} does not name one")
    if not Path(named).is_file():
        pytest.skip(f"{CLI} is {named}, which is no file")
    return named


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

    def query(self, region: str, condition: str, values: dict[str, str], **options: Any) -> list[dict[str, Any]]:
        """The items that a query finds, asked as the page's reader would ask a server at an address."""
        typed = {f":{name}": {"S": value} for name, value in values.items()}
        found: list[dict[str, Any]] = self.aws(
            *("--endpoint-url", self.url, "--region", region, "dynamodb", "query"),
            table_name=TABLE_NAME,
            key_condition_expression=condition,
            expression_attribute_values=typed,
            **options,
        )["Items"]
        return found

    def put(self, region: str, item: dict[str, Any]) -> None:
        self.aws("--region", region, "dynamodb", "put-item", table_name=TABLE_NAME, item=item)


def by_key(terminal: Terminal, region: str, item: dict[str, Any]) -> list[dict[str, Any]]:
    keys = {"pk": item["PK"]["S"], "sk": item["SK"]["S"]}
    return terminal.query(region, "PK = :pk AND SK = :sk", keys)


def eventually(look: Any, wanted: Any) -> None:
    clock = WallClock()
    while (seen := look()) != wanted:
        assert clock.elapsed() < PATIENCE, f"{seen} instead of {wanted}"
        clock.wait(0.2)


@pytest.fixture(scope="module")
def terminal() -> Iterator[Terminal]:
    aws = executable()
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


def test_exercise_3_the_update_that_was_written_last_wins_in_both_regions(terminal: Terminal) -> None:
    terminal.put(US, ORDER)
    eventually(lambda: by_key(terminal, EU, ORDER), [ORDER])
    update(terminal, US, "150")
    update(terminal, EU, "200")
    winner = {**ORDER, "total_amount": {"N": "200"}, "last_updated_region": {"S": EU}}

    for region in (US, EU):
        eventually(lambda region=region: by_key(terminal, region, ORDER), [winner])


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


def test_the_replication_latency_is_read_from_cloudwatch(terminal: Terminal) -> None:
    terminal.put(US, USER | {"name": {"S": "Ada again"}})
    eventually(lambda: len(by_key(terminal, EU, USER)), 1)
    points: list[dict[str, Any]] = []

    def published() -> bool:
        points.extend(latency(terminal))
        return bool(points)

    eventually(published, True)

    assert all(50 < point["Average"] <= point["Maximum"] for point in points)


def test_a_replica_is_added_by_the_command_of_the_workshop() -> None:
    aws = executable()
    with running("--no-table") as (_, lines):
        alone = Terminal(aws, lines)
        alone.aws(
            *("--region", US, "dynamodb", "create-table", "--billing-mode", "PAY_PER_REQUEST"),
            *("--attribute-definitions", "AttributeName=PK,AttributeType=S"),
            *("--key-schema", "AttributeName=PK,KeyType=HASH"),
            table_name="mine",
        )
        updated = alone.aws(
            *("--region", US, "dynamodb", "update-table", "--replica-updates", f"Create={{RegionName={EU}}}"),
            table_name="mine",
        )
        there = alone.aws("--region", EU, "dynamodb", "list-tables")["TableNames"]

    replicas = {each["RegionName"]: each["ReplicaStatus"] for each in updated["TableDescription"]["Replicas"]}
    assert (replicas, there) == ({US: "ACTIVE", EU: "CREATING"}, ["mine"])
