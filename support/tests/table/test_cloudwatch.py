"""ReplicationLatency and SystemErrors as the simulator publishes them, read by the code that reads AWS."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from support.clock import SimulatedClock
from support.page.workshop import TABLE
from support.simulator import Simulator, fault_named
from support.table.calls import Caller
from support.table.cloudwatch import CloudWatch, Latency

HERE, THERE = "us-east-1", "eu-west-1"
NAME = TABLE["TableName"]
START = datetime(2025, 8, 11, 15, 30, tzinfo=UTC)


class World:
    """A simulator with the workshop's table, and its CloudWatch."""

    def __init__(self, simulator: Simulator, clock: SimulatedClock) -> None:
        self.clock, self.simulator = clock, simulator
        simulator.create_global_table(TABLE)
        regions = (HERE, THERE)
        callers = {region: Caller(region, simulator.client("cloudwatch", region), clock, {}) for region in regions}
        self.cloudwatch = CloudWatch(NAME, callers, clock)
        self.virginia = simulator.client("dynamodb", HERE)

    def write(self, lag: float) -> None:
        self.simulator.slow_down(HERE, THERE, lag)
        self.virginia.put_item(TableName=NAME, Item={"PK": {"S": f"item {lag}"}, "SK": {"S": "x"}})

    def latency(self) -> Latency | None:
        return self.cloudwatch.latency(HERE, THERE)


@pytest.fixture
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Its datapoints appear so many seconds after the first arrival, if the fixture's parameter says so."""
    clock = SimulatedClock()
    with closing(Simulator(clock, publish_after=getattr(request, "param", None))) as simulator:
        yield World(simulator, clock)


def test_the_latency_is_that_of_the_arrivals_of_a_direction_when_its_five_minutes_are_over(world: World) -> None:
    for seconds in (1, 3):
        world.write(seconds)
        world.clock.wait(5)
    world.clock.wait(280)
    assert world.latency() is None  # not available, and not zero
    world.clock.wait(20)
    assert world.latency() == Latency(START, 2000, 1000, 3000)
    assert world.cloudwatch.latency(THERE, HERE) is None
    assert world.cloudwatch.publishes(HERE, "ReplicationLatency")
    assert not world.cloudwatch.publishes(HERE, "PendingReplicationCount")


def test_the_latest_datapoint_counts_and_has_the_arrivals_of_its_own_period(world: World) -> None:
    for seconds in (1, 3):
        world.write(seconds)
        world.clock.wait(310)
    assert world.latency() == Latency(START + timedelta(minutes=5), 3000, 3000, 3000)


@pytest.mark.parametrize("world", [10], indirect=True)
def test_a_datapoint_can_be_made_to_appear_sooner_and_grows_while_its_period_lasts(world: World) -> None:
    world.write(1)
    world.clock.wait(10.9)
    assert world.latency() is None
    world.clock.wait(0.1)
    assert world.latency() == Latency(START, 1000, 1000, 1000)
    world.write(3)
    world.clock.wait(20)
    assert world.latency() == Latency(START, 2000, 1000, 3000)


@pytest.mark.parametrize(("world", "seconds"), [(None, 60), (10, 15)], indirect=["world"])
def test_errors_are_counted_by_region_operation_and_minute(world: World, seconds: float) -> None:
    world.simulator.faults.inject(fault_named("errors=1"))
    for wait in (seconds, 60):
        with pytest.raises(world.virginia.exceptions.InternalServerError):
            world.write(1)
        world.clock.wait(wait)
    world.simulator.faults.take_back("errors")
    read = world.cloudwatch.system_errors
    assert (read(HERE, "PutItem"), read(HERE, "GetItem"), read(THERE, "PutItem")) == (2, 0, 0)
