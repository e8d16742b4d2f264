"""Every fault of the simulator turns the scenarios red that should catch it, and no scenario passes come what may.

A suite is judged by its misses: a check that nothing can turn red proves nothing. That a healthy table turns nothing
red is what the run of the features beside these tests shows.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from support.simulator import SWITCHES
from support.tests.suite_runs import Run, run_features

pytestmark = pytest.mark.slow

LATE = "not yet after"
WRONG = "went back to an older version"
STRANGER = "shows an image that no write left"

CONFLICTS = (
    "eu-west-1 writes before the update from us-east-1 has arrived, and wins",
    "us-east-1 writes before the update from eu-west-1 has arrived, and wins",
    "Updates of different attributes are not merged: eu-west-1 wins",
    "Updates of different attributes are not merged: us-east-1 wins",
    "A delete that is written last removes the order everywhere",
    "An update that is written last brings the order back everywhere",
    "eu-west-1 writes while replication is cut, and wins when it heals",
    "us-east-1 writes while replication is cut, and wins when it heals",
)
TIMINGS = (
    "Replication from us-east-1 to eu-west-1 is usually faster than 2 seconds",
    "Both directions are timed side by side",
)
MEETINGS = (
    "The later of the two is kept whole, and the other one has to be done again: eu-west-1 wins",
    "The later of the two is kept whole, and the other one has to be done again: us-east-1 wins",
)
ORDERS = (
    "The order goes from region to region, and fulfilment reads it from the nearest one",
    "A payment that comes before the order is refused, and succeeds after it has arrived",
)
CONNECTIVITY = "An item that is written in us-east-1 is readable in eu-west-1 within 30 seconds, and so is its deletion"


@dataclass(frozen=True)
class Catch:
    """Scenarios that a fault turns red, and words in their message that name the cause."""

    scenarios: tuple[str, ...]
    says: str


CATCHES = {
    "cut-link": (
        Catch(("The global user is found in Ireland within 60 seconds", "All attributes match exactly"), LATE),
        Catch(("Ireland writes five seconds after Virginia, so Ireland wins",), "pending from us-east-1 to eu-west-1"),
        Catch(("The status query in eu-west-1 finds the orders of both regions",), "is missing"),
        Catch(TIMINGS, "items did not appear"),
    ),
    "extra-lag": (
        Catch(("If replication is immediate, the first query finds the user",), "there is no item"),
        Catch(TIMINGS, "half of the items from us-east-1 to eu-west-1 took"),
        Catch(
            ("Each delay is a bracket that holds the true delay",),
            "the delay from us-east-1 to eu-west-1 should be 2 s, and was between",
        ),
        Catch(("Whenever the app reads, it shows one whole login",), "which was never shown in"),
        Catch((CONNECTIVITY,), "not yet after 30.0 s"),
    ),
    "lost-write": (
        Catch(("The product is found in N. Virginia within 60 seconds",), "no change is pending"),
        Catch(("Both directions work at the same time", "The product is an exact copy from the EU"), LATE),
        Catch(CONFLICTS, LATE),
        Catch(("Many pending orders come in pages, each order once",), "is missing"),
        Catch(("The category query in N. Virginia finds the same products",), "is missing"),
    ),
    "first-writer-wins": (Catch((*CONFLICTS, *MEETINGS), WRONG),),
    "merged-attributes": (
        Catch((*CONFLICTS[2:4], *MEETINGS), STRANGER),
        Catch(("Of two writes at the same moment either may win, in both regions the same one",), STRANGER),
    ),
    "keeps-own-version": (
        Catch(("Virginia writes last, so Virginia wins",), "eu-west-1 shows what the update of partner B left"),
        Catch((CONFLICTS[1], CONFLICTS[3], CONFLICTS[7], *MEETINGS), LATE),
        Catch(ORDERS, "eu-west-1 shows what the put of the customer left"),
    ),
    "index-not-updated": (
        Catch(("An order that leaves pending in us-east-1 leaves the index in eu-west-1",), "is missing"),
        Catch(("The status query in eu-west-1 finds the orders of both regions",), "is missing"),
    ),
    "attribute-rewritten": (
        Catch(("All attributes match exactly",), 'region_created is "eu-west-1" instead of "us-east-1"'),
        Catch(("The product is an exact copy from the EU",), 'region_created is "us-east-1" instead of "eu-west-1"'),
    ),
    "throttling": (),
    "errors": (Catch(("The SystemErrors of every operation are 0",), "SystemErrors should be 0"),),
    "connection-resets": (),
    "lost-answers": (),
    "slow-answers": (Catch(TIMINGS, "took"),),
    "clock-skew": (Catch((CONFLICTS[0], CONFLICTS[2], CONFLICTS[4], CONFLICTS[5], CONFLICTS[6]), WRONG),),
}
"""What each fault is caught by. Throttling, errors, broken connections and lost answers are tried again: they are no
verdict on replication."""

NO_VERDICT = ("throttling", "errors", "connection-resets", "lost-answers")

WHERE = {
    "cut-link": "exercise_1 or exercise_3 or exercise_4 or exercise_5",
    "extra-lag": "exercise_1 or exercise_5 or scenario_1 or health",
    "first-writer-wins": "exercise_3 or scenario_3",
    "merged-attributes": "exercise_3 or scenario_3",
    "keeps-own-version": "exercise_3 or scenario_3",
    "index-not-updated": "exercise_4",
    "attribute-rewritten": "exercise_1 or exercise_2",
    "slow-answers": "exercise_5",
    "clock-skew": "exercise_3",
    **dict.fromkeys(NO_VERDICT, "exercise_3 or scenario_2 or monitoring"),
}
"""The features in which a fault's scenarios are. Of faults that are no verdict, some that make many calls: all of them
at once are tried on all features. Of all others, all features are run."""

SHORT = ("--probes", "2", "--load-minutes", "0.5")
"""Fewer of what a scenario does many times: neither a fault nor a healthy table is told by the number."""

LOOKS = ("--polling", "0.25")
"""Fewer looks, too: nearly all that a scenario asks for is whether something has arrived."""

NEVER_ARRIVES = ("cut-link", "lost-write")
"""What no waiting helps against: the runs wait less, and look less often."""

SURVIVE_LOST_WRITES = {
    "The category query in Ireland finds the EU products": "asks the region that it wrote to: see the broken indexes",
    "An item that does not appear is counted as not arrived, and no average is claimed": "cuts the link itself",
    'No datapoint means "not available", never 0': "is about a table that nobody writes to: see test_monitoring",
    "The table is active in both regions": "describes the table: see test_preflight",
    "Each region lists the other as an active replica": "describes the table: see test_preflight",
    "Both replicas are built alike": "describes the table: see test_preflight",
    "Both regions have a stream, which replication reads": "describes the table: see test_preflight",
}
"""The only scenarios that replication may fail without their noticing, and where it is shown that they can fail."""


@pytest.mark.parametrize("fault", SWITCHES)
def test_fault_turns_its_scenarios_red_with_a_message_that_names_the_cause(fault: str, tmp_path: Path) -> None:
    where = ["-m", WHERE[fault]] if fault in WHERE else []
    where += ["--replication-timeout", "5", "--polling", "0.5"] if fault in NEVER_ARRIVES else LOOKS
    run = run_features(tmp_path, "--fault", fault, *SHORT, *where)
    for catch in CATCHES[fault]:
        for scenario in catch.scenarios:
            assert scenario in run.red, f"{fault}: {scenario!r} still passes"
            assert catch.says in run.red[scenario].message, run.red[scenario].message
    if fault == "lost-write":
        assert set(run.outcomes) - set(run.red) == set(SURVIVE_LOST_WRITES)
    if fault in NO_VERDICT:
        assert failed(run) == named_by(fault)


ALL_ITS_TROUBLES = [part for fault in NO_VERDICT for part in ("--fault", fault)]


def test_a_network_with_all_its_troubles_at_once_accuses_no_table(tmp_path: Path) -> None:
    run = run_features(tmp_path, *ALL_ITS_TROUBLES, *SHORT, *LOOKS)
    assert failed(run) == named_by("errors")
    assert len(run.outcomes) > 2 * len(run.red), "most scenarios came to no verdict"


@pytest.mark.parametrize(
    ("seed", "scenario"),
    [
        ("1", "An update that is written last brings the order back everywhere"),
        ("4", "Wait longer: up to 2 minutes are possible"),
        ("18", "Ireland writes five seconds after Virginia, so Ireland wins"),
        ("21", "Of two writes a millisecond apart one wins, in both regions the same one"),
    ],
)
def test_calls_that_are_tried_again_lead_to_no_verdict(seed: str, scenario: str, tmp_path: Path) -> None:
    """With this seed they once did."""
    run = run_features(tmp_path, *ALL_ITS_TROUBLES, "--seed", seed, "-k", scenario.partition(":")[0], *SHORT)
    assert run.red[scenario].status == "broken"


def named_by(fault: str) -> set[str]:
    return {name for catch in CATCHES[fault] for name in catch.scenarios}


def failed(run: Run) -> set[str]:
    return {name for name, outcome in run.red.items() if outcome.status == "failed"}
