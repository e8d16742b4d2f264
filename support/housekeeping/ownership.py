"""Which items are a run's own: nobody else's are ever written or deleted."""

import hashlib
from dataclasses import dataclass
from secrets import token_hex

from support.page.workshop import KEY_PREFIXES, Participant
from support.verdicts.history import Key


class ForeignKeyError(Exception):
    """Somebody wanted to write an item that is not the run's own: a fault of the suite, no verdict on replication."""


@dataclass(frozen=True)
class Owner:
    """A run: the participant's name and an id that no other run has, as in "ada-3f9c1a"."""

    name: str

    @classmethod
    def of_new_run(cls, participant: str) -> "Owner":
        return cls(f"{participant}-{token_hex(3)}")

    def owns(self, pk: str) -> bool:
        return any(pk.startswith(f"{prefix}{self.name}-") for prefix in KEY_PREFIXES)

    def demand(self, key: Key) -> None:
        """Raise ForeignKeyError unless the item is the run's own."""
        if not self.owns(key.pk):
            raise ForeignKeyError(f"{key} is not an item of this run ({self.name}), and is left alone")

    def participant(self, scenario: str, attempt: int) -> Participant:
        """The participant of one scenario: scenarios that run side by side in one table have keys of their own."""
        number = hashlib.sha256(f"{scenario}/{attempt}".encode()).hexdigest()[:6]
        return Participant(f"{self.name}-{number}", given_name=self.name.rpartition("-")[0])
