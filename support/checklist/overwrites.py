"""The causes of the page's list "Conflict Resolution Unexpected": each is about a write that a later one replaced."""

from collections.abc import Callable, Iterator
from functools import wraps

from support.checklist.evidence import Cause, Evidence
from support.verdicts.history import Write
from support.verdicts.images import same

DOUBTFUL_SECONDS = 1.0
"""Writes nearer to each other than this may be in any order: AWS documents no precision (facts 5)."""


def _of_overwritten(name: str) -> Callable[[Callable[[str, str, Write, Write], Cause]], Callable[[Evidence], Cause]]:
    """Makes a cause of one that needs an overwritten write: its name, the region that was asked, loser and winner."""

    def cause_of(judge: Callable[[str, str, Write, Write], Cause]) -> Callable[[Evidence], Cause]:
        @wraps(judge)
        def cause(found: Evidence) -> Cause:
            if found.rivals:
                return judge(name, found.question.region, *found.rivals)
            if found.known is None:
                return Cause(name, "cannot be known", "it is not recorded who has written the item")
            return Cause(name, "excluded", "the item does not hold what another, later write left")

        return cause

    return cause_of


@_of_overwritten("timestamp precision")
def timestamp_precision(name: str, _: str, lost: Write, won: Write) -> Cause:
    """Timestamp precision: Millisecond level. AWS documents none."""
    apart = abs((won.at - lost.at).total_seconds())
    evidence = f"the writes were sent {apart:.3f} s apart"
    if apart >= DOUBTFUL_SECONDS:
        return Cause(name, "excluded", evidence)
    doubt = f'{evidence}, and AWS documents no precision: the page\'s "millisecond level" is unverified'
    return Cause(name, "cannot be known", doubt, "do not rely on the order of writes that are so near to each other")


@_of_overwritten("clock synchronization")
def clock_synchronization(name: str, _: str, lost: Write, won: Write) -> Cause:
    """Clock synchronization: AWS handles timing."""
    for attribute, mine, theirs in _own_times(lost, won):
        if mine > theirs:
            evidence = f"the {attribute} {mine} of {lost.name} is later than {theirs}, and no region looks at it"
            cure = "AWS handles timing: the service's own write time decides, not a time in the item"
            return Cause(name, "remains", evidence, cure)
    return Cause(name, "excluded", "the times in the items agree with the outcome, or there are none")


@_of_overwritten("overwritten by a later write")
def plan_for_overwrites(name: str, asked: str, lost: Write, won: Write) -> Cause:
    """Application design: Plan for overwrites."""
    order = "later" if lost.is_before(won) else "at about the same time"
    unseen = "" if same(won.replaced, lost.left) else f", without having seen {lost.name}"
    evidence = f"{asked} holds what {won.name} left, written {order}{unseen}: the last writer wins the whole item"
    cure = "plan for overwrites: give what must not be lost an item of its own, or write each item in one region only"
    return Cause(name, "remains", evidence, cure)


def _own_times(lost: Write, won: Write) -> Iterator[tuple[str, str, str]]:
    mine, theirs = lost.left or {}, won.left or {}
    for name in sorted({*mine} & {*theirs}):
        if name.endswith(("timestamp", "_at")) and isinstance(mine[name], str) and isinstance(theirs[name], str):
            yield name, mine[name], theirs[name]
