"""The file of evidence: what it says, when it is stale, and that it never holds an account."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from support.evidence import Evidence, MeasuredLags, Place, Shown
from support.housekeeping.journal import RunManifest
from support.options import OptionError
from support.settings import Settings, read_settings
from support.targets.live_run.evidence_file import place_of, shown_by
from support.targets.run import LiveRun
from support.verdicts.findings import Finding

TODAY = date(2026, 11, 25)
REGIONS = US, EU = ("us-east-1", "eu-west-1")
CONFLICT = Finding(
    "conflict", "B won", values={"winner_name": "the update of partner B", "because": "it was written last"}
)
DELAY = Finding("delay", "us-east-1 to eu-west-1: replicated after 0.80 seconds", (), {"last_miss": 0.1})
NAMES = ("probes", "censored", "fastest", "slowest", "average", "p50", "p95", "p99")
TIMING = Finding("timing", "20 of 20", (("direction", "there"), *((name, f"{name} s") for name in NAMES)))
SAMPLE = {"source": US, "destination": EU, "last_miss": 0.55012, "first_hit": 0.80049, "gave_up": None}
CENSORED = {"source": US, "destination": EU, "last_miss": 120.0, "first_hit": None, "gave_up": 120.0}
CUT = Finding("recovery", "catch-up: 0.90 s at most", (), {"figure": "catch-up", "short": "at most 0.90 s"})
BRACKETS = Finding("note", "brackets", (), {"samples": [SAMPLE, CENSORED]})
HERE = Place("AWS", REGIONS, "orders", "5a1t")
PLACE = {"target": "AWS", "regions": REGIONS, "table": "orders", "account": "5a1t"}


def shown(day: date = TODAY, *findings: Finding) -> Shown:
    return shown_by(findings, day, 12.346)


def test_what_was_found_is_put_down_with_the_day_and_the_brackets_of_the_probes_alone() -> None:
    assert shown(TODAY, DELAY, TIMING, CUT, BRACKETS, CONFLICT) == Shown(
        "2026-11-25",
        12.35,
        [DELAY.title, "there: " + ", ".join(f"{name} {name} s" for name in NAMES), CUT.title],
        [{**SAMPLE, "last_miss": 0.55, "first_hit": 0.8}, CENSORED],
        "the update of partner B",
        "it was written last",
    )


def test_what_was_written_is_read_again_and_by_the_simulator_too(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    back = Finding("note", "", (), {"samples": [{**SAMPLE, "source": EU, "destination": US}]})
    evidence = Evidence.so_far(path).with_more(
        HERE, {"b": shown(TODAY, CONFLICT, back), "a": shown(TODAY, TIMING, BRACKETS)}
    )
    evidence.write(path)
    assert Evidence.read(path) == evidence
    assert path.read_text().index('"a"') < path.read_text().index('"b"')
    measured = MeasuredLags.read(path, REGIONS)
    assert measured.lags[US, EU] == ((0.55, 0.8), (120.0, 120.0))
    assert str(measured) == "evidence.json: 3 delays measured 2026-11-25 on AWS"


def test_newer_evidence_takes_the_place_of_older_and_the_rest_stays() -> None:
    older = Evidence().with_more(HERE, {"a": shown(date(2026, 1, 1)), "b": shown(date(2026, 1, 1))})
    newer = older.with_more(HERE, {"a": shown(TODAY)}).shown[HERE]
    assert (newer["a"].day, newer["b"].day) == ("2026-11-25", "2026-01-01")


@pytest.mark.parametrize(
    ("day", "days", "recent"), [(25, 0, True), (24, 0, False), (18, 7, True), (17, 7, False), (26, 7, False)]
)
def test_evidence_is_recent_for_so_many_days_and_not_before_it_was_shown(day: int, days: int, recent: bool) -> None:
    evidence = Evidence().with_more(HERE, {"a": shown(date(2026, 11, day))})
    assert ("a" in evidence.recent(HERE, TODAY, days)) is recent


def run_on(target: str = "AWS", account: str = "123456789012") -> LiveRun:
    return LiveRun(RunManifest("ada-3f9c1a", "orders", {}, ""), target, account=account)


@pytest.mark.parametrize(
    ("run", "settings"),
    [
        (run_on("127.0.0.1:8000, which is not AWS"), read_settings()),
        (run_on(account="210987654321"), read_settings()),
        (run_on(), read_settings(table_name="other")),
        (run_on(), read_settings(replica_region="eu-central-1")),
    ],
    ids=["target", "account", "table", "region"],
)
def test_evidence_of_another_place_does_not_count(run: LiveRun, settings: Settings) -> None:
    evidence = Evidence()
    here = place_of(evidence, run_on(), read_settings())
    shown_here = evidence.with_more(here, {"a": shown()})
    assert shown_here.recent(here, TODAY, 30)
    assert not shown_here.recent(place_of(shown_here, run, settings), TODAY, 30)


def test_the_account_is_in_the_file_as_a_salted_hash(tmp_path: Path) -> None:
    hashes = []
    for name in ("one.json", "other.json"):
        evidence, path = Evidence(), tmp_path / name
        evidence.with_more(place_of(evidence, run_on(), read_settings()), {"a": shown()}).write(path)
        assert "123456789012" not in path.read_text()
        again = Evidence.read(path)
        here = place_of(again, run_on(), read_settings())
        assert again.recent(here, TODAY, 30)
        hashes.append(here.account)
    assert hashes[0] != hashes[1]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("hello", "is no file of evidence: name a new file"),
        ([], "is no file of evidence"),
        ({"schema": 3, "salt": "", "places": [PLACE | {"scenarios": {"a": {}}}]}, "is no file of evidence"),
        ({"schema": 3, "salt": "", "places": 3}, "is no file of evidence"),
        ({"schema": 3, "places": [{"target": "AWS"}]}, "is no file of evidence"),
        ({"schema": 4, "places": []}, "schema is 4.*: name a new file"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_the_cure(content: Any, says: str, tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(OptionError, match=f"^--evidence .*{says}"):
        read_settings(mode="live", evidence=str(path))
