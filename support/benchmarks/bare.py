"""The bare script that the suite is measured against: the calls of the suite, on moto, and nothing else.

As a plugin of pytest, with `--record-calls FILE`, it writes down which calls the suite makes, as JSON, one in a line.
`python -m support.benchmarks.bare FILE` makes them, by plain boto3 clients, with both tables anew for each scenario.
"""

import json
import os
import sys
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import xform_name
from moto import mock_aws

from support.page.workshop import PRIMARY_REGION, REPLICA_REGION, TABLE, TABLE_NAME, TIME_TO_LIVE_ATTRIBUTE
from support.simulator.boto_clients import BotoClients

REGIONS = (PRIMARY_REGION, REPLICA_REGION)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record-calls", type=Path, required=True, help="the file that the calls are written to")


def pytest_configure(config: pytest.Config) -> None:
    """Listen to every client of the run, at the event in which botocore shows a call before it checks it."""
    file = config.getoption("--record-calls").open("w", encoding="utf-8")
    config.add_cleanup(file.close)
    make_client = BotoClients.client

    def client(maker: BotoClients, service: str, region: str) -> Any:
        made = make_client(maker, service, region)

        def note(params: Mapping[str, Any], model: Any, **_: Any) -> None:
            scenario = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]  # without "(call)"
            call = {"scenario": scenario, "service": service, "region": region, "parameters": params}
            # A time or a binary value becomes a text: it counts how much is sent, and not what.
            print(json.dumps({**call, "operation": xform_name(model.name)}, default=str), file=file)

        made.meta.events.register(f"provide-client-params.{service}", note)
        return made

    pytest.MonkeyPatch().setattr(BotoClients, "client", client)


@cache
def client(service: str, region: str) -> Any:
    return boto3.client(service, region_name=region)  # type: ignore[call-overload]


def create_tables() -> None:
    for region in REGIONS:
        client("dynamodb", region).create_table(**TABLE)
        setting = {"Enabled": True, "AttributeName": TIME_TO_LIVE_ATTRIBUTE}
        client("dynamodb", region).update_time_to_live(TableName=TABLE_NAME, TimeToLiveSpecification=setting)


def replay(file: Path) -> int:
    """Make the calls in their order; how many of them failed, which is an answer, too."""
    calls = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    failed = 0
    for _, scenario in groupby(calls, key=lambda call: str(call["scenario"])):
        with mock_aws():
            create_tables()
            for call in scenario:
                try:
                    getattr(client(call["service"], call["region"]), call["operation"])(**call["parameters"])
                except Exception:
                    failed += 1
    return failed


if __name__ == "__main__":
    os.environ.update({"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"})
    print(f"{replay(Path(sys.argv[1]))} calls failed")
