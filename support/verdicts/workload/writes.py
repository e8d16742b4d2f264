"""What one write of a random load tells, and which deletes may explain that there is no item."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from support.verdicts.history import Outcome, Write


class Deletes:
    """The deletes of an item, to be asked which of them may explain that there is none."""

    def __init__(self, deletes: Sequence[Write]) -> None:
        self._by_end = sorted(deletes, key=end)
        self._ends = [end(each) for each in self._by_end]
        self._oldest = list(accumulate(reversed(self._by_end), lambda *two: min(two, key=invoked)))[::-1]

    def oldest(self, not_before: float, sent_by: float) -> Write | None:
        """Of the deletes that may have been done at some time or later, and were sent by another: the oldest."""
        place = bisect_left(self._ends, not_before)
        oldest = self._oldest[place] if place < len(self._oldest) else None
        return oldest if oldest is not None and oldest.invoked <= sent_by else None


def writes_by_id(writes: Iterable[Write]) -> Mapping[str, Write]:
    """The writes by their `by`. Raises ValueError when one has none, or that of another one."""
    by_id: dict[str, Write] = {}
    for write in writes:
        if not write.by or write.by in by_id:
            raise ValueError(f"operation {write.number} has no id of its own: {write.by!r}")
        by_id[write.by] = write
    return by_id


def shows(write: Write) -> bool:
    """Whether what a write replaced was there before it: one that was sent twice may have found what it left itself."""
    return write.replaced_is_told and not write.repeated


def left_is_certain(write: Write) -> bool:
    """Whether the write left this image and no other: an update that was done twice may have left two."""
    return write.left_is_known and not (write.action == "update" and write.repeated)


def deletes_untold(write: Write) -> bool:
    """Whether the write, if it was done, has deleted an item without a word, if there was one."""
    return write.action == "delete" and not write.replaced_is_told


def done_once(write: Write) -> bool:
    """Whether the write was surely done, and not done twice."""
    return write.outcome is Outcome.ACKNOWLEDGED and not write.repeated


def counts(write: Write) -> bool:
    """Whether a write surely made a version: a delete of no item replicates nothing."""
    return write.action != "delete" or write.replaced is not None


def may_have_deleted(write: Write) -> bool:
    """Whether an item may have been there that the write deleted."""
    done = write.outcome is Outcome.ACKNOWLEDGED and (counts(write) or not shows(write))
    return write.action == "delete" and (done or write.outcome is Outcome.UNKNOWN)


def end(write: Write) -> float:
    """When a write was surely done, in seconds; without an answer it may be done at any time."""
    return math.inf if write.outcome is Outcome.UNKNOWN else write.answered


def invoked(write: Write) -> float:
    """When a write was sent, in seconds: before that it was surely not done."""
    return write.invoked
