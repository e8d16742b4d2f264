"""The file of evidence: what it says, when it is stale, and that it never holds an account."""

from datetime import date
from pathlib import Path

import pytest

from support.targets.evidence_file import Evidence, EvidenceError, Shown
from support.verdicts.findings import Finding

TODAY = date(2026, 11, 25)
REGIONS = ("us-east-1", "eu-west-1")
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
        (delay.title,), "the update of partner B", "it was written last",
    )  # fmt: skip


def test_a_timing_is_put_down_with_all_its_figures() -> None:
    (delay,) = shown(TODAY, TIMING).delays
    assert delay == (
        "us-east-1 to eu-west-1: probes 20, censored 0, fastest 0.6 s, slowest 1 s, average 0.8 s, p50 0.8 s, "
        "p95 1 s, p99 1 s"
    )


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    evidence = Evidence().with_more({"b": shown(TODAY, CONFLICT), "a": shown(TODAY, TIMING)})
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
        '{"schema": 1}',
        '{"schema": 1, "scenarios": {"a": {}}}',
        '{"schema": 1, "scenarios": 3}',
    ],
)
def test_a_file_of_another_kind_is_refused_with_the_cure(tmp_path: Path, content: str) -> None:
    path = tmp_path / "evidence.json"
    path.write_text(content)
    with pytest.raises(EvidenceError, match=r"is no file of evidence: name another, or delete it"):
        Evidence.read(path)


def test_a_later_schema_is_not_guessed_at(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    path.write_text('{"schema": 2, "scenarios": {}}')
    with pytest.raises(EvidenceError, match="schema 2 is not 1: name a new file"):
        Evidence.read(path)


def test_a_folder_that_is_not_there_is_told_before_anything_runs(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="there is no folder"):
        Evidence.read(tmp_path / "nowhere" / "evidence.json")
