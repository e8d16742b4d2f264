"""What a run has consumed and what it costs: counted by region, priced by a list that says of when it is."""

import json
from pathlib import Path

import pytest

from support.targets.live_run.cost import PRICED, PRICING, Consumed, dollars, estimate, in_all, lines
from support.tests.served import served

ONE = "features/exercise_1_write_primary_read_replica.feature::The global user is found in Ireland within 60 seconds"


@pytest.mark.parametrize(
    ("consumed", "price"),
    [
        (Consumed(writes=1_000_000), 2 * 0.625),
        (Consumed(reads=1_000_000), 0.125),
        (Consumed(metrics=1_000), 0.01),
    ],
)
def test_each_write_is_paid_for_in_every_region_and_all_else_where_it_is_asked(
    consumed: Consumed, price: float
) -> None:
    assert dollars({"us-east-1": consumed, "eu-west-1": Consumed()}) == price


def test_costs_are_added_region_by_region_and_told_with_date_and_source_of_the_price() -> None:
    half = json.dumps({"us-east-1": Consumed(15, 5, 2, 1), "eu-west-1": Consumed(10, 3.25, 0.5, 0)})
    own, other, price = lines(in_all([half, half]), priced=True)
    for words in ("us-east-1: 30 requests", "10 read units", "4 write units", "1 replicated", "2 requests of Cloud"):
        assert words in own
    for words in ("eu-west-1: 20 requests", "6.5 read units", "1 write units", "4 replicated"):
        assert words in other
    assert PRICED in price
    assert PRICING in price
    assert price.startswith("$0.00003 ")
    assert "with 40 probes costs about $0.00" in estimate(40)


@pytest.mark.slow
def test_a_live_run_tells_what_it_has_consumed_at_its_end_and_in_its_report(tmp_path: Path) -> None:
    with served() as server:
        ran = server.run(ONE, "-n", "1", f"--alluredir={tmp_path}")
    assert ", 1 write units and 0 replicated ones" in ran.line("cost: us-east-1: ")
    assert ", 0 write units and 1 replicated ones" in ran.line("cost: eu-west-1: ")
    told = json.loads((tmp_path / "run.json").read_text())["environment"]["cost"]
    assert told[0].startswith("us-east-1: ")
    assert not ran.has("$")
    assert "$" not in str(told)
