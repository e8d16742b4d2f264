"""What is said of a history that breaks rules."""

import pytest

from support.verdicts.workload.anomalies import Anomaly, Rule, WorkloadVerdict

BACK = [Anomaly(Rule.NO_STEP_BACK, at, (1, 2, 3), f"at {at:g} s") for at in (4.0, 5.0, 6.0)]
LOST = Anomaly(Rule.OWN_WRITES, 7.0, (1, 2, 3, 4), "not there")


def test_a_history_without_anomalies_is_valid() -> None:
    assert WorkloadVerdict(1, 2, ()).valid
    assert not WorkloadVerdict(1, 2, (LOST,)).valid


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ((Rule.OWN_WRITES,), "a region did not show its own write: not there"),
        ((Rule.NO_STEP_BACK,), "a region showed an older version after a newer one: at 4 s (2 more like this)"),
        (tuple(Rule), "a region showed an older version after a newer one: at 4 s (3 more like this)"),
        ((Rule.DELETED,), ""),
    ],
)
def test_the_first_anomaly_against_a_rule_stands_for_all(rules: tuple[Rule, ...], sentence: str) -> None:
    assert WorkloadVerdict(1, 2, (*BACK, LOST)).against(*rules) == sentence
