"""Whatever happens on a generated day, the regions show what a model of last writer wins says, and agree in the end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count, permutations
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from support.clock import SimulatedClock
from support.simulator import Fault, Lag, Simulator
from support.simulator.engines.engine import Engine
from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.messages import dynamodb_request
from support.tests.simulator.dict_engine import DictEngine
from support.tests.simulator.simulated_world import NAME, TABLE

REGIONS = ("us-east-1", "eu-west-1", "ap-south-1", "sa-east-1")
KEYS = ("a", "b", "c")
SECONDS = (0.0, 0.000001, 0.4, 1.0, 5.0, 70.0)

Step = tuple[str, int, int, float]
"""What to do, a region, another one or a key, and seconds; numbers too large start again at 0."""

regions = st.integers(0, len(REGIONS) - 1)


def steps(*others: str) -> st.SearchStrategy[list[Step]]:
    """A day: mostly writes and waits."""
    actions = ("PutItem", "PutItem", "UpdateItem", "DeleteItem", "wait", "wait", "cut", "heal", "slow", "skew", *others)
    step = st.tuples(st.sampled_from(actions), regions, regions, st.sampled_from(SECONDS))
    return st.lists(step, min_size=5, max_size=40)


def examples(number: int, on_moto: bool = False) -> Callable[..., Any]:
    # To look for the smallest failing day takes minutes on moto; the engine of dicts finds it in seconds.
    phases = [Phase.explicit, Phase.generate] if on_moto else list(Phase)
    return settings(max_examples=number, derandomize=True, deadline=None, phases=phases)


@dataclass(frozen=True)
class Write:
    """A write as the model knows it; `image` is None for a delete."""

    version: tuple[int, str]
    image: dict[str, str] | None


@dataclass
class Model:
    """Each region shows the write with the highest version of those that it has: its own and the arrived ones.

    Nothing of the simulator is used: no delivery order, no stored state, only the set of writes each region has.
    """

    regions: tuple[str, ...]
    now: int = 0
    skew: dict[str, int] = field(default_factory=dict)
    lags: dict[tuple[str, str], int] = field(default_factory=dict)
    cut: set[tuple[str, str]] = field(default_factory=set)
    has: dict[tuple[str, str], list[Write]] = field(default_factory=dict)
    owed: list[tuple[int, tuple[str, str], str, Write]] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        self.now += round(seconds * 1_000_000)
        self.deliver()

    def deliver(self) -> None:
        for entry in list(self.owed):
            due, link, key, write = entry
            if due <= self.now and link not in self.cut:
                self.owed.remove(entry)
                self.has.setdefault((link[1], key), []).append(write)

    def held(self, region: str, key: str) -> Write | None:
        return max(self.has.get((region, key), []), key=lambda write: write.version, default=None)

    def image(self, region: str, key: str) -> dict[str, str] | None:
        held = self.held(region, key)
        return held.image if held else None

    def write(self, region: str, key: str, operation: str, value: str) -> None:
        before = self.image(region, key)
        if operation == "DeleteItem" and before is None:
            return
        images = {"PutItem": {"put": value}, "UpdateItem": {**(before or {}), "updated": value}}
        held = self.held(region, key)
        time = self.now + self.skew.get(region, 0)
        write = Write((max(time, held.version[0] + 1) if held else time, region), images.get(operation))
        self.has.setdefault((region, key), []).append(write)
        for other in self.regions:
            if other != region:
                self.owed.append((self.now + self.lags.get((region, other), 1_000_000), (region, other), key, write))
        self.deliver()

    def trouble(self, action: str, region: str, link: tuple[str, str], seconds: float) -> None:
        if action == "wait":
            self.wait(seconds)
        elif action == "skew":
            self.skew = {region: round((seconds - 5) * 1_000_000)}
        elif action == "slow":
            self.lags[link] = round(seconds * 1_000_000)
        elif action == "cut":
            self.cut.add(link)
        elif action == "heal":
            self.heal(link)

    def heal(self, link: tuple[str, str]) -> None:
        self.cut.discard(link)
        late = self.now + self.lags.get(link, 1_000_000)
        self.owed = [(late if each[1] == link and each[0] <= self.now else each[0], *each[1:]) for each in self.owed]
        self.deliver()


class Day:
    """A simulator that is told the steps, without boto3 on the way."""

    def __init__(self, engine: Engine, number: int, lag: Lag, seed: str = "1") -> None:
        self.clock = SimulatedClock()
        self.regions = REGIONS[:number]
        self.simulator = Simulator(self.clock, self.regions, seed, lag, engine=engine)
        self.simulator.create_global_table(TABLE)
        self._values = count()

    def ends(self, step: Step) -> tuple[str, str]:
        links = list(permutations(self.regions, 2))
        return links[(step[1] * len(REGIONS) + step[2]) % len(links)]

    def place(self, step: Step) -> tuple[str, str]:
        return self.regions[step[1] % len(self.regions)], KEYS[step[2] % len(KEYS)]

    def send(self, region: str, operation: str, **parameters: Any) -> Any:
        response = self.simulator.router.answer(dynamodb_request(region, operation, {"TableName": NAME, **parameters}))
        assert response.ok or b"ResourceNotFound" in response.body, response.body
        return response.result

    def write(self, region: str, key: str, operation: str) -> str:
        value = str(next(self._values))
        identity = {"id": {"S": key}}
        if operation == "PutItem":
            self.send(region, operation, Item={**identity, "put": {"S": value}})
        elif operation == "UpdateItem":
            update = {"UpdateExpression": "SET updated = :v", "ExpressionAttributeValues": {":v": {"S": value}}}
            self.send(region, operation, Key=identity, **update)
        else:
            self.send(region, operation, Key=identity)
        return value

    def read(self, region: str, key: str) -> dict[str, str] | None:
        image = self.send(region, "GetItem", Key={"id": {"S": key}}).get("Item")
        return {name: value["S"] for name, value in image.items() if name != "id"} if image else None

    def trouble(self, step: Step) -> None:
        """What is no write: time, links and clocks."""
        action, _, _, seconds = step
        if action == "wait":
            self.clock.wait(seconds)
        elif action == "skew":
            self.simulator.faults.switch_on(Fault("clock-skew", f"{self.place(step)[0]}:{seconds - 5}"))
        elif action == "slow":
            self.simulator.slow_down(*self.ends(step), seconds)
        elif action == "cut":
            self.simulator.cut(*self.ends(step))
        elif action == "heal":
            self.simulator.heal(*self.ends(step))

    def settle(self) -> None:
        for ends in permutations(self.regions, 2):
            self.simulator.heal(*ends)
        self.clock.wait(10_000)
        assert [self.simulator.owed(*ends) for ends in permutations(self.regions, 2)] == [0] * len(
            list(permutations(self.regions, 2))
        )


def check_against_model(engine: Engine, number: int, day: list[Step]) -> None:
    world = Day(engine, number, Lag(median=0, extra=1))
    model = Model(world.regions)
    for step in day:
        region, key = world.place(step)
        if step[0].endswith("Item"):
            model.write(region, key, step[0], world.write(region, key, step[0]))
        else:
            world.trouble(step)
            model.trouble(step[0], region, world.ends(step), step[3])
        for region in world.regions:
            for key in KEYS:
                assert world.read(region, key) == model.image(region, key), (step, region, key)
    world.settle()
    for key in KEYS:
        everything = [write for region in world.regions for write in model.has.get((region, key), [])]
        everything += [write for _, _, owed_key, write in model.owed if owed_key == key]
        last = max(everything, key=lambda write: write.version, default=Write((0, ""), None))
        assert [world.read(region, key) for region in world.regions] == [last.image] * number
    world.simulator.close()


@examples(400)
@given(st.integers(2, 4), steps())
def test_every_region_shows_what_the_model_says_at_every_moment(number: int, day: list[Step]) -> None:
    check_against_model(DictEngine(), number, day)


@examples(25, on_moto=True)
@given(st.integers(2, 4), steps())
def test_every_region_shows_what_the_model_says_at_every_moment_on_moto(number: int, day: list[Step]) -> None:
    check_against_model(MotoEngine(), number, day)


def check_convergence(engine: Engine, number: int, seed: int, day: list[Step]) -> None:
    """With lags by chance nobody can tell when a change arrives: but what is seen was written, and never goes back."""
    world = Day(engine, number, Lag(), str(seed))
    versions = {key: {str(None): (-(10**12), "")} for key in KEYS}
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    for step in day:
        region, key = world.place(step)
        if step[0] in ("PutItem", "UpdateItem"):
            world.write(region, key, step[0])
            held = world.simulator._replication.versions[region].held(NAME, (f"S:{key}",))
            assert held is not None
            versions[key][str(world.read(region, key))] = (held.written, held.region)
        elif step[0] != "DeleteItem":
            world.trouble(step)
        for region in world.regions:
            for key in KEYS:
                version = versions[key][str(world.read(region, key))]  # KeyError: nobody wrote that
                assert version >= seen.get((region, key), version)
                seen[region, key] = version
    world.settle()
    for key in KEYS:
        last = max(versions[key], key=lambda image: versions[key][image])
        assert [str(world.read(region, key)) for region in world.regions] == [last] * number
    world.simulator.close()


@examples(200)
@given(st.integers(2, 4), st.integers(), steps())
def test_with_lags_by_chance_all_regions_end_with_the_highest_version(number: int, seed: int, day: list[Step]) -> None:
    check_convergence(DictEngine(), number, seed, day)


@examples(20, on_moto=True)
@given(st.integers(2, 4), st.integers(), steps())
def test_with_lags_by_chance_all_regions_end_with_the_highest_version_on_moto(
    number: int, seed: int, day: list[Step]
) -> None:
    check_convergence(MotoEngine(), number, seed, day)


@pytest.mark.parametrize("lag", [Lag(median=0, extra=1), Lag()])
@examples(200)
@given(day=steps("add", "remove"))
def test_replicas_that_come_and_go_agree_in_the_end(lag: Lag, day: list[Step]) -> None:
    world = Day(DictEngine(), 4, lag)
    home, *others = world.regions
    for step in day:
        region, key = world.place(step)
        update = {"add": "Create", "remove": "Delete"}.get(step[0])
        if update and region in others:
            request = {"TableName": NAME, "ReplicaUpdates": [{update: {"RegionName": region}}]}
            world.simulator.router.answer(dynamodb_request(home, "UpdateTable", request))
        elif step[0].endswith("Item"):
            world.write(region, key, step[0])
        elif not update:
            world.trouble(step)
    world.settle()
    replicas = world.send(home, "DescribeTable")["Table"].get("Replicas", [])
    assert {each["ReplicaStatus"] for each in replicas} <= {"ACTIVE"}
    for key in KEYS:
        shown = {str(world.read(each["RegionName"], key)) for each in replicas}
        assert len(shown) <= 1
