"""The table of claims in the terminal and in the report."""

import csv
import json
from pathlib import Path

import pytest

from support.page.claims import State
from support.page.page_map import page_map
from support.tests.suite_runs import pytest_run


@pytest.mark.slow
def test_terminal_and_report_have_the_table_from_all_workers_and_records_have_the_failed_step(tmp_path: Path) -> None:
    options = ("-m", "exercise_2", "--fault", "attribute-rewritten", "--claims", "-n1", "-q", f"--alluredir={tmp_path}")
    printed = pytest_run("features/", *options).lines
    [found] = tmp_path.glob("*-globals.json")
    [attachment] = json.loads(found.read_text())["attachments"]
    assert (attachment["name"], attachment["type"]) == ("Claims of the page, simulated", "text/csv")
    rows = {row["claim"]: row for row in csv.DictReader((tmp_path / attachment["source"]).read_text().splitlines())}
    assert list(rows) == [claim.id for claim in page_map().claims]
    expected = {"E2.1": State.FAILS, "E2.3": State.NOT_REACHED, "E1.8": State.NOT_RUN, "E3.4": State.CONTRADICTED}
    for claim, state in expected.items():
        assert rows[claim]["state"] == state
        [line] = [line for line in printed if line.startswith(f"{claim} ")]
        assert f"  {state}" in line
    assert rows["E2.1"]["how they went"] == "1 failed"
    assert rows["E2.1"]["scenarios"] == "The product is found in N. Virginia within 60 seconds"
    assert "https://docs.aws.amazon.com" in rows["E3.4"]["source or reason"]
    assert any("https://docs.aws.amazon.com" in line for line in printed)
    records = [json.loads(path.read_text()) for path in tmp_path.glob("*-scenario.json")]
    [copy] = [each for each in records if each["title"] == "The product is an exact copy from the EU"]
    assert copy["failed_step"] == {"index": 2, "type": "when", "text": "it has reached us-east-1 within 60 seconds"}
    assert "claim:E2.3" in copy["tags"]
