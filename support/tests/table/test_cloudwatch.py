"""ReplicationLatency and SystemErrors as the simulator publishes them, read by the code that reads AWS."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from support.clock import SimulatedClock
from support.page.workshop import TABLE
from support.simulator import Simulator, fault_named
from support.table.calls import Caller
from support.table.cloudwatch import CloudWatch, Latency

HERE, THERE = "us-east-1", "eu-west-1"
NAME = TABLE["TableName"]


class World:
    """A simulator with the workshop's table, and its CloudWatch."""

    def __init__(self, publish_after: float | None = None) -> None:
        self.clock = SimulatedClock()
        self.simulator = Simulator(self.clock, publish_after=publish_after)
        self.simulator.create_global_table(TABLE)
        callers = {
            region: Caller(region, self.simulator.client("cloudwatch", region), self.clock, {})
            for region in (HERE, THERE)
        }
        self.cloudwatch = CloudWatch(NAME, callers, self.clock)
        self.virginia = self.simulator.client("dynamodb", HERE)

    def write(self, name: str) -> None:
        self.virginia.put_item(TableName=NAME, Item={"PK": {"S": name}, "SK": {"S": "x"}})


@pytest.fixture
def world() -> Iterator[World]:
    world = World()
    yield world
    world.simulator.close()


def test_no_datapoint_is_not_available_and_not_zero(world: World) -> None:
    assert world.cloudwatch.latency(HERE, THERE) is None


def test_the_latency_is_that_of_the_arrivals_in_milliseconds(world: World) -> None:
    for seconds in (1, 3):
        world.simulator.slow_down(HERE, THERE, seconds)
        world.write(f"item {seconds}")
        world.clock.wait(5)
    world.clock.wait(300)
    latency = world.cloudwatch.latency(HERE, THERE)
    assert latency is not None
    assert (latency.average, latency.minimum, latency.maximum) == (2000, 1000, 3000)


def test_the_source_region_keeps_it_under_the_receiving_region(world: World) -> None:
    world.write("item")
    world.clock.wait(310)
    assert world.cloudwatch.latency(HERE, THERE) is not None
    assert world.cloudwatch.latency(THERE, HERE) is None


def test_a_datapoint_appears_when_its_five_minutes_are_over(world: World) -> None:
    """When AWS publishes it is not documented: an assumption."""
    world.write("item")
    world.clock.wait(200)
    assert world.cloudwatch.latency(HERE, THERE) is None
    world.clock.wait(100)
    latency = world.cloudwatch.latency(HERE, THERE)
    assert latency is not None
    assert latency.starts == datetime(2025, 8, 11, 15, 30, tzinfo=UTC)


@pytest.fixture
def soon() -> Iterator[World]:
    world = World(publish_after=10)
    yield world
    world.simulator.close()


def test_a_datapoint_can_be_made_to_appear_sooner(soon: World) -> None:
    soon.simulator.slow_down(HERE, THERE, 1)
    soon.write("item")
    soon.clock.wait(10.9)
    assert soon.cloudwatch.latency(HERE, THERE) is None
    soon.clock.wait(0.1)
    assert soon.cloudwatch.latency(HERE, THERE) == Latency(datetime(2025, 8, 11, 15, 30, tzinfo=UTC), 1000, 1000, 1000)


def test_a_datapoint_that_appears_sooner_grows_while_its_period_lasts(soon: World) -> None:
    for number, seconds in enumerate((1, 2, 6)):
        soon.simulator.slow_down(HERE, THERE, seconds)
        soon.write(f"item {number}")
        soon.clock.wait(20)
        assert soon.cloudwatch.latency(HERE, THERE) is not None

    starts = datetime(2025, 8, 11, 15, 30, tzinfo=UTC)
    assert soon.cloudwatch.latency(HERE, THERE) == Latency(starts, 3000, 1000, 6000)


def test_each_value_stands_in_the_period_of_its_arrival(soon: World) -> None:
    for seconds in (1, 3):
        soon.simulator.slow_down(HERE, THERE, seconds)
        soon.write(f"item {seconds}")
        soon.clock.wait(310)
    statistics = soon.simulator.client("cloudwatch", HERE).get_metric_statistics(
        Namespace="AWS/DynamoDB",
        MetricName="ReplicationLatency",
        Dimensions=[{"Name": "TableName", "Value": NAME}, {"Name": "ReceivingRegion", "Value": THERE}],
        StartTime=datetime(2025, 8, 11, 15, 0, tzinfo=UTC),
        EndTime=datetime(2025, 8, 11, 17, 0, tzinfo=UTC),
        Period=300,
        Statistics=["Average", "SampleCount"],
    )["Datapoints"]

    starts = [datetime(2025, 8, 11, 15, minute, tzinfo=UTC) for minute in (30, 35)]
    assert [(point["Timestamp"], point["Average"], point["SampleCount"]) for point in statistics] == [
        (starts[0], 1000, 1),
        (starts[1], 3000, 1),
    ]


def test_errors_that_appear_sooner_are_still_counted_by_the_minute(soon: World) -> None:
    soon.simulator.faults.inject(fault_named("errors=1"))
    for seconds in (15, 60):
        with pytest.raises(soon.virginia.exceptions.InternalServerError):
            soon.write("item")
        soon.clock.wait(seconds)
    soon.simulator.faults.take_back("errors")

    assert soon.cloudwatch.system_errors(HERE, "PutItem") == 2


def test_the_time_that_a_link_was_cut_counts(world: World) -> None:
    world.simulator.cut(HERE, THERE)
    world.write("item")
    world.clock.wait(100)
    world.simulator.heal(HERE, THERE)
    world.clock.wait(300)
    latency = world.cloudwatch.latency(HERE, THERE)
    assert latency is not None
    assert latency.minimum > 100_000


def test_a_latency_of_exactly_zero_is_a_finding(world: World) -> None:
    world.simulator.slow_down(HERE, THERE, 0)
    world.write("item")
    world.clock.wait(310)
    latency = world.cloudwatch.latency(HERE, THERE)
    assert latency is not None
    assert latency.stalled
    assert not Latency(latency.starts, 2.0, 1.0, 3.0).stalled


def test_there_is_no_pending_replication_count(world: World) -> None:
    world.write("item")
    world.clock.wait(310)
    assert world.cloudwatch.publishes(HERE, "ReplicationLatency")
    assert not world.cloudwatch.publishes(HERE, "PendingReplicationCount")


def test_internal_errors_are_counted_by_operation(world: World) -> None:
    world.simulator.faults.inject(fault_named("errors=1"))
    with pytest.raises(world.virginia.exceptions.InternalServerError):
        world.write("item")
    world.simulator.faults.take_back("errors")
    world.clock.wait(60)
    assert world.cloudwatch.system_errors(HERE, "PutItem") == 1
    assert world.cloudwatch.system_errors(HERE, "GetItem") == 0
    assert world.cloudwatch.system_errors(THERE, "PutItem") == 0
