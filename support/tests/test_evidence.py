"""Lags drawn from what a live run has measured: each within a bracket of its own direction, and the same for a seed."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from support.evidence import EvidenceError, MeasuredLags
from support.options import OptionError
from support.settings import read_settings
from support.simulator import Lag
from support.tests.simulator.simulated_world import EU, US
from support.tests.suite_runs import run_features


def sample(source: str, destination: str, low: float | None, high: float | None) -> dict[str, Any]:
    gave_up = low if high is None else None
    return {"source": source, "destination": destination, "last_miss": low, "first_hit": high, "gave_up": gave_up}


SAMPLES = [sample(US, EU, 3.0, 3.25), sample(US, EU, 5.0, 5.25), sample(EU, US, None, 0.25)]


def evidence(samples: list[dict[str, Any]]) -> str:
    """A file of evidence with these samples."""
    place = {"target": "AWS", "regions": [US, EU], "table": "orders", "account": "5a1t"}
    scenarios = {"a": {"day": "2026-11-25", "samples": samples}}
    return json.dumps({"schema": 3, "salt": "", "places": [{**place, "scenarios": scenarios}]})


@pytest.fixture
def measured(tmp_path: Path) -> MeasuredLags:
    path = tmp_path / "evidence.json"
    path.write_text(evidence(SAMPLES))
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


THERE_AND_BACK = evidence(SAMPLES)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("hello", "is no file of evidence"),
        ("[]", "is no file of evidence"),
        ('{"schema": 3, "salt": "", "places": 3}', "is no file of evidence"),
        (THERE_AND_BACK.replace('"salt": "", ', ""), "is no file of evidence"),
        (THERE_AND_BACK.replace('"day": "2026-11-25", ', ""), "is no file of evidence"),
        (evidence([sample(US, EU, 3.25, 3.0)]), "is no file of evidence"),
        (THERE_AND_BACK.replace('"schema": 3', '"schema": 4'), "can't be read: its schema is 4, and not 3"),
    ],
)
def test_a_file_that_can_not_be_used_is_refused_in_one_line_with_the_cure(
    tmp_path: Path, content: str, says: str
) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(content)
    with pytest.raises(EvidenceError, match=f"{says}; measure first: .*$"):
        MeasuredLags.read(path, (US, EU))
    with pytest.raises(OptionError, match=f"^--evidence .*{says}: name a new file$"):
        read_settings(mode="live", evidence=str(path))


def test_lags_of_one_direction_are_not_enough(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(evidence([sample(US, EU, 3.0, 3.25)]))
    with pytest.raises(EvidenceError, match="has no delay from eu-west-1 to us-east-1; measure first"):
        MeasuredLags.read(path, (US, EU))


@pytest.mark.slow
def test_a_rehearsal_of_the_suite_has_the_measured_delays_and_its_report_says_which(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(evidence([sample(US, EU, 0.4, 0.45), sample(EU, US, 1.2, 1.25)]))
    results = tmp_path / "results"
    ran = run_features(results, "-k", "timed and side", f"--lag-from={path}")
    assert ran.exit_code == 0, ran.terminal
    row = next(line for line in ran.terminal.splitlines() if line.strip().startswith("us-east-1 to eu-west-1   "))
    assert "0.50 s" in row
    told = "evidence.json: 2 delays measured 2026-11-25 on AWS"
    assert json.loads((results / "run.json").read_text())["environment"]["lags"] == told
