"""Whatever happens on a generated day, the regions show what a model of last writer wins says, and agree in the end."""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import count, permutations
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from support.simulator import Lag, fault_named
from support.simulator.messages import dynamodb_request
from support.tests.simulator.simulated_world import AP, EU, NAME, ONE_SECOND, US, World, item

REGIONS = (US, EU, AP)
KEYS = ("a", "b", "c")
SECONDS = (0.0, 0.000001, 0.4, 1.0, 5.0, 70.0)
WRITES = ("PutItem", "PutItem", "UpdateItem", "DeleteItem")
TROUBLE = ("wait", "wait", "cut", "heal", "slow", "skew")


@dataclass(frozen=True)
class Step:
    """What is done on a day: a write in a region, or something that happens to a link or a clock."""

    action: str
    link: tuple[str, str]
    key: str
    seconds: float

    @property
    def region(self) -> str:
        return self.link[0]


def days(*more: str) -> st.SearchStrategy[list[Step]]:
    actions, links = st.sampled_from((*WRITES, *TROUBLE, *more)), st.sampled_from(list(permutations(REGIONS, 2)))
    step = st.builds(Step, actions, links, st.sampled_from(KEYS), st.sampled_from(SECONDS))
    return st.lists(step, min_size=5, max_size=40)


# Fewer days let a tombstone that is not kept pass. Looking for the smallest failing day would take minutes.
as_found = settings(max_examples=settings().max_examples * 3 // 2, phases=[Phase.explicit, Phase.generate])


# A day on the simulator, without boto3 on the way.


def send(world: World, region: str, operation: str, **parameters: Any) -> Any:
    response = world.simulator.router.answer(dynamodb_request(region, operation, {"TableName": NAME, **parameters}))
    assert response.ok or response.code == "ResourceNotFoundException", response.body
    return response.result


def read(world: World, region: str, key: str) -> dict[str, str] | None:
    image = send(world, region, "GetItem", Key=item(key)).get("Item")
    return {name: value["S"] for name, value in image.items() if name != "id"} if image else None


def do(world: World, step: Step, value: str) -> None:
    if step.action == "PutItem":
        send(world, step.region, "PutItem", Item=item(step.key, put=value))
    elif step.action == "UpdateItem":
        update = {"UpdateExpression": "SET updated = :v", "ExpressionAttributeValues": {":v": {"S": value}}}
        send(world, step.region, "UpdateItem", Key=item(step.key), **update)
    elif step.action == "DeleteItem":
        send(world, step.region, "DeleteItem", Key=item(step.key))
    elif step.action == "wait":
        world.clock.wait(step.seconds)
    elif step.action == "skew":
        world.simulator.faults.inject(fault_named(f"clock-skew={step.region}:{step.seconds - 5}"))
    elif step.action == "slow":
        world.simulator.slow_down(*step.link, step.seconds)
    elif step.action in ("cut", "heal"):
        getattr(world.simulator, step.action)(*step.link)


AT_THE_END = [*(Step("heal", link, "", 0) for link in permutations(REGIONS, 2)), Step("wait", (US, EU), "", 100_000)]


def agree(world: World, regions: Collection[str]) -> bool:
    return world.pending() == 0 and all(len({str(read(world, region, key)) for region in regions}) <= 1 for key in KEYS)


# The same day on a model.


@dataclass(frozen=True)
class Write:
    """A write as the model knows it; `image` is None for a delete."""

    version: tuple[int, str]
    """When and where; at equal times the last region name wins, our assumption: AWS does not document it."""
    image: dict[str, str] | None


NOTHING = Write((-(10**12), ""), None)


@dataclass
class Model:
    """Each region shows the write with the highest version of those that it has: its own and the arrived ones.

    Nothing of the simulator is used: no delivery order, no stored state, only the set of writes each region has.
    """

    now: int = 0
    skew: dict[str, int] = field(default_factory=dict)
    lags: dict[tuple[str, str], int] = field(default_factory=dict)
    cut: set[tuple[str, str]] = field(default_factory=set)
    has: dict[tuple[str, str], list[Write]] = field(default_factory=dict)
    pending: list[tuple[int, tuple[str, str], str, Write]] = field(default_factory=list)

    def held(self, region: str, key: str) -> Write:
        return max(self.has.get((region, key), []), key=lambda write: write.version, default=NOTHING)

    def do(self, step: Step, value: str) -> None:
        microseconds = round(step.seconds * 1_000_000)
        if step.action in WRITES:
            self.write(step.region, step.key, step.action, value)
        elif step.action == "wait":
            self.now += microseconds
        elif step.action == "skew":
            self.skew = {step.region: microseconds - 5_000_000}
        elif step.action == "slow":
            self.lags[step.link] = microseconds
        elif step.action == "cut":
            self.cut.add(step.link)
        elif step.action == "heal":
            self.cut.discard(step.link)
            late = self.now + self.lags.get(step.link, 1_000_000)
            self.pending = [
                (late if link == step.link and due <= self.now else due, link, key, write)
                for due, link, key, write in self.pending
            ]
        self.deliver()

    def write(self, region: str, key: str, operation: str, value: str) -> None:
        held = self.held(region, key)
        if operation == "DeleteItem" and held.image is None:
            return
        images = {"PutItem": {"put": value}, "UpdateItem": {**(held.image or {}), "updated": value}}
        # A write is later than what it replaces, even where the region's clock is behind.
        time = max(self.now + self.skew.get(region, 0), held.version[0] + 1)
        write = Write((time, region), images.get(operation))
        self.has.setdefault((region, key), []).append(write)
        for link in permutations(REGIONS, 2):
            if link[0] == region:
                self.pending.append((self.now + self.lags.get(link, 1_000_000), link, key, write))

    def deliver(self) -> None:
        for entry in list(self.pending):
            due, link, key, write = entry
            if due <= self.now and link not in self.cut:
                self.pending.remove(entry)
                self.has.setdefault((link[1], key), []).append(write)


@pytest.mark.slow
@as_found
@given(days())
def test_every_region_shows_what_the_model_says_at_every_moment(day: list[Step]) -> None:
    model, values = Model(), count()
    with World(*REGIONS, lag=ONE_SECOND) as world:
        for step in [*day, *AT_THE_END]:
            value = str(next(values))
            do(world, step, value)
            model.do(step, value)
            for region in REGIONS:
                for key in KEYS:
                    assert read(world, region, key) == model.held(region, key).image, (step, region, key)
        assert agree(world, REGIONS)


@pytest.mark.slow
@pytest.mark.parametrize("lag", [ONE_SECOND, Lag()])
@as_found
@given(day=days("Create", "Delete"))
def test_replicas_that_come_and_go_agree_in_the_end(lag: Lag, day: list[Step]) -> None:
    with World(*REGIONS, lag=lag) as world:
        for number, step in enumerate([*day, *AT_THE_END]):
            if step.action not in ("Create", "Delete"):
                do(world, step, str(number))
            elif step.region != US:
                updates = [{step.action: {"RegionName": step.region}}]
                request = dynamodb_request(US, "UpdateTable", {"TableName": NAME, "ReplicaUpdates": updates})
                world.simulator.router.answer(request)
                world.clock.wait(10 * step.seconds)
        replicas = world.replicas(US)
        assert set(replicas.values()) <= {"ACTIVE"}
        assert agree(world, replicas)
