"""What the suite finds out from outside about a cut, held against what the simulator knows: in dozens of seeds."""

from random import Random

import pytest

from steps.region_lost import caught_up, look_for_missing
from steps.world import World
from support.clock import MICROSECONDS
from support.polling import BACKOFF
from support.settings import read_settings
from support.simulator import Simulator
from support.simulator.items import item_key
from support.table.wire import to_wire, wire_key
from support.targets.simulated import SimulatedTarget
from support.verdicts.history import Key, Write
from support.verdicts.recovery import Recovery, gone

pytestmark = pytest.mark.slow

ORDER = '{"PK": "USER#global-user-[your-name]", "SK": "ORDER#[unique-id]", "status": "pending"}'
SEEDS = range(40)


@pytest.fixture(scope="module")
def target() -> SimulatedTarget:
    return SimulatedTarget(read_settings())


def cut_world(target: SimulatedTarget, seed: int) -> tuple[World, list[Write]]:
    """A world whose regions are cut off from each other, and what was written since then: a few orders, by chance."""
    table, participant = target.start_scenario(f"cut {seed}")
    world = World(table, table.clock, participant, read_settings().limits, [])
    world.texts["order"] = ORDER
    random = Random(seed)
    for number in range(random.randint(1, 4)):
        name = f"order-{number}"
        world.create(name, world.item("order", name), random.choice(world.table.regions))
    world.clock.wait(10)  # so that each order is everywhere
    world.table.links.pause()
    writes = []
    for number in range(random.randint(1, 8)):
        world.clock.wait(random.uniform(0.001, 20))
        region, key = random.choice(world.table.regions), random.choice(list(world.created.values())).key
        writes.append(world.table.region(region).update(key, {"status": f"status {number}"}, by=f"write {number}"))
    return world, writes


def simulator_of(target: SimulatedTarget) -> Simulator:
    assert target._current is not None
    return target._current


def last_arrival(simulator: Simulator, finals: dict[Key, Write]) -> float:
    """When the last of these writes will be where it has to go, in seconds of the clock, from the links themselves."""
    arrivals = [0.0]
    for link in simulator.replication.links():
        taken = [link.take() for _ in range(len(link))]
        for due, change in taken:
            for key, write in finals.items():
                if item_key(["PK", "SK"], wire_key(key)) == change.key and change.image == to_wire(
                    write.new_image or {}
                ):
                    arrivals.append(due / MICROSECONDS)
        for due, change in reversed(taken):
            link.put_back(due, change)
    return max(arrivals)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_missing_gone_and_caught_up_is_what_the_simulator_knows(target: SimulatedTarget, seed: int) -> None:
    world, writes = cut_world(target, seed)
    one, other = world.table.regions
    pending = world.table.links.pending() or {}
    for way in ((one, other), (other, one)):
        assert len(look_for_missing(world, writes, *way).missing) == pending.get(way, 0)
    finals = {write.key: write for write in writes}
    healed = world.table.links.resume()
    true = last_arrival(simulator_of(target), finals) - healed
    held = caught_up(world, healed, 180)
    (found,) = [each.numbers for each in world.findings if isinstance(each, Recovery) and each.figure == "catch-up"]
    assert found["last_miss"] <= true <= found["first_hit"] + 1e-6
    assert found["first_hit"] - true <= max(world.limits.polling, BACKOFF * true) + 1e-6
    chains = {
        key: [each for each in writes if each.key == key and each.region == last.region] for key, last in finals.items()
    }
    assert [each.write for each in gone(writes, held)] == [each for each in writes if each not in chains[each.key]]
    target.end_scenario()
