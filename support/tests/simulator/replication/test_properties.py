"""Whatever happens on a generated day, the regions show what a model of last writer wins says, and agree in the end."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from support.simulator import Lag
from support.simulator.engines.engine import Engine
from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.messages import dynamodb_request
from support.tests.simulator.replication.days import KEYS, REGIONS, Day, DictEngine, Model, Step, Write
from support.tests.simulator.simulated_world import NAME

SECONDS = (0.0, 0.000001, 0.4, 1.0, 5.0, 70.0)

regions = st.integers(0, len(REGIONS) - 1)


def steps(*others: str) -> st.SearchStrategy[list[Step]]:
    actions = ("PutItem", "PutItem", "UpdateItem", "DeleteItem", "wait", "wait", "cut", "heal", "slow", "skew", *others)
    step = st.tuples(st.sampled_from(actions), regions, regions, st.sampled_from(SECONDS))
    return st.lists(step, min_size=5, max_size=40)


def examples(number: int, on_moto: bool = False) -> Callable[..., Any]:
    # To look for the smallest failing day takes minutes on moto; the engine of dicts finds it in seconds.
    phases = [Phase.explicit, Phase.generate] if on_moto else list(Phase)
    return settings(max_examples=number, derandomize=True, deadline=None, phases=phases)


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


@pytest.mark.slow
@examples(400)
@given(st.integers(2, 4), steps())
def test_every_region_shows_what_the_model_says_at_every_moment(number: int, day: list[Step]) -> None:
    check_against_model(DictEngine(), number, day)


@pytest.mark.slow
@examples(25, on_moto=True)
@given(st.integers(2, 4), steps())
def test_every_region_shows_what_the_model_says_at_every_moment_on_moto(number: int, day: list[Step]) -> None:
    check_against_model(MotoEngine(), number, day)


@pytest.mark.slow
@examples(200)
@given(st.integers(2, 4), st.integers(), steps())
def test_with_lags_by_chance_all_regions_end_with_the_highest_version(number: int, seed: int, day: list[Step]) -> None:
    """When a change arrives can't be told, but what is seen was written, and never goes back."""
    world = Day(DictEngine(), number, Lag(), str(seed))
    versions = {key: {str(None): (-(10**12), "")} for key in KEYS}
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    for step in day:
        region, key = world.place(step)
        if step[0] in ("PutItem", "UpdateItem"):
            world.write(region, key, step[0])
            held = world.simulator.replication.versions[region].held(NAME, (f"S:{key}",))
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


@pytest.mark.slow
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
            world.clock.wait(10 * step[3])
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
