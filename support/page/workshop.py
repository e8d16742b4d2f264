"""The workshop's page as data: its table, its items, its limits and its claims in numbers."""

import json
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

PRIMARY_REGION = "us-east-1"
REPLICA_REGION = "eu-west-1"
REGION = r"[a-z]{2,4}(?:-[a-z]+)+-\d"
"""What the name of a region looks like, as a pattern."""
REGION_NAMES = {"us-east-1": "N. Virginia", "eu-west-1": "Ireland"}
TABLE_NAME = "demo-ecommerce-freetier"
TIME_TO_LIVE_ATTRIBUTE = "ttl"
KEY_PREFIXES = (
    "USER#global-user-",
    "PRODUCT#eu-product-",
    "PRODUCT#us-product-",
    "TEST#timing-",
    "TEST#monitoring-",
    "TEST#load-",
)
"""What the partition keys of all items start with; the participant's name follows."""


def _index(name: str) -> dict[str, Any]:
    return {
        "IndexName": name,
        "KeySchema": [
            {"AttributeName": f"{name}PK", "KeyType": "HASH"},
            {"AttributeName": f"{name}SK", "KeyType": "RANGE"},
        ],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }


ON_DEMAND: dict[str, Any] = {
    "TableName": TABLE_NAME,
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK")
    ],
    "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
    "GlobalSecondaryIndexes": [_index("GSI1"), _index("GSI2")],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}
"""CreateTable parameters of the workshop's table, as a global table ought to be billed."""

UNITS = {"ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}
INDEXES = [index | UNITS for index in ON_DEMAND["GlobalSecondaryIndexes"]]
TABLE: dict[str, Any] = {**ON_DEMAND, "GlobalSecondaryIndexes": INDEXES, "BillingMode": "PROVISIONED", **UNITS}
"""The same as in the workshop's own template (its static/files/infrastructure.yaml; facts 0)."""


@dataclass(frozen=True)
class Load:
    """A random load: for how many minutes, by how many clients in each region, each with so many operations in a second
    on average, on how many items. The same `seed` gives the same operations.
    """

    minutes: float = 2.0
    clients: int = 2
    pace: float = 0.5
    items: int = 3
    seed: int = 1


@dataclass(frozen=True)
class Limits:
    """How long to wait and how often to look, in seconds of the target's clock; how much to time, and to load.

    `replication` is the page's "up to 2 minutes possible"; `usual_delay` its "usually < 2 seconds", which has no SLA
    behind it (facts 1.5). `polling` is the pause between two looks, and so the error of every measured delay.
    `timeout` is how long the run waits for replication where a step would wait longer.
    """

    replication: float = 120.0
    timeout: float = math.inf
    usual_delay: float = 2.0
    polling: float = 0.1
    probes: int = 20
    load: Load = Load()


@dataclass(frozen=True)
class Participant:
    """The participant, whose name is part of every key: the page's `[your-name]`.

    `given_name` is what the page's `[Your Name]` is filled with, if it is not the name itself.
    """

    name: str
    given_name: str = ""

    def fill(self, text: str, **blanks: str) -> str:
        """The page's text with its blanks filled in; others than the name by keyword (unique_id for [unique-id])."""
        filled = text.replace("[your-name]", self.name).replace("[Your Name]", (self.given_name or self.name).title())
        for blank, value in blanks.items():
            filled = filled.replace(f"[{blank.replace('_', '-')}]", value)
        return filled

    def item(self, text: str, **blanks: str) -> dict[str, Any]:
        """The item that a JSON text of the page describes. Raises ValueError for text that is not JSON."""
        item: dict[str, Any] = json.loads(self.fill(text, **blanks), parse_float=Decimal)
        return item
