"""The first page, the summary for a CI job, the history, and the file for the next tool."""

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from support.page.page_map import Kind, page_map
from support.reporting.report.figures import claims_sentence, delays, verdict
from support.reporting.report.first_page import first_page
from support.reporting.report.markdown import JOB_SUMMARY, summary, write_summary
from support.reporting.report.metrics import metrics
from support.reporting.report.results import Result, Run
from support.reporting.report.results_json import run_values, write_results
from support.tests.reporting.records import IDENTITY, NAME, A, conflict, result, timed
from support.tests.verdicts.histories import EU, US

SCHEMA = Path(__file__).parents[3] / "reports" / "results.schema.json"
SIDE_BY_SIDE = "features/exercise_5_replication_timing.feature::Both directions are timed side by side"
KNOWN = {
    "started": "2026-11-25T13:44:57+00:00",
    "finished": "2026-11-25T13:45:12+00:00",
    "exit_status": 0,
    "stopped_because": "",
    "collected": [],
    "ended": [],
    "environment": {"mode": "simulated", "regions": "us-east-1, eu-west-1", "table": "demo", "seed": "7",
                    "faults": "none", "moto": "5.2.5"},
}  # fmt: skip


def run_of(*results: Result, **known: Any) -> Run:
    return Run(Path("results"), "simulated", {**KNOWN, **known}, results, (), known.get("missing", ()), "simulated")


def timing(*delays: float | None) -> Result:
    return result({**timed(*delays), "node_id": SIDE_BY_SIDE})


def text(run: Run, *, addresses: Any = None, past: Any = (), mutants: Any = None) -> str:
    html = first_page([run], addresses or {}, {run.label: past}, mutants or {})
    body = html[html.index("<body") :]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<style>.*?</style>", "", body))))


def with_environment(**values: str) -> dict[str, str]:
    known: Any = KNOWN["environment"]
    return {**known, **values}


def test_a_run_in_which_all_passed_holds() -> None:
    shown = text(run_of(result(conflict())))
    assert "✔ Everything that was tested holds: 1 of 1 scenarios passed, none failed." in shown


def test_what_was_tested_comes_before_everything_else() -> None:
    shown = text(run_of(result(conflict())))
    assert shown.index("SIMULATED A simulator of global tables was tested") < shown.index(
        "Everything that was tested holds"
    )


def test_a_part_is_counted_against_the_same_claims_as_the_whole() -> None:
    asserting = [claim for claim in page_map().claims if claim.kind in (Kind.EXPECTATION, Kind.NUMBER)]
    testable = sum(not claim.untestable for claim in asserting)
    assert f" of {testable} claims of the page hold" in claims_sentence(run_of(result(conflict())))


def test_the_headline_claims_no_more_than_was_shown() -> None:
    simulated, aws = run_of(result(conflict())), replace(run_of(result(conflict())), mode="live")
    other = replace(aws, known={**KNOWN, "environment": with_environment(target="127.0.0.1:8777, which is not AWS")})
    assert claims_sentence(simulated).startswith("Simulated: proves nothing about AWS yet. ")
    assert claims_sentence(aws).startswith("Shown on AWS. ")
    assert claims_sentence(other).startswith("Not AWS (127.0.0.1:8777, which is not AWS): proves nothing")
    assert "NOT AWS Another endpoint answered: 127.0.0.1:8777" in text(other)


def test_the_badge_stands_at_each_table_of_delays() -> None:
    assert "How long replication took SIMULATED" in text(run_of(timing(0.6, 1.4)))


def test_settings_and_versions_are_told() -> None:
    shown = text(run_of(result(conflict())))
    for words in (
        "us-east-1 (N. Virginia), eu-west-1 (Ireland)",
        "demo",
        "seed 7",
        "moto 5.2.5",
        "2026-11-25 13:44:57",
    ):
        assert words in shown


def test_the_winner_is_told_with_the_reason_and_a_link() -> None:
    addresses = {f"simulated/{IDENTITY.node_id}": "allure/index.html#there"}
    html = first_page([run_of(result(conflict()))], addresses, {}, {})
    assert f'<a href="allure/index.html#there">{NAME}</a>' in html
    assert "The update of partner B (eu-west-1) won: it was written last" in html


def test_other_conflicts_are_rows_by_their_rule() -> None:
    others = [result({**conflict(), "rule": "Both are whole"}) for _ in range(3)]
    shown = text(run_of(result(conflict()), *others))
    assert "Both are whole 3 of 3 as expected: the later write was kept, whole, in every region" in shown


def test_a_line_of_the_page_has_its_mark_and_its_scenarios() -> None:
    record = {**conflict(), "tags": ["exercise_3", "claim:E3.3"]}
    shown = text(run_of(result(record)))
    assert f"After 2-3 minutes: {NAME}" in shown


def test_what_aws_contradicts_is_told_with_what_to_write_instead() -> None:
    shown = text(run_of(result(conflict())))
    assert "What the page should say instead" in shown
    assert "AWS says otherwise" in shown


def test_a_failure_is_told_in_plain_words_and_once() -> None:
    run = run_of(result(conflict(winner=A), "failed", "USER#ada: wrong: ..."))
    shown = text(run)
    assert "✘ 1 of 1 scenarios did not pass (1 wrong verdict); 0 passed." in shown
    wrong = shown[shown.index("What went wrong") :].partition("How long")[0]
    assert wrong.count("the update of partner A (us-east-1) won: yet the update of partner B was written later") == 1


def test_a_red_page_looks_red() -> None:
    red = first_page([run_of(result(conflict(winner=A), "failed", "wrong"))], {}, {}, {})
    green = first_page([run_of(result(conflict()))], {}, {}, {})
    assert '<section class="answer bad"' in red
    assert '<section class="answer good"' in green


def test_a_run_that_is_not_complete_gets_no_verdict() -> None:
    run = run_of(result(conflict()), stopped_because="it was interrupted")
    assert "THIS RUN IS NOT COMPLETE: the run did not come to its end: it was interrupted." in text(run)
    assert "? No verdict, for this run is not complete" in text(run)
    assert "holds" not in verdict(run)


def test_a_fault_that_was_switched_on_is_told() -> None:
    run = run_of(result(conflict()), environment=with_environment(faults="first-writer-wins"))
    assert "broken on purpose (--fault): first-writer-wins" in text(run)


def test_delays_are_those_of_exercise_5() -> None:
    [summary] = delays(run_of(timing(0.6, 1.4), result(timed(50.0))))
    assert (summary.source, summary.destination, summary.count, summary.slowest) == (US, EU, 2, 1.4)


def test_delays_are_told_with_what_did_not_arrive() -> None:
    shown = text(run_of(timing(0.6, 1.4, None)))
    for words in ("did not arrive in time (censored) 1", "slowest more than 3.00 s", "average not known"):
        assert words in shown


def test_p99_is_told_from_a_hundred_probes_on() -> None:
    assert "(p99)" not in text(run_of(timing(*[0.6] * 99)))
    assert "(p99)" in text(run_of(timing(*[0.6] * 100)))


def test_metrics_leave_out_what_is_not_known() -> None:
    keys = {metric["key"].rpartition(".")[2]: metric["value"] for metric in metrics(run_of(timing(0.6, 1.4, None)))}
    assert keys == {"fastest": 0.6, "p50": 1.4}


def test_what_the_suite_would_notice_is_told() -> None:
    mutants = {"mutants": [
        {"name": "x", "says": "A write is lost", "area": "replication", "status": "killed", "reason": "",
         "killed_by": [{"scenario": "Ireland", "message": "no item"}]},
        {"name": "y", "says": "A read is slow", "area": "reads", "status": "survived", "reason": "", "killed_by": []},
        {"name": "z", "says": "No change", "area": "reads", "status": "equivalent", "reason": "same", "killed_by": []},
    ], "healthy_seeds": {"runs": 20, "red": 0}}  # fmt: skip
    shown = text(run_of(result(conflict())), mutants=mutants)
    assert "1 of 2 kinds of damage turn a scenario red. Of 20 runs on a healthy table 0 were red." in shown
    assert "✔ noticed A write is lost by Ireland" in shown


def test_what_a_run_has_cost_is_told_if_it_is_known() -> None:
    assert "What this run has cost" not in text(run_of(result(conflict())))
    told = with_environment(cost="us-east-1: 3 requests; $0.00001 at list price")
    shown = text(run_of(result(conflict()), environment=told))
    assert "What this run has cost us-east-1: 3 requests $0.00001 at list price" in shown
    assert shown.count("3 requests") == 1


@pytest.mark.parametrize(
    "run",
    [
        run_of(result(conflict()), timing(0.6, 1.4), result(timed(None, None))),
        run_of(result(conflict(winner=A), "failed", "AssertionError: no"), finished=None, stopped_because="killed"),
    ],
    ids=["passed", "failed and killed"],
)
def test_results_json_keeps_to_its_schema(run: Run, tmp_path: Path) -> None:
    write_results([run], tmp_path / "results.json")
    values = json.loads((tmp_path / "results.json").read_text())
    jsonschema.validate(values, json.loads(SCHEMA.read_text()))


def test_the_schema_refuses_what_is_not_so() -> None:
    values = {"schema_version": 1, "runs": [{**run_values(run_of(result(conflict()))), "complete": "yes"}]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, json.loads(SCHEMA.read_text()))


def test_results_json_tells_winner_reason_delays_durations_and_claims() -> None:
    [scenario] = run_values(run_of(result(conflict())))["scenarios"]
    assert scenario["id"] == IDENTITY.node_id
    assert scenario["winner"] == "the update of partner B"
    assert scenario["why"].startswith("it was written last")
    assert scenario["durations"]["real_seconds"] == 2.0
    assert "E3.5" in scenario["claims"]


def test_the_summary_for_a_ci_job_has_verdict_delays_and_winners() -> None:
    told = "\n".join(summary(run_of(result(conflict()), timing(0.6, 1.4))))
    assert told.startswith("## ✔ Global tables, simulated: Everything that was tested holds")
    assert "| slowest | 1.40 s |" in told
    assert "How long replication took (Simulated: proves nothing about AWS yet.)" in told
    assert "| ✔ the update of partner B (eu-west-1) won: it was written last" in told


def test_the_summary_is_appended_to_the_page_of_the_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = tmp_path / "job.md"
    job.write_text("before\n")
    monkeypatch.setenv(JOB_SUMMARY, str(job))
    write_summary([run_of(result(conflict()))], tmp_path / "summary.md")
    assert job.read_text() == "before\n" + (tmp_path / "summary.md").read_text()


def test_markup_in_names_stays_text() -> None:
    record = {**conflict(), "scenario": "<second> | wins"}
    assert any("&lt;second> \\| wins" in line for line in summary(run_of(result(record))))


def test_a_run_in_which_nothing_was_tested_does_not_hold() -> None:
    shown = text(run_of(result(conflict(), "skipped")))
    assert "? No verdict, for nothing was tested: none of 1 scenarios passed, 1 skipped." in shown


def test_markup_in_names_stays_text_in_the_page() -> None:
    record = {**conflict(), "scenario": "<script>alert(1)</script>"}
    assert "<script>" not in first_page([run_of(result(record))], {}, {}, {})
