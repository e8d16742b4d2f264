"""The one thing that all steps have: what the scenario runs against, and what it has come to so far."""

from dataclasses import dataclass, field

from support.clock import Clock
from support.page.workshop import Limits, Participant
from support.targets.global_table import GlobalTable
from support.verdicts.convergence import Agreement
from support.verdicts.findings import Finding
from support.verdicts.history import Image, Key, Write


@dataclass(frozen=True)
class World:
    """The global table, the clock that all waiting goes by, the participant whose keys are written, and the limits of
    the run; `findings` are what the report of the scenario will say.

    Items have the names that steps use: "user", "product", "order". `texts` has the page's JSON of them, `created` the
    writes that created them.
    """

    table: GlobalTable
    clock: Clock
    participant: Participant
    limits: Limits
    findings: list[Finding]
    texts: dict[str, str] = field(default_factory=dict)
    created: dict[str, Write] = field(default_factory=dict)

    def item(self, thing: str, number: str = "") -> Image:
        """The page's item; the `number` tells several of the kind apart."""
        unique_id = f"{self.participant.name}-{number}" if number else self.participant.name
        return self.participant.item(self.texts[thing], unique_id=unique_id)

    def key_of(self, pk: str, sk: str) -> Key:
        """The key whose text a sentence has, with the page's blanks in it."""
        return Key(self.participant.fill(pk, unique_id=self.participant.name), sk)

    def create(self, name: str, image: Image, region: str, by: str = "") -> Write:
        write = self.table.region(region).put(image, by)
        self.created.pop(name, None)
        self.created[name] = write
        return write

    @property
    def it(self) -> Write:
        """The write of what was created last."""
        return list(self.created.values())[-1]

    def key(self, name: str) -> Key:
        return self.created[name].key

    def get(self, name: str, region: str) -> Image | None:
        return self.table.region(region).get(self.key(name))

    def agreement(self, name: str, limit: float, *regions: str) -> Agreement:
        """Wait until these regions (else all) hold what was written last of an item."""
        return self.table.agreement(self.key(name), limit, regions)
