"""What a run has consumed and what it costs: counted by region, priced by a list that says of when it is."""

import json
from pathlib import Path

import pytest

from support.targets.live_run.cost import PRICED, Consumed, Cost, estimate, in_all, in_dollars
from support.tests.served import served

COST = Cost({"us-east-1": Consumed(30, 10, 4, 2), "eu-west-1": Consumed(20, 6.5, 1, 0)})
ONE = "features/exercise_1_write_primary_read_replica.feature::The global user is found in Ireland within 60 seconds"


def test_each_write_is_paid_for_in_every_region() -> None:
    million = Cost({"us-east-1": Consumed(writes=1_000_000), "eu-west-1": Consumed()})
    assert million.dollars == 2 * 0.625


def test_reads_and_metrics_are_paid_for_where_they_are_asked() -> None:
    assert Cost({"us-east-1": Consumed(reads=1_000_000), "eu-west-1": Consumed()}).dollars == 0.125
    assert Cost({"us-east-1": Consumed(metrics=1_000)}).dollars == 0.01


def test_the_lines_have_the_units_of_each_region_and_the_prices_with_date_and_source() -> None:
    own, other, price = COST.lines()
    assert own == (
        "us-east-1: 30 requests, 10 read units, 4 write units and 1 replicated ones, 2 requests of CloudWatch"
    )
    assert other.startswith("eu-west-1: 20 requests, 6.5 read units, 1 write units and 4 replicated ones")
    assert PRICED in price
    assert "https://aws.amazon.com/dynamodb/pricing/on-demand/" in price


def test_costs_are_added_region_by_region_and_cross_processes() -> None:
    doubled = in_all([COST, Cost.from_json(COST.to_json())])
    assert doubled.regions["us-east-1"] == Consumed(60, 20, 8, 4)


@pytest.mark.parametrize(("amount", "shown"), [(0.0, "$0.00000"), (0.00031, "$0.00031"), (1.234, "$1.23")])
def test_a_fraction_of_a_cent_is_shown(amount: float, shown: str) -> None:
    assert in_dollars(amount) == shown


@pytest.mark.slow
def test_a_live_run_tells_what_it_has_consumed_at_its_end_and_in_its_report(tmp_path: Path) -> None:
    with served() as server:
        ran = server.run(ONE, "-n", "1", f"--alluredir={tmp_path}")
        puts = [request for request in server.requests if "ConditionExpression" not in request.parameters]
        writes = sum(request.operation == "PutItem" for request in puts)
    assert writes == 1
    assert ", 1 write units and 0 replicated ones" in ran.line("cost: us-east-1: ")
    assert ", 0 write units and 1 replicated ones" in ran.line("cost: eu-west-1: ")
    told = json.loads((tmp_path / "run.json").read_text())["environment"]["cost"]
    assert told.startswith("us-east-1: ")
    assert not ran.has("$")
    assert "$" not in told


def test_a_run_on_aws_is_likely_to_cost_a_fraction_of_a_cent() -> None:
    assert "with 40 probes costs about $0.00" in estimate(40)
    assert f"us-east-1 since {PRICED}" in Cost({"us-east-1": Consumed()}).lines()[-1]
