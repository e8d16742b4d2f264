"""Loads: clients that write and read the same items at random, or items of their own, and the check of all of it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

import pytest
from pytest_bdd import parsers, then, when

from steps.words import TYPES, names, rows
from steps.world import World
from steps.writing import OPERATIONS, Abilities, abilities_of, chosen, write
from support.clock import Clock, Task
from support.page.workshop import Load, Participant
from support.table.region import Region
from support.table.wire import key_image
from support.targets.global_table import GlobalTable
from support.verdicts.errors import (
    ConditionFailedError,
    InconclusiveError,
    RegionsDisagreeError,
    UnknownOutcomeError,
    VerdictError,
    WrongImageError,
    WrongVersionError,
)
from support.verdicts.findings import Finding
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

ERRORS: dict[Rule, type[VerdictError]] = {
    Rule.WHOLE_IMAGES: WrongImageError,
    Rule.NO_STEP_BACK: WrongVersionError,
    Rule.OWN_WRITES: WrongVersionError,
    Rule.DELETED: WrongVersionError,
    Rule.CONVERGENCE: RegionsDisagreeError,
}
"""What it is when a rule is broken."""


@dataclass
class Workload:
    """The load of a scenario: the items that were written, and the history of all that was done to them."""

    keys: list[Key]
    abilities: Abilities
    history: History = field(default_factory=History)


@pytest.fixture(scope="session")
def asked() -> list[Abilities]:
    """What the target of this run has, once it was asked."""
    return []


@pytest.fixture
def abilities(world: World, asked: list[Abilities]) -> Abilities:
    """What can be written to the target: AWS has all of it, and so has the simulated one."""
    if not world.table.may_lack_operations:
        return Abilities()
    if not asked:
        region = world.table.region(world.table.regions[0]).apart(History())
        asked.append(abilities_of(region, key_of(world.participant, "try")))
    return asked[0]


@when(
    "items are created in each region, overwritten in the other one, and then written in each of these ways:",
    target_fixture="workload",
)
def write_in_all_ways(world: World, abilities: Abilities, datatable: Sequence[Sequence[str]]) -> Workload:
    """The regions have items of their own, and what is written there last wins, in whatever way it is written."""
    workload = Workload([], abilities)
    for name in world.table.regions:
        region, random = (
            world.table.region(name).apart(workload.history),
            Random(f"{world.limits.load.seed}/ways/{name}"),
        )
        for number, row in enumerate(rows(datatable), 1):
            if row["operation"] in OPERATIONS and row["operation"] not in abilities.operations:
                continue
            actions = [chosen(ACTIONS, each) for each in names(row["items"])]
            ids = [f"{number}.{place}/{name}" for place in range(1, len(actions) + 1)]
            keys = [key_of(world.participant, each) for each in ids]
            workload.keys.extend(keys)
            created = [abilities.creation(key, f"{by}/created") for key, by in zip(keys, ids, strict=True)]
            write(region, "PutItem", created)
            world.clock.wait(APART)
            for other in world.table.others(name):
                for key, by in zip(keys, (f"{each}/{other}" for each in ids), strict=True):
                    world.table.region(other).apart(workload.history).put({**key_image(key), WRITE_ID: by}, by)
            world.clock.wait(APART)
            last = [abilities.intent(*each, random) for each in zip(actions, keys, ids, strict=True)]
            write(region, row["operation"], last)
    return workload


@when("items are created, deleted and created again in each region", target_fixture="workload")
def create_again(world: World, abilities: Abilities) -> Workload:
    """At once, so that the last one has to arrive where the delete has just done so."""
    workload = Workload([], abilities)
    for name in world.table.regions:
        region = world.table.region(name).apart(workload.history)
        key = key_of(world.participant, name)
        workload.keys.append(key)
        first, again = (abilities.creation(key, f"{name}/{each}") for each in ("created", "created again"))
        region.put(first.item, first.by)
        region.delete(key, f"{name}/deleted")
        region.put(again.item, again.by)
    return workload


@when(
    "items are created in each region, and deleted in the other one before they have arrived there",
    target_fixture="workload",
)
def delete_too_early(world: World, abilities: Abilities) -> Workload:
    """The deletes find no item, so that they make no version (assumption A9)."""
    workload = Workload([], abilities)
    for name in world.table.regions:
        key = key_of(world.participant, name)
        workload.keys.append(key)
        created = abilities.creation(key, f"{name}/created")
        world.table.region(name).apart(workload.history).put(created.item, created.by)
        for other in world.table.others(name):
            world.table.region(other).apart(workload.history).delete(key, f"{other}/deleted")
    return workload


@when(
    "several clients in each region put, update, delete and read a few hot items at random", target_fixture="workload"
)
def run_load(world: World, abilities: Abilities) -> Workload:
    workload = workload_of(world.limits.load, world.participant, abilities)
    world.clock.run(*clients(world, world.limits.load, workload))
    return workload


@when(
    "several clients in each region change and read a few hot items at random while links are cut and heal",
    target_fixture="workload",
)
def run_load_while_cut(world: World, abilities: Abilities) -> Workload:
    """The same, and one more task that cuts a link for some time, again and again."""
    workload = workload_of(world.limits.load, world.participant, abilities)
    run = world.clock.run(*clients(world, world.limits.load, workload), cuts(world, world.limits.load))
    if not run[-1]:
        raise InconclusiveError("no link was cut; choose a higher --load-minutes")
    return workload


@when(
    parsers.parse("the regions are given {limit:Duration} at most to agree on all items", TYPES),
    target_fixture="workload_verdict",
)
def settle(world: World, workload: Workload, limit: float) -> WorkloadVerdict:
    """Whether they do is a matter of the verdict: the last reads show what they hold."""
    silent = {*world.table.regions} - {each.region for each in workload.history if isinstance(each, Write)}
    if silent:
        cure = "choose a higher --load-minutes or --load-pace"
        raise InconclusiveError(f"no client wrote anything in {' or '.join(sorted(silent))}; {cure}")
    (waited,) = world.clock.run(until_settled(world.table, workload, limit))
    verdict = check_workload(workload.history)
    title = (
        f"{verdict.writes} writes and {verdict.reads} reads of {len(workload.keys)} items:"
        f" {'all rules hold' if verdict.valid else f'{len(verdict.anomalies)} anomalies'}; it settled in {waited:.1f} s"
    )
    if workload.abilities.lacking:
        title += f"; left out, for the target lacks it: {', '.join(workload.abilities.lacking)}"
    world.findings.append(Finding("note", title, tuple((each.rule, each.sentence) for each in verdict.anomalies[:5])))
    return verdict


@then("every read has shown an item as a write left it, whole")
def whole_images(workload_verdict: WorkloadVerdict) -> None:
    demand_rule(workload_verdict, Rule.WHOLE_IMAGES)


@then("no region has shown an older version after a newer one")
def no_step_back(workload_verdict: WorkloadVerdict) -> None:
    """Reads of an item are monotonic in each region."""
    demand_rule(workload_verdict, Rule.NO_STEP_BACK)


@then("each region has shown its own writes")
def own_writes(workload_verdict: WorkloadVerdict) -> None:
    demand_rule(workload_verdict, Rule.OWN_WRITES)


@then("what was deleted has stayed deleted, unless it was written again")
def stayed_deleted(workload_verdict: WorkloadVerdict) -> None:
    demand_rule(workload_verdict, Rule.DELETED)


@then("both regions hold the same last version of each item")
def converged(workload_verdict: WorkloadVerdict) -> None:
    demand_rule(workload_verdict, Rule.CONVERGENCE)


def demand_rule(verdict: WorkloadVerdict, rule: Rule) -> None:
    """Fail with the shortest counter-example, unless a network has delivered writes twice."""
    problem = verdict.against(rule)
    if problem and verdict.delivered_twice:
        why = f"{verdict.delivered_twice} writes were delivered twice, which may explain it"
        raise InconclusiveError(f"{why}: {problem}")
    if problem:
        raise ERRORS[rule](problem)


def workload_of(load: Load, participant: Participant, abilities: Abilities) -> Workload:
    return Workload([key_of(participant, str(number)) for number in range(1, load.items + 1)], abilities)


def key_of(participant: Participant, name: str) -> Key:
    return Key(f"TEST#load-{participant.name}", f"ITEM#{name}")


def clients(world: World, load: Load, workload: Workload) -> list[Task[int]]:
    """A task for each client, which does something at random again and again until the time is over."""
    return [
        client(world.table.region(name).apart(workload.history), f"{name}/{number}", world.clock, load, workload)
        for name in world.table.regions
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
            with suppress(*((ConditionFailedError, UnknownOutcomeError) if operation == "ExecuteStatement" else ())):
                intents = workload.abilities.some_intents(operation, workload.keys, f"{name}/{number}", random)
                write(region, operation, intents)


def cuts(world: World, load: Load) -> Task[int]:
    """A task that cuts a link, lets it heal after some time, and begins anew until the time is over; how many it cut.

    It cuts none after the clients have stopped: that would not show anything.
    """
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
    regions = [global_table.region(name).apart(workload.history) for name in global_table.regions]
    settling = global_table.settling(workload.keys, global_table.regions)
    poll = global_table.poll_policy(limit).start()
    agreed, since = False, 0.0
    while True:
        # A look takes long where calls have to be tried again: what arrives meanwhile may be missing in it.
        final = settling(poll.waited - since) == 0
        poll.look()
        before, agreed = agreed, not [key for key in workload.keys if differs(key, regions)]
        if not (before and agreed):
            since = poll.waited
        if final or poll.over:
            return poll.waited
        yield poll.pause(f"all regions to show the same of {len(workload.keys)} items")


def differs(key: Key, regions: Sequence[Region]) -> bool:
    first, *others = [region.get(key) for region in regions]
    return not all(same(first, image) for image in others)
