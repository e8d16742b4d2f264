"""Replication between the regions: changes are taken from one region's stream and applied in the others when due."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import timedelta
from itertools import permutations

from support.clock import MICROSECONDS, Clock
from support.simulator.engines.engine import Engine, Record
from support.simulator.items import ItemKey
from support.simulator.replication.failures import Failures
from support.simulator.replication.links import Lag, Link
from support.simulator.replication.metrics import Metrics
from support.simulator.replication.versions import Change, Version, Versions


class Replication:
    """Links between all regions, and the version of every item in each of them.

    Nothing happens by itself: `deliver_due` is called before every request, and applies what has become due since the
    last one in the order of arrival, so that no thread and no timer is needed.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        regions: Iterable[str],
        lag: Callable[[str, str], Lag],
        seed: str,
        publish_after: float | None = None,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._links = {(a, b): Link(a, b, lag(a, b), seed) for a, b in permutations(regions, 2)}
        self.versions = {region: Versions() for region in regions}
        self.failures = Failures()
        self.metrics = Metrics(clock.now() - timedelta(seconds=clock.elapsed()), publish_after)

    def link(self, source: str, destination: str) -> Link:
        """The link from one region to another. Raises LookupError when there is none."""
        if (source, destination) not in self._links:
            raise LookupError(f"there is no link {source}>{destination}")
        return self._links[source, destination]

    def links(self) -> list[Link]:
        return list(self._links.values())

    def is_cut(self, link: Link) -> bool:
        return link.cut

    def heal(self, source: str, destination: str) -> None:
        self.link(source, destination).heal(self.now())

    def take_writes(self, region: str, table: str, members: Iterable[str]) -> None:
        reading = ("read", region)
        try:
            records = self._engine.take_records(region, table)
        except Exception as error:
            self.failures.failed(table, reading, f"reading the stream in {region}", error)
            return
        self.failures.succeeded(table, reading)
        for record in records:
            change = self._stamp(region, table, record)
            for destination in members:
                if destination != region:
                    self._links[region, destination].send(change, self.now())
        if self.versions[region].has_many_tombstones:
            self._forget_tombstones()

    def copy_table(self, table: str, sources: Collection[str], destination: str) -> None:
        """Bring a new replica to the state of the existing ones, of which none may know all that is on its way."""
        for source in sources:
            versions = self.versions[source]
            for key, _ in self._engine.items(source, table):
                if versions.held(table, key) is None:
                    versions.hold(table, key, Version(0, source))
            for key, version in versions.of_table(table):
                image = self._engine.read(source, table, key)
                self.receive(destination, Change(table, key, version, image, None, None, self.now()))
        # A region that has no replica any more may still have something pending, which only its links know.
        for (_, receiver), link in self._links.items():
            for change in link.pending if receiver in sources else []:
                if change.table == table:
                    self.receive(destination, change)

    def deliver_due(self) -> None:
        """Apply every change that should have arrived by now; what can't be applied is tried again the next time.

        AWS, too, tries until each item succeeds (facts 1.5).
        """
        failed: list[tuple[Link, int, Change]] = []
        for link in self._links_in_order_of_arrival():
            due, change = link.take()
            delivery = (link.source, link.destination, change.key, change.version)
            try:
                self.receive(link.destination, change)
            except Exception as error:
                words = f"delivery from {link.source} to {link.destination}"
                self.failures.failed(change.table, delivery, words, error)
                failed.append((link, due, change))
                continue
            self.failures.succeeded(change.table, delivery)
            self.metrics.arrived(change.table, link.source, link.destination, change.sent, due)
        for link, due, change in failed:
            link.put_back(due, change)

    def receive(self, region: str, change: Change) -> None:
        """Apply a change unless this region holds a later version. Images are replaced whole, never merged."""
        if self.versions[region].accepts(change):
            self._engine.write(region, change.table, change.key, change.image)
            deleted = change.sent if change.image is None else None
            self.versions[region].hold(change.table, change.key, change.version, deleted)

    def next_arrival(self, table: str, key: ItemKey, destination: str) -> float | None:
        """Seconds until a change of an item is due in a region; None: none is pending; infinite: its link is cut."""
        now = self.now()
        arrivals = [
            math.inf if self.is_cut(link) else max(0, due - now) / MICROSECONDS
            for link in self._links.values()
            if link.destination == destination and (due := link.next_due_of(table, key)) is not None
        ]
        return min(arrivals, default=None)

    def forget_table(self, table: str, region: str) -> None:
        self.versions[region].forget_table(table)
        self.failures.forget_table(table)
        for (_, destination), link in self._links.items():
            if destination == region:
                link.forget_table(table)

    def now(self) -> int:
        """Microseconds on the simulator's clock."""
        return round(self._clock.elapsed() * MICROSECONDS)

    def _forget_tombstones(self) -> None:
        """Drop the tombstones that no change on its way can meet; a link that is cut holds all of its time."""
        pending = [sent for link in self._links.values() if (sent := link.oldest()) is not None]
        for versions in self.versions.values():
            versions.forget_tombstones(min(pending, default=self.now()))

    def _links_in_order_of_arrival(self) -> Iterator[Link]:
        now = self.now()
        while due := [(at, ends) for ends, link in self._links.items() if (at := self._next_due(link)) is not None]:
            at, ends = min(due)
            if at > now:
                return
            yield self._links[ends]

    def _next_due(self, link: Link) -> int | None:
        due = link.next_due()
        return None if due is None or self.is_cut(link) else due

    def _stamp(self, region: str, table: str, record: Record) -> Change:
        versions = self.versions[region]
        replaces = versions.held(table, record.key)
        now = self.now()
        version = versions.stamp(table, record.key, now, region, now if record.new is None else None)
        return Change(table, record.key, version, record.new, record.old, replaces, now)
