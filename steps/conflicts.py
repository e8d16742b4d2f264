"""Two partners change one order in two regions: what they send, what the regions hold in the end, who won and why."""

from collections.abc import Callable, Mapping, Sequence
from datetime import time

from pytest_bdd import given, then, when

from steps.words import rows, sentence, time_of_day
from steps.world import World
from support.clock import Task
from support.targets.global_table import GlobalTable
from support.verdicts.conflicts.verdict import Kind, Ruling, Verdict, classify, contention, decide
from support.verdicts.errors import (
    ConditionFailedError,
    InconclusiveError,
    NoConflictError,
    RegionsDisagreeError,
    WrongVersionError,
)
from support.verdicts.findings import Findings
from support.verdicts.history import Image, Key, Outcome, Write
from support.verdicts.images import difference, in_words, same
from support.verdicts.write_order import final_writes

NUMBERS = ("total_amount", "paid_amount", "version")
NOT_ATTRIBUTES = ("partner", "region", "at", "action", "if_version")
A_MOMENT = 0.005

Change = Callable[[], Write]


@given(sentence("the order of the page was created in {region:Region}:"))
def create_order(world: World, region: str, docstring: str) -> None:
    world.items.plan("order", world.participant.item(docstring))
    world.items.creation("order", world.table.region(region).put(world.items.planned["order"]))


@when("the partners change the order:", target_fixture="changes")
def change(world: World, datatable: Sequence[Sequence[str]]) -> list[Write]:
    """Each row is what one partner does, where and when; the partners work side by side.

    With an `if_version` it is done on condition that the partner's own region holds that version.
    """
    partners = rows(datatable)
    key = world.items.key("order")
    changes = [
        (time_of_day(row["at"]), change_of(world.table, key, row, f"partner {row['partner']}")) for row in partners
    ]
    try:
        return side_by_side(world, changes)
    except ConditionFailedError:
        raise refused_side_by_side(world.table, world.items.created["order"]) from None


@then(sentence("both partners have written within {limit:Duration} of each other"))
def written_within(changes: list[Write], limit: float) -> None:
    sent = [write.invoked for write in changes]
    names = " and ".join(f"{write.name} in {write.region}" for write in changes)
    apart = max(sent) - min(sent)
    if apart > limit:  # The table has no part in it: the run was stopped, or tried a call again.
        raise InconclusiveError(f"{names} were sent {apart:.1f} s apart, not within {limit:g} s")


@then(sentence("another change in {region:Region} on condition that the version is {version:d} is refused"))
def refused(world: World, region: str, version: int) -> None:
    """In one region the version protects."""
    key = world.items.key("order")
    try:
        change = world.table.region(region).update(key, {"total_amount": 1}, provided={"version": version})
    except ConditionFailedError:
        return
    raise AssertionError(
        f"{region} should refuse a change on condition that the version is {version}, and did it: it left "
        f"{in_words(change.left)}; likely the condition was not checked"
    )


@then("neither partner had seen the other's change")
def had_not_seen(world: World, changes: list[Write]) -> None:
    """Only then it is a conflict. On AWS the first change may arrive sooner than usual: try again then."""
    demand_conflict(world.table, changes)


@then(sentence("both regions hold the same order within {limit:Duration}"))
def same_order(world: World, limit: float) -> None:
    """Wait until the regions agree on an item that may be the last, and nothing can arrive any more."""
    image = agreed_image(world, world.items.key("order"), limit)
    if image is None:
        raise not_as_expected(world.table, world.items.key("order"), image, "the order")


@then(sentence("no region holds the order within {limit:Duration}"))
def no_order(world: World, limit: float) -> None:
    """Wait until the regions agree that there is nothing, and nothing can arrive any more."""
    image = agreed_image(world, world.items.key("order"), limit)
    if image is not None:
        raise not_as_expected(world.table, world.items.key("order"), image, "no order")


@then(sentence("the {action:Word} of {who} has won, because it was written last"), target_fixture="verdict")
def has_won(world: World, changes: list[Write], action: str, who: str) -> Verdict:
    """The verdict names this change, and its order is certain."""
    verdict = reach_verdict(world.findings, changes, world.table.held(world.items.key("order")))
    expected = f"the {action} of {who}"
    if verdict.undecidable:
        raise InconclusiveError(f"the writes overlapped, so that it is not certain that {expected} was the last")
    assert verdict.winner is not None
    if verdict.winner.name != expected:
        raise WrongVersionError(f"{expected} should have won, but {verdict.finding().title}")
    return verdict


@then("one of the two updates has won, whole", target_fixture="verdict")
def one_has_won(world: World, changes: list[Write]) -> Verdict:
    return reach_verdict(world.findings, changes, world.table.held(world.items.key("order")))


@then(sentence("this excludes that {rule}"))
def excludes(verdict: Verdict, rule: str) -> None:
    """The example is able to tell AWS's rule from this one, and has done so."""
    known = {check.rule.removeprefix("the "): check for check in verdict.rules}
    check = known[rule.removeprefix("the ")]
    if check.prediction is None:
        raise InconclusiveError(f"this example does not show whether {rule}: of what was written too little is known")
    assert check.excluded, f"this example does not exclude that {rule}: it predicts {check.prediction}"


@then(sentence("{pause:Duration} later each region still holds its own partner's change"))
def still_apart(world: World, changes: list[Write], pause: float) -> None:
    """While replication is cut nothing arrives, however long one waits."""
    world.clock.wait(pause)
    held = world.table.held(world.items.key("order"))
    for write in changes:
        problem = difference(write.left, held[write.region])
        if problem:
            world.table.links.demand_paused()
        assert not problem, f"{write.region} should still hold what {write.name} left: {problem}"


def change_of(global_table: GlobalTable, key: Key, row: dict[str, str], by: str) -> Change:
    region = global_table.region(row["region"])
    if row.get("action") == "delete":
        return lambda: region.delete(key, by)
    attributes = {name: cell for name, cell in row.items() if name not in NOT_ATTRIBUTES}
    values = {name: int(cell) if name in NUMBERS else cell for name, cell in attributes.items()}
    provided = {"version": int(row["if_version"])} if "if_version" in row else None
    return lambda: region.update(key, values, by, provided)


def side_by_side(world: World, changes: Sequence[tuple[time, Change]]) -> list[Write]:
    """Let each change of one item be made at its time of day; whether they contend goes into the report."""
    writes = at_their_times(world, changes)
    if len(writes) > 1:
        world.findings.add(contention(writes))
    return writes


def at_their_times(world: World, changes: Sequence[tuple[time, Change]]) -> list[Write]:
    """Let each change be made at its time of day, at the same time or one after the other as the times say.

    Who is later does not write before the earlier ones have been answered: over a slow network the two might overlap,
    and their order would be unknown.
    """
    waits = world.clock.seconds_until([moment for moment, _ in changes])
    answered: set[int] = set()

    def in_turn(number: int) -> Task[Write]:
        wait = waits[number]
        yield wait
        while any(earlier < wait and each not in answered for each, earlier in enumerate(waits)):
            yield A_MOMENT
        write = changes[number][1]()
        answered.add(number)
        return write

    return world.clock.run(*(in_turn(number) for number in range(len(changes))))


def agreed_image(world: World, key: Key, limit: float) -> Image | None:
    """What the regions agree on for good; when they did goes into the report."""
    agreement = world.table.agreement(key, limit)
    world.findings.add(agreement.finding())
    return agreement.image


def not_as_expected(global_table: GlobalTable, key: Key, image: Image | None, expected: str) -> Exception:
    """The verdict on an image that all regions hold; InconclusiveError where another write may have been the last."""
    regions, held = " and ".join(global_table.regions), in_words(image) if image else "no item"
    last = final_writes(global_table.history.writes(key))
    if len(last) > 1:
        names = " or ".join(write.name for write in last)
        return InconclusiveError(f"{regions} hold {held}, and it is not known whether {names} was done last")
    return AssertionError(f"{regions} should hold {expected}, and hold {held}")


def demand_conflict(global_table: GlobalTable, writes: Sequence[Write]) -> None:
    """Raise NoConflictError, or InconclusiveError where that is unknown, unless no write had seen the other.

    Raises AssertionError where one had seen what is still pending for its region: that is no early arrival, but a wrong
    table.
    """
    kind = classify(writes)
    names = " and ".join(f"{write.name} ({write.region})" for write in writes)
    if kind is Kind.SEQUENTIAL:
        later = next(
            each for each in writes for other in writes if each is not other and same(each.replaced, other.left)
        )
        assert not global_table.is_pending(later.key, later.region), (
            f"{later.name} in {later.region} replaced {in_words(later.replaced)}, which another region's write left "
            f"and which has not arrived there: {global_table.pending_in_words()}; likely another region did the write"
        )
        raise NoConflictError(f"{names} were no conflict: the first one had arrived before the second was written")
    if kind is Kind.UNKNOWN:
        raise InconclusiveError(f"it is not known whether {names} had seen each other")


def refused_side_by_side(global_table: GlobalTable, created: Write) -> Exception:
    """Of two writes with a condition, side by side, one was refused: the error that says what this shows.

    NoConflictError if the region that refused shows what was written elsewhere after the item was `created`.
    """
    refused = refused_write(global_table, created.key)
    shown = global_table.region(refused.region).peek(created.key)
    for write in global_table.history.writes(created.key):
        elsewhere = write.region != refused.region and write.number > created.number
        if elsewhere and write.left_is_known and same(write.left, shown):
            return NoConflictError(f"{write.name} had arrived in {refused.region} before {refused.name} was made there")
    return wrongly_refused(global_table, created.key)


def wrongly_refused(global_table: GlobalTable, key: Key) -> ConditionFailedError:
    """The verdict on a region that refused a write with a condition that should hold there."""
    refused = refused_write(global_table, key)
    shown = global_table.region(refused.region).peek(key)
    return ConditionFailedError(
        f"{refused.region} should have done {refused.name}, whose condition holds for what had arrived there, "
        f"and refused it ({refused.error}): it shows {in_words(shown)}; "
        "likely the condition is checked against something else"
    )


def refused_write(global_table: GlobalTable, key: Key) -> Write:
    writes = [each for each in global_table.history if isinstance(each, Write) and each.key == key]
    return [write for write in writes if write.outcome is Outcome.FAILED][-1]


def reach_verdict(findings: Findings, changes: Sequence[Write], held: Mapping[str, Image | None]) -> Verdict:
    """The verdict on the changes, which goes into the report whatever it is; only a decided one passes."""
    verdict = decide(changes, held)
    findings.add(verdict.finding())
    if verdict.ruling is Ruling.UNKNOWN:
        raise InconclusiveError(f"no verdict: {verdict.because}")
    if verdict.ruling is not Ruling.DECIDED:
        raise (RegionsDisagreeError if verdict.winner is None else WrongVersionError)(verdict.finding().title)
    return verdict
