"""The file of evidence: what it says, when it is stale, and that it never holds an account."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from support.housekeeping.journal import RunManifest
from support.settings import Settings, read_settings
from support.simulator import MeasuredLags
from support.targets.live_run.evidence_file import Evidence, EvidenceError, Place, Shown
from support.targets.run import LiveRun
from support.verdicts.findings import Finding

TODAY = date(2026, 11, 25)
REGIONS = US, EU = ("us-east-1", "eu-west-1")
CONFLICT = Finding(
    "conflict", "B won", values={"winner_name": "the update of partner B", "because": "it was written last"}
)
TIMING = Finding(
    "timing", "20 of 20",
    (("direction", "us-east-1 to eu-west-1"), ("probes", "20"), ("censored", "0"), ("fastest", "0.6 s"),
     ("slowest", "1 s"), ("average", "0.8 s"), ("p50", "0.8 s"), ("p95", "1 s"), ("p99", "1 s"), ("bracket", "0.1 s")),
)  # fmt: skip


HERE = Place("AWS", REGIONS, "orders", "5a1t")


def shown(day: date = TODAY, *findings: Finding) -> Shown:
    return Shown.of(day, 12.345, findings)


def test_what_was_found_is_put_down_with_the_day_and_the_target() -> None:
    delay = Finding("delay", "us-east-1 to eu-west-1: replicated after 0.80 seconds")
    assert shown(TODAY, delay, CONFLICT) == Shown(
        "2026-11-25", 12.35 if round(12.345, 2) == 12.35 else 12.34,
        (delay.title,), (), "the update of partner B", "it was written last",
    )  # fmt: skip


def test_a_timing_is_put_down_with_all_its_figures() -> None:
    (delay,) = shown(TODAY, TIMING).delays
    assert delay == (
        "us-east-1 to eu-west-1: probes 20, censored 0, fastest 0.6 s, slowest 1 s, average 0.8 s, p50 0.8 s, "
        "p95 1 s, p99 1 s"
    )


BRACKETS: dict[str, Any] = {
    "direction": "us-east-1 to eu-west-1",
    "samples": [
        {"source": US, "destination": EU, "last_miss": 0.55012, "first_hit": 0.80049, "gave_up": None},
        {"source": US, "destination": EU, "last_miss": 120.0, "first_hit": None, "gave_up": 120.0},
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
    samples = [{**each, "source": EU, "destination": US} for each in BRACKETS["samples"]]
    back = Finding("note", "brackets", (), {"direction": "eu-west-1 to us-east-1", "samples": samples})
    Evidence().with_more(HERE, {"a": shown(TODAY, there), "b": shown(TODAY, back)}).write(path)
    measured = MeasuredLags.read(path, REGIONS)
    assert measured.lags[US, EU].brackets == ((0.55, 0.8), (120.0, 120.0))
    assert str(measured) == "evidence.json: 4 delays measured 2026-11-25 on AWS"


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    evidence = Evidence().with_more(
        HERE, {"b": shown(TODAY, CONFLICT), "a": shown(TODAY, TIMING, Finding("note", "", (), BRACKETS))}
    )
    evidence.write(path)
    assert Evidence.read(path) == evidence
    assert path.read_text().index('"a"') < path.read_text().index('"b"')


def test_newer_evidence_takes_the_place_of_older_and_the_rest_stays() -> None:
    older = Evidence().with_more(HERE, {"a": shown(date(2026, 1, 1)), "b": shown(date(2026, 1, 1))})
    newer = older.with_more(HERE, {"a": shown(TODAY)}).shown[HERE]
    assert (newer["a"].day, newer["b"].day) == ("2026-11-25", "2026-01-01")


@pytest.mark.parametrize(
    ("day", "days", "recent"),
    [
        (date(2026, 11, 25), 0, True),
        (date(2026, 11, 24), 0, False),
        (date(2026, 11, 18), 7, True),
        (date(2026, 11, 17), 7, False),
        (date(2026, 11, 26), 7, False),
    ],
)
def test_evidence_is_recent_for_so_many_days(day: date, days: int, recent: bool) -> None:
    evidence = Evidence().with_more(HERE, {"a": shown(day)})
    assert ("a" in evidence.recent(HERE, TODAY, days)) is recent


def run_on(target: str, account: str) -> LiveRun:
    return LiveRun(RunManifest("ada-3f9c1a", "orders", {}, ""), target, account=account)


@pytest.mark.parametrize(
    ("target", "account", "settings"),
    [
        ("127.0.0.1:8000, which is not AWS", "123456789012", read_settings()),
        ("AWS", "210987654321", read_settings()),
        ("AWS", "123456789012", read_settings(table_name="other")),
        ("AWS", "123456789012", read_settings(replica_region="eu-central-1")),
    ],
)
def test_evidence_of_another_place_does_not_count(target: str, account: str, settings: Settings) -> None:
    evidence = Evidence()
    here = evidence.place_of(run_on("AWS", "123456789012"), read_settings())
    shown_here = evidence.with_more(here, {"a": shown()})
    assert shown_here.recent(here, TODAY, 30)
    assert not shown_here.recent(shown_here.place_of(run_on(target, account), settings), TODAY, 30)


def test_the_account_is_in_the_file_as_a_salted_hash(tmp_path: Path) -> None:
    texts = []
    for name in ("one.json", "other.json"):
        evidence, path = Evidence(), tmp_path / name
        here = evidence.place_of(run_on("AWS", "123456789012"), read_settings())
        evidence.with_more(here, {"a": shown()}).write(path)
        again = Evidence.read(path)
        assert again.recent(again.place_of(run_on("AWS", "123456789012"), read_settings()), TODAY, 30)
        texts.append(path.read_text())
    assert not any("123456789012" in text for text in texts)
    assert texts[0] != texts[1]


def test_evidence_of_an_earlier_version_is_read_and_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    old = {"day": TODAY.isoformat(), "target": "AWS", "regions": REGIONS, "seconds": 1.0}
    path.write_text(json.dumps({"schema": 2, "scenarios": {"a": old}}))
    evidence = Evidence.read(path)
    here = evidence.place_of(run_on("AWS", "123456789012"), read_settings())
    assert not evidence.recent(here, TODAY, 30)
    assert [list(each) for each in evidence.with_more(here, {"b": shown()}).shown.values()] == [["a"], ["b"]]


def test_a_file_that_is_not_there_yet_is_empty_evidence(tmp_path: Path) -> None:
    assert not Evidence.read(tmp_path / "new.json").shown


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
        '{"schema": 3, "places": [{"target": "AWS"}]}',
    ],
)
def test_a_file_of_another_kind_is_refused_with_the_cure(tmp_path: Path, content: str) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(content)
    with pytest.raises(EvidenceError, match=r"is no file of evidence: name another, or delete it"):
        Evidence.read(path)


@pytest.mark.parametrize("schema", [1, 4])
def test_another_schema_is_not_guessed_at(tmp_path: Path, schema: int) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(json.dumps({"schema": schema, "scenarios": {}}))
    with pytest.raises(EvidenceError, match=f"schema {schema} .*: name a new file"):
        Evidence.read(path)


def test_a_folder_that_is_not_there_is_told_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="there is no folder"):
        Evidence.read(tmp_path / "nowhere" / "evidence.json")
