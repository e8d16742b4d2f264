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

    def __call__(self, region: str, words: str, **options: Any) -> Any:
        """The answer to `aws WORDS --NAME VALUE`; JSON for what is no text."""
        named = [
            word
            for name, value in options.items()
            for word in (f"--{name.replace('_', '-')}", value if isinstance(value, str) else json.dumps(value))
        ]
        command = [self._aws, "--output", "json", "--region", region, *words.split(), *named]
        done = subprocess.run(command, env=self._variables, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else {}

    def eventually(self, accepted: Callable[[Any], bool], *words: str, **options: Any) -> Any:
        clock = WallClock()
        while not accepted(seen := self(*words, **options)):
            assert clock.elapsed() < PATIENCE, f"in the end: {seen}"
            clock.wait(0.2)
        return seen


@pytest.fixture(scope="module")
def aws() -> Iterator[Terminal]:
    found = os.environ.get(CLI) or which("aws")
    if not found:
        pytest.skip(f"there is no aws on PATH, and {CLI} does not name one")
    if not Path(found).is_file():
        pytest.skip(f"{CLI} is {found}, which is no file")
    with running("--lag", "0.3", "--publish-after", "0") as (_, lines):
        yield Terminal(found, lines)


def test_exercise_3_the_update_that_was_written_last_wins_and_the_latency_is_in_cloudwatch(aws: Terminal) -> None:
    def shows(order: dict[str, Any]) -> Callable[[Any], bool]:
        return lambda seen: bool(seen["Items"] == [order])

    asked = {
        "table_name": TABLE_NAME,
        "key_condition_expression": "PK = :pk AND SK = :sk",
        "expression_attribute_values": {":pk": ORDER["PK"], ":sk": ORDER["SK"]},
    }
    aws(US, "dynamodb put-item", table_name=TABLE_NAME, item=ORDER)
    aws.eventually(shows(ORDER), EU, "dynamodb query", **asked)
    for region, amount in ((US, "150"), (EU, "200")):
        aws(
            region,
            "dynamodb update-item",
            table_name=TABLE_NAME,
            key={name: ORDER[name] for name in ("PK", "SK")},
            update_expression="SET total_amount = :amount, last_updated_region = :region",
            expression_attribute_values={":amount": {"N": amount}, ":region": {"S": region}},
        )
    winner = {**ORDER, "total_amount": {"N": "200"}, "last_updated_region": {"S": EU}}
    for region in (US, EU):
        aws.eventually(shows(winner), region, "dynamodb query", **asked)

    now = WallClock().now()
    latency = aws.eventually(
        lambda seen: bool(seen["Datapoints"]),
        US,
        "cloudwatch get-metric-statistics --namespace AWS/DynamoDB --metric-name ReplicationLatency --period 300"
        f" --statistics Average Maximum --dimensions Name=TableName,Value={TABLE_NAME} Name=ReceivingRegion,Value={EU}",
        start_time=(now - timedelta(hours=1)).isoformat(),
        end_time=(now + timedelta(hours=1)).isoformat(),
    )
    assert all(50 < point["Average"] <= point["Maximum"] for point in latency["Datapoints"])


def test_a_replica_is_added_by_the_command_of_the_workshop(aws: Terminal) -> None:
    keys = "--attribute-definitions AttributeName=PK,AttributeType=S --key-schema AttributeName=PK,KeyType=HASH"
    aws(US, f"dynamodb create-table --table-name mine --billing-mode PAY_PER_REQUEST {keys}")
    updated = aws(US, f"dynamodb update-table --table-name mine --replica-updates Create={{RegionName={EU}}}")

    replicas = {each["RegionName"]: each["ReplicaStatus"] for each in updated["TableDescription"]["Replicas"]}
    assert replicas == {US: "ACTIVE", EU: "CREATING"}
    assert "mine" in aws(EU, "dynamodb list-tables")["TableNames"]
