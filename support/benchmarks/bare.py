"""The bare script that the suite is measured against: the calls of a recording, on moto, and nothing else.

`python -m support.benchmarks.bare FILE`: plain boto3 clients, the workshop's table in both regions anew for each
scenario. What a call answers is of no interest; errors are answers, too.
"""

import json
import os
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

from support.page.workshop import PRIMARY_REGION, REPLICA_REGION, TABLE, TABLE_NAME, TIME_TO_LIVE_ATTRIBUTE

REGIONS = (PRIMARY_REGION, REPLICA_REGION)
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


def create_tables(clients: dict[tuple[str, str], Any]) -> None:
    """The workshop's table in both regions, as a scenario finds it."""
    for region in REGIONS:
        client = _client(clients, "dynamodb", region)
        client.create_table(**TABLE)
        setting = {"Enabled": True, "AttributeName": TIME_TO_LIVE_ATTRIBUTE}
        client.update_time_to_live(TableName=TABLE_NAME, TimeToLiveSpecification=setting)


def replay(calls: list[dict[str, Any]]) -> int:
    """Make the calls in their order; how many of them were refused."""
    clients: dict[tuple[str, str], Any] = {}
    refused = 0
    for _, scenario in groupby(calls, key=lambda call: call["scenario"]):
        with mock_aws():
            create_tables(clients)
            for call in scenario:
                client = _client(clients, call["service"], call["region"])
                try:
                    getattr(client, call["operation"])(**call["parameters"])
                except ClientError:
                    refused += 1
    return refused


def read_calls(file: Path) -> list[dict[str, Any]]:
    """The calls of a recording."""
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _client(clients: dict[tuple[str, str], Any], service: str, region: str) -> Any:
    """One client for each service and region: making one takes as long as fifty calls."""
    if (service, region) not in clients:
        clients[service, region] = boto3.client(service, region_name=region)  # type: ignore[call-overload]
    return clients[service, region]


if __name__ == "__main__":
    os.environ.update(CREDENTIALS)
    recorded = read_calls(Path(sys.argv[1]))
    print(f"{len(recorded)} calls, {replay(recorded)} refused")
