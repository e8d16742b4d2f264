"""The fault of indexes that arriving changes do not reach: a query of them is answered from the items before."""

from collections.abc import Iterator
from contextlib import contextmanager

from support.simulator.engines.engine import Engine
from support.simulator.items import ItemKey, WireImage


class StaleIndexes:
    """What the indexes of each regional table still take for true."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._stale: dict[tuple[str, str], dict[ItemKey, WireImage | None]] = {}

    def remember(self, region: str, table: str, key: ItemKey) -> None:
        frozen = self._stale.setdefault((region, table), {})
        if key not in frozen:
            frozen[key] = self._engine.read(region, table, key)

    def forget(self, region: str, table: str, key: ItemKey) -> None:
        self._stale.get((region, table), {}).pop(key, None)

    def forget_table(self, region: str, table: str) -> None:
        self._stale.pop((region, table), None)

    @contextmanager
    def shown(self, region: str, table: str) -> Iterator[None]:
        frozen = self._stale.get((region, table), {})
        true = {key: self._engine.read(region, table, key) for key in frozen}
        self._put(region, table, frozen)
        try:
            yield
        finally:
            self._put(region, table, true)

    def _put(self, region: str, table: str, images: dict[ItemKey, WireImage | None]) -> None:
        for key, image in images.items():
            self._engine.write(region, table, key, image)
