"""The one thing that all steps have: what the scenario runs against, and what it has come to so far."""

from dataclasses import dataclass, field

from steps.words import Items
from support.clock import Clock
from support.page.workshop import Limits, Participant
from support.targets.global_table import GlobalTable
from support.verdicts.findings import Findings


@dataclass(frozen=True)
class World:
    """The global table, the clock that all waiting goes by, the participant whose keys are written, and the limits of
    the run; `items` are those of the scenario, `findings` what its report will say."""

    table: GlobalTable
    clock: Clock
    participant: Participant
    limits: Limits
    findings: Findings
    items: Items = field(default_factory=Items)
