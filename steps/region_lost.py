"""A region that is cut off: what is missing elsewhere meanwhile, how long catching up takes, and what is gone."""

from collections.abc import Mapping, Sequence

from pytest_bdd import given, parsers, then, when

from steps.indexes import create_orders, hold_all
from steps.items import await_arrivals, read_again
from steps.world import TYPES, World, rows
from support.verdicts import recovery
from support.verdicts.errors import NotArrivedError, WrongVersionError
from support.verdicts.history import Image, Key, Write
from support.verdicts.images import difference

ADVISED = 10
"""How many times the recent delay AWS advises to wait before a region is left (facts 1.5c)."""


@given(parsers.parse("replication from {source:Region} to {destination:Region} takes {seconds:Duration}", TYPES))
def takes(world: World, source: str, destination: str, seconds: float) -> None:
    world.table.links.slow_down(source, destination, seconds)


@given(parsers.parse("replication from {source:Region} to {destination:Region} is cut", TYPES))
def cut_link(world: World, source: str, destination: str) -> None:
    world.table.links.cut(source, destination)


@given("replication between the regions is cut")
def cut_both(world: World) -> None:
    world.table.links.pause()


@when("replication between the regions heals", target_fixture="healed")
def heal_both(world: World) -> float:
    return world.table.links.resume()


@given(
    parsers.parse("the delay of {count:d} orders from {source:Region} to {destination:Region} was measured", TYPES),
    target_fixture="slowest",
)
def measure_delay(world: World, count: int, source: str, destination: str) -> float:
    """The slowest one, in seconds."""
    ways = [(write, destination) for write in create_orders(world, count, source)]
    return max(each.sample.delay for each in await_arrivals(world, ways, world.limits.replication))


@when(
    parsers.parse(
        "{count:d} orders are created in {region:Region}, and ten times the slowest of these delays pass", TYPES
    ),
    target_fixture="changes",
)
def stop_writing(world: World, slowest: float, count: int, region: str) -> list[Write]:
    writes = create_orders(world, count, region)
    world.clock.wait(ADVISED * slowest)
    return writes


@then(
    parsers.parse("{other:Region} lacks {count:d} of the writes that {region:Region} has acknowledged", TYPES),
    target_fixture="point",
)
def lacks(world: World, changes: list[Write], other: str, count: int, region: str) -> recovery.RecoveryPoint:
    point = look_for_missing(world, changes, region, other)
    world.findings.append(point.finding())
    demand_missing(world, point, count)
    return point


@then(parsers.parse("{other:Region} lacks none of the writes that {region:Region} has acknowledged", TYPES))
def lacks_none(world: World, changes: list[Write], slowest: float, other: str, region: str) -> None:
    point = look_for_missing(world, changes, region, other)
    world.findings.append(recovery.report_of_switch(slowest, ADVISED * slowest, len(point.missing), len(changes)))
    demand_missing(world, point, 0)


@then(parsers.parse("within {limit:Duration} this has become of what was missing:", TYPES))
def became(
    world: World, changes: list[Write], point: recovery.RecoveryPoint, limit: float, datatable: Sequence[Sequence[str]]
) -> None:
    held = {key: each.image for key, each in hold_all(world, limit).items()}
    found = recovery.fates(point.missing, changes, held)
    world.findings.append(recovery.report_of_fates(found))
    demand_fates(world, datatable, found)


@then(
    parsers.parse(
        "for {seconds:Duration} each read of the order {name:Word} in {region:Region} shows what had arrived, whole",
        TYPES,
    )
)
def reads_what_had_arrived(world: World, seconds: float, name: str, region: str) -> None:
    for read in read_again(world, name, region, seconds):
        if problem := difference(world.created[name].new_image, read.found):
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
    least, most = max(missed - healed, 0.0), max(hit for _, hit in seen) - healed
    world.findings.append(recovery.report_of_catching_up(least, most))
    return {key: each.image for key, each in agreements.items()}


@then("these acknowledged writes are gone:")
def are_gone(
    world: World, changes: list[Write], held: Mapping[Key, Image | None], datatable: Sequence[Sequence[str]]
) -> None:
    lost = recovery.gone(changes, held)
    world.findings.append(recovery.report_of_losses(lost))
    demand_fates(world, datatable, lost)


def look_for_missing(world: World, changes: Sequence[Write], region: str, other: str) -> recovery.RecoveryPoint:
    shown = {write.key: world.table.region(other).get(write.key) for write in changes}
    return recovery.recovery_point(changes, region, other, shown)


def demand_missing(world: World, point: recovery.RecoveryPoint, count: int) -> None:
    names = ", ".join(write.name for write in point.missing) or "none"
    should = f"{point.other} should lack {count or 'none'} of the writes that {point.region} has acknowledged"
    if len(point.missing) < count:
        world.table.links.demand_paused()
        raise WrongVersionError(f"{should}, and lacks {names}: likely replication is not cut")
    if len(point.missing) > count:
        raise NotArrivedError(f"{should}, and lacks {names}")


def demand_fates(world: World, datatable: Sequence[Sequence[str]], found: Sequence[recovery.Fate]) -> None:
    """What became of these writes has to be what the feature's table says, whose head names what to compare."""
    names = {write.key: name for name, write in world.created.items()}
    cells = [
        {
            "order": names[fate.write.key],
            "outcome": fate.outcome,
            "written in": fate.write.region,
            "overwritten in": fate.overtaken_by.region if fate.overtaken_by else "",
        }
        for fate in found
    ]
    expected = [list(row.values()) for row in rows(datatable)]
    if sorted(expected) != sorted([each[head] for head in datatable[0]] for each in cells):
        told = "; ".join(f"{fate.write.name} in {fate.write.region}: {fate}" for fate in found) or "none"
        where = " and ".join(world.table.regions)
        raise WrongVersionError(f"the writes in {where} have become something else than the feature's table: {told}")
