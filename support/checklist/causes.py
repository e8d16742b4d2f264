"""The page's Troubleshooting Guide as a tool: each cause that it names is a pure function of what probes found out.

It runs whenever a check of convergence or of a query fails; by hand: `python -m support.checklist --pk … --sk …`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from support.checklist.evidence import Evidence, Known, Question, gather
from support.table.region import Region
from support.verdicts.findings import Finding
from support.verdicts.health.problems import Description
from support.verdicts.history import Key, Write
from support.verdicts.images import difference, same

NEAR = 0.8
"""How alike both parts of two keys are of which one may be a typing error of the other."""

DOUBTFUL_SECONDS = 1.0
"""Writes nearer to each other than this may be in any order: AWS documents no precision (facts 5)."""

State = Literal["excluded", "remains", "cannot be known"]


@dataclass(frozen=True)
class Cause:
    """A cause of the guide: whether it is the one here, the sentence that says why, and what to do about it."""

    name: str
    state: State
    evidence: str
    cure: str = ""

    @property
    def told(self) -> str:
        return f"{self.evidence}; cure: {self.cure}" if self.cure else self.evidence

    def __str__(self) -> str:
        return f"{self.name}: {self.told}"


def replica_trouble(found: Evidence) -> Cause | None:
    """Why nothing can arrive in the region that was asked, however long one waits."""
    name, asked = "wrong region", found.question.region
    holders = [region for region, image in found.held.items() if image is not None]
    tables = [region for region, each in found.described.items() if each is not None and region != asked]
    where = f"{_list(holders)} {_has(holders)} the item" if holders else "no region has the item"
    cure = f"look in {' or '.join(tables) or 'another region'}, or add a replica in {asked} with UpdateTable"
    missing = Cause(name, "remains", f"{where}, {asked} is not among its replicas: replica missing", cure)
    if found.described.get(asked) is None and asked not in found.silent:
        return missing
    for region in tables:
        status = (found.described[region] or _nothing).replicas.get(asked)
        if status is None:
            return missing
        if status != "ACTIVE":
            cure = f"wait until it is ACTIVE, or look in {' or '.join(tables)}"
            return Cause(name, "remains", f"{region} lists its replica in {asked} as {status}", cure)
    return None


def wrong_region(found: Evidence) -> Cause:
    """Wrong region: Double-check region selection."""
    asked = found.question.region
    if asked in found.silent:
        return Cause("wrong region", "cannot be known", f"{asked} does not answer: {found.silent[asked]}")
    others = [region for region in found.described if region != asked]
    listed = f", and {_list(others)} {'list' if len(others) > 1 else 'lists'} it as ACTIVE replica" if others else ""
    return replica_trouble(found) or Cause("wrong region", "excluded", f"{asked} has the table{listed}")


def typos_in_keys(found: Evidence) -> Cause:
    """Typos in keys; Correct PK/SK: Exact string match."""
    name, question = "typos in keys", found.question
    holders = [region for region, image in found.held.items() if image is not None]
    if holders:
        return _typo_in_value(found) or Cause(name, "excluded", f"{_list(holders)} {_has(holders)} exactly this key")
    if found.known and found.known.writes:
        return Cause(name, "excluded", "an item with exactly this key was written")
    near = nearest(question.key, [*found.neighbours, *(found.known.keys if found.known else ())])
    if near:
        cure = f'use PK "{near.pk}" and SK "{near.sk}": an exact match is required'
        return Cause(name, "remains", f"no region has {question.key}, and there is {near}", cure)
    if found.silent:
        return Cause(name, "cannot be known", f"{_list(list(found.silent))} did not answer")
    evidence = f"no region has {question.key}, nor another item like it under this PK"
    return Cause(name, "remains", evidence, "compare PK and SK letter by letter, and look whether it was ever written")


def _typo_in_value(found: Evidence) -> Cause | None:
    question, here = found.question, found.held.get(found.question.region) or {}
    value = here.get(f"{question.index}PK")
    if not question.index or question.expected or value in (None, question.value):
        return None
    evidence = f'the item is in {question.index} under "{value}", not "{question.value}"'
    return Cause("typos in keys", "remains", evidence, f'use "{value}": an exact match is required')


def stale_view(found: Evidence) -> Cause:
    """Browser cache: Refresh page."""
    name, asked = "stale view", found.question.region
    if not found.question.cached:
        if found.known is None:
            return Cause(name, "cannot be known", "it is not recorded what was seen")
        return Cause(name, "excluded", "each look asked the region anew")
    if asked not in found.held:
        return Cause(name, "cannot be known", f"{asked} did not tell what it holds now")
    (kept,), now = found.question.cached, found.held[asked]
    if same(kept, now):
        return Cause(name, "excluded", f"the cached answer is what {asked} holds now")
    shows = "no item" if kept is None else difference(now, kept) if now is not None else "an item"
    cure = "refresh the page; a program asks again instead of keeping an answer"
    return Cause(name, "remains", f"the cached answer shows {shows}, and {asked} holds something else now", cure)


def wait_longer(found: Evidence) -> Cause:
    """Wait longer: Up to 2 minutes possible."""
    name, asked = "wait longer", found.question.region
    if replica_trouble(found):
        return Cause(name, "excluded", f"{asked} has no ACTIVE replica to which it could travel")
    if asked not in found.held:
        return Cause(name, "cannot be known", f"{asked} did not tell what it holds")
    if found.is_of_no_write:
        return Cause(name, "excluded", f"{asked} shows an image that no write has left, and no wait mends that")
    late = _late(found)
    if not late:
        return Cause(name, "excluded", "no other region is ahead")
    if found.overdue:
        return Cause(name, "excluded", f"{found.question.waited:.0f} s have passed, more than the page's 2 minutes")
    since = "" if found.question.waited is None else f" after {found.question.waited:.1f} s"
    return Cause(name, "remains", f"{late} yet{since}", "wait up to 2 minutes from the write, and look again")


def _late(found: Evidence) -> str:
    asked, index, ahead = found.question.region, found.question.index, found.ahead
    if found.index_is_behind:
        return f"{asked} has the item as it should be, and its {index} does not show it so"
    if not ahead:
        return ""
    if found.held[asked] is None:
        return f"{_list(ahead)} {_has(ahead)} the item, {asked} not"
    return f"{_list(ahead)} {_has(ahead)} another version than {asked}, which may not have the last one"


def not_in_region(found: Evidence) -> Cause:
    """Region correct: Item exists in queried region."""
    name, asked, ahead = "item not in the queried region", found.question.region, found.ahead
    if ahead and found.overdue and not replica_trouble(found):
        others, another = f"{_list(ahead)} {_has(ahead)}", "another version in the queried region"
        if found.held[asked] is None:
            evidence = f"{others} the item, {asked} does not"
        elif found.question.expected:
            name, evidence = another, f"{others} what was written last, {asked} has another version"
        else:
            name, evidence = another, f"{others} another version than {asked}, which may not have the last one"
        cure = f"query {' or '.join(ahead)}, and check whether replication to {asked} works (ReplicationLatency)"
        return Cause(name, "remains", f"{evidence}, after {found.question.waited:.0f} s", cure)
    if asked not in found.held and replica_trouble(found):
        return Cause(name, "excluded", f"{asked} has no ACTIVE replica that could hold it")
    if asked not in found.held:
        return Cause(name, "cannot be known", f"{asked} did not answer")
    if found.held[asked] is not None:
        return Cause(name, "excluded", f"{asked} has an item with this key")
    return Cause(name, "excluded", "it may still be on its way" if ahead else "no other region has it either")


def gsi_not_populated(found: Evidence) -> Cause:
    """GSI populated: GSI keys included in item."""
    name, index, asked = "GSI not populated", found.question.index, found.question.region
    if not index:
        return Cause(name, "excluded", "no index was queried")
    lacking = found.lacking if found.held.get(asked) is not None else []
    if lacking:
        evidence = f"the item in {asked} has no {_list(lacking)}, so {index} leaves it out"
        return Cause(name, "remains", evidence, f"include {index}PK and {index}SK in the item")
    if found.index_is_behind and found.overdue:
        evidence = f"{index} in {asked} does not show what the item says, after {found.question.waited:.0f} s"
        return Cause(name, "remains", evidence, f"check IndexStatus of {index} in {asked}: the item is as it should be")
    return Cause(name, "excluded", f"{index} in {asked} shows what the item says, or may still follow")


def scan_used(found: Evidence) -> Cause:
    """Query type: Using Query, not Scan."""
    name, question = "Scan instead of Query", found.question
    if not question.scanned:
        known = question.scanned is False
        evidence = "the item was asked for by its exact key" if known else "how the item was looked for is not recorded"
        return Cause(name, "excluded" if known else "cannot be known", evidence)
    if found.held.get(question.region) is None:
        return Cause(name, "excluded", f"asked by its exact key {question.region} does not show the item either")
    evidence = f"{question.region} has the item; a Scan filters each page after reading it, so that a page can be empty"
    return Cause(name, "remains", evidence, "use a Query with the exact PK and SK, not a Scan")


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


def throttling(found: Evidence) -> Cause:
    """Not on the page's list: what was refused was never written."""
    if found.known is None:
        return Cause("throttling", "cannot be known", "it is not recorded which writes were refused")
    if found.known.refused:
        cure = "write more slowly, or raise the table's write units; a refused write is not lost replication"
        return Cause("throttling", "remains", found.known.refused[-1], cure)
    return Cause("throttling", "excluded", "no operation on the item was refused")


CAUSES: tuple[Callable[[Evidence], Cause], ...] = (
    wrong_region, typos_in_keys, stale_view, wait_longer, not_in_region, gsi_not_populated, scan_used,
    timestamp_precision, clock_synchronization, plan_for_overwrites, throttling,
)  # fmt: skip
"""In the order of the page."""


def run_checklist(regions: Mapping[str, Region], question: Question, known: Known | None = None) -> list[Cause]:
    """All causes of the guide, in the page's order, with what is known of each. Never raises for silent regions."""
    return judged(gather(regions, question, known))


def judged(evidence: Evidence) -> list[Cause]:
    return [cause(evidence) for cause in CAUSES]


def remaining(causes: Sequence[Cause]) -> list[Cause]:
    """The causes that are not excluded and not in doubt."""
    return [cause for cause in causes if cause.state == "remains"]


def report(causes: Sequence[Cause], there: bool = False) -> list[str]:
    """What the checklist says, in lines; the last one is what to do. A doubt without a cure gets no line of its own.

    `there`: the item was found where it was looked for, so that without a cause nothing is to be explained.
    """
    doubts = [cause for cause in causes if cause.state == "cannot be known"]
    unknown = [f"{cause.name} ({cause.evidence})" for cause in doubts if not cause.cure]
    excluded = [cause.name for cause in causes if cause.state == "excluded"]
    lines = [f"checklist: {len(excluded)} of {len(causes)} causes excluded: {', '.join(excluded) or 'none'}"]
    lines += [f"  cannot be known: {', '.join(unknown)}"] if unknown else []
    lines += [f"  cannot be known: {cause}" for cause in doubts if cause.cure]
    lines += [f"  remaining: {cause}" for cause in remaining(causes)]
    if not remaining(causes):
        cure = "look again, then check the global table's health"
        lines.append(f"  remaining: none that the page names; {'the item is there' if there else f'cure: {cure}'}")
    return lines


def finding(question: Question, causes: Sequence[Cause]) -> Finding:
    names = ", ".join(cause.name for cause in remaining(causes)) or "no cause that the page names"
    details = tuple((cause.name, f"{cause.state}: {cause.told}") for cause in causes)
    return Finding("note", f"checklist for {question.key} in {question.region}: {names} remains", details)


def nearest(key: Key, others: Sequence[Key]) -> Key | None:
    """The key that is most like this one, in any case of letters; None when none is like it in both of its parts."""
    alike = {other: min(_likeness(key.pk, other.pk), _likeness(key.sk, other.sk)) for other in others if other != key}
    best = max(alike, key=lambda other: alike[other], default=None)
    return best if best and alike[best] >= NEAR else None


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio()


def _list(names: Sequence[str]) -> str:
    return " and ".join(names)


def _has(names: Sequence[str]) -> str:
    return "have" if len(names) > 1 else "has"


_nothing = Description("", "", {}, "", {})
