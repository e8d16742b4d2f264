"""An engine that fails at what the tests tell it to: moto, with an exception in the place of an answer."""

from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.items import ItemKey, WireImage
from support.simulator.messages import Request, Response


class FailingEngine(MotoEngine):
    """Fails at requests of some operations, and at deliveries of some items, with a message that has an item in it."""

    def __init__(self) -> None:
        super().__init__()
        self.operations: set[str] = set()
        self.broken_items: set[str] = set()

    def send(self, request: Request) -> Response:
        if request.operation in self.operations:
            raise KeyError("a secret of the item")
        return super().send(request)

    def write(self, region: str, table: str, key: ItemKey, image: WireImage | None) -> None:
        if key[0].removeprefix("S:") in self.broken_items:
            raise TypeError("a secret of the item")
        super().write(region, table, key, image)
