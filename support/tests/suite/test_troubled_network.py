"""A network that refuses, delays and loses answers accuses no table: scenarios come to their verdict or to none."""

from pathlib import Path

import pytest

from support.tests.suite_runs import Run, run_features

pytestmark = pytest.mark.slow

TROUBLES = [f"--fault={name}" for name in ("throttling", "errors", "connection-resets", "lost-answers")]
SHORT = ("--probes", "2", "--load-minutes", "0.5", "--polling", "0.25")
COUNTS_ERRORS = "The SystemErrors of every operation are 0"


def test_a_network_with_all_its_troubles_at_once_accuses_no_table(tmp_path: Path) -> None:
    run = run_features(tmp_path, *TROUBLES, "--seed", "18", *SHORT)
    assert failed(run) <= {COUNTS_ERRORS}
    assert len(run.outcomes) > 2 * len(run.red), "most scenarios came to no verdict"


def test_slow_answers_make_replication_late_and_nothing_else(tmp_path: Path) -> None:
    run = run_features(tmp_path, "--fault", "slow-answers", "-m", "exercise_5", *SHORT)
    assert failed(run) <= {
        "Replication from us-east-1 to eu-west-1 is usually faster than 2 seconds",
        "Both directions are timed side by side",
        "Each delay is a bracket that holds the true delay",
    }


def failed(run: Run) -> set[str]:
    return {name for name, outcome in run.red.items() if outcome.status == "failed"}
