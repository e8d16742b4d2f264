"""Two partners change one order in two regions: what they send, what the regions hold in the end, who won and why."""

from collections.abc import Mapping, Sequence

from pytest_bdd import parsers, then, when

from steps.changes import at_their_times, change_of, demand_refusal, refused_side_by_side
from steps.words import TYPES, rows
from steps.world import World
from support.targets.global_table import GlobalTable
from support.verdicts.conflicts import Kind, Ruling, Verdict, classify, contention, decide
from support.verdicts.errors import (
    ConditionFailedError,
    InconclusiveError,
    NoConflictError,
    RegionsDisagreeError,
    WrongVersionError,
)
from support.verdicts.findings import Finding
from support.verdicts.history import Image, Write
from support.verdicts.images import difference, in_words, same
from support.verdicts.versions import final_writes


@when("the partners change the order:", target_fixture="changes")
@when(parsers.parse("the partners change the order {name:Word}:", TYPES), target_fixture="changes")
def change(world: World, datatable: Sequence[Sequence[str]], name: str = "order") -> list[Write]:
    """Each row is what one partner does, where and when; the partners work side by side.

    With an `if_version` it is done on condition that the partner's own region holds that version.
    """
    partners = [(row, row.get("by") or f"partner {row['partner']}") for row in rows(datatable)]
    try:
        changes = at_their_times(
            world, [(row["at"], change_of(world, world.key(name), row, by)) for row, by in partners]
        )
    except ConditionFailedError:
        raise refused_side_by_side(world.table, world.created[name]) from None
    if len(changes) > 1:
        world.findings.append(contention(changes))
    return changes


@then(parsers.parse("both partners have written within {limit:Duration} of each other", TYPES))
def written_within(changes: list[Write], limit: float) -> None:
    sent = [write.invoked for write in changes]
    names = " and ".join(f"{write.name} in {write.region}" for write in changes)
    apart = max(sent) - min(sent)
    if apart > limit:  # The table has no part in it: the run was stopped, or tried a call again.
        raise InconclusiveError(f"{names} were sent {apart:.1f} s apart, not within {limit:g} s")


@then(parsers.parse("another change in {region:Region} on condition that the version is {version:d} is refused", TYPES))
def refused(world: World, region: str, version: int) -> None:
    """In one region the version protects."""
    replica, key = world.table.region(region), world.key("order")
    demand_refusal(
        lambda: replica.update(key, {"total_amount": 1}, provided={"version": version}),
        "the order has another version there",
    )


@then("neither partner had seen the other's change")
def had_not_seen(world: World, changes: list[Write]) -> None:
    """Only then it is a conflict. On AWS the first change may arrive sooner than usual: try again then."""
    demand_conflict(world.table, changes)


@then(parsers.parse("both regions hold the same order within {limit:Duration}", TYPES))
def same_order(world: World, limit: float) -> None:
    """Wait until the regions agree on an item that may be the last, and nothing can arrive any more."""
    demand_agreed(world, limit, there=True)


@then(parsers.parse("no region holds the order within {limit:Duration}", TYPES))
def no_order(world: World, limit: float) -> None:
    demand_agreed(world, limit, there=False)


@then(parsers.parse("the {action:Word} of {who} has won, because it was written last", TYPES), target_fixture="verdict")
def has_won(world: World, changes: list[Write], action: str, who: str) -> Verdict:
    verdict = one_has_won(world, changes)
    expected = f"the {action} of {who}"
    if verdict.undecidable:
        raise InconclusiveError(f"the writes overlapped, so that it is not certain that {expected} was the last")
    assert verdict.winner is not None
    if verdict.winner.name != expected:
        raise WrongVersionError(f"{expected} should have won, but {verdict.finding().title}")
    return verdict


@then("one of the two updates has won, whole", target_fixture="verdict")
def one_has_won(world: World, changes: list[Write]) -> Verdict:
    return reach_verdict(world.findings, changes, world.table.held(world.key("order")))


@then(parsers.parse("this excludes that {rule}", TYPES))
def excludes(verdict: Verdict, rule: str) -> None:
    """The example is able to tell AWS's rule from this one, and has done so."""
    known = {check.rule.removeprefix("the "): check for check in verdict.rules}
    check = known[rule.removeprefix("the ")]
    if check.prediction is None:
        raise InconclusiveError(f"this example does not show whether {rule}: of what was written too little is known")
    assert check.excluded, f"this example does not exclude that {rule}: it predicts {check.prediction}"


@then(parsers.parse("{pause:Duration} later each region still holds its own partner's change", TYPES))
def still_apart(world: World, changes: list[Write], pause: float) -> None:
    """While replication is cut nothing arrives, however long one waits."""
    world.clock.wait(pause)
    held = world.table.held(world.key("order"))
    for write in changes:
        problem = difference(write.left, held[write.region])
        if problem:
            world.table.links.demand_paused()
        assert not problem, f"{write.region} should still hold what {write.name} left: {problem}"


def demand_agreed(world: World, limit: float, there: bool) -> None:
    """What the regions agree on for good has to be an order, or none; when they did goes into the report.

    Raises InconclusiveError where another write may have been the last.
    """
    agreement = world.agreement("order", limit)
    world.findings.append(agreement.finding())
    if (agreement.image is not None) == there:
        return
    regions, held = " and ".join(world.table.regions), in_words(agreement.image) if agreement.image else "no item"
    last = final_writes(world.table.history.writes(world.key("order")))
    if len(last) > 1:
        names = " or ".join(write.name for write in last)
        raise InconclusiveError(f"{regions} hold {held}, and it is not known whether {names} was done last")
    raise AssertionError(f"{regions} should hold {'the' if there else 'no'} order, and hold {held}")


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


def reach_verdict(findings: list[Finding], changes: Sequence[Write], held: Mapping[str, Image | None]) -> Verdict:
    """The verdict on the changes, which goes into the report whatever it is; only a decided one passes."""
    verdict = decide(changes, held)
    findings.append(verdict.finding())
    if verdict.ruling is Ruling.UNKNOWN:
        raise InconclusiveError(f"no verdict: {verdict.because}")
    if verdict.ruling is not Ruling.DECIDED:
        raise (RegionsDisagreeError if verdict.winner is None else WrongVersionError)(verdict.finding().title)
    return verdict
