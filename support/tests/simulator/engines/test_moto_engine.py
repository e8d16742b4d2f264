"""The engine that reaches into moto leaves nothing behind, and answers whatever moto itself does."""

import re
from pathlib import Path
from typing import Any

import boto3
from moto import mock_aws
from moto.backends import get_backend
from moto.dynamodb.models.dynamo_type import Item

from support.tests.simulator.simulated_world import NAME, TABLE, US, World

SIMULATOR = Path(__file__).parents[3] / "simulator"


def test_an_operation_that_moto_has_not_is_refused_by_name(world: World) -> None:
    code, message = world.refusal("DescribeContributorInsights")

    assert (code, "DescribeContributorInsights" in message) == ("UnknownOperationException", True)


def test_nothing_else_in_the_simulator_imports_moto() -> None:
    reaching = {
        module.parent.name if module.parent.name == "moto_speed_ups" else module.name
        for module in SIMULATOR.rglob("*.py")
        if re.search(r"^\s*(from|import) moto", module.read_text(), re.M)
    }

    assert reaching == {"moto_engine.py", "moto_speed_ups"}


def test_nothing_is_left_in_moto_after_closing() -> None:
    every: tuple[Any, ...] = tuple(get_backend(name) for name in ("dynamodb", "dynamodbstreams", "cloudwatch"))
    before = [set(backends) for backends in every]
    with World() as world:
        world.put(US, v="1")
        world.records(US)
        world.client(US, "cloudwatch").list_metrics()
        assert any(set(backends) - known for backends, known in zip(every, before, strict=True))

    assert [set(backends) - known for backends, known in zip(every, before, strict=True)] == [set()] * 3
    assert len(getattr(Item, "instances_tracked")) == 0  # noqa: B009
    world.simulator.close()


def test_the_boto3_of_other_code_is_not_patched() -> None:
    with mock_aws(), World() as world:
        bare = boto3.client("dynamodb", US, aws_access_key_id="x", aws_secret_access_key="x")
        bare.create_table(**{**TABLE, "TableName": "bare"})
        world.put(US, v="1")

        assert bare.list_tables()["TableNames"] == ["bare"]
        assert world[US].list_tables()["TableNames"] == [NAME]
