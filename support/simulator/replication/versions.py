"""Which of two versions of an item stays: last writer wins, for each item by itself."""

from dataclasses import dataclass

from support.simulator.items import ItemKey, WireImage

MANY_TOMBSTONES = 1000
"""A region has at most this many tombstones that are of no use any more, or as many as it has of use."""


@dataclass(frozen=True, order=True)
class Version:
    """When and where an item image was written; the later one of two wins.

    `written` is in microseconds on the clock of the region that wrote it: a time that the service keeps, never an
    attribute of the item (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-global-table-design.html,
    "private system property"). AWS does not document what happens at equal times: that the region whose name sorts
    last wins then is assumption A1.
    """

    written: int
    region: str


@dataclass(frozen=True)
class Change:
    """One write of an item on its way to another region.

    `image` is the whole item after the write (None: it was deleted), `old_image` the one before it, and `replaces`
    the version of that one (None: the region had never held the item). `sent` is when it was written on the
    simulator's own clock, in microseconds: the version's time may be that of a region whose clock is wrong.
    """

    table: str
    key: ItemKey
    version: Version
    image: WireImage | None
    old_image: WireImage | None
    replaces: Version | None
    sent: int = 0


class Versions:
    """The version of each item that one region holds, deleted ones included.

    A tombstone is kept as long as an older change can still arrive (see `forget_tombstones`), so that a late put never
    brings a deleted item back. AWS promises convergence but does not say for how long it remembers: assumption A3.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[str, ItemKey], Version] = {}
        self._deleted: dict[tuple[str, ItemKey], int] = {}
        self._many = MANY_TOMBSTONES

    def held(self, table: str, key: ItemKey) -> Version | None:
        """The version of an item or of its tombstone; None for an item that this region never had."""
        return self._held.get((table, key))

    def of_table(self, table: str) -> list[tuple[ItemKey, Version]]:
        return [(key, version) for (name, key), version in self._held.items() if name == table]

    def hold(self, table: str, key: ItemKey, version: Version, deleted: int | None = None) -> None:
        """Remember the version that the region holds from now on; `deleted`: when it was sent, if it is a tombstone."""
        self._held[table, key] = version
        self._deleted.pop((table, key), None)
        if deleted is not None:
            self._deleted[table, key] = deleted

    @property
    def has_many_tombstones(self) -> bool:
        return len(self._deleted) > self._many

    def forget_tombstones(self, before: int) -> None:
        """Drop the tombstones that were sent before this time.

        To be called with a time before which everything that was sent has arrived: then all regions had them, so that
        whatever was written since is later, and nothing older is on its way.
        """
        for place in [each for each, sent in self._deleted.items() if sent < before]:
            del self._deleted[place], self._held[place]
        self._many = max(MANY_TOMBSTONES, 2 * len(self._deleted))

    def stamp(self, table: str, key: ItemKey, now: int, region: str, deleted: int | None = None) -> Version:
        """The version of a write that happens in this region now (microseconds on the region's clock).

        A write always counts as later than the image that it replaced in its own region, even if this region's clock
        is behind the one that wrote that image: else regions could not converge (assumption A2; AWS says no more than
        that they do).
        """
        held = self.held(table, key)
        version = Version(now if held is None else max(now, held.written + 1), region)
        self.hold(table, key, version, deleted)
        return version

    def accepts(self, change: Change) -> bool:
        held = self.held(change.table, change.key)
        return held is None or change.version > held

    def forget_table(self, table: str) -> None:
        self._held = {place: version for place, version in self._held.items() if place[0] != table}
        self._deleted = {place: sent for place, sent in self._deleted.items() if place[0] != table}
