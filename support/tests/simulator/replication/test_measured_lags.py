"""Lags drawn from what a live run has measured: each within a bracket of its own direction, and the same for a seed."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from support.clock import SimulatedClock
from support.page.workshop import TABLE, TABLE_NAME
from support.simulator import MeasuredLags, MeasuredLagsError, Simulator
from support.tests.suite_runs import run_features

US, EU = "us-east-1", "eu-west-1"


def sample(source: str, destination: str, low: float | None, high: float | None) -> dict[str, Any]:
    gave_up = low if high is None else None
    return {"source": source, "destination": destination, "last_miss": low, "first_hit": high, "gave_up": gave_up}


SAMPLES = [
    sample(US, EU, 3.0, 3.25),
    sample(US, EU, 5.0, 5.25),
    sample(EU, US, None, 0.25),
]


def written(path: Path, samples: list[dict[str, Any]] = SAMPLES, schema: int = 2) -> Path:
    scenario = {"day": "2026-11-25", "target": "AWS", "samples": samples}
    path.write_text(json.dumps({"schema": schema, "scenarios": {"a": scenario}}))
    return path


@pytest.fixture
def measured(tmp_path: Path) -> MeasuredLags:
    return MeasuredLags.read(written(tmp_path / "evidence.json"), (US, EU))


def test_every_lag_lies_in_a_bracket_and_every_bracket_is_used(measured: MeasuredLags) -> None:
    random = Random(1)
    lags = [measured.lags[US, EU].sample(random) / 1e6 for _ in range(300)]
    found = {bracket for bracket in ((3.0, 3.25), (5.0, 5.25)) for lag in lags if bracket[0] <= lag <= bracket[1]}
    assert all(3.0 <= lag <= 3.25 or 5.0 <= lag <= 5.25 for lag in lags)
    assert len(found) == 2


@pytest.fixture
def simulator(measured: MeasuredLags) -> Iterator[Simulator]:
    simulator = Simulator(SimulatedClock(), lags=measured.lags)
    simulator.create_global_table(TABLE)
    yield simulator
    simulator.close()


def due(simulator: Simulator, source: str, destination: str) -> float:
    item = {"PK": {"S": f"from {source}"}, "SK": {"S": "A"}}
    simulator.client("dynamodb", source).put_item(TableName=TABLE_NAME, Item=item)
    arrival = simulator.next_arrival(TABLE_NAME, item, destination)
    assert arrival is not None
    return arrival


def test_each_direction_has_its_own(simulator: Simulator) -> None:
    assert due(simulator, EU, US) <= 0.25
    assert due(simulator, US, EU) >= 2.9


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("hello", "is no file of evidence; measure first: pytest features/"),
        ("{}", "is no file of evidence"),
        (
            '{"schema": 1, "scenarios": {}}',
            "schema 1 is neither 2 nor 3, and has no delays as numbers; measure again: ",
        ),
        ('{"schema": 2, "scenarios": {"a": {"samples": [{}]}}}', "is no file of evidence"),
    ],
)
def test_a_file_that_can_not_be_used_is_refused_in_one_line(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(content)
    with pytest.raises(MeasuredLagsError, match=says) as told:
        MeasuredLags.read(path, (US, EU))
    assert "\n" not in str(told.value)


def test_a_direction_that_was_not_measured_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MeasuredLagsError, match="has no delay from us-east-1 to us-west-2; measure it"):
        MeasuredLags.read(written(tmp_path / "evidence.json"), (US, "us-west-2"))


@pytest.mark.slow
def test_a_rehearsal_of_the_suite_has_the_measured_delays_and_its_report_says_which(tmp_path: Path) -> None:
    path = written(tmp_path / "evidence.json", [sample(US, EU, 0.4, 0.45), sample(EU, US, 1.2, 1.25)])
    results = tmp_path / "results"
    ran = run_features(results, "-k", "timed and side", f"--lag-from={path}")
    assert ran.exit_code == 0, ran.terminal
    row = next(line for line in ran.terminal.splitlines() if line.strip().startswith("us-east-1 to eu-west-1   "))
    assert "0.50 s" in row
    told = "evidence.json: 2 delays measured 2026-11-25 on AWS"
    assert json.loads((results / "run.json").read_text())["environment"]["lags"] == told
