"""A region that is cut off: what is missing elsewhere meanwhile, how long catching up takes, and what is gone."""

from collections.abc import Mapping, Sequence

from pytest_bdd import given, parsers, then, when

from steps.changes import Change, at_their_times, change_of
from steps.indexes import hold_all
from steps.items import await_arrivals
from steps.login import read_again
from steps.words import TYPES, Row, rows
from steps.world import World
from support.verdicts.convergence import Agreement
from support.verdicts.errors import NotArrivedError, WrongVersionError
from support.verdicts.history import Image, Key, Write
from support.verdicts.images import difference
from support.verdicts.recovery import (
    Fate,
    RecoveryPoint,
    fates,
    gone,
    recovery_point,
    report_of_catching_up,
    report_of_fates,
    report_of_losses,
    report_of_switch,
)

ADVISED = 10
"""How many times the recent delay AWS advises to wait before a region is left (facts 1.5c)."""


@given(
    parsers.parse("the delay of {count:d} orders from {source:Region} to {destination:Region} was measured", TYPES),
    target_fixture="slowest",
)
def measure_delay(world: World, count: int, source: str, destination: str) -> float:
    """The slowest one, in seconds."""
    writes = [(write, destination) for write in create_orders(world, "timed", count, source)]
    return max(each.sample.delay for each in await_arrivals(world, writes, world.limits.replication))


@when("orders are written:", target_fixture="written")
def write_orders(world: World, datatable: Sequence[Sequence[str]]) -> list[Write]:
    """An order that there is not yet is created, any other one changed."""
    return at_their_times(world, [(row["at"], change_of_order(world, row)) for row in rows(datatable)])


@when(
    parsers.parse(
        "{count:d} orders are created in {region:Region}, and ten times the slowest of these delays pass", TYPES
    ),
    target_fixture="written",
)
def stop_writing(world: World, slowest: float, count: int, region: str) -> list[Write]:
    writes = create_orders(world, "last", count, region)
    world.clock.wait(ADVISED * slowest)
    return writes


@then(
    parsers.parse("{other:Region} lacks {count:d} of the writes that {region:Region} has acknowledged", TYPES),
    target_fixture="point",
)
def lacks(world: World, written: list[Write], other: str, count: int, region: str) -> RecoveryPoint:
    point = look_for_missing(world, written, region, other)
    world.findings.append(point.finding())
    if len(point.missing) < count:
        world.table.links.demand_paused()
        raise WrongVersionError(
            f"{other} should lack {count} of the writes that {region} has acknowledged, and lacks "
            f"{len(point.missing)}: likely replication is not cut"
        )
    demand_no_more(point, count)
    return point


@then(parsers.parse("{other:Region} lacks none of the writes that {region:Region} has acknowledged", TYPES))
def lacks_none(world: World, written: list[Write], slowest: float, other: str, region: str) -> None:
    point = look_for_missing(world, written, region, other)
    world.findings.append(report_of_switch(slowest, ADVISED * slowest, len(point.missing), len(written)))
    demand_no_more(point, 0)


@then(parsers.parse("within {limit:Duration} this has become of what was missing:", TYPES))
def became(
    world: World, written: list[Write], point: RecoveryPoint, limit: float, datatable: Sequence[Sequence[str]]
) -> None:
    found = fates(point.missing, written, images_of(hold_all(world, limit)))
    world.findings.append(report_of_fates(found))
    expected = [(row["order"], row["outcome"]) for row in rows(datatable)]
    demand_fates(world, expected, [(name_of(world, fate.write.key), fate.outcome) for fate in found], found)


@then(
    parsers.parse(
        "for {seconds:Duration} each read of the order {name:Word} in {region:Region} shows what had arrived, whole",
        TYPES,
    )
)
def reads_what_had_arrived(world: World, seconds: float, name: str, region: str) -> None:
    for read in read_again(world, name, region, seconds):
        problem = difference(world.created[name].left, read.found)
        if problem:
            world.table.links.demand_paused()
            raise WrongVersionError(f"the order {name} in {region} is not as it had arrived before the cut: {problem}")


@then(parsers.parse('the order {name:Word} is "{status:Text}" in {region:Region} within {limit:Duration}', TYPES))
def is_in_status(world: World, name: str, status: str, region: str, limit: float) -> None:
    shown = (world.agreement(name, limit, region).image or {}).get("status")
    if shown != status:
        raise WrongVersionError(f'the order {name} in {region} should be "{status}", and is "{shown}"')


@then(parsers.parse("both regions have caught up within {limit:Duration}", TYPES), target_fixture="held")
def caught_up(world: World, healed: float, limit: float) -> Mapping[Key, Image | None]:
    agreements = hold_all(world, limit)
    seen = [each.arrival(region) for each in agreements.values() for region in world.table.regions]
    missed = max((miss for miss, _ in seen if miss is not None), default=healed)
    world.findings.append(report_of_catching_up(max(missed - healed, 0.0), max(hit for _, hit in seen) - healed))
    return images_of(agreements)


@then("these acknowledged writes are gone:")
def are_gone(
    world: World, written: list[Write], held: Mapping[Key, Image | None], datatable: Sequence[Sequence[str]]
) -> None:
    lost = gone(written, held)
    world.findings.append(report_of_losses(lost))
    expected = [(row["order"], row["written in"], row["overwritten in"]) for row in rows(datatable)]
    found = [
        (name_of(world, fate.write.key), fate.write.region, fate.overtaken_by.region)
        for fate in lost
        if fate.overtaken_by
    ]
    demand_fates(world, expected, found, lost)


def change_of_order(world: World, row: Row) -> Change:
    name, region = row["order"], row["region"]
    if name in world.created:
        return change_of(world, world.key(name), row, f"order {name}")
    return lambda: world.create(name, world.item("order", name), region, f"order {name}")


def create_orders(world: World, prefix: str, count: int, region: str) -> list[Write]:
    names = [f"{prefix}-{number}" for number in range(1, count + 1)]
    return [world.create(name, world.item("order", name), region, f"order {name}") for name in names]


def look_for_missing(world: World, written: Sequence[Write], region: str, other: str) -> RecoveryPoint:
    shown = {write.key: world.table.region(other).get(write.key) for write in written}
    return recovery_point(written, region, other, shown)


def demand_no_more(point: RecoveryPoint, count: int) -> None:
    if len(point.missing) > count:
        names = ", ".join(write.name for write in point.missing)
        number = f"{count} writes" if count else "no write"
        raise NotArrivedError(f"{point.other} should lack {number} of {point.region}, and lacks {names}")


def images_of(agreements: Mapping[Key, Agreement]) -> dict[Key, Image | None]:
    return {key: each.image for key, each in agreements.items()}


def name_of(world: World, key: Key) -> str:
    return next(name for name, write in world.created.items() if write.key == key)


def demand_fates(
    world: World, expected: Sequence[object], found: Sequence[object], fates_found: Sequence[Fate]
) -> None:
    if sorted(map(str, expected)) != sorted(map(str, found)):
        told = "; ".join(f"{fate.write.name} in {fate.write.region}: {fate}" for fate in fates_found) or "none"
        where = " and ".join(world.table.regions)
        raise WrongVersionError(f"the writes in {where} have become something else than the feature's table: {told}")
