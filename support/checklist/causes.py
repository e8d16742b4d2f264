"""The page's Troubleshooting Guide as a tool: each cause that it names is a pure function of what probes found out.

It runs whenever a check of convergence or of a query fails; by hand: `python -m support.checklist --pk … --sk …`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from support.checklist.evidence import Answers, Question
from support.table.calls import THROTTLING
from support.verdicts.findings import Note
from support.verdicts.health import replica_problem, status_problems
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
    def explanation(self) -> str:
        return f"{self.evidence}; cure: {self.cure}" if self.cure else self.evidence

    def __str__(self) -> str:
        return f"{self.name}: {self.explanation}"


def replica_trouble(found: Answers) -> Cause | None:
    """Why nothing can arrive in the region that was asked, however long one waits."""
    name, asked = "wrong region", found.asked
    others = {region: each for region, each in found.described.items() if each is not None and region != asked}
    where = f"{_have(found.holders)} the item" if found.holders else "no region has the item"
    cure = f"look in {' or '.join(others) or 'another region'}, or add a replica in {asked} with UpdateTable"
    here = found.described.get(asked)
    if (here is None and asked not in found.silent) or any(asked not in each.replicas for each in others.values()):
        return Cause(name, "remains", f"{where}, {asked} is not among its replicas: replica missing", cure)
    problems = status_problems({asked: here}) if here and here.status != "UPDATING" else []  # It answers all the same.
    problems += [replica_problem(each, asked) for each in others.values() if each.replicas[asked] != "ACTIVE"]
    elsewhere = f", or look in {' or '.join(others)}" if others else ""
    return Cause(name, "remains", problems[0].text, f"{problems[0].cure}{elsewhere}") if problems else None


def wrong_region(found: Answers) -> Cause:
    """Wrong region: Double-check region selection."""
    name, asked = "wrong region", found.asked
    if asked in found.silent:
        return Cause(name, "cannot be known", f"{asked} does not answer: {found.silent[asked]}")
    others = [region for region in found.described if region != asked]
    lists = f", and {' and '.join(others)} {'list' if len(others) > 1 else 'lists'} it as ACTIVE replica"
    return replica_trouble(found) or Cause(name, "excluded", f"{asked} has the table{lists if others else ''}")


def typos_in_keys(found: Answers) -> Cause:
    """Typos in keys; Correct PK/SK: Exact string match."""
    name, question = "typos in keys", found.question
    if found.holders:
        return _typo_in_value(found) or Cause(name, "excluded", f"{_have(found.holders)} exactly this key")
    if found.writes:
        return Cause(name, "excluded", "an item with exactly this key was written")
    written = [each.key for each in found.history or () if isinstance(each, Write)]
    near = nearest(question.key, [*found.neighbours, *written])
    if near:
        cure = f'use PK "{near.pk}" and SK "{near.sk}": an exact match is required'
        return Cause(name, "remains", f"no region has {question.key}, and there is {near}", cure)
    if found.silent:
        return Cause(name, "cannot be known", f"{' and '.join(found.silent)} did not answer")
    evidence = f"no region has {question.key}, nor another item like it under this PK"
    return Cause(name, "remains", evidence, "compare PK and SK letter by letter, and look whether it was ever written")


def _typo_in_value(found: Answers) -> Cause | None:
    question = found.question
    value = (found.here or {}).get(f"{question.index}PK")
    if not question.index or question.expected or value in (None, question.value):
        return None
    evidence = f'the item is in {question.index} under "{value}", not "{question.value}"'
    return Cause("typos in keys", "remains", evidence, f'use "{value}": an exact match is required')


def stale_view(found: Answers) -> Cause:
    """Browser cache: Refresh page."""
    name, asked = "stale view", found.asked
    if not found.question.cached:
        if found.history is None:
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


def wait_longer(found: Answers) -> Cause:
    """Wait longer: Up to 2 minutes possible."""
    name, asked, behind = "wait longer", found.asked, _behind(found)
    if replica_trouble(found):
        return Cause(name, "excluded", f"{asked} has no ACTIVE replica to which it could travel")
    if asked not in found.held:
        return Cause(name, "cannot be known", f"{asked} did not tell what it holds")
    if found.is_of_no_write:
        return Cause(name, "excluded", f"{asked} shows an image that no write has left, and no wait mends that")
    if not behind:
        return Cause(name, "excluded", "no other region is ahead")
    if found.overdue:
        return Cause(name, "excluded", f"{found.question.waited:.0f} s have passed, more than the page's 2 minutes")
    since = "" if found.question.waited is None else f", after {found.question.waited:.1f} s"
    return Cause(name, "remains", f"{behind}{since}", "wait up to 2 minutes from the write, and look again")


def not_in_region(found: Answers) -> Cause:
    """Region correct: Item exists in queried region."""
    name, asked, ahead = "item not in the queried region", found.asked, found.ahead
    if ahead and found.overdue and not replica_trouble(found):
        evidence = f"{_behind(found)}, after {found.question.waited:.0f} s"
        cure = f"query {' or '.join(ahead)}, and check whether replication to {asked} works (ReplicationLatency)"
        return Cause("another version in the queried region" if found.here else name, "remains", evidence, cure)
    if asked not in found.held:
        if replica_trouble(found):
            return Cause(name, "excluded", f"{asked} has no ACTIVE replica that could hold it")
        return Cause(name, "cannot be known", f"{asked} did not answer")
    if found.here is not None:
        return Cause(name, "excluded", f"{asked} has an item with this key")
    return Cause(name, "excluded", "it may still be on its way" if ahead else "no other region has it either")


def _behind(found: Answers) -> str:
    """How the region that was asked, or its index, is behind; empty if it is not."""
    asked, index = found.asked, found.question.index
    if found.index_is_behind:
        return f"{asked} has the item as it should be, and its {index} does not show it so"
    if not found.ahead:
        return ""
    others = _have(found.ahead)
    if found.here is None:
        return f"{others} the item, {asked} does not"
    if found.question.expected:
        return f"{others} what was written last, {asked} has another version"
    return f"{others} another version than {asked}, which may not have the last one"


def gsi_not_populated(found: Answers) -> Cause:
    """GSI populated: GSI keys included in item."""
    name, index, asked = "GSI not populated", found.question.index, found.asked
    if not index:
        return Cause(name, "excluded", "no index was queried")
    if found.here is not None and found.lacking:
        evidence = f"the item in {asked} has no {' and '.join(found.lacking)}, so {index} leaves it out"
        return Cause(name, "remains", evidence, f"include {index}PK and {index}SK in the item")
    if found.index_is_behind and found.overdue:
        evidence = f"{index} in {asked} does not show what the item says, after {found.question.waited:.0f} s"
        return Cause(name, "remains", evidence, f"check IndexStatus of {index} in {asked}: the item is as it should be")
    return Cause(name, "excluded", f"{index} in {asked} shows what the item says, or may still follow")


def scan_used(found: Answers) -> Cause:
    """Query type: Using Query, not Scan."""
    name, asked = "Scan instead of Query", found.asked
    if found.question.scanned is None:
        return Cause(name, "cannot be known", "how the item was looked for is not recorded")
    if not found.question.scanned:
        return Cause(name, "excluded", "the item was asked for by its exact key")
    if found.here is None:
        return Cause(name, "excluded", f"asked by its exact key {asked} does not show the item either")
    evidence = f"{asked} has the item; a Scan filters each page after reading it, so that a page can be empty"
    return Cause(name, "remains", evidence, "use a Query with the exact PK and SK, not a Scan")


def timestamp_precision(found: Answers) -> Cause:
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


def clock_synchronization(found: Answers) -> Cause:
    """Clock synchronization: AWS handles timing."""
    name = "clock synchronization"
    if not found.rivals:
        return _not_overwritten(name, found)
    lost, won = found.rivals
    mine, theirs = _own_times(lost), _own_times(won)
    for attribute in sorted({*mine} & {*theirs}):
        if mine[attribute] > theirs[attribute]:
            times = f"the {attribute} {mine[attribute]} of {lost.name} is later than {theirs[attribute]}"
            cure = "AWS handles timing: the service's own write time decides, not a time in the item"
            return Cause(name, "remains", f"{times}, and no region looks at it", cure)
    return Cause(name, "excluded", "the times in the items agree with the outcome, or there are none")


def _own_times(write: Write) -> dict[str, str]:
    left = (write.new_image or {}).items()
    return {name: text for name, text in left if name.endswith(("timestamp", "_at")) and isinstance(text, str)}


def plan_for_overwrites(found: Answers) -> Cause:
    """Application design: Plan for overwrites."""
    name = "overwritten by a later write"
    if not found.rivals:
        return _not_overwritten(name, found)
    lost, won = found.rivals
    order = "later" if lost.is_before(won) else "at about the same time"
    unseen = "" if same(won.old_image, lost.new_image) else f", without having seen {lost.name}"
    held = f"{found.asked} holds what {won.name} left"
    cure = "plan for overwrites: give what must not be lost an item of its own, or write each item in one region only"
    return Cause(name, "remains", f"{held}, written {order}{unseen}: the last writer wins the whole item", cure)


def _not_overwritten(name: str, found: Answers) -> Cause:
    if found.history is None:
        return Cause(name, "cannot be known", "it is not recorded who has written the item")
    return Cause(name, "excluded", "the item does not hold what another, later write left")


def throttling(found: Answers) -> Cause:
    """Not on the page's list: what was refused was never written."""
    if found.history is None:
        return Cause("throttling", "cannot be known", "it is not recorded which writes were refused")
    own = [each for each in found.history if each.key == found.question.key]
    refused = [f"{each.region}: {each.error}" for each in own if each.error and each.error.code in THROTTLING]
    if refused:
        cure = "write more slowly, or raise the table's write units; a refused write is not lost replication"
        return Cause("throttling", "remains", refused[-1], cure)
    return Cause("throttling", "excluded", "no operation on the item was refused")


CAUSES: tuple[Callable[[Answers], Cause], ...] = (
    wrong_region, typos_in_keys, stale_view, wait_longer, not_in_region, gsi_not_populated, scan_used,
    timestamp_precision, clock_synchronization, plan_for_overwrites, throttling,
)  # fmt: skip
"""In the order of the page."""


def judged(found: Answers) -> list[Cause]:
    """All causes of the guide, in the page's order, with what is known of each."""
    return [cause(found) for cause in CAUSES]


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


def finding(question: Question, causes: Sequence[Cause]) -> Note:
    names = ", ".join(cause.name for cause in remaining(causes)) or "no cause that the page names"
    details = tuple((cause.name, f"{cause.state}: {cause.explanation}") for cause in causes)
    return Note(f"checklist for {question.key} in {question.region}: {names} remains", details)


def nearest(key: Key, others: Sequence[Key]) -> Key | None:
    """The key that is most like this one, in any case of letters; None when none is like it in both of its parts."""
    alike = {other: min(_likeness(key.pk, other.pk), _likeness(key.sk, other.sk)) for other in others if other != key}
    best = max(alike, key=lambda other: alike[other], default=None)
    return best if best and alike[best] >= NEAR else None


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio()


def _have(names: Sequence[str]) -> str:
    return f"{' and '.join(names)} {'have' if len(names) > 1 else 'has'}"
