"""A scenario that speaks of two regions turns red when nothing travels between them."""

from pathlib import Path

import pytest

from support.tests.suite_runs import run_features

pytestmark = pytest.mark.slow

DESCRIBES = "describes the table: no item travels"
CUTS = "is about a link that is cut"
PASSES = {
    "The category query in Ireland finds the EU products": "asks the region that the products are created in",
    "An item that does not appear is counted as not arrived, and no average is claimed": CUTS,
    "The table is active in both regions": DESCRIBES,
    "Each region lists the other as an active replica": DESCRIBES,
    "Both replicas are built alike": DESCRIBES,
    "Both regions have a stream, which replication reads": DESCRIBES,
    'No datapoint means "not available", never 0': "is about a table without traffic",
}
"""The scenarios that may pass without replication, and why."""

PASSES_AFTER_ITS_ACTION = {
    "An item that does not appear is counted as not arrived, and no average is claimed": CUTS,
    "Region correct: a region that replication does not reach does not have the change": CUTS,
    "In one region a condition on the version refuses to overwrite": "is about one region",
}
"""The same where the links are cut only before the scenario's own first action, and that action writes."""


@pytest.mark.parametrize(("cut", "passes"), [("start", PASSES), ("action", PASSES_AFTER_ITS_ACTION)])
def test_only_scenarios_with_a_reason_pass_when_nothing_travels(
    cut: str, passes: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTHING_TRAVELS", cut)
    few = ("--probes", "1", "--load-minutes", "0.5", "--replication-timeout", "5", "--polling", "0.5")
    run = run_features(tmp_path, "-p", "support.tests.suite.nothing_travels", *few)
    assert {name for name, each in run.outcomes.items() if each.status == "passed"} == set(passes)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--load-minutes", "0.001"], "no client wrote anything in eu-west-1 or us-east-1; choose a higher"),
        (["--load-minutes", "0.005", "--load-pace", "50"], "no link was cut; choose a higher --load-minutes"),
    ],
)
def test_a_random_load_that_did_nothing_is_no_pass(tmp_path: Path, options: list[str], says: str) -> None:
    run = run_features(tmp_path, "-m", "workload", *options)
    assert any(says in each.message for each in run.red.values())
