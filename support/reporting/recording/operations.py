"""What was done and seen: in a scenario as plain values (writes, reads, arrivals, contentions), in a step in lines.

The pictures and cards are made from these after the run, so that they cost the run nothing.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

import pytest

from support.clock import Clock
from support.verdicts.conflicts import Conflict, Contention, decide
from support.verdicts.findings import Finding
from support.verdicts.history import History, Image, Write
from support.verdicts.observations import Observation, arrivals, observations
from support.verdicts.versions import final_writes, has_seen
from support.verdicts.wording import blend_in_words

FEW = 4
"""So many operations of one region are told one by one; more are counted."""


class RecordingContext(NamedTuple):
    """What a scenario works on, as far as its result is concerned."""

    history: History
    clock: Clock
    regions: tuple[str, ...] = ()
    """The primary one first."""
    consumed: Callable[[], str] = str
    """What it has cost by now; empty if it costs nothing."""
    retries: Callable[[], Finding | None] = lambda: None
    """Which calls had to be tried again."""


context_key = pytest.StashKey[RecordingContext]()
"""Where conftest.py puts what a test works on."""


def operations(
    context: RecordingContext, findings: Sequence[Finding], trouble: str = ""
) -> dict[str, list[dict[str, Any]]]:
    """The operations of a scenario as fields of its ScenarioResult.

    No verdict is made for a scenario that ended in `trouble` with the target: what was seen until then shows nothing.
    """
    seen = observations(context.history)
    writes = {each.number: each for each in context.history if isinstance(each, Write)}
    verdicts = [each for each in findings if isinstance(each, Conflict)]
    return {
        "writes": [_write(each) for each in writes.values()],
        "reads": [
            {"region": each.read.region, "item": str(each.read.key), "invoked": each.read.invoked, "kind": each.kind,
             "answered": each.read.answered, "write": each.write.number if each.write else None}
            for each in seen
        ],
        "arrivals": [{**vars(each), "write": each.write.number} for each in arrivals(seen)],
        "contentions": [
            {"kind": each.kind, "trouble": trouble}
            | _contention([writes[number] for number in each.contenders], context, seen, verdicts, made=not trouble)
            for each in findings
            if isinstance(each, Contention)
        ],
    }  # fmt: skip


def _write(write: Write) -> dict[str, Any]:
    told = ("number", "region", "action", "by", "name", "invoked", "answered", "at", "outcome")
    values = {name: getattr(write, name) for name in told}
    return {**values, "old_image": _attributes(write.old_image), "new_image": _attributes(write.new_image)}


def _attributes(image: Image | None) -> dict[str, Any] | None:
    """An item without the keys of the table and its indexes, which say nothing to a reader."""
    return None if image is None else {name: value for name, value in image.items() if not name.endswith(("PK", "SK"))}


def _contention(
    contenders: Sequence[Write],
    context: RecordingContext,
    seen: Sequence[Observation],
    verdicts: Sequence[Conflict],
    *,
    made: bool,
) -> dict[str, Any]:
    """What each contender had seen, who should have won, what the regions showed, and the verdict that a step has
    found, or that can be `made`. A verdict without a winner names no writes: its scenario has one contention.
    """
    predicted = final_writes(contenders)
    last = _last_observations(contenders, context.history, seen)
    winners = {None, *(each.number for each in contenders)}
    verdict = next((each for each in verdicts if each.winner in winners), None)
    if verdict is None and made:
        verdict = _verdict(contenders, context, last)
    return {
        "contenders": [_write(each) for each in contenders],
        "had_seen": [
            [other.name for other in contenders if other is not each and has_seen(each, other, contenders)]
            for each in contenders
        ],
        "predicted": [each.name for each in predicted],
        "observed": [
            {
                "region": region,
                "write": each.write and _write(each.write),
                "expected": each.write in predicted,
                "kind": each.kind,
                "blend": blend_in_words(contenders, each.read.found) if each.read.found else "",
                "at": each.read.at,
            }
            for region, each in last.items()
        ],
        "verdict": verdict and verdict.values(),
    }


def _last_observations(
    contenders: Sequence[Write], history: History, seen: Sequence[Observation]
) -> dict[str, Observation]:
    """What each region showed last before the item was written again."""
    key, sent = contenders[0].key, max(write.number for write in contenders)
    later = min((write.number for write in history.writes(key) if write.number > sent), default=math.inf)
    there = [each for each in seen if each.read.key == key and sent < each.read.number < later]
    last = {each.read.region: each for each in sorted(there, key=lambda each: each.read.number)}
    return dict(sorted(last.items(), reverse=True))


def _verdict(
    contenders: Sequence[Write], context: RecordingContext, last: Mapping[str, Observation]
) -> Conflict | None:
    """The verdict that no step has asked for; None as long as a region that took part was not looked at again."""
    if {each.region for each in context.history} != set(last):
        return None
    ordered = sorted(last, key=lambda region: (region not in context.regions[:1], region))
    return decide(contenders, {region: last[region].read.found for region in ordered}).finding()


class StepStory:
    """Follows the history and the clock of a scenario from the beginning of a step to its end."""

    def __init__(self, context: RecordingContext | None) -> None:
        self._operations = len(context.history) if context else 0
        self._seconds = context.clock.elapsed() if context else 0.0
        self._real_seconds = context.clock.real_elapsed() if context else 0.0

    def lines(self, context: RecordingContext | None) -> Iterator[str]:
        """The lines, at the end of the step; the table may have been made in it."""
        if context is None:
            return
        yield from _writes(context.history, self._operations)
        yield from _reads(context.history, self._operations)
        passed = context.clock.elapsed() - self._seconds
        if context.clock.simulated and passed > 0:
            really = 1000 * (context.clock.real_elapsed() - self._real_seconds)
            yield f"waited: simulated {passed:.1f} s, real {really:.0f} ms"


def _writes(history: History, start: int) -> Iterator[str]:
    writes = [each for each in list(history)[start:] if isinstance(each, Write)]
    if len(writes) <= FEW:
        yield from map(_of_write, writes)
        return
    for region, each in groupby(sorted(writes, key=lambda write: write.region), key=lambda write: write.region):
        outcomes = Counter(str(write.outcome) for write in each)
        yield f"wrote {outcomes.total()} items in {region}: {_counted(outcomes)}"


def _of_write(write: Write) -> str:
    who = f" of {write.by}" if write.by else ""
    moment = f"{write.at:%H:%M:%S.%f}"[:-3]
    again = f" after {write.attempts} attempts" if write.attempts > 1 else ""
    return f"{write.action}{who} in {write.region} at {moment} UTC: {write.outcome}{again}"


def _reads(history: History, start: int) -> Iterator[str]:
    seen = sorted(observations(history, start), key=lambda each: each.read.region)
    for region, each in groupby(seen, key=lambda each: each.read.region):
        yield _of_reads(region, list(each))


def _of_reads(region: str, seen: Sequence[Observation]) -> str:
    items = {each.read.key for each in seen}
    if len(items) > 1:
        found = _counted(Counter(str(each.kind) for each in seen))
        return f"read {len(items)} items in {region}, {len(seen)} times: {found}"
    runs = [(kind, len(list(each))) for kind, each in groupby(seen, key=lambda each: str(each.kind))]
    found = ", then ".join(f"{kind} {number} times" if number > 1 else kind for kind, number in runs)
    return f"read {items.pop()} in {region}: {found}"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
