"""The file of evidence: what it says, when it is stale, and that it never holds an account."""

from datetime import date
from pathlib import Path

import pytest

from support.evidence import Evidence, MeasuredLags, Place, Shown
from support.housekeeping.journal import RunManifest
from support.settings import Settings, read_settings
from support.targets.live_run.evidence_file import place_of, shown_by
from support.targets.run import LiveRun
from support.verdicts.conflicts import Conflict
from support.verdicts.delays import Arrivals, Delay, Sample, summarise
from support.verdicts.findings import Finding
from support.verdicts.recovery import report_of_catching_up

TODAY = date(2026, 11, 25)
REGIONS = US, EU = ("us-east-1", "eu-west-1")
CONFLICT = Conflict(
    ruling="decided", kind="conflict", because="it was written last", winner_name="the update of partner B"
)
DELAY = Delay.of(Sample(US, EU, 0.1, 0.8), simulated=False, waited=0.9)
TIMING = summarise([Sample(US, EU, 0.5, 0.8)] * 2)
FIGURES = "us-east-1 to eu-west-1: probes 2, censored 0, " + ", ".join(
    f"{name} 0.80 s" for name in ("fastest", "slowest", "average", "p50", "p95", "p99")
)
SAMPLE = {"source": US, "destination": EU, "last_miss": 0.55012, "first_hit": 0.80049, "gave_up": None}
CENSORED = {"source": US, "destination": EU, "last_miss": 120.0, "first_hit": None, "gave_up": 120.0}
CUT = report_of_catching_up(0.5, 0.9)
BRACKETS = Arrivals(f"{US} to {EU}", [SAMPLE, CENSORED])
HERE = Place("AWS", REGIONS, "orders", "5a1t")


def shown(day: date = TODAY, *findings: Finding) -> Shown:
    return shown_by(findings, day, 12.346)


def test_what_was_found_is_put_down_with_the_day_and_the_brackets_of_the_probes_alone() -> None:
    assert shown(TODAY, DELAY, TIMING, CUT, BRACKETS, CONFLICT) == Shown(
        "2026-11-25",
        12.35,
        [DELAY.title, FIGURES, CUT.title],
        [{**SAMPLE, "last_miss": 0.55, "first_hit": 0.8}, CENSORED],
        "the update of partner B",
        "it was written last",
    )


def test_what_was_written_is_read_again_newer_in_the_place_of_older_and_by_the_simulator_too(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    back = Arrivals(f"{EU} to {US}", [{**SAMPLE, "source": EU, "destination": US}])
    older = Evidence().with_more(HERE, {"b": shown(date(2026, 1, 1), CONFLICT, back), "a": shown(date(2026, 1, 1))})
    evidence = older.with_more(HERE, {"a": shown(TODAY, TIMING, BRACKETS)})
    evidence.write(path)
    assert Evidence.read(path) == Evidence.so_far(path) == evidence
    assert path.read_text().index('"a"') < path.read_text().index('"b"')
    measured = MeasuredLags.read(path, REGIONS)
    assert measured.lags[US, EU] == [(0.55, 0.8), (120.0, 120.0)]
    assert str(measured) == "evidence.json: 3 delays measured 2026-01-01 to 2026-11-25 on AWS"


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
    shown_here = evidence.with_more(place_of(evidence, run_on(), read_settings()), {"a": shown()})
    assert not shown_here.recent(place_of(shown_here, run, settings), TODAY, 30)


def test_the_account_is_in_the_file_as_a_salted_hash_which_is_known_again(tmp_path: Path) -> None:
    path, evidence, other = tmp_path / "evidence.json", Evidence(), Evidence()
    here = place_of(evidence, run_on(), read_settings())
    evidence.with_more(here, {"a": shown()}).write(path)
    assert "123456789012" not in path.read_text()
    again = Evidence.read(path)
    assert again.recent(place_of(again, run_on(), read_settings()), TODAY, 30)
    assert place_of(other, run_on(), read_settings()).account != here.account
