"""What a region does with a change that arrives: apply it, or drop it because something later is there."""

from collections.abc import Mapping

from support.simulator.engines.engine import Engine
from support.simulator.faults import Faults
from support.simulator.items import WireImage
from support.simulator.replication.stale_indexes import StaleIndexes
from support.simulator.replication.versions import Change, Version, Versions


class Arrivals:
    """The receiving end of all links, with the faults that a receiver can have."""

    def __init__(self, engine: Engine, versions: Mapping[str, Versions], faults: Faults) -> None:
        self._engine = engine
        self._versions = versions
        self._faults = faults
        self.stale_indexes = StaleIndexes(engine)

    def receive(self, region: str, change: Change) -> None:
        """Apply a change unless this region holds a later version. Images are replaced whole, never merged."""
        held = self._versions[region].held(change.table, change.key)
        conflict = change.conflicts_with(held)
        accepted = self._versions[region].accepts(change)
        if self._keeps_own(region, held):
            return
        if conflict and self._faults.value("first-writer-wins") is not None:
            accepted = not accepted
        if conflict and self._faults.value("merged-attributes") is not None:
            self._merge(region, change, accepted)
        elif accepted:
            self.apply(region, change)

    def apply(self, region: str, change: Change) -> None:
        if self._faults.value("index-not-updated") == region:
            self.stale_indexes.remember(region, change.table, change.key)
        self._engine.write(region, change.table, change.key, self._rewritten(region, change.image))
        deleted = change.sent if change.image is None else None
        self._versions[region].hold(change.table, change.key, change.version, deleted)

    def _keeps_own(self, region: str, held: Version | None) -> bool:
        return self._faults.value("keeps-own-version") == region and held is not None and held.region == region

    def _rewritten(self, region: str, image: WireImage | None) -> WireImage | None:
        attribute = self._faults.value("attribute-rewritten")
        if attribute is None or image is None or attribute not in image:
            return image
        return {**image, attribute: {"S": region}}

    def _merge(self, region: str, change: Change, later: bool) -> None:
        """The fault: blend the two images, attribute by attribute; of what both changed the later one stays."""
        here = self._engine.read(region, change.table, change.key)
        if here is None or change.image is None:
            if later:
                self.apply(region, change)
            return
        before = change.replaced or {}
        changed = {name: value for name, value in change.image.items() if before.get(name) != value}
        untouched_here = {name: value for name, value in changed.items() if here.get(name) == before.get(name)}
        self._engine.write(region, change.table, change.key, {**here, **(changed if later else untouched_here)})
        if later:
            self._versions[region].hold(change.table, change.key, change.version)
