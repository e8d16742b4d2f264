"""Loads: clients that write and read the same items at random, or items of their own, and the check of all of it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import pytest
from pytest_bdd import parsers, then, when

from steps.world import TYPES, World, names, rows
from steps.writing import OPERATIONS, Abilities, abilities_of, write
from support.clock import Clock, Task
from support.page.workshop import Load
from support.table.region import Region
from support.table.wire import key_image
from support.targets.global_table import GlobalTable
from support.verdicts import errors
from support.verdicts.history import Action, History, Key, Write
from support.verdicts.images import same
from support.verdicts.versions import WRITE_ID
from support.verdicts.workload import Rule, WorkloadVerdict, check_workload

READS = 4
"""How often a client reads, relative to what it writes."""

ACTIONS: dict[str, Action] = {"put": "put", "updated": "update", "deleted": "delete"}
"""What is done to items that a feature calls so."""

LONGEST_CUT = 30.0

APART = 0.1
"""Seconds from write to write: so the later one is the later one, whatever the regions' clocks are."""


@dataclass
class Workload:
    """The load of a scenario: the regions, with the history of all that is done to its items, and what they take."""

    regions: Mapping[str, Region]
    history: History
    abilities: Abilities = field(default_factory=Abilities)
    keys: list[Key] = field(default_factory=list)

    @classmethod
    def of(cls, world: World) -> "Workload":
        history = History()
        return cls({name: world.table.region(name).with_history(history) for name in world.table.regions}, history)


@pytest.fixture(scope="session")
def asked() -> list[Abilities]:
    """What the target of this run takes, once it was asked."""
    return []


@pytest.fixture
def workload(world: World, asked: list[Abilities]) -> Workload:
    """AWS can be written to in all ways, and so can the simulated table; an emulator is asked what it takes."""
    workload = Workload.of(world)
    if world.table.may_lack_operations:
        if not asked:
            region = world.table.region(world.table.regions[0]).with_history(History())
            asked.append(abilities_of(region, key_of(world, "try")))
        workload.abilities = asked[0]
    return workload


@when("items are created in each region, overwritten in the other one, and then written in each of these ways:")
def write_in_all_ways(world: World, workload: Workload, datatable: Sequence[Sequence[str]]) -> None:
    """The regions have items of their own, and what is written there last wins, in whatever way it is written."""
    abilities = workload.abilities
    for name, region in workload.regions.items():
        random = Random(f"{world.limits.load.seed}/ways/{name}")
        for number, row in enumerate(rows(datatable), 1):
            if row["operation"] in OPERATIONS and row["operation"] not in abilities.operations:
                continue
            ids = [f"{number}.{place}/{name}" for place, _ in enumerate(names(row["items"]), 1)]
            items = [(ACTIONS[each], key_of(world, by), by) for each, by in zip(names(row["items"]), ids, strict=True)]
            workload.keys += [key for _, key, _ in items]
            write(region, "PutItem", [abilities.creation(key, f"{by}/created") for _, key, by in items])
            world.clock.wait(APART)
            for other in world.table.others(name):
                for _, key, by in items:
                    workload.regions[other].put({**key_image(key), WRITE_ID: f"{by}/{other}"}, f"{by}/{other}")
            world.clock.wait(APART)
            write(region, row["operation"], [abilities.intent(*each, random) for each in items])


@when("items are created, deleted and created again in each region")
def create_again(world: World, workload: Workload) -> None:
    """At once, so that the last one has to arrive where the delete has just done so."""
    for name, region in workload.regions.items():
        key = key_of(world, name)
        workload.keys.append(key)
        write(region, "PutItem", [workload.abilities.creation(key, f"{name}/created")])
        region.delete(key, f"{name}/deleted")
        write(region, "PutItem", [workload.abilities.creation(key, f"{name}/created again")])


@when("items are created in each region, and deleted in the other one before they have arrived there")
def delete_too_early(world: World, workload: Workload) -> None:
    """The deletes find no item, so that they make no version (assumption A9)."""
    for name, region in workload.regions.items():
        key = key_of(world, name)
        workload.keys.append(key)
        write(region, "PutItem", [workload.abilities.creation(key, f"{name}/created")])
        for other in world.table.others(name):
            workload.regions[other].delete(key, f"{other}/deleted")


@when("several clients in each region put, update, delete and read a few hot items at random")
def run_load(world: World, workload: Workload) -> None:
    world.clock.run(*clients(world, workload))


@when("several clients in each region change and read a few hot items at random while links are cut and heal")
def run_load_while_cut(world: World, workload: Workload) -> None:
    if not world.clock.run(*clients(world, workload), cuts(world))[-1]:
        raise errors.InconclusiveError("no link was cut; choose a higher --load-minutes")


@when(
    parsers.parse("the regions are given {limit:Duration} at most to agree on all items", TYPES),
    target_fixture="workload_verdict",
)
def settle(world: World, workload: Workload, limit: float) -> WorkloadVerdict:
    """Whether they do is a matter of the verdict: the last reads show what they hold."""
    silent = {*world.table.regions} - {each.region for each in workload.history if isinstance(each, Write)}
    if silent:
        cure = "choose a higher --load-minutes or --load-pace"
        raise errors.InconclusiveError(f"no client wrote anything in {' or '.join(sorted(silent))}; {cure}")
    (waited,) = world.clock.run(until_settled(world.table, workload, limit))
    verdict = check_workload(workload.history)
    title = (
        f"{verdict.writes} writes and {verdict.reads} reads of {len(workload.keys)} items:"
        f" {'all rules hold' if verdict.valid else f'{len(verdict.anomalies)} anomalies'}; it settled in {waited:.1f} s"
    )
    if workload.abilities.lacking:
        title += f"; left out, for the target lacks it: {', '.join(workload.abilities.lacking)}"
    world.note(title, *((each.rule, each.sentence) for each in verdict.anomalies[:5]))
    return verdict


@then("every read has shown an item as a write left it, whole")
def whole_images(workload_verdict: WorkloadVerdict) -> None:
    demand_rule(workload_verdict, Rule.WHOLE_IMAGES, errors.WrongImageError)


@then("no region has shown an older version after a newer one")
def no_step_back(workload_verdict: WorkloadVerdict) -> None:
    demand_rule(workload_verdict, Rule.NO_STEP_BACK)


@then("each region has shown its own writes")
def own_writes(workload_verdict: WorkloadVerdict) -> None:
    demand_rule(workload_verdict, Rule.OWN_WRITES)


@then("what was deleted has stayed deleted, unless it was written again")
def stayed_deleted(workload_verdict: WorkloadVerdict) -> None:
    demand_rule(workload_verdict, Rule.DELETED)


@then("both regions hold the same last version of each item")
def converged(workload_verdict: WorkloadVerdict) -> None:
    demand_rule(workload_verdict, Rule.CONVERGENCE, errors.RegionsDisagreeError)


def demand_rule(
    verdict: WorkloadVerdict, rule: Rule, error: type[errors.VerdictError] = errors.WrongVersionError
) -> None:
    """Fail with the shortest counter-example, unless a network has delivered writes twice."""
    problem = verdict.against(rule)
    if problem and verdict.delivered_twice:
        why = f"{verdict.delivered_twice} writes were delivered twice, which may explain it"
        raise errors.InconclusiveError(f"{why}: {problem}")
    if problem:
        raise error(problem)


def key_of(world: World, name: str) -> Key:
    return Key(f"TEST#load-{world.participant.name}", f"ITEM#{name}")


def clients(world: World, workload: Workload) -> list[Task[int]]:
    """A task for each client, which does something at random again and again until the time is over."""
    load = world.limits.load
    workload.keys = [key_of(world, str(number)) for number in range(1, load.items + 1)]
    return [
        client(region, f"{name}/{number}", world.clock, load, workload)
        for name, region in workload.regions.items()
        for number in range(1, load.clients + 1)
    ]


def client(region: Region, name: str, clock: Clock, load: Load, workload: Workload) -> Task[int]:
    """One client: pauses of random length, and something else after each of them; the number of its operations."""
    random = Random(f"{load.seed}/{name}")
    ends = clock.elapsed() + load.minutes * 60
    possible = workload.abilities.operations
    weights = {"GetItem": READS, **{name: often for name, (_, _, often) in OPERATIONS.items() if name in possible}}
    number = 0
    while True:
        yield random.expovariate(load.pace)
        if clock.elapsed() >= ends:
            return number
        number += 1
        (operation,) = random.choices(list(weights), list(weights.values()))
        if operation == "GetItem":
            region.get(random.choice(workload.keys))
        else:
            # PartiQL updates an item that is there, or nothing. After a lost answer it is unknown which of them it was.
            excused = (errors.ConditionFailedError, errors.UnknownOutcomeError)
            with suppress(*(excused if operation == "ExecuteStatement" else ())):
                intents = workload.abilities.some_intents(operation, workload.keys, f"{name}/{number}", random)
                write(region, operation, intents)


def cuts(world: World) -> Task[int]:
    """A task that cuts a link, lets it heal after some time, and begins anew until the time is over; how many it cut.

    It cuts none after the clients have stopped: that would not show anything.
    """
    load = world.limits.load
    random = Random(f"{load.seed}/cuts")
    links = [(source, other) for source in world.table.regions for other in world.table.others(source)]
    ends = world.clock.elapsed() + load.minutes * 60
    number = 0
    while True:
        link = random.choice(links)
        yield random.uniform(0, LONGEST_CUT)
        if world.clock.elapsed() >= ends:
            return number
        number += 1
        world.table.links.cut(*link)
        yield random.uniform(0, LONGEST_CUT)
        world.table.links.heal(*link)


def until_settled(global_table: GlobalTable, workload: Workload, limit: float) -> Task[float]:
    """A task: read all items in all regions until nothing can change them any more; the seconds it took.

    Those that still differ when nothing is on its way will differ for good.
    """
    settling = global_table.settling(workload.keys, global_table.regions)
    poll = global_table.poll_policy(limit).start()
    agreed, since = False, 0.0
    while True:
        # A look takes long where calls have to be tried again: what arrives meanwhile may be missing in it.
        final = settling(poll.waited - since) == 0
        poll.look()
        shown = [[region.get(key) for region in workload.regions.values()] for key in workload.keys]
        before, agreed = agreed, all(same(images[0], each) for images in shown for each in images[1:])
        if not (before and agreed):
            since = poll.waited
        if final or poll.over:
            return poll.waited
        yield poll.pause(f"all regions to show the same of {len(workload.keys)} items")
