"""Changes of items: made at their times or side by side, refused or not; and of two in conflict, which one has won."""

from collections.abc import Callable, Mapping, Sequence
from datetime import time
from functools import partial
from typing import Any

from pytest_bdd import parsers, then, when

from steps.world import TYPES, Row, World, rows
from support.clock import Task
from support.verdicts.business_rules import becoming
from support.verdicts.conflicts import Kind, Ruling, Verdict, classify, contention, decide
from support.verdicts.errors import (
    ConditionFailedError,
    InconclusiveError,
    NoConflictError,
    RegionsDisagreeError,
    WrongVersionError,
)
from support.verdicts.history import Image, Outcome, Write
from support.verdicts.images import difference, in_words, same
from support.verdicts.versions import final_writes, left_by

ATTRIBUTES: Mapping[str, Callable[[str], Any]] = {
    "total_amount": int,
    "paid_amount": int,
    "version": int,
    "update_timestamp": str,
    "last_updated_region": str,
}
"""What rows set of an order, beside its status, which is part of an index's key."""
COLUMNS = ("by", "partner", "order", "region", "at", "action", "if_version", "status", *ATTRIBUTES)
A_MOMENT = 0.005

Change = Callable[[], Write]


@when("orders are written:", target_fixture="changes")
@when("the partners change the order:", target_fixture="changes")
@when(parsers.parse("the partners change the order {name:Word}:", TYPES), target_fixture="changes")
def change(world: World, datatable: Sequence[Sequence[str]], name: str = "order") -> list[Write]:
    """Each row is what is done to an order, where and when, by whom; an order that a row names first is created.

    With an `if_version` it is done on condition that the row's own region holds that version.
    """
    told = rows(datatable)
    return make(world, [change_of(world, row.get("order", name), row) for row in told], [row["at"] for row in told])


@then(parsers.parse("both partners have written within {limit:Duration} of each other", TYPES))
def written_within(changes: list[Write], limit: float) -> None:
    sent = [write.invoked for write in changes]
    apart = max(sent) - min(sent)
    if apart > limit:  # The table has no part in it: the run was stopped, or tried a call again.
        names = " and ".join(f"{write.name} in {write.region}" for write in changes)
        raise InconclusiveError(f"{names} were sent {apart:.1f} s apart, not within {limit:g} s")


@then(parsers.parse("another change in {region:Region} on condition that the version is {version:d} is refused", TYPES))
def refused(world: World, region: str, version: int) -> None:
    update, condition = world.table.region(region).update, {"version": version}
    change = partial(update, world.key("order"), {"total_amount": 1}, provided=condition)
    demand_refusal(change, "the order has another version there")


@then("neither partner had seen the other's change")
@then("both sales succeed, each in its own region")
def demand_conflict(world: World, changes: Sequence[Write]) -> None:
    """Only then it is a conflict. On AWS the first change may arrive sooner than usual: try again then.

    Raises NoConflictError, or InconclusiveError where that is unknown, unless no write had seen the other;
    AssertionError where one had seen what is still pending for its region: that is no early arrival, but a wrong table.
    """
    kind = classify(changes)
    names = " and ".join(f"{write.name} ({write.region})" for write in changes)
    if kind is Kind.UNKNOWN:
        raise InconclusiveError(f"it is not known whether {names} had seen each other")
    if kind is Kind.SEQUENTIAL:
        later = next(
            each for each in changes for other in changes if each is not other and same(each.old_image, other.new_image)
        )
        assert not world.table.is_pending(later.key, later.region), (
            f"{later.name} in {later.region} replaced {in_words(later.old_image)}, which another region's write left "
            f"and which has not arrived there: {world.table.pending_in_words()}; likely another region did the write"
        )
        raise NoConflictError(f"{names} were no conflict: the first one had arrived before the second was written")


@then(parsers.parse("both regions hold the same {thing:Word} within {limit:Duration}", TYPES))
def hold_the_same(world: World, thing: str, limit: float) -> None:
    demand_agreed(world, thing, limit, there=True)


@then(parsers.parse("no region holds the {thing:Word} within {limit:Duration}", TYPES))
def none_holds(world: World, thing: str, limit: float) -> None:
    demand_agreed(world, thing, limit, there=False)


@then(parsers.parse("the {action:Word} of {who} has won, because it was written last", TYPES), target_fixture="verdict")
def has_won(world: World, changes: list[Write], action: str, who: str) -> Verdict:
    verdict = one_has_won(world, changes)
    expected = f"the {action} of {who}"
    if verdict.undecidable:
        raise InconclusiveError(f"the writes overlapped, so that it is not certain that {expected} was the last")
    assert verdict.winner is not None
    if (verdict.winner.action, verdict.winner.by) != (action, who):
        raise WrongVersionError(f"{expected} should have won, but {verdict.finding().title}")
    return verdict


@then("one of the two updates has won, whole", target_fixture="verdict")
@then("one of the two sales has stayed, whole")
def one_has_won(world: World, changes: Sequence[Write]) -> Verdict:
    """The verdict goes into the report whatever it is; only a decided one passes."""
    verdict = decide(changes, world.table.held(changes[0].key))
    world.findings.append(verdict.finding())
    if verdict.ruling is Ruling.UNKNOWN:
        raise InconclusiveError(f"no verdict: {verdict.because}")
    if verdict.ruling is not Ruling.DECIDED:
        raise (RegionsDisagreeError if verdict.winner is None else WrongVersionError)(verdict.finding().title)
    return verdict


@then(parsers.parse("this excludes that {rule}", TYPES))
def excludes(verdict: Verdict, rule: str) -> None:
    (check,) = (each for each in verdict.rules if each.rule == rule)
    if check.prediction is None:
        raise InconclusiveError(f"this example does not show whether {rule}: of what was written too little is known")
    assert check.excluded, f"this example does not exclude that {rule}: it predicts {check.prediction}"


@then(parsers.parse("{pause:Duration} later each region still holds its own partner's change", TYPES))
def still_apart(world: World, changes: list[Write], pause: float) -> None:
    world.clock.wait(pause)
    held = world.table.held(world.key("order"))
    for write in changes:
        if problem := difference(write.new_image, held[write.region]):
            world.table.links.demand_paused()
            raise AssertionError(f"{write.region} should still hold what {write.name} left: {problem}")


def demand_agreed(world: World, thing: str, limit: float, there: bool) -> None:
    """What the regions agree on for good has to be an item, or none; when they did goes into the report.

    Raises InconclusiveError where another write may have been the last.
    """
    agreement = world.agreement(thing, limit)
    world.findings.append(agreement.finding())
    if (agreement.image is not None) == there:
        return
    regions, held = " and ".join(world.table.regions), in_words(agreement.image) if agreement.image else "no item"
    last = final_writes(world.table.history.writes(world.key(thing)))
    if len(last) > 1:
        names = " or ".join(write.name for write in last)
        raise InconclusiveError(f"{regions} hold {held}, and it is not known whether {names} was done last")
    raise AssertionError(f"{regions} should hold {'the' if there else 'no'} {thing}, and hold {held}")


def change_of(world: World, name: str, row: Row) -> Change:
    """What a row says is to be done to an order: create it if it is new, delete it, or update it.

    Raises ValueError for a row that says what is not known here: it would be taken for something else in silence.
    """
    if unknown := ", ".join(sorted(row.keys() - {*COLUMNS})):
        raise ValueError(f"there is no column {unknown} in a table of changes: use {', '.join(COLUMNS)}")
    action = row.get("action", "update")
    if action not in ("update", "delete") or (action == "delete" and "if_version" in row):
        raise ValueError(f"an action is update or delete, and only an update has an if_version: this is {action}")
    region = world.table.region(row["region"])
    by = f"order {name}" if "order" in row else row.get("by") or f"partner {row['partner']}"
    if "order" in row and name not in world.created:
        return lambda: world.create(name, world.item("order", name), region.name, by)
    key = world.key(name)
    if action == "delete":
        return lambda: region.delete(key, by)
    values: Image = {name: read(row[name]) for name, read in ATTRIBUTES.items() if name in row}
    status = becoming(row["status"]) if "status" in row else {}
    provided = {"version": int(row["if_version"])} if "if_version" in row else None
    return lambda: region.update(key, {**values, **status}, by, provided)


def make(world: World, changes: Sequence[Change], at: Sequence[str] = ()) -> list[Write]:
    """Make changes whose conditions should hold: side by side, or each at its time of day.

    Who is later does not write before the earlier ones have been answered: over a slow network the two might overlap,
    and their order would be unknown. Of several writes of one item the report says whether they had seen each other.
    """
    waits = world.clock.seconds_until([time.fromisoformat(each) for each in at]) if at else [0.0] * len(changes)
    answered: set[int] = set()

    def in_turn(number: int) -> Task[Write]:
        wait = waits[number]
        yield wait
        while any(earlier < wait and each not in answered for each, earlier in enumerate(waits)):
            yield A_MOMENT
        write = changes[number]()
        answered.add(number)
        return write

    try:
        writes = world.clock.run(*map(in_turn, range(len(changes))))
    except ConditionFailedError:
        raise refusal(world, side_by_side=len(changes) > 1) from None
    if len(writes) > 1 and len({write.key for write in writes}) == 1:
        world.findings.append(contention(writes))
    return writes


def demand_refusal(change: Change, why: str) -> None:
    """Make a change on a condition that should not hold in its region."""
    try:
        done = change()
    except ConditionFailedError:
        return
    raise AssertionError(
        f"{done.region} should refuse {done.name}, because {why}, and did it: it left {in_words(done.new_image)}; "
        "likely the condition was not checked"
    )


def refusal(world: World, side_by_side: bool) -> Exception:
    """The error that says what the last refusal shows: the condition should hold in the region that refused.

    Of writes side by side one may have been refused because another had arrived there: NoConflictError if the region
    shows what was written elsewhere after the item was created.
    """
    writes = [each for each in world.table.history if isinstance(each, Write)]
    refused = [write for write in writes if write.outcome is Outcome.FAILED][-1]
    shown = world.table.region(refused.region).unrecorded_get(refused.key)
    created = max(write.number for write in world.created.values() if write.key == refused.key)
    for write in left_by(world.table.history.writes(refused.key), shown) if side_by_side else ():
        if write.region != refused.region and write.number > created:
            return NoConflictError(f"{write.name} had arrived in {refused.region} before {refused.name} was made there")
    return ConditionFailedError(
        f"{refused.region} should have done {refused.name}, whose condition holds for what had arrived there, "
        f"and refused it ({refused.error}): it shows {in_words(shown)}; "
        "likely the condition is checked against something else"
    )
