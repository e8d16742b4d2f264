"""The checker of a random workload: a pure function from a history to a verdict with a shortest counter-example.

The rules are those of a table whose last writer wins (facts 1.1 to 1.4), as far as they can be seen from outside, where
the order of two writes is known only if one was answered before the other was sent. They are checked for each item and
region by itself, in one pass in the order of time, so that the work grows with n log n.

Each put and update sets the attribute `WRITE_ID` to the `by` of the write, which no other write has, so that an image
tells which write left it. No item exists before the history begins, and the last read of each region shows what it
holds in the end.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from support.verdicts.history import Image, Key, Outcome, Read, Write
from support.verdicts.images import difference, same
from support.verdicts.workload.anomalies import Anomaly, Rule, WorkloadVerdict
from support.verdicts.workload.writes import (
    Deletes,
    counts,
    deletes_untold,
    done_once,
    end,
    invoked,
    left_is_certain,
    may_have_deleted,
    shows,
    writes_by_id,
)

WRITE_ID = "write_id"


def check_workload(operations: Iterable[Write | Read]) -> WorkloadVerdict:
    """Check a history. Raises ValueError when a write has no id of its own: then images tell nothing."""
    by_item: dict[Key, list[Write | Read]] = defaultdict(list)
    for operation in operations:
        by_item[operation.key].append(operation)
    anomalies = [anomaly for key, each in by_item.items() for anomaly in _Item(key, each).anomalies()]
    anomalies.sort(key=lambda each: (len(each.operations), each.at))
    all_operations = [each for operations in by_item.values() for each in operations]
    writes = sum(isinstance(each, Write) for each in all_operations)
    twice = sum(isinstance(each, Write) and each.repeated and each.attempts == 1 for each in all_operations)
    return WorkloadVerdict(writes, len(all_operations) - writes, tuple(anomalies), twice)


@dataclass(frozen=True)
class _Shown:
    """An image that an operation showed its region to hold, the write with its id, and the operation in words."""

    operation: Write | Read
    image: Image | None
    write: Write | None
    words: str

    @property
    def image_in_words(self) -> str:
        """The image, by the write that left it."""
        if self.image is None:
            return "no item"
        return f"what {_named(self.write)} left" if self.write else "an image that no write left"


@dataclass(frozen=True)
class _Floor:
    """A version that a region is known to have had, from an operation on: no older one may show after that.

    After `deleted_by`, which does not tell what it deleted, this version may not show either.
    """

    write: Write
    operation: Write | Read
    deleted_by: Write | None = None


class _Item:
    """The operations on one item, in the order in which they were sent."""

    def __init__(self, key: Key, operations: Iterable[Write | Read]) -> None:
        self._key = key
        self._operations = sorted(operations, key=lambda each: (each.invoked, each.number))
        self._writes = [each for each in self._operations if isinstance(each, Write)]
        self._by_id = writes_by_id(self._writes)
        self._deletes = Deletes([each for each in self._writes if may_have_deleted(each)])
        self._first_shown = self._first_images()

    def anomalies(self) -> Iterator[Anomaly]:
        """All rules that these operations break."""
        for region in dict.fromkeys(each.region for each in self._operations):
            yield from self._in_region(region)
        yield from self._in_the_end()

    def _in_region(self, region: str) -> Iterator[Anomaly]:
        there = [each for each in self._operations if each.region == region and each.outcome is Outcome.ACKNOWLEDGED]
        ends = sorted(there, key=lambda each: (each.answered, each.number))
        reached: dict[int, _Floor] = {}
        floor: _Floor | None = None
        ended = 0
        for operation in there:
            while (ends[ended].answered, ends[ended].number) < (operation.invoked, operation.number):
                floor = _higher(floor, reached.get(ends[ended].number))
                ended += 1
            shown = None if isinstance(operation, Write) and not shows(operation) else self._shown(operation)
            anomaly = self._contradiction(shown, floor) if shown else None
            if anomaly:
                yield anomaly
            if isinstance(operation, Write) and counts(operation):
                reached[operation.number] = _Floor(operation, operation)
            elif isinstance(operation, Write) and deletes_untold(operation) and floor and done_once(floor.write):
                reached[operation.number] = replace(floor, deleted_by=operation)
            elif shown and not anomaly and (version := self._version(shown, floor.write if floor else None)):
                reached[operation.number] = _Floor(version, operation)

    def _contradiction(self, shown: _Shown, floor: _Floor | None) -> Anomaly | None:
        unexplained = self._unexplained(shown)
        if unexplained or floor is None:
            return unexplained
        if floor.deleted_by and shown.write is floor.write:
            return self._step_back(shown, _Floor(floor.deleted_by, floor.deleted_by))
        return None if self._version(shown, floor.write) else self._step_back(shown, floor)

    def _unexplained(self, shown: _Shown) -> Anomaly | None:
        """An image that no write can have left by then."""
        if shown.image is None:
            return None
        operation, write = shown.operation, shown.write
        proof: tuple[int, ...]
        if write is None:
            text, proof = "an image that no write left: its id is of none", (operation.number,)
        elif write is operation:
            text, proof = "what it left itself", (write.number,)
        elif write.outcome is Outcome.FAILED:
            text, proof = f"what {_named(write)} would have left, which was refused", (write.number, operation.number)
        elif operation.answered < write.invoked:
            text, proof = f"what {_named(write)} left, which was not sent yet", (write.number, operation.number)
        elif left_is_certain(write) and not same(write.left, shown.image):
            problem = difference(write.left, shown.image)
            text, proof = f"not what {_named(write)} left: {problem}", (write.number, operation.number)
        elif (first := self._first_shown.get(write.number)) and not same(first.image, shown.image):
            problem = difference(first.image, shown.image)
            text = f"another image of {_named(write)} than {first.words}: {problem}"
            proof = (write.number, first.operation.number, operation.number)
        else:
            return None
        return self._anomaly(Rule.WHOLE_IMAGES, operation, proof, f"{shown.words} {text}")

    def _version(self, shown: _Shown, newer: Write | None) -> Write | None:
        """The oldest write that may have left the image; None if all of these are older than one that was there before.

        Of no item it is the oldest delete that may explain it; None also if the item may never have been there.
        """
        if shown.write is not None:
            return shown.write if newer is None or end(shown.write) >= newer.invoked else None
        return self._deletes.oldest(newer.invoked, shown.operation.answered) if newer else None

    def _step_back(self, shown: _Shown, floor: _Floor) -> Anomaly:
        newer, since, older = floor.write, floor.operation, shown.write
        own = since is newer
        rule = Rule.OWN_WRITES if own else Rule.NO_STEP_BACK
        if newer.action == "delete":  # an image was shown then: this very delete would explain that there is none
            rule = Rule.DELETED
        before = "it was done there" if own else f"it was there at {since.invoked:.3f} s"
        unexplained = "" if older else ", and no delete explains it"
        text = f"{shown.words} {shown.image_in_words}{unexplained}, though {_named(newer)} came later and {before}"
        numbers = {newer.number, since.number, shown.operation.number, *([older.number] if older else [])}
        return self._anomaly(rule, shown.operation, tuple(sorted(numbers)), text)

    def _in_the_end(self) -> Iterator[Anomaly]:
        answered = [each for each in self._operations if each.outcome is Outcome.ACKNOWLEDGED]
        reads = [each for each in answered if isinstance(each, Read)]
        last = [self._shown(read) for read in {read.region: read for read in reads}.values()]
        for other in last[1:]:
            yield from self._differing(last[0], other)
        done = [each for each in answered if isinstance(each, Write) and counts(each)]
        if not done:
            return
        latest = max(done, key=lambda each: (each.invoked, each.number))
        for shown in last:
            if self._unexplained(shown) is None and self._version(shown, latest) is None:
                where = shown.operation
                text = f"{where.region} shows {shown.image_in_words} in the end, though {_named(latest)} came later"
                yield self._anomaly(Rule.CONVERGENCE, where, (latest.number, where.number), text)

    def _differing(self, one: _Shown, other: _Shown) -> Iterator[Anomaly]:
        problem = difference(one.image, other.image)
        if problem:
            here, there = one.operation, other.operation
            text = f"{here.region} shows {one.image_in_words} in the end, {there.region} {other.image_in_words}"
            yield self._anomaly(Rule.CONVERGENCE, there, (here.number, there.number), f"{text}: {problem}")

    def _first_images(self) -> Mapping[int, _Shown]:
        """What was first shown of each write that was done once: if it does not tell what it left, this is it."""
        first: dict[int, _Shown] = {}
        for shown in map(self._shown, self._operations):
            if shown.write is not None and done_once(shown.write):
                first.setdefault(shown.write.number, shown)
        return first

    def _shown(self, operation: Write | Read) -> _Shown:
        """What an acknowledged operation showed."""
        if isinstance(operation, Read):
            image, words = operation.found, f"a read in {operation.region} at {operation.invoked:.3f} s showed"
        else:
            image, words = operation.replaced, f"{_named(operation)} replaced"
        write = self._by_id.get(str(image.get(WRITE_ID))) if image else None
        return _Shown(operation, image, write, words)

    def _anomaly(self, rule: Rule, operation: Write | Read, numbers: tuple[int, ...], text: str) -> Anomaly:
        return Anomaly(rule, operation.answered, numbers, f"{self._key}: {text}")


def _higher(one: _Floor | None, other: _Floor | None) -> _Floor | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda floor: (invoked(floor.write), floor.deleted_by is not None))


def _named(write: Write) -> str:
    return f"the {write.action} {write.by} in {write.region} at {write.invoked:.3f} s"
