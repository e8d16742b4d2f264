"""The global table itself: what DescribeTable tells in each region, and whether the regions reach each other."""

from collections.abc import Mapping, Sequence

from pytest_bdd import parsers, then, when

from steps.words import TYPES, rows
from steps.world import World
from support.verdicts.findings import Finding
from support.verdicts.health import (
    Description,
    Problem,
    missing_tables,
    replica_problems,
    status_problems,
    stream_problems,
    unequal_settings,
    version_problems,
)
from support.verdicts.images import in_words

Described = Mapping[str, Description | None]


@when("the table is described in both regions", target_fixture="described")
def describe(world: World) -> Described:
    return world.table.describe()


@then("its status is ACTIVE in both regions")
def active(described: Described) -> None:
    demand_none(missing_tables(described) + status_problems(described))


@then("each region lists the other one as a replica that is ACTIVE")
def replicas_active(described: Described) -> None:
    """Whether a region lists itself as well is not sure on AWS, and does not matter."""
    demand_none(missing_tables(described) + version_problems(described) + replica_problems(described))


@then("these settings are equal in both regions:")
def settings_equal(described: Described, datatable: Sequence[Sequence[str]]) -> None:
    """Those that AWS keeps equal; tags, point-in-time recovery and item counts may differ."""
    names = [row["setting"] for row in rows(datatable)]
    demand_none(missing_tables(described) + unequal_settings(described, names))


@then("both regions have a stream, whatever it shows of an item")
def streams_on(world: World, described: Described) -> None:
    """Replication reads the streams; which images they show does not matter to it."""
    demand_none(missing_tables(described) + stream_problems(described))
    views = tuple((each.region, each.stream) for each in described.values() if each)
    world.findings.append(Finding("note", "what the stream of each region shows", views))


@when(parsers.parse("a connectivity item is written in {region:Region}", TYPES))
def write_item(world: World, region: str) -> None:
    item = {"PK": f"TEST#timing-{world.participant.name}-connectivity", "SK": "REPLICATION", "source_region": region}
    world.create("connectivity item", item, region)


@when(parsers.parse("the connectivity item is deleted in {region:Region}", TYPES))
def delete_item(world: World, region: str) -> None:
    world.table.region(region).delete(world.it.key)


@then(parsers.parse("it is gone from {region:Region} within {limit:Duration}", TYPES))
def gone(world: World, region: str, limit: float) -> None:
    image = world.table.agreement(world.it.key, limit, [region]).image
    assert image is None, f"{region} should hold no connectivity item, and holds {in_words(image)}"


def demand_none(problems: Sequence[Problem]) -> None:
    assert not problems, "\n".join(str(problem) for problem in problems)
