"""What each read showed of its item, and when each version was first seen elsewhere: pure functions over a history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from support.verdicts.history import History, Key, Outcome, Read, Write
from support.verdicts.versions import final_writes, left_by, was_replaced


class ObservationKind(StrEnum):
    """What a read found: what was written last, an older version, nothing, or an image that no write left."""

    CURRENT = "current"
    STALE = "stale"
    ABSENT = "absent"
    UNKNOWN = "unknown"
    UNANSWERED = "no answer"


@dataclass(frozen=True)
class Observation:
    """A read, what it found, and the write that had left that (None: it was there before all writes, or is unknown)."""

    read: Read
    kind: ObservationKind
    write: Write | None


@dataclass(frozen=True)
class Arrival:
    """A version was first seen in a region that it was not written in.

    `last_miss` is when a look there had last been without it (None: the first look after the write found it).
    """

    write: Write
    region: str
    last_miss: float | None
    seen: float


def observations(history: History, start: int = 0) -> list[Observation]:
    """The reads of a scenario after so many operations, in the order of their answers, with what they found."""
    reads = [each for each in list(history)[start:] if isinstance(each, Read)]
    writes = {key: history.writes(key) for key in {read.key for read in reads}}
    return [_observation(read, writes[read.key]) for read in reads]


def _observation(read: Read, writes: Sequence[Write]) -> Observation:
    """A read can show only what was sent before it was answered."""
    if read.outcome is not Outcome.ACKNOWLEDGED:
        return Observation(read, ObservationKind.UNANSWERED, None)
    sent = [write for write in writes if write.invoked <= read.answered]
    if last := left_by(final_writes(sent), read.found):
        return Observation(read, ObservationKind.CURRENT, last[-1])
    shown = left_by(sent, read.found)
    if read.found is None:
        deleted = next((write for write in reversed(shown) if write.old_image is not None), None)
        return Observation(read, ObservationKind.ABSENT, deleted)
    kind = ObservationKind.STALE if shown or was_replaced(sent, read.found) else ObservationKind.UNKNOWN
    return Observation(read, kind, shown[-1] if shown else None)


def arrivals(seen: Sequence[Observation]) -> list[Arrival]:
    """When each version was first seen in each region other than its own."""
    return sorted(
        (arrival for key in dict.fromkeys(each.read.key for each in seen) for arrival in _arrivals_of(key, seen)),
        key=lambda arrival: arrival.seen,
    )


def _arrivals_of(key: Key, seen: Sequence[Observation]) -> Iterator[Arrival]:
    of_item = [each for each in seen if each.read.key == key and each.kind is not ObservationKind.UNANSWERED]
    for region in dict.fromkeys(each.read.region for each in of_item):
        there = sorted((each for each in of_item if each.read.region == region), key=lambda each: each.read.invoked)
        known: set[int] = set()
        for number, each in enumerate(there):
            write = each.write
            if write is None or write.region == region or write.number in known:
                continue
            known.add(write.number)
            misses = [miss.read.invoked for miss in there[:number] if miss.read.invoked >= write.invoked]
            yield Arrival(write, region, misses[-1] if misses else None, each.read.answered)
