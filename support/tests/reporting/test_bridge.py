"""What a reader of the Allure report sees of scenarios that pass, fail, break and never start."""

from pathlib import Path

import pytest

from support.tests.reporting.project import run, write_project
from support.tests.reporting.project_results import Results, values


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def results(project: Path) -> Results:
    links = "--allure-link-pattern=issue:https://tracker.test/{}"
    run(project, "--alluredir=first", "-n1", links, PYTHONHASHSEED="1")  # a worker has an interpreter of its own
    return Results(project / "first")


def test_an_outline_is_titled_with_the_values_of_its_row(results: Results) -> None:
    assert results.test("Orders of eu")["steps"][-1]["name"] == "Then eu has 1 orders"
    assert results.test("Orders of us")["steps"][-1]["name"] == "Then us has 2 orders"


def test_the_values_of_a_row_are_parameters_without_quotes(results: Results) -> None:
    assert values(results.test("Orders of us")) == {"region": "us", "count": "2"}


def test_a_scenario_that_is_no_outline_has_no_parameters(results: Results) -> None:
    assert values(results.test("Ireland writes later")) == {}


def test_the_description_is_the_text_of_the_feature_file_and_the_place_in_it(results: Results) -> None:
    assert results.test("Ireland writes later")["description"].split("\n\n") == [
        "Two partners change one order.",
        "The other one is dropped whole.",
        "The example of the page.",
        "`stories/conflicts.feature:21`",
    ]


def test_the_feature_and_the_rule_group_the_scenarios(results: Results) -> None:
    assert results.labels("Ireland writes later", "feature") == ["Exercise 3: conflict resolution"]
    assert results.labels("Ireland writes later", "story") == ["The last update wins"]


def test_an_outline_outside_of_a_rule_groups_its_rows(results: Results) -> None:
    assert results.labels("Orders of eu", "story") == ["Orders of <region>"]


def test_tags_become_labels(results: Results) -> None:
    assert results.labels("Ireland writes later", "epic") == ["Conflict resolution"]
    assert results.labels("Ireland writes later", "owner") == ["qa team"]
    assert results.labels("Ireland writes later", "tag") == ["conflict"]


def test_the_severity_of_a_scenario_goes_before_that_of_its_feature(results: Results) -> None:
    assert results.labels("Ireland writes later", "severity") == ["critical"]
    assert results.labels("Orders of eu", "severity") == ["minor"]


def test_a_claim_links_to_the_section_of_the_published_page(results: Results) -> None:
    page = results.test("Ireland writes later")["links"][0]
    assert page["name"].startswith("Exercise 3, Step 2")
    assert page["url"].endswith("/3.3-multi-region-operations/#step-2-simultaneous-updates-advanced")


def test_an_issue_tag_links_to_the_tracker_that_the_command_line_names(results: Results) -> None:
    issue = results.test("Ireland writes later")["links"][-1]
    assert issue == {"type": "issue", "url": "https://tracker.test/GT-1", "name": "GT-1"}


def test_every_test_says_in_which_mode_it_ran(results: Results) -> None:
    for test in results.tests:
        assert {"name": "mode", "value": "simulated"} in test["labels"], test["name"]


def test_steps_carry_their_keywords_and_those_of_the_background_come_first(results: Results) -> None:
    assert results.steps("Ireland writes later") == [
        ("Given an order", "passed"),
        ("When the partners update it:", "passed"),
        ("And the order is", "passed"),
        ("And somebody notes", "passed"),
        ("Then partner B has won", "passed"),
        ("And it passes", "passed"),
    ]


def test_steps_take_time(results: Results) -> None:
    for step in results.test("Ireland writes later")["steps"]:
        assert 0 < step["start"] <= step["stop"]


def test_a_data_table_is_attached_as_csv(results: Results) -> None:
    step = results.step("Ireland writes later", "When the partners update it:")
    assert results.attachment(step) == ("Data table", "text/csv", "partner,at\nA,15:40:00\n")


def test_a_doc_string_of_json_is_attached_as_json(results: Results) -> None:
    step = results.step("Ireland writes later", "And the order is")
    assert results.attachment(step) == ("Doc string", "application/json", '{"total_amount": 200}')


def test_any_other_doc_string_is_attached_as_text(results: Results) -> None:
    step = results.step("Ireland writes later", "And somebody notes")
    assert results.attachment(step) == ("Doc string", "text/plain", "seen by hand")


def test_a_finding_is_shown_under_the_step_that_found_it(results: Results) -> None:
    [finding] = results.step("Ireland writes later", "Then partner B has won")["steps"]
    assert finding["name"] == "B won, because it wrote last"
    assert values(finding)["winner"] == "B"
    assert "steps" not in results.step("Ireland writes later", "And it passes")


def test_a_wrong_result_is_a_failed_step_and_later_steps_are_skipped(results: Results) -> None:
    assert results.test("Wrong")["status"] == "failed"
    assert results.steps("Wrong") == [
        ("Given an order", "passed"),
        ("Then it fails", "failed"),
        ("And it passes", "skipped"),
    ]


def test_the_failed_step_says_why(results: Results) -> None:
    assert "the regions differ" in results.step("Wrong", "Then it fails")["statusDetails"]["message"]


def test_a_message_begins_with_what_is_wrong_not_with_an_exception(results: Results) -> None:
    assert results.test("Wrong")["statusDetails"]["message"].startswith("the regions differ")
    assert results.test("Broken")["statusDetails"]["message"] == "no answer"


def test_the_kind_of_trouble_is_a_label(results: Results) -> None:
    assert results.labels("Wrong", "cause") == ["Wrong verdict"]
    assert results.labels("Broken", "cause") == ["Environment"]
    assert results.labels("Undefined", "cause") == ["Suite"]
    assert results.labels("Ireland writes later", "cause") == []


def test_what_the_feature_file_says_in_tables_and_json_stands_in_the_description(results: Results) -> None:
    html = results.test("Ireland writes later")["descriptionHtml"]
    for words in ("Two partners change one order.", "When the partners update it:", ">15:40:00</td>", "seen by hand"):
        assert words in html


def test_python_code_is_left_to_the_test_as_a_whole(results: Results) -> None:
    assert "trace" not in results.step("Wrong", "Then it fails")["statusDetails"]
    assert "trace" in results.test("Wrong")["statusDetails"]


def test_the_bridge_stays_out_of_tracebacks(results: Results) -> None:
    trace = results.test("No region")["statusDetails"]["trace"]
    assert "no such region" in trace
    assert "allure_bridge" not in trace


def test_a_failed_step_shows_its_findings_and_those_made_about_the_failure(results: Results) -> None:
    nested = [step["name"] for step in results.step("Wrong", "Then it fails")["steps"]]
    assert nested == ["looked at eu-west-1", "Nobody won", "cause: replica missing"]


def test_trouble_around_the_product_is_broken_not_failed(results: Results) -> None:
    assert results.test("Broken")["status"] == "broken"
    assert results.steps("Broken") == [("Then it breaks", "broken"), ("And it passes", "skipped")]


def test_an_undefined_step_is_broken(results: Results) -> None:
    assert results.test("Undefined")["status"] == "broken"
    assert results.steps("Undefined") == [
        ("Given an order", "passed"),
        ("When nobody knows what", "broken"),
        ("Then it passes", "skipped"),
    ]


def test_a_step_that_skips_the_scenario_keeps_its_findings(results: Results) -> None:
    assert results.test("Given up")["status"] == "skipped"
    assert results.steps("Given up") == [("Then it is given up", "skipped"), ("And it passes", "skipped")]
    [finding] = results.step("Given up", "Then it is given up")["steps"]
    assert finding["name"] == "Not worth it"


def test_a_scenario_skipped_by_a_tag_is_still_described_with_all_its_steps(results: Results) -> None:
    assert results.test("Not for this target")["status"] == "skipped"
    assert results.steps("Not for this target") == [
        ("When the partners update it:", "skipped"),
        ("Then it passes", "skipped"),
    ]
    step = results.step("Not for this target", "When the partners update it:")
    assert results.attachment(step)[2] == "partner\nA\n"


def test_an_expected_failure_shows_where_it_failed(results: Results) -> None:
    assert results.test("Known to be wrong")["status"] == "skipped"
    assert results.steps("Known to be wrong") == [("Then it fails", "failed"), ("And it passes", "skipped")]


def test_a_failing_fixture_breaks_the_scenario_and_is_shown(results: Results) -> None:
    assert results.test("No region")["status"] == "broken"
    assert results.steps("No region") == [("Given an order", "skipped"), ("Then it passes", "skipped")]
    assert results.fixtures("No region", "befores") == ["region"]


def test_threads_report_to_the_step_that_started_them(results: Results) -> None:
    for name in "first", "second":
        probes = results.step("Threads", f"{'When' if name == 'first' else 'And'} the {name} probes side by side")
        assert [step["name"] for step in probes["steps"]] == [f"probe of the {name}"] * 3
        assert [len(step["attachments"]) for step in probes["steps"]] == [1, 1, 1]


def test_set_up_and_tear_down_show_no_fixtures_that_succeed(results: Results) -> None:
    assert results.fixtures("Wrong", "befores") == []
    assert results.fixtures("Wrong", "afters") == []


def test_a_test_that_is_no_scenario_is_left_as_it_is(results: Results) -> None:
    assert "steps" not in results.test("test_plain")


@pytest.mark.slow
def test_a_test_is_recognized_in_another_run_in_other_processes(project: Path, results: Results) -> None:
    run(project, "--alluredir=second", "-n2", PYTHONHASHSEED="2")
    assert len(results.ids()) == 12
    assert Results(project / "second").ids() == results.ids()


def test_labels_select_scenarios_even_without_a_report(project: Path) -> None:
    printed = run(project, "--collect-only", "-q", "--allure-severities=critical")
    assert _collected(printed) == ["stories/conflicts.feature::Ireland writes later"]


def test_links_do_not_get_in_the_way_of_selecting_by_a_word(project: Path) -> None:
    printed = run(project, "--collect-only", "-q", "-k", "link or Broken")
    assert _collected(printed) == ["stories/mishaps.feature::Broken"]


def test_without_a_results_folder_there_is_no_bridge(pytester: pytest.Pytester) -> None:
    config = pytester.parseconfigure("-p", "support.reporting.plugin")
    assert not config.pluginmanager.hasplugin("allure_bridge")


def _collected(printed: str) -> list[str]:
    return [line for line in printed.splitlines() if "::" in line]
