"""Lags drawn from what a live run has measured: each within a bracket of its own direction, and the same for a seed."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from support.evidence import EvidenceError, MeasuredLags
from support.simulator import Lag
from support.tests.simulator.simulated_world import EU, US
from support.tests.suite_runs import run_features


def sample(source: str, destination: str, low: float | None, high: float | None) -> dict[str, Any]:
    gave_up = low if high is None else None
    return {"source": source, "destination": destination, "last_miss": low, "first_hit": high, "gave_up": gave_up}


SAMPLES = [sample(US, EU, 3.0, 3.25), sample(US, EU, 5.0, 5.25), sample(EU, US, None, 0.25)]


def evidence(samples: list[dict[str, Any]]) -> dict[str, Any]:
    place = {"target": "AWS", "regions": [US, EU], "table": "orders", "account": "5a1t"}
    scenarios = {"a": {"day": "2026-11-25", "samples": samples}}
    return {"schema": 3, "salt": "", "places": [{**place, "scenarios": scenarios}]}


@pytest.fixture
def measured(tmp_path: Path) -> MeasuredLags:
    path = tmp_path / "evidence.json"
    path.write_text(json.dumps(evidence(SAMPLES)))
    return MeasuredLags.read(path, (US, EU))


def test_each_direction_draws_from_all_of_its_own_brackets(measured: MeasuredLags) -> None:
    random = Random(1)
    from_us, from_eu = (
        [Lag.measured(measured.lags[ends]).sample(random) / 1e6 for _ in range(300)] for ends in ((US, EU), (EU, US))
    )
    short = [lag for lag in from_us if 3.0 <= lag <= 3.25]

    assert 0 < len(short) < 300
    assert all(5.0 <= lag <= 5.25 for lag in from_us if lag not in short)
    assert all(0.0 <= lag <= 0.25 for lag in from_eu)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("hello", "is no file of evidence; measure first"),
        ("{}", "is no file of evidence"),
        ('{"schema": 2, "scenarios": {}}', "schema is 2, and not 3"),
        (json.dumps(evidence([sample(US, EU, 3.0, 3.25)])), "has no delay from eu-west-1 to us-east-1"),
        (json.dumps(evidence([sample(US, EU, 3.25, 3.0)])), "is no file of evidence"),
    ],
)
def test_a_file_that_can_not_be_used_is_refused_in_one_line(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(content)
    with pytest.raises(EvidenceError, match=says) as told:
        MeasuredLags.read(path, (US, EU))
    assert "\n" not in str(told.value)


@pytest.mark.slow
def test_a_rehearsal_of_the_suite_has_the_measured_delays_and_its_report_says_which(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(json.dumps(evidence([sample(US, EU, 0.4, 0.45), sample(EU, US, 1.2, 1.25)])))
    results = tmp_path / "results"
    ran = run_features(results, "-k", "timed and side", f"--lag-from={path}")
    assert ran.exit_code == 0, ran.terminal
    row = next(line for line in ran.terminal.splitlines() if line.strip().startswith("us-east-1 to eu-west-1   "))
    assert "0.50 s" in row
    told = "evidence.json: 2 delays measured 2026-11-25 on AWS"
    assert json.loads((results / "run.json").read_text())["environment"]["lags"] == told
