"""Telling what users wrote from what the simulator itself wrote, in the stream of a table that both write to.

A stream does not say who wrote. But the writes of one item are a chain, each beginning where the one before ended, and
the stream keeps their order: so the next record with both images of a write of ours is that write's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from support.simulator.engines.engine import Record
from support.simulator.items import ItemKey, WireImage, number


@dataclass(frozen=True)
class Told:
    """What a stream tells of one write. A stream of keys alone, or of one kind of images, leaves images out."""

    record: Record
    tells_old: bool
    tells_new: bool

    @property
    def changes_nothing(self) -> bool:
        """Whether the images are known to be the same. AWS has no record of such a write, other engines have."""
        return self.tells_old and self.tells_new and same(self.record.old, self.record.new)

    def is_of(self, written: Record) -> bool:
        """Whether this can be the record of a write of ours."""
        old = not self.tells_old or same(self.record.old, written.old)
        return old and (not self.tells_new or same(self.record.new, written.new))


class OwnWrites:
    """The writes of the simulator to one table that its stream has not told of yet."""

    def __init__(self) -> None:
        self._expected: dict[ItemKey, list[Record]] = defaultdict(list)

    def expect(self, written: Record) -> None:
        """Remember a write, unless it changes nothing: then no record comes."""
        if not same(written.old, written.new):
            self._expected[written.key].append(written)

    def others(self, told: Iterable[Told]) -> list[Record]:
        """What others wrote, one record for each item.

        A write of theirs that is told only after one of ours has replaced it has lost against that one: it is left
        out. This can only be where a stream is slow to tell.
        """
        taken: dict[ItemKey, Record] = {}
        for each in told:
            key = each.record.key
            if self._takes(each):
                taken.pop(key, None)
            elif not each.changes_nothing:
                first = taken.get(key)
                taken[key] = Record(key, first.old if first else each.record.old, each.record.new)
        return list(taken.values())

    def _takes(self, told: Told) -> bool:
        expected = self._expected.get(told.record.key, [])
        for place, written in enumerate(expected):
            if told.is_of(written):
                del expected[: place + 1]
                if not expected:
                    del self._expected[told.record.key]
                return True
        return False


def same(one: WireImage | None, other: WireImage | None) -> bool:
    """Whether two images are equal for DynamoDB: sets have no order, and a number can be written in many ways."""
    if one is None or other is None:
        return one is other
    return one == other or _plain({"M": one}) == _plain({"M": other})


def _plain(typed: Mapping[str, Any]) -> tuple[str, Any]:
    ((kind, value),) = typed.items()
    if kind == "N":
        return kind, number(value)
    if kind == "NS":
        return kind, sorted(map(number, value))
    if kind in ("SS", "BS"):
        return kind, sorted(value)
    if kind == "L":
        return kind, [_plain(each) for each in value]
    if kind == "M":
        return kind, {name: _plain(each) for name, each in value.items()}
    return kind, value
