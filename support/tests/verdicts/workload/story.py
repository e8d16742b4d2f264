"""Histories of a random load, told one operation after the other."""

from datetime import UTC, datetime
from typing import Literal

from support.verdicts.history import Image, Key, Outcome, Read, Write
from support.verdicts.workload.anomalies import Anomaly, Rule
from support.verdicts.workload.checker import WRITE_ID, check_workload

EAST, WEST = "us-east-1", "eu-west-1"
KEY = Key("TEST#load-ada", "ITEM#1")
DAY = datetime(2025, 8, 11, tzinfo=UTC)

Operation = Write | Read


class Story:
    """A history in the order in which it is told: each operation is a second after the one before, and takes none."""

    def __init__(self) -> None:
        self.operations: list[Operation] = []
        self._now = 0.0

    def write(
        self, region: str, by: str, replaced: Image | None = None, action: Literal["put", "update", "delete"] = "put",
        outcome: Outcome = Outcome.ACKNOWLEDGED, takes: float = 0.0, repeated: bool = False, told: bool = True,
    ) -> Image | None:  # fmt: skip
        image = None if action == "delete" else {"PK": KEY.pk, "SK": KEY.sk, WRITE_ID: by}
        known = action != "update" or (outcome is Outcome.ACKNOWLEDGED and told)
        left = image if known else None
        number, invoked = self._next()
        self.operations.append(
            Write(
                number, region, KEY, action, by, invoked, invoked + takes, DAY, outcome, replaced, left,
                repeated=repeated, replaced_is_told=told,
            )
        )  # fmt: skip
        return image

    def read(
        self, region: str, found: Image | None, outcome: Outcome = Outcome.ACKNOWLEDGED, takes: float = 0.0
    ) -> None:
        number, invoked = self._next()
        self.operations.append(Read(number, region, KEY, invoked, invoked + takes, DAY, outcome, found))

    def anomalies(self) -> list[Anomaly]:
        return list(check_workload(self.operations).anomalies)

    def rules(self) -> set[Rule]:
        return {each.rule for each in check_workload(self.operations).anomalies}

    def _next(self) -> tuple[int, float]:
        self._now += 1
        return len(self.operations) + 1, self._now
