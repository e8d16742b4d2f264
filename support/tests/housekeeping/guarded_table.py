"""A simulated table with a guarded client, and its items."""

from typing import Any

from support.housekeeping.guard import guard
from support.housekeeping.ownership import Owner
from support.page.workshop import TABLE_NAME
from support.simulator import Simulator
from support.verdicts.history import Key

OWNER = Owner("ada-3f9c1a")
OWN = "USER#global-user-ada-3f9c1a-00aa11"


class Guarded:
    """A guarded client of a simulated table, and the keys that were noted."""

    def __init__(self, simulator: Simulator) -> None:
        self.noted: list[Key] = []
        self.free: Any = simulator.client("dynamodb", "us-east-1")
        self.client: Any = guard(simulator.client("dynamodb", "us-east-1"), TABLE_NAME, OWNER, self.noted.append)

    def keys(self) -> set[str]:
        """The partition keys in the table."""
        return {item["PK"]["S"] for item in self.free.scan(TableName=TABLE_NAME)["Items"]}


def wire(pk: str) -> dict[str, Any]:
    return {"PK": {"S": pk}, "SK": {"S": "PROFILE"}}
