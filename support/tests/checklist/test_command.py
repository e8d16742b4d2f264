"""The checklist by hand, against a simulated table over HTTP on loopback."""

from collections.abc import Iterator

import pytest

from support.checklist.__main__ import main
from support.clock import SimulatedClock
from support.page.workshop import TABLE, TABLE_NAME
from support.simulator import Simulator
from support.simulator.http.server import serve
from support.simulator.simulator import REPLICA_CREATION_SECONDS
from support.tests.served import KEYS

ITEM = {"PK": {"S": "USER#global-user-ada"}, "SK": {"S": "PROFILE"}}
HERE = ["--pk", "USER#global-user-ada", "--sk", "PROFILE"]


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    clock = SimulatedClock()
    simulator = Simulator(clock, regions=("us-east-1", "eu-west-1", "ap-southeast-2"))
    virginia = simulator.client("dynamodb", "us-east-1")
    virginia.create_table(**TABLE)
    virginia.update_table(TableName=TABLE_NAME, ReplicaUpdates=[{"Create": {"RegionName": "eu-west-1"}}])
    clock.wait(REPLICA_CREATION_SECONDS)
    virginia.put_item(TableName=TABLE_NAME, Item=ITEM)
    with serve(simulator) as server:
        for name, value in {**KEYS, "AWS_ENDPOINT_URL_DYNAMODB": server.url}.items():
            monkeypatch.setenv(name, value)
        yield simulator
    simulator.close()


@pytest.mark.usefixtures("simulator")
@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ([*HERE, "--region", "us-east-1"], 0, "remaining: none that the page names; the item is there"),
        (HERE, 1, "remaining: wait longer: us-east-1 has the item, eu-west-1 does not"),
        ([*HERE, "--waited", "180"], 1, "remaining: item not in the queried region: us-east-1 has the item"),
        ([*HERE, "--region", "ap-southeast-2"], 1, "us-east-1 has the item, ap-southeast-2 is not among its replicas"),
        (["--pk", "USER#global-user-ada", "--sk", "profile"], 1, 'use PK "USER#global-user-ada" and SK "PROFILE"'),
    ],
)
def test_the_exit_code_says_whether_a_cause_remains(
    arguments: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == code
    assert says in capsys.readouterr().out


@pytest.mark.usefixtures("simulator")
@pytest.mark.parametrize(
    ("options", "variables", "says"),
    [
        (["--table-name", "nope"], {}, "no table nope in us-east-1 or eu-west-1; cure: "),
        ([], {"AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:9"}, "cure: check the network"),
        ([], {"AWS_PROFILE": "nobody"}, "cure: name one of aws configure list-profiles"),
    ],
)
def test_what_keeps_it_from_asking_is_told_in_one_line_with_the_cure(
    options: list[str],
    variables: dict[str, str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("support.checklist.__main__.PATIENCE", 1.0)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert main([*HERE, *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert says in line
