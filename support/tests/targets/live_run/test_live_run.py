"""A live run from outside: against a port, with real HTTP and real time. What it refuses, writes, removes and tells."""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.clock import WallClock
from support.housekeeping.journal import FOLDER
from support.page.workshop import TABLE_NAME
from support.simulator import Lag
from support.tests.served import EU, US, Served, finished, served
from support.tests.suite_runs import Ran

pytestmark = pytest.mark.slow

EXERCISE_1 = "features/exercise_1_write_primary_read_replica.feature"
EXERCISE_5 = "features/exercise_5_replication_timing.feature"
ONE = f"{EXERCISE_1}::The global user is found in Ireland within 60 seconds"
FOREIGN = {"PK": {"S": "USER#global-user-ada"}, "SK": {"S": "PROFILE"}, "name": {"S": "somebody else's Ada"}}
SECONDS_TO_START = 120
SECONDS_TO_ARRIVE = 10


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    with served() as server:
        for region in (US, EU):
            server.client(region).put_item(TableName=TABLE_NAME, Item=FOREIGN)
        yield server


def untouched(server: Served) -> bool:
    """Whether both regions come to hold the foreign item, and nothing else.

    An item that was on its way when it was deleted still arrives, and goes when the delete arrives.
    """
    clock = WallClock()
    while clock.elapsed() < SECONDS_TO_ARRIVE:
        if server.items(US) == server.items(EU) == [FOREIGN]:
            return True
        clock.wait(0.1)
    return False


def sweep(server: Served, *options: str) -> Ran:
    return finished([sys.executable, "-m", "support.housekeeping", *options], server.environment, server.root)


def test_a_green_run_leaves_the_table_as_it_was(server: Served) -> None:
    ran = server.run(EXERCISE_1, "-rs")
    assert ran.code == 0, ran.lines
    assert ran.has("items removed from table demo-ecommerce-freetier")
    assert ran.has("simulated_only: AWS has no lag of a chosen length")
    assert untouched(server)


@pytest.mark.parametrize("more", [(), ("--preflight-only",)])
def test_an_unfit_target_ends_the_run_with_exit_code_4_before_anything_is_written(
    more: tuple[str, ...], server: Served
) -> None:
    ran = server.run(ONE, "--table-name", "orders", *more)
    assert (ran.code, len(ran.lines)) == (4, 3)
    assert "the target is not fit to be tested" in ran.lines[0]
    assert not (server.root / FOLDER).exists() or not any((server.root / FOLDER).iterdir())


def test_preflight_alone_runs_no_scenario(server: Served) -> None:
    ran = server.run(ONE, "--preflight-only")
    assert (ran.code, ran.has("passed"), ran.has("which is not AWS is fit to be tested")) == (0, False, True)


def test_a_journal_that_cannot_be_written_ends_the_run_before_anything_is_asked() -> None:
    with served() as server:
        (server.root / "reports").write_text("a file where the folder would be")
        ran = server.run(ONE)
        assert not server.requests
    assert (ran.code, len(ran.lines)) == (4, 1)
    assert "reports/journal: Not a directory" in ran.lines[0]


def test_kept_items_stay_until_the_sweep(server: Served) -> None:
    ran = server.run(ONE, "--keep-items")
    owner = ran.line("run: ").split()[1].rstrip(",")
    assert [item["PK"]["S"].startswith(f"USER#global-user-{owner}-") for item in server.items(EU)] == [False, True]
    assert sweep(server).has(f"1 items of run {owner}")
    assert server.run(ONE).has(f"1 items of run {owner}")
    assert sweep(server, "--delete").has(f"run {owner}: 1 items removed")
    assert untouched(server)


def test_after_a_kill_at_any_moment_the_sweep_removes_everything_and_nothing_else(server: Served) -> None:
    for items in (1, 15):
        running, clock = server.start(EXERCISE_5, "--probes", "10"), WallClock()
        while len(server.items(US)) < 1 + items:
            assert clock.elapsed() < SECONDS_TO_START, "the run has created nothing"
            clock.wait(0.05)
        running.kill()
        running.communicate()
        swept = sweep(server, "--delete")
        assert untouched(server), swept.lines


def test_evidence_is_put_down_by_a_green_run_and_what_is_recent_is_left_out(server: Served, tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    assert server.run(EXERCISE_1, "-n", "2", f"--evidence={path}").has("evidence: 3 scenarios put down")
    (place,) = json.loads(path.read_text())["places"]
    assert place["target"].endswith("which is not AWS")
    assert place["scenarios"][ONE]["delays"][0].startswith("us-east-1 to eu-west-1: replicated after ")
    options = (EXERCISE_1, f"--evidence={path}", "--stale-evidence=7", "-k", "not delayed")
    again = server.run(*options)
    assert (again.code, again.has("evidence: 3 left out: shown on 20")) == (5, True)
    assert again.has("for this run has tested nothing")
    with served() as other:
        elsewhere = other.run(*options)
    assert (elsewhere.code, elsewhere.has("3 passed")) == (0, True)
    assert elsewhere.has("evidence: what counts is of ")


def test_a_run_that_is_not_green_is_no_evidence(tmp_path: Path) -> None:
    path = tmp_path / "evidence.json"
    with served("attribute-rewritten") as broken:
        ran = broken.run(EXERCISE_1, f"--evidence={path}")
        assert ran.code == 1
        assert ran.has("is as it was, for this run is not green")
        assert not path.exists()
        assert broken.items(US) == broken.items(EU) == []


def test_metrics_that_cannot_be_read_skip_the_monitoring_with_that_reason() -> None:
    with served(refusing=("AccessDenied", "cloudwatch")) as server:
        ran = server.run("features/performance_monitoring.feature", "-rs")
    assert ran.code == 5  # nothing was tested
    assert ran.has("6 skipped")
    assert ran.has("preflight: monitoring scenarios are skipped: CloudWatch in us-east-1 ")
    assert ran.has("CloudWatch can't be read: CloudWatch in us-east-1 ")


def test_no_key_token_or_account_is_shown_even_when_everything_is_logged(server: Served, tmp_path: Path) -> None:
    secrets = {
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
        "AWS_SESSION_TOKEN": "IQoJb3JpZ2luX2VjEXAMPLETOKEN",
    }
    account = server.client(US).describe_table(TableName=TABLE_NAME)["Table"]["TableArn"].split(":")[4]
    told = Served(server.simulator, server.url, server.root, more=secrets)
    options = ["--log-level=DEBUG", "--log-cli-level=DEBUG", f"--alluredir={tmp_path}", "--expect-account", account]
    ran = told.run(ONE, *options)
    assert ran.code == 0, ran.lines
    files = "".join(path.read_text(errors="replace") for path in tmp_path.iterdir())
    shown = "\n".join(ran.lines) + files
    assert not [name for name, secret in {**secrets, "account": account}.items() if secret in shown]


def test_a_long_wait_is_told_in_a_log_now_and_then() -> None:
    with served(lag=Lag(median=0, extra=12)) as slow:
        ran, workers = slow.start(ONE), slow.start(ONE, "-n", "1")
        assert re.search(r"waiting for 1\d of 60 s: USER#.* eu-west-1 shows no item", ran.communicate(timeout=300)[0])
        assert "waiting for 1" in workers.communicate(timeout=300)[0]
