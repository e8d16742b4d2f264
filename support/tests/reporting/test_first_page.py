"""The first page, the summary for a CI job, the history, and the file for the next tool."""

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from syrupy.assertion import SnapshotAssertion

from support.page.page_map import page_map
from support.reporting.__main__ import _labelled
from support.reporting.report.build import metrics
from support.reporting.report.first_page import first_page
from support.reporting.report.history import add, as_past, comparison, is_known, past_runs
from support.reporting.report.run import ReportError, Run
from support.reporting.report.summaries import JOB_SUMMARY, run_values, summary, write_results, write_summary
from support.reporting.scenario_result import ScenarioResult
from support.tests.reporting.records import RESULT, A, conflict, cut, ended, timed
from support.tests.verdicts.histories import EU, US

SCHEMA = Path(__file__).parents[3] / "reports" / "results.schema.json"
KNOWN = {
    "started": "2026-11-25T13:44:57+00:00",
    "finished": "2026-11-25T13:45:12+00:00",
    "exit_status": 0,
    "stopped_because": "",
    "collected": [],
    "ended": [],
    "environment": {"regions": ["us-east-1", "eu-west-1"], "table": "demo", "faults": [], "moto": "5.2.5"},
}


def run_of(*results: ScenarioResult, **known: Any) -> Run:
    return Run(Path("results"), "simulated", {**KNOWN, **known}, results, (), known.get("missing", ()), "simulated")


def timing(*delays: float | None) -> ScenarioResult:
    return replace(timed(*delays), tags=("exercise_5",))


def lines(run: Run, *, past: Any = (), mutants: Any = None) -> str:
    """What a reader reads of the page of a run, a line for each block."""
    html = first_page([run], {run.label: past}, mutants or {})
    body = re.sub(r"(?s)<style>.*?</style>|<svg.*?</svg>", "", html[html.index("<body") :])
    blocks = re.split(r"</?(?:p|li|tr|h\d|section|summary|details|div|table|ul|ol|dl|dt|dd)\b[^>]*>", body)
    told = (" ".join(unescape(re.sub(r"<[^>]+>", " ", block)).split()) for block in blocks)
    return "\n".join(filter(None, told))


def text(run: Run, **known: Any) -> str:
    return lines(run, **known).replace("\n", " ")


def run_in(**environment: str | list[str]) -> Run:
    """A run of the page's conflict that tells this of its environment too."""
    known: Any = KNOWN["environment"]
    return run_of(conflict(), environment={**known, **environment})


PART = {"chosen": 3, "shown_before": 0, "total": 79}
WHOLE = {"chosen": 3, "shown_before": 76, "total": 79}
WRONG = ended(conflict(), "failed", "no")
BROKEN = "broken on purpose (extra-lag=3)"
THREE_MORE = [replace(conflict(), rule="Both are whole")] * 3


@pytest.mark.parametrize(
    ("run", "sign", "says", "without_verdict"),
    [
        (run_of(conflict()), "✔", "The page can be taught after 4 corrections. 1 of 1 scenarios passed", ""),
        (run_of(WRONG), "✘", "The page can't be taught on this table. 1 of 1 scenarios did not pass (1 not as", ""),
        (run_of(ended(conflict(), "skipped")), "?", "No answer: nothing was tested.", ""),
        (run_of(conflict(), finished=None), "?", "No answer: this run is not complete", "not complete"),
        (run_of(conflict(), stopped_because="a signal", exit_status=2), "?", "No answer: this run is", "interrupted"),
        (run_of(conflict(), missing=["a::b"]), "?", "No answer: this run is not complete", "not complete"),
        (run_of(conflict(), extent=PART), "?", "No answer for the whole page: only a part", "a part: 3 of 79"),
        (run_of(WRONG, extent=PART), "✘", "What was run can't be taught", "a part: 3 of 79"),
        (run_of(conflict(), extent=WHOLE), "✔", "The page can be taught after 4 corrections.", ""),
        (run_in(faults=["extra-lag=3"]), "?", f"This says nothing of the page: the table was {BROKEN}", BROKEN),
    ],
)
def test_only_a_whole_run_of_a_healthy_table_has_an_answer_gives_advice_and_enters_the_history(
    run: Run, sign: str, says: str, without_verdict: str, tmp_path: Path
) -> None:
    assert run.sign == sign
    shown = text(run)
    assert shown.index("SIMULATED A simulator") < shown.index(f"{sign} {says}")  # first of all, what was tested
    tone = {"✔": "good", "✘": "bad", "?": "open"}[sign]
    assert f'<section class="answer {tone}"' in first_page([run], {}, {})
    assert ("What the page should say instead" in shown) == says.startswith("The page can be taught")
    add(tmp_path, [run])
    assert is_known(tmp_path, run) == (not without_verdict)
    assert as_past(run)["without_verdict"] == without_verdict


def test_what_the_page_that_was_given_says_otherwise_is_neither_counted_nor_corrected() -> None:
    run = run_of(conflict(), page_changes={"E3.5": "US update wins", "E3.6": "because of the sort key"})
    assert run.claims_sentence.startswith("Of 103 claims of the page ")
    assert run.claims_sentence.endswith("Of 2 more the page that was given says something else.")
    assert "E3.6" not in [each.claim for each in run.corrections]


@pytest.mark.parametrize(
    "run", [run_of(conflict()), run_of(conflict(), extent=PART), run_of(), run_of(missing=["a::b"])]
)
def test_the_states_of_claims_add_up_to_all_claims_of_the_page(run: Run) -> None:
    numbers = [int(number) for number in re.findall(r"\d+", run.claims_sentence)]
    assert numbers[0] == len(page_map().claims) == sum(numbers[1:])


def test_the_headline_claims_no_more_than_was_shown() -> None:
    simulated, aws = run_of(conflict()), replace(run_of(conflict()), mode="live")
    other = replace(run_in(target="127.0.0.1:8777, which is not AWS"), mode="rehearsal")
    assert [each.warning for each in (simulated, aws)] == ["Simulated: proves nothing about AWS yet.", "Shown on AWS."]
    assert other.warning == "127.0.0.1:8777, which is not AWS: proves nothing about AWS."
    assert "NOT AWS Another endpoint answered: 127.0.0.1:8777" in text(other)


def test_another_version_of_the_page_is_told_on_top_and_in_the_summary() -> None:
    given = run_in(page="the page: 1 change; Step 1: 60 is now 90")
    run = replace(given, known={**given.known, "page_changes": {"E1.16": "60 is now 90"}})
    assert run.sign == "?"
    assert "≠ differs in the page given" in text(run)
    assert "Another version of the page was given (--page): the page: 1 change" in text(run)
    assert "> **Another version of the page was given:** the page: 1 change" in summary(run)


MUTANT = {"name": "a", "says": "A write is lost", "area": "reads", "reason": "", "killed_by": []}
MUTANTS = [{**MUTANT, "status": status} for status in ("killed", "survived", "equivalent")]
COST = ["us-east-1: 3 requests", "$0.00001 at list price"]


def test_the_page_of_a_run_and_its_summary_for_a_job(snapshot: SnapshotAssertion) -> None:
    run = replace(run_in(cost=COST), results=[conflict(), *THREE_MORE, timing(0.6, 1.4, None), cut()])
    told = lines(run, mutants={"mutants": MUTANTS, "healthy_seeds": {"runs": 20, "red": 0}})
    assert [claim.id for claim in page_map().claims if claim.says not in told] == []
    # Of the page the exercise that was run; of the ledger of facts no row.
    told = re.sub(r"(?s)\nExercise 1: .*?(?=\nExercise 3: )|\nExercise 4: .*?(?=\nThis run and those)", "", told)
    assert re.sub(r".* (documented|observed|assumed) .* not yet\n", "", told) == snapshot
    assert summary(run) == snapshot(name="summary")


@pytest.mark.parametrize(
    "run",
    [run_of(WRONG, stopped_because="a signal", collected=["a::b", "c"], missing=["a::b"]), run_in(faults=["errors=1"])],
    ids=["stopped", "broken on purpose"],
)
def test_what_does_not_pass_is_told_first(run: Run, snapshot: SnapshotAssertion) -> None:
    assert lines(run).partition("How long replication took")[0] == snapshot


def test_p99_is_told_from_a_hundred_probes_on() -> None:
    assert ["(p99)" in text(run_of(timing(*[0.6] * probes))) for probes in (99, 100)] == [False, True]


def test_the_links_of_the_page_lead_into_the_page() -> None:
    html = first_page([run_of(conflict(), timing(0.6, 1.4))], {}, {})
    links = set(re.findall(r'href="#([^"]+)"', html))
    assert links
    assert links <= set(re.findall(r'id="([^"]+)"', html))
    assert not re.findall(r'href="(?!#|https://)', html)


def test_a_failure_is_told_in_plain_words_and_once() -> None:
    shown = text(run_of(ended(conflict(winner=A), "failed", "USER#ada: wrong: ...")))
    wrong = shown[shown.index("What went wrong") :].partition("How long replication")[0]
    assert wrong.count("yet the update of partner B was written later") == 1


def test_delays_are_those_of_exercise_5() -> None:
    slowed = replace(timing(40.0), tags=("exercise_5", "chosen_lag"))
    [found] = run_of(timing(0.6, 1.4), timed(50.0), slowed).delays
    assert (found.direction, found.probes, found.slowest) == (f"{US} to {EU}", 2, 1.4)


def test_metrics_leave_out_what_is_not_known() -> None:
    keys = {each["key"].rpartition(".")[2]: each["value"] for each in metrics(run_of(timing(0.6, 1.4, None)))}
    assert keys == {"fastest": 0.6, "p50": 1.4}


@pytest.mark.parametrize(
    "run",
    [
        run_of(conflict(), timing(0.6, 1.4), timed(None, None), cut()),
        run_of(ended(conflict(winner=A), "failed", "AssertionError: no"), finished=None, stopped_because="killed"),
    ],
    ids=["passed", "failed and killed"],
)
def test_results_json_keeps_to_its_schema(run: Run, tmp_path: Path) -> None:
    write_results([run], tmp_path / "results.json")
    jsonschema.validate(json.loads((tmp_path / "results.json").read_text()), json.loads(SCHEMA.read_text()))


def test_results_json_tells_winner_reason_durations_and_claims() -> None:
    [scenario] = run_values(run_of(conflict()))["scenarios"]
    assert (scenario["id"], scenario["winner"]) == (RESULT.node_id, "the update of partner B")
    assert scenario["why"].startswith("it was written last")
    assert scenario["durations"]["real_seconds"] == 2.0
    assert "E3.5" in scenario["claims"]


def test_the_summary_is_appended_to_the_page_of_the_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = tmp_path / "job.md"
    job.write_text("before\n")
    monkeypatch.setenv(JOB_SUMMARY, str(job))
    write_summary([run_of(conflict(), timing(0.6, 1.4))], tmp_path / "summary.md")
    assert job.read_text() == "before\n" + (tmp_path / "summary.md").read_text()


def test_what_a_cut_has_cost_is_told_of_scenarios_that_passed_and_kept_in_the_history(tmp_path: Path) -> None:
    assert "Recovery point" in text(run_of(cut()))
    assert "Recovery point" not in text(run_of(cut("failed")))
    add(tmp_path, [run_of(cut(), started="2026-11-24T13:44:57+00:00")])
    [before] = past_runs(tmp_path, run_of(cut()))
    assert before["cut_off"] == {"recovery point": "1 write in 0.0 s"}


def test_markup_in_names_stays_text() -> None:
    run = run_of(replace(conflict(), title="<script>alert(1)</script> | wins"))
    assert "<script>" not in first_page([run], {}, {})
    told = summary(run)
    assert "<script>" not in told
    assert "\\| wins" in told


def test_the_runs_before_are_shown_once_and_for_each_mode_apart(tmp_path: Path) -> None:
    earlier = run_of(timing(0.6, 1.4), started="2026-11-24T13:44:57+00:00")
    for _ in range(2):
        add(tmp_path, [earlier])
    now = run_of(timing(0.7, 1.5))
    [before] = past_runs(tmp_path, now)
    assert is_known(tmp_path, earlier)
    assert past_runs(tmp_path, earlier) == []
    assert past_runs(tmp_path, replace(now, mode="live")) == []
    shown = text(now, past=[before])
    assert re.search(r"2026-11-25 13:44 \(this run\) .* 0\.70 s / 1\.50 s 2026-11-24 13:44 ", shown)


def test_a_history_that_cannot_be_read_is_one_line_with_the_cure(tmp_path: Path) -> None:
    (tmp_path / "runs.jsonl").write_text('{"started": "2026-11-29"}')
    with pytest.raises(ReportError, match=r"runs\.jsonl can't be read .*; cure: remove it"):
        past_runs(tmp_path, run_of(conflict()))


def test_two_runs_are_compared() -> None:
    before, now = _labelled([run_of(conflict()), run_of(ended(conflict(winner=A), "failed", "wrong"))])
    assert "What differs between simulated-1 and simulated-2" in first_page([before, now], {}, {})
    found = comparison(as_past(before), as_past(now))
    [change] = found["scenarios"]
    assert change == (RESULT.node_id, "passed", "failed")
    assert all(before != now for _, before, now in found["claims"])
