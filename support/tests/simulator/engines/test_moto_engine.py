"""The one engine that reaches into moto: that it leaves nothing behind, and that its speed-ups step back."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.backends import get_backend
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import Table

from support.simulator.engines import moto_speed_ups
from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.engines.moto_speed_ups import short_way
from support.simulator.messages import dynamodb_request
from support.tests.forked_pytest import run_pytest
from support.tests.simulator.simulated_world import NAME, TABLE, US, World
from support.tests.suite_runs import LEAN, ROOT

SIMULATOR = Path(__file__).parents[3] / "simulator"
ALL = list(moto_speed_ups.NAMES)


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    moto_speed_ups.available.cache_clear()
    yield
    moto_speed_ups.available.cache_clear()


def left(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], list[str]]:
    names = [each.__module__.rpartition(".")[2] for each in moto_speed_ups.available(MotoEngine)]
    return names, capsys.readouterr().err.splitlines()


def test_with_the_moto_that_is_installed_all_speed_ups_are_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert left(capsys) == (ALL, [])


def broken(*_: Any, **__: Any) -> Any:
    raise TypeError("it takes something else")


@pytest.mark.parametrize(
    ("owner", "name", "other", "speed_up"),
    [
        (short_way, "camelcase_to_underscores", broken, "short_way"),
        (Table, "all_items", lambda self: [*self.items.values()][:0], "partitions"),
        (DynamoDBBackend, "transact_write_items", lambda *_: None, ""),
    ],
)
def test_a_speed_up_steps_back_alone_and_in_one_line_where_moto_is_another(
    owner: Any,
    name: str,
    other: Callable[..., Any],
    speed_up: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(owner, name, other)
    names, said = left(capsys)

    assert len(said) == bool(speed_up)
    assert all(f"the speed-up {speed_up} expects, which is left out" in line for line in said)
    assert len(names) == len(ALL) - bool(speed_up)


def test_a_speed_up_whose_module_cannot_be_loaded_is_left_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(moto_speed_ups, "NAMES", (*moto_speed_ups.NAMES, "missing"))
    names, (line,) = left(capsys)

    assert names == ALL
    assert line.startswith("moto is not what the speed-up missing expects, which is left out: ModuleNotFoundError")


@pytest.mark.slow
def test_the_features_are_green_with_all_speed_ups_left_out() -> None:
    run = run_pytest([*LEAN, "features/", "-q", "-p", "support.tests.without_speed_ups"], ROOT, os.environ)

    assert run.returncode == 0, run.stdout + run.stderr
    assert "79 passed" in run.stdout


def test_an_operation_that_moto_has_not_is_refused_by_name(world: World) -> None:
    answered = world.simulator.router.answer(dynamodb_request(US, "DescribeContributorInsights", {}))

    assert (answered.status, answered.code) == (400, "UnknownOperationException")
    assert "DescribeContributorInsights" in answered.message


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
