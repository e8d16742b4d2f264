"""The file of evidence: what it says, when it is stale, and that it never holds an account."""

import json
from datetime import date
from pathlib import Path

import pytest

from support.simulator import MeasuredLags
from support.targets.live_run.evidence_file import Evidence, EvidenceError, Shown
from support.verdicts.findings import Finding

TODAY = date(2026, 11, 25)
REGIONS = US, EU = ("us-east-1", "eu-west-1")
CONFLICT = Finding("conflict", "B won", (("winner", "the update of partner B"), ("why", "it was written last")))
TIMING = Finding(
    "timing", "20 of 20",
    (("direction", "us-east-1 to eu-west-1"), ("probes", "20"), ("censored", "0"), ("fastest", "0.6 s"),
     ("slowest", "1 s"), ("average", "0.8 s"), ("p50", "0.8 s"), ("p95", "1 s"), ("p99", "1 s"), ("bracket", "0.1 s")),
)  # fmt: skip


def shown(day: date = TODAY, *findings: Finding) -> Shown:
    return Shown.of(day, "AWS", REGIONS, 12.345, findings)


def test_what_was_found_is_put_down_with_the_day_and_the_target() -> None:
    delay = Finding("delay", "us-east-1 to eu-west-1: replicated after 0.80 seconds")
    assert shown(TODAY, delay, CONFLICT) == Shown(
        "2026-11-25", "AWS", REGIONS, 12.35 if round(12.345, 2) == 12.35 else 12.34,
        (delay.title,), (), "the update of partner B", "it was written last",
    )  # fmt: skip


def test_a_timing_is_put_down_with_all_its_figures() -> None:
    (delay,) = shown(TODAY, TIMING).delays
    assert delay == (
        "us-east-1 to eu-west-1: probes 20, censored 0, fastest 0.6 s, slowest 1 s, average 0.8 s, p50 0.8 s, "
        "p95 1 s, p99 1 s"
    )


BRACKETS = {
    "direction": "us-east-1 to eu-west-1",
    "samples": [
        {"last_miss": 0.55012, "first_hit": 0.80049, "gave_up": None},
        {"last_miss": 120.0, "first_hit": None, "gave_up": 120.0},
    ],
}
WAITED = {"direction": "eu-west-1 to us-east-1", "last_miss": 0.1, "first_hit": 9.4, "gave_up": None}


def test_measured_delays_are_put_down_as_numbers_with_their_brackets() -> None:
    waited = Finding("delay", "a delay that was waited for now and then", (), WAITED)
    assert shown(TODAY, Finding("note", "brackets", (), BRACKETS), waited).samples == (
        {"source": US, "destination": EU, "last_miss": 0.55, "first_hit": 0.8, "gave_up": None},
        {"source": US, "destination": EU, "last_miss": 120.0, "first_hit": None, "gave_up": 120.0},
    )


def test_the_simulator_reads_what_a_run_has_put_down(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    there = Finding("note", "brackets", (), BRACKETS)
    back = Finding("note", "brackets", (), {**BRACKETS, "direction": "eu-west-1 to us-east-1"})
    Evidence().with_more({"a": shown(TODAY, there), "b": shown(TODAY, back)}).write(path)
    measured = MeasuredLags.read(path, REGIONS)
    assert measured.lags[US, EU].brackets == ((0.55, 0.8), (120.0, 120.0))
    assert str(measured) == "evidence.json: 4 delays measured 2026-11-25 on AWS"


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    evidence = Evidence().with_more(
        {"b": shown(TODAY, CONFLICT), "a": shown(TODAY, TIMING, Finding("note", "", (), BRACKETS))}
    )
    evidence.write(path)
    assert Evidence.read(path) == evidence
    assert path.read_text().index('"a"') < path.read_text().index('"b"')


def test_newer_evidence_takes_the_place_of_older_and_the_rest_stays() -> None:
    older = Evidence({"a": shown(date(2026, 1, 1)), "b": shown(date(2026, 1, 1))})
    newer = older.with_more({"a": shown(TODAY)})
    assert (newer.shown["a"].day, newer.shown["b"].day) == ("2026-11-25", "2026-01-01")


@pytest.mark.parametrize(
    ("day", "days", "stale"),
    [
        (date(2026, 11, 25), 0, False),
        (date(2026, 11, 24), 0, True),
        (date(2026, 11, 18), 7, False),
        (date(2026, 11, 17), 7, True),
        (date(2026, 11, 26), 7, True),
    ],
)
def test_evidence_is_stale_when_it_is_older_than_so_many_days(day: date, days: int, stale: bool) -> None:
    assert Evidence({"a": shown(day)}).is_stale("a", TODAY, days) is stale


def test_a_scenario_that_was_never_shown_is_stale() -> None:
    assert Evidence().is_stale("a", TODAY, 36500)


def test_a_file_that_is_not_there_yet_is_empty_evidence(tmp_path: Path) -> None:
    assert Evidence.read(tmp_path / "new.json") == Evidence()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "hello",
        "[]",
        "{}",
        '{"schema": 2}',
        '{"schema": 2, "scenarios": {"a": {}}}',
        '{"schema": 2, "scenarios": 3}',
    ],
)
def test_a_file_of_another_kind_is_refused_with_the_cure(tmp_path: Path, content: str) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(content)
    with pytest.raises(EvidenceError, match=r"is no file of evidence: name another, or delete it"):
        Evidence.read(path)


@pytest.mark.parametrize("schema", [1, 3])
def test_another_schema_is_not_guessed_at(tmp_path: Path, schema: int) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(json.dumps({"schema": schema, "scenarios": {}}))
    with pytest.raises(EvidenceError, match=f"schema {schema} is not 2, .* as numbers: name a new file"):
        Evidence.read(path)


def test_a_folder_that_is_not_there_is_told_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="there is no folder"):
        Evidence.read(tmp_path / "nowhere" / "evidence.json")
