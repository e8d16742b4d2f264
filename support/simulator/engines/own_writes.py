"""Telling what clients wrote from what the simulator itself wrote, in the stream of a table that both write to.

A stream does not say who wrote. But the writes of one item are a chain, each beginning where the one before ended, and
the stream keeps their order: so the next record with both images of a write of ours is that write's.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from support.simulator.engines.engine import Record
from support.simulator.items import ItemKey, same


@dataclass(frozen=True)
class StreamedWrite:
    """A write as a stream has it. A stream of keys alone, or of one kind of images, leaves images out."""

    record: Record
    has_old: bool
    has_new: bool

    @property
    def changes_nothing(self) -> bool:
        """Whether the images are known to be the same. AWS has no record of such a write, other engines have."""
        return self.has_old and self.has_new and same(self.record.old, self.record.new)

    def is_of(self, written: Record) -> bool:
        old = not self.has_old or same(self.record.old, written.old)
        return old and (not self.has_new or same(self.record.new, written.new))


class OwnWrites:
    """The writes of the simulator to one table that its stream has not had yet."""

    def __init__(self) -> None:
        self._expected: dict[ItemKey, list[Record]] = defaultdict(list)

    def expect(self, written: Record) -> None:
        """Remember a write, unless it changes nothing: then no record comes."""
        if not same(written.old, written.new):
            self._expected[written.key].append(written)

    def others(self, streamed: Iterable[StreamedWrite]) -> list[Record]:
        """What others wrote, one record for each item.

        A write of theirs whose record comes only after one of ours has replaced it has lost against that one: it is
        left out. This can only be where a stream is slow.
        """
        taken: dict[ItemKey, Record] = {}
        for each in streamed:
            key = each.record.key
            if self._is_own(each):
                taken.pop(key, None)
            elif not each.changes_nothing:
                taken[key] = Record(key, taken[key].old if key in taken else each.record.old, each.record.new)
        return list(taken.values())

    def _is_own(self, streamed: StreamedWrite) -> bool:
        expected = self._expected.get(streamed.record.key, [])
        for place, written in enumerate(expected):
            if streamed.is_of(written):
                del expected[: place + 1]
                if not expected:
                    del self._expected[streamed.record.key]
                return True
        return False
