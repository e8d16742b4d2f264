"""What the simulator asks of the tables beneath it: a DynamoDB for each region, which knows of no other region."""

from dataclasses import dataclass
from typing import Protocol

from support.simulator.items import ItemKey, WireImage
from support.simulator.messages import Request, Response


@dataclass(frozen=True)
class Record:
    """A write as a regional stream has it: the image before (None: no item) and after (None: deleted)."""

    key: ItemKey
    old: WireImage | None
    new: WireImage | None


class EngineError(Exception):
    """The engine does not do what it is asked: one line; `code` is its own name for the reason, if it gave one."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Engine(Protocol):
    """Regional tables with streams."""

    name: str
    """What it is called where something of it fails."""

    def send(self, request: Request) -> Response:
        """Let the region answer a request."""

    def take_records(self, region: str, table: str) -> list[Record]:
        """What clients wrote to a regional table since the last time, in their order: one record for each item.

        What was written by `write` is never among it.
        """

    def read(self, region: str, table: str, key: ItemKey) -> WireImage | None:
        """The item that a regional table holds."""

    def write(self, region: str, table: str, key: ItemKey, image: WireImage | None) -> None:
        """Put or delete (None) an item."""

    def items(self, region: str, table: str) -> list[tuple[ItemKey, WireImage]]:
        """All items of a regional table."""

    def close(self) -> None:
        """Let go of all regional tables."""
