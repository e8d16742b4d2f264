"""Records of scenarios as a run would leave them, from histories written by hand."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from support.clock import SimulatedClock
from support.reporting.recording.operations import RecordingContext
from support.reporting.recording.operations import operations as operations_of
from support.reporting.scenario_result import ScenarioResult
from support.tests.verdicts.histories import EU, KEY, US, order, put, write
from support.verdicts.conflicts import contention, decide
from support.verdicts.delays import Arrivals, Sample, summarise
from support.verdicts.findings import Finding
from support.verdicts.history import History, Image, Outcome, Read, Write
from support.verdicts.recovery import recovery_point

NAME = "Ireland writes five seconds after Virginia, so Ireland wins"
RESULT = ScenarioResult(
    node_id=f"features/exercise_3_conflict_resolution.feature::{NAME}",
    title=NAME,
    tags=("exercise_3", "claim:E3.2", "claim:E3.5"),
    status="passed",
    uuid="u",
    mode="simulated",
    feature="Exercise 3: conflict resolution",
    rule="The update that was written last wins in every region",
    part="1 Exercises",
    file="features/exercise_3_conflict_resolution.feature",
    line=28,
    start=1000,
    stop=3000,
    simulated=True,
)
BASE = order(100)
A = order(150, update_timestamp="2025-08-11T15:40:00Z")
B = order(120, update_timestamp="2025-08-11T15:40:05Z")


def made(*operations: Write | Read, findings: Sequence[Finding] = ()) -> ScenarioResult:
    """The result of a scenario with these operations, as it is read back from its file."""
    history = History()
    for operation in operations:
        history.add(operation)
    done: dict[str, Any] = operations_of(RecordingContext(history, SimulatedClock()), findings)
    return ScenarioResult.from_json(replace(RESULT, findings=findings, **done).to_json())


def look(region: str, at: float, found: Image | None, number: int = 10**6) -> Read:
    return Read(number, region, KEY, at, at, put(US, at, BASE).at, Outcome.ACKNOWLEDGED, found)


def conflict(winner: Image = B, *, seen: bool = False, decided: bool = True) -> ScenarioResult:
    """Two partners change the order of the page; the regions hold the image of the winner in the end."""
    base = put(US, 0, BASE)
    first = write(US, 600, BASE, A, "A")
    second = write(EU, 600.1, A if seen else BASE, B, "B")
    findings: list[Finding] = [contention([first, second])]
    if decided:
        findings.append(decide([first, second], {US: winner, EU: winner}).finding())
    looks = [look(EU, 1, None, 2), look(EU, 2, BASE, 3), look(US, 601, winner), look(EU, 601, winner)]
    return made(base, *looks[:2], first, second, *looks[2:], findings=findings)


def timed(*delays: float | None) -> ScenarioResult:
    """Probes of one direction with these delays; None: it had not arrived after three seconds."""
    samples = [
        Sample(US, EU, 0.4, delay) if delay is not None else Sample(US, EU, 3.0, None, gave_up=3.0) for delay in delays
    ]
    arrivals = Arrivals(f"{US} to {EU}", [sample.values() for sample in samples])
    return made(findings=[summarise(samples), arrivals])


def cut(status: str = "passed") -> ScenarioResult:
    """A scenario in which an acknowledged write was missing while replication was cut."""
    lost = write(US, 600, BASE, A, "A")
    found = recovery_point([lost], US, EU, {KEY: BASE}).finding()
    return replace(made(findings=[found]), status=status)


def ended(result: ScenarioResult, status: str, message: str = "", cause: str = "not as documented") -> ScenarioResult:
    return replace(result, status=status, message=message, cause=cause if status == "failed" else "")
