"""The causes of the page's list "Conflict Resolution Unexpected": each is about a write that a later one replaced."""

from collections.abc import Iterator

from support.checklist.evidence import Cause, Evidence
from support.verdicts.history import Write
from support.verdicts.images import same

DOUBTFUL_SECONDS = 1.0
"""Writes nearer to each other than this may be in any order: AWS documents no precision (facts 5)."""


def _not_overwritten(name: str, found: Evidence) -> Cause:
    if found.known is None:
        return Cause(name, "cannot be known", "it is not recorded who has written the item")
    return Cause(name, "excluded", "the item does not hold what another, later write left")


def timestamp_precision(found: Evidence) -> Cause:
    """Timestamp precision: Millisecond level. AWS documents none."""
    name = "timestamp precision"
    if not found.rivals:
        return _not_overwritten(name, found)
    lost, won = found.rivals
    apart = abs((won.at - lost.at).total_seconds())
    evidence = f"the writes were sent {apart:.3f} s apart"
    if apart >= DOUBTFUL_SECONDS:
        return Cause(name, "excluded", evidence)
    doubt = f'{evidence}, and AWS documents no precision: the page\'s "millisecond level" is unverified'
    return Cause(name, "cannot be known", doubt, "do not rely on the order of writes that are so near to each other")


def clock_synchronization(found: Evidence) -> Cause:
    """Clock synchronization: AWS handles timing."""
    name = "clock synchronization"
    if not found.rivals:
        return _not_overwritten(name, found)
    lost, won = found.rivals
    for attribute, mine, theirs in _own_times(lost, won):
        if mine > theirs:
            evidence = f"the {attribute} {mine} of {lost.name} is later than {theirs}, and no region looks at it"
            cure = "AWS handles timing: the service's own write time decides, not a time in the item"
            return Cause(name, "remains", evidence, cure)
    return Cause(name, "excluded", "the times in the items agree with the outcome, or there are none")


def plan_for_overwrites(found: Evidence) -> Cause:
    """Application design: Plan for overwrites."""
    name, asked = "overwritten by a later write", found.question.region
    if not found.rivals:
        return _not_overwritten(name, found)
    lost, won = found.rivals
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
