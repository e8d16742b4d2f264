"""Records of scenarios as a run would leave them, from histories written by hand."""

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from support.clock import SimulatedClock
from support.reporting.recording.scenario_identity import ScenarioIdentity
from support.reporting.recording.scenario_record import SUFFIX, RecordingContext, record, write_record
from support.reporting.report.results import Result
from support.tests.verdicts.histories import EU, KEY, US, order, put, write
from support.verdicts.conflicts.verdict import contention, decide
from support.verdicts.delays.timings import Sample, summarise
from support.verdicts.findings import Finding
from support.verdicts.history import History, Image, Outcome, Read, Write

NAME = "Ireland writes five seconds after Virginia, so Ireland wins"
IDENTITY = ScenarioIdentity(
    node_id=f"features/exercise_3_conflict_resolution.feature::{NAME}",
    scenario=NAME,
    feature="Exercise 3: conflict resolution",
    rule="The update that was written last wins in every region",
    part="1 Exercises",
    file="features/exercise_3_conflict_resolution.feature",
    line=28,
    row=0,
    sections=("Exercise 3, step 2",),
    mode="simulated",
    tags=("exercise_3", "claim:E3.2", "claim:E3.5"),
)
BASE = order(100)
A = order(150, update_timestamp="2025-08-11T15:40:00Z")
B = order(120, update_timestamp="2025-08-11T15:40:05Z")


def made(
    *operations: Write | Read, findings: Sequence[Finding] = (), identity: ScenarioIdentity = IDENTITY
) -> dict[str, Any]:
    """The record of a scenario with these operations, as it is read back from its file."""
    history = History()
    for operation in operations:
        history.add(operation)
    values = record(identity, RecordingContext(history, SimulatedClock()), findings)
    with TemporaryDirectory() as folder:
        write_record(Path(folder), "u", values)
        read_back: dict[str, Any] = json.loads((Path(folder) / f"u{SUFFIX}").read_text())
    return read_back


def look(region: str, at: float, found: Image | None, number: int = 10**6) -> Read:
    """A read that was answered at once."""
    return Read(number, region, KEY, at, at, put(US, at, BASE).at, Outcome.ACKNOWLEDGED, found)


def conflict(winner: Image = B, *, seen: bool = False, decided: bool = True) -> dict[str, Any]:
    """Two partners change the order of the page; the regions hold the image of the winner in the end."""
    base = put(US, 0, BASE)
    first = write(US, 600, BASE, A, "A")
    second = write(EU, 600.1, A if seen else BASE, B, "B")
    findings = [contention([first, second])]
    if decided:
        findings.append(decide([first, second], {US: winner, EU: winner}).finding())
    looks = [look(EU, 1, None, 2), look(EU, 2, BASE, 3), look(US, 601, winner), look(EU, 601, winner)]
    return made(base, *looks[:2], first, second, *looks[2:], findings=findings)


def timed(*delays: float | None, identity: ScenarioIdentity = IDENTITY) -> dict[str, Any]:
    """Probes of one direction with these delays; None: it had not arrived after three seconds."""
    samples = [
        Sample(US, EU, 0.4, delay) if delay is not None else Sample(US, EU, 3.0, None, gave_up=3.0) for delay in delays
    ]
    values = {"direction": f"{US} to {EU}", "samples": [sample.values() for sample in samples]}
    note = Finding("note", "when each item arrived", (), values)
    return made(findings=[summarise(samples).finding(2.0), note], identity=identity)


def result(record: dict[str, Any], status: str = "passed", message: str = "") -> Result:
    """The record with an Allure result that ended like that."""
    allure = {"uuid": "u", "name": record.get("scenario", "test"), "status": status, "start": 1000, "stop": 3000}
    return Result(Path("u-result.json"), {**allure, "statusDetails": {"message": message}}, record)
