"""The summary above everything else, in the page and for a CI job, and the file for the next tool."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from support.reporting.report.figures import delays, verdict
from support.reporting.report.first_page import first_page
from support.reporting.report.html import CELL
from support.reporting.report.markdown import JOB_SUMMARY, summary, write_summary
from support.reporting.report.metrics import metrics
from support.reporting.report.results import Result, Run
from support.reporting.report.results_json import run_values, write_results
from support.reporting.report.trend import earlier_runs, is_worth_keeping, trend
from support.tests.reporting.records import IDENTITY, NAME, A, conflict, result, timed
from support.tests.verdicts.histories import EU, US

SCHEMA = Path(__file__).parents[3] / "reports" / "results.schema.json"
SIDE_BY_SIDE = "features/exercise_5_replication_timing.feature::Both directions are timed side by side"
HAS_NOT_WON = {"failed_step": {"index": 5, "type": "then", "text": "the update of partner B has won"}}
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
    return Run(Path("results"), "simulated", {**KNOWN, **known}, results, (), known.get("missing", ()))


def timing(*delays: float | None) -> Result:
    return result({**timed(*delays), "node_id": SIDE_BY_SIDE})


def text(run: Run, links: dict[str, str] | None = None, earlier: Any = ()) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", first_page(run, links or {}, earlier))))


def test_a_run_in_which_all_passed_holds() -> None:
    assert "✔ Everything that was tested holds: 1 of 1 scenarios passed, none failed." in text(
        run_of(result(conflict()))
    )


def test_what_was_tested_with_what_is_told() -> None:
    shown = text(run_of(result(conflict())))
    for words in (
        "us-east-1 (N. Virginia), eu-west-1 (Ireland)",
        "demo",
        "seed 7",
        "moto 5.2.5",
        "2026-11-25 13:44:57",
    ):
        assert words in shown


def test_conflicts_are_told_with_winner_reason_and_a_link() -> None:
    html = first_page(run_of(result(conflict())), {IDENTITY.node_id: "#there"}, ())
    assert f'href="#there">{NAME}</a>' in html
    assert "the update of partner B (eu-west-1) won: it was written last" in html


def test_claims_that_aws_contradicts_are_told_with_their_source() -> None:
    shown = text(run_of(result(conflict())))
    assert "Understand why: Later timestamp wins\u201d ✘ contradicted by AWS documentation" in shown
    assert "bp-global-table-design.html" in shown


def test_a_claim_whose_scenario_failed_is_told() -> None:
    failed = result({**conflict(winner=A), **HAS_NOT_WON}, "failed", "AssertionError: no")
    assert "Expected outcome: EU update wins\u201d ✘ fails" in text(run_of(failed))


def test_a_failure_is_told_in_plain_words() -> None:
    message = "support.verdicts.convergence.DivergenceError: USER#ada: wrong: ..."
    run = run_of(result(conflict(winner=A), "failed", message))
    shown = text(run)
    assert "✘ 1 of 1 scenarios did not pass (1 wrong verdict); 0 passed." in shown
    assert "the update of partner A (us-east-1) won: yet the update of partner B was written later" in shown
    assert "DivergenceError" not in shown


def test_a_run_that_is_not_complete_gets_no_verdict() -> None:
    run = run_of(result(conflict()), stopped_because="it was interrupted")
    assert "THIS RUN IS NOT COMPLETE: the run did not come to its end: it was interrupted." in text(run)
    assert "? No verdict, for this run is not complete" in text(run)
    assert "holds" not in verdict(run)


def test_a_fault_that_was_switched_on_is_told() -> None:
    environment = {**KNOWN["environment"], "faults": "first-writer-wins"}  # type: ignore[dict-item]
    assert "broken on purpose (--fault): first-writer-wins" in text(run_of(result(conflict()), environment=environment))


def test_delays_are_those_of_exercise_5() -> None:
    [summary] = delays(run_of(timing(0.6, 1.4), result(timed(50.0))))
    assert (summary.source, summary.destination, summary.count, summary.slowest) == (US, EU, 2, 1.4)


def test_delays_are_told_with_what_is_censored() -> None:
    shown = text(run_of(timing(0.6, 1.4, None)))
    assert "us-east-1 to eu-west-1 3 1 0.60 s > 3.00 s not known 1.40 s" in shown


def test_metrics_leave_out_what_is_not_known() -> None:
    keys = {metric["key"].rpartition(".")[2]: metric["value"] for metric in metrics(run_of(timing(0.6, 1.4, None)))}
    assert keys == {"fastest": 0.6, "p50": 1.4}


def entry(start: int, **values: float) -> dict[str, Any]:
    return {
        "testResults": {"x": {"start": start}},
        "metrics": {f"delay.{US}-to-{EU}.{k}": v for k, v in values.items()},
    }


def test_the_last_runs_are_shown_before_this_one() -> None:
    earlier = [entry(1, p50=0.7), entry(2, p50=0.8)]
    values = dict(trend(run_of(timing(0.6, 1.4)), earlier))
    assert values[f"p50 (half of them), {US} to {EU}"] == [0.7, 0.8, 0.6]
    assert "2 runs ago last run this run" in text(run_of(timing(0.6, 1.4)), earlier=earlier)


def test_a_page_that_is_made_again_does_not_count_its_run_twice(tmp_path: Path) -> None:
    history = tmp_path / "history.jsonl"
    history.write_text("".join(json.dumps(entry(start)) + "\n" for start in (999, 1000)))
    assert earlier_runs(history, [run_of(result(conflict()))]) == [entry(999)]


def test_trends_follow_whole_runs_of_a_healthy_table_only() -> None:
    environment = {**KNOWN["environment"], "faults": "extra-lag=3"}  # type: ignore[dict-item]
    assert is_worth_keeping(run_of(result(conflict())))
    assert not is_worth_keeping(run_of(result(conflict()), environment=environment))
    assert not is_worth_keeping(run_of(result(conflict()), finished=None))


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
    assert "| us-east-1 to eu-west-1 | 2 | 0 | 0.60 s | 1.40 s |" in told
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


def test_a_live_run_names_the_target_that_answered() -> None:
    environment = {**KNOWN["environment"], "target": "127.0.0.1:8777, which is not AWS"}  # type: ignore[dict-item]
    shown = text(run_of(result(conflict()), environment=environment))
    assert "target 127.0.0.1:8777, which is not AWS regions" in shown
    assert shown.count("127.0.0.1") == 1


def test_a_claim_that_fails_comes_first_with_the_scenarios_that_refute_it() -> None:
    html = first_page(
        run_of(result({**conflict(winner=A), **HAS_NOT_WON}, "failed", "no")), {IDENTITY.node_id: "#there"}, ()
    )
    rows = html[html.index("does not bear out") :]
    assert rows.index("✘ fails") < rows.index("✘ contradicted by AWS")
    assert f'<td style="{CELL}"><a style="color:inherit" href="#there">{NAME}</a></td>' in rows
