import json
import math
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random

import pytest

from support.benchmarks import __main__ as benchmarks
from support.benchmarks import bare, measuring, memory, probes, suite
from support.benchmarks.measuring import Cost, NotMeasuredError
from support.benchmarks.rows import Row, exit_code, table, unmeasured
from support.clock import SimulatedClock
from support.simulator import Lag
from support.verdicts.delays.timings import Sample

pytestmark = pytest.mark.slow

FEATURE = sorted((measuring.ROOT / "features").glob("*.feature"))[0]
WORKS = (
    "the whole suite",
    "put in one region",
    "replicated in bulk",
    "cost of a write",
    "timing probes",
    "simulated clock",
    "real clock",
    "reporting",
    "query, among",
    "query of an index, among",
    "put, among",
    "get, among",
    "transaction of one put, among",
    "memory that stays",
)


def row(measured: float, at_most: float = 2.0) -> Row:
    return Row("some work", "other work", at_most, "x", measured)


@pytest.mark.parametrize(("measured", "holds"), [(1.0, True), (2.0, True), (2.004, True), (2.01, False)])
def test_a_bound_holds_for_the_figure_that_is_printed(measured: float, holds: bool) -> None:
    assert row(measured).holds is holds


@pytest.mark.parametrize("measured", [math.inf, math.nan])
def test_a_bound_does_not_hold_without_a_figure(measured: float) -> None:
    assert not row(measured).holds


def test_the_exit_code_tells_whether_every_bound_holds() -> None:
    assert exit_code([row(1.0), row(2.0)]) == 0
    assert exit_code([row(1.0), row(2.5)]) == 1
    assert exit_code([row(1.0), unmeasured("some work", "it has failed")]) == 1


def test_the_table_shows_work_bound_figure_and_verdict() -> None:
    lines = table([row(1.25), row(3.0), unmeasured("more work", "it has failed")]).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[2][:4] == ["some work", "at most 2x other work", "1.25x", "holds"]
    assert cells[3][:4] == ["some work", "at most 2x other work", "3.00x", "does not hold"]
    assert cells[4][0] == "more work"
    assert cells[4][2:] == ["not measured", "does not hold", "it has failed"]
    assert len({len(line) for line in lines}) == 1


def test_strands_take_turns_and_only_their_pieces_are_timed() -> None:
    order: list[str] = []

    @contextmanager
    def setting() -> Iterator[None]:
        order.append("in")
        yield
        order.append("out")

    def pieces(name: str) -> measuring.Pieces:
        for number in range(2):
            measuring.CLOCK.wait(0.05)
            yield partial(order.append, f"{name}{number}")

    times = measuring.in_turns(measuring.Strand(pieces("a")), measuring.Strand(pieces("b"), setting))
    assert order == ["a0", "in", "b0", "out", "a1", "in", "b1", "out"]
    assert all(0 <= time < 0.05 for time in times)


def test_the_share_of_reporting_is_that_of_the_run_with_a_report() -> None:
    rounds = suite.Rounds(1, plain=[Cost(6.0, 5.0)], bare=[Cost(2.0, 2.0)], reported=[Cost(7.5, 5.0)])
    (reporting,) = suite.reporting_rows(rounds)
    assert (reporting.measured, reporting.holds) == (20.0, False)
    ratio, wall = suite.suite_rows(rounds)
    assert (ratio.measured, ratio.holds) == (3.0, False)
    assert (wall.measured, wall.holds) == (6.0, True)


def test_a_suite_that_fails_is_not_measured() -> None:
    rounds = suite.measure(measuring.QUICK, "features/there_is_no_such.feature")
    assert isinstance(rounds, str)
    assert "ended with 4" in rounds
    assert not any(row.holds for row in [*suite.suite_rows(rounds), *suite.reporting_rows(rounds)])


def test_a_process_that_fails_is_told_with_its_last_words() -> None:
    with pytest.raises(NotMeasuredError, match=r"ended with 1: NameError: name 'nonsense' is not defined"):
        measuring.python("-c", "nonsense")


def test_the_error_is_counted_in_polling_intervals_and_looks() -> None:
    sample = Sample("us-east-1", "eu-west-1", last_miss=1.0, first_hit=1.2, looking=0.1)
    assert probes.Timed(sample, sending=0.05, lag=1.0, every=0.1).error == pytest.approx(0.75)
    censored = Sample("us-east-1", "eu-west-1", last_miss=3.0, first_hit=None, gave_up=3.0)
    assert probes.Timed(censored, sending=0.0, lag=1.0, every=0.1).error == math.inf


def test_a_watched_lag_is_the_lag_of_the_link() -> None:
    clock = SimulatedClock()
    clock.wait(5)
    lag = probes.WatchedLag(clock=clock)
    assert lag.sample(Random("1")) == Lag().sample(Random("1")) == round(lag.last.lag * 1_000_000)
    assert lag.last.sent == 5.0


def test_the_suite_is_recorded_and_replayed(tmp_path: Path) -> None:
    file = tmp_path / "calls.jsonl"
    record = ("-p", "support.benchmarks.recording", "--record-calls", str(file))
    measuring.python("-m", "pytest", str(FEATURE), "-q", *record)
    calls = bare.read_calls(file)
    assert {"put_item", "query"} <= {call["operation"] for call in calls}
    assert {call["region"] for call in calls} == set(bare.REGIONS)
    assert all(call["scenario"] and call["parameters"]["TableName"] for call in calls)
    assert json.loads(file.read_text().splitlines()[0]) == calls[0]
    assert bare.replay(calls) == 0


def test_a_quick_run_prints_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    code = benchmarks.main(["--quick", "--features", str(FEATURE)])
    machine, head, _, *lines = capsys.readouterr().out.splitlines()
    assert all(fact in machine for fact in ("cores", "Python", "moto", "boto3"))
    assert head.split("|")[1].strip() == "work"
    assert all(any(work in line for line in lines) for work in WORKS)
    beside = [line for line in lines if "over HTTP" in line]
    assert len(beside) == (4 if os.environ.get("DYNAMODB_LOCAL") else 0)
    assert len(lines) - len(beside) == 15
    assert "not measured" not in "".join(lines)
    assert code == (1 if any("does not hold" in line for line in lines) else 0)


def test_the_memory_of_many_requests_is_measured_when_asked_for_and_growth_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, few in (("FULL_ITEMS", 50), ("FULL_REQUESTS", 200), ("PART", 50)):
        monkeypatch.setattr(memory, name, few)
    code = benchmarks.main(["--memory"])
    output = capsys.readouterr()
    assert re.findall(r"^[a-z0-9 ]+: [\d,]+ blocks, [\d,]+ MB$", output.err, re.M) == output.err.splitlines()
    assert len(output.err.splitlines()) == 6
    assert "memory that stays for a request, among 50 items" in output.out
    assert ("does not hold" in output.out, code) == (True, 1)  # so few records fill no stream: each of them stays
