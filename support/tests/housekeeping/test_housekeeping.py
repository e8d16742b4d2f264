"""Removing what a run has left: all of it, in every region, and nothing else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.experiments import RUN_TAG, TAG
from support.housekeeping.__main__ import main
from support.housekeeping.guard import ForeignKeyError, Owner
from support.housekeeping.journal import Journal, RunManifest, leftovers
from support.housekeeping.policy import policy
from support.housekeeping.sweep import remove, report, sweep
from support.page.workshop import TABLE_NAME
from support.settings import read_settings
from support.simulator.messages import Response
from support.tests.served import EU, US, Served, served, telling
from support.tests.worlds import open_world
from support.verdicts.health import identity
from support.verdicts.history import Key

pytestmark = pytest.mark.slow

OWNER = Owner("ada-3f9c1a")
OWN = [Key(f"USER#global-user-ada-3f9c1a-00aa{number:02}", "PROFILE") for number in range(10)]
GRACE = Key("USER#global-user-grace", "PROFILE")


def wire(key: Key) -> dict[str, dict[str, str]]:
    return {"PK": {"S": key.pk}, "SK": {"S": key.sk}}


class Table:
    """A simulated table, and callers of its regions."""

    def __init__(self, *faults: str) -> None:
        world = open_world(faults)
        self.clock, self.region = world.clock, world.table.region
        self.callers = {name: self.region(name).caller for name in world.table.regions}

    def put(self, region: str, key: Key) -> None:
        self.region(region).put({"PK": key.pk, "SK": key.sk})

    def left(self) -> dict[str, int]:
        """How many items each region shows after everything has arrived."""
        self.clock.wait(1000)
        return {region: caller.call("scan").answer["Count"] for region, caller in self.callers.items()}


def test_items_are_removed_from_every_region_even_those_that_are_still_on_their_way() -> None:
    table = Table()
    for number, key in enumerate(OWN[:-1]):  # the last one was noted, and never created
        table.put((US, EU)[number % 2], key)
        table.clock.wait(number % 3)
    table.put(US, GRACE)
    assert remove(OWNER, OWN, table.callers, table.clock) == {}
    assert table.left() == {US: 1, EU: 1}


def test_an_item_is_gone_when_no_region_shows_it_any_more() -> None:
    table = Table()
    table.put(US, OWN[0])
    table.clock.wait(10)
    table.callers[US].client.delete_item = lambda **_: {}  # the delete of the other region has to arrive
    assert remove(OWNER, OWN[:1], table.callers, table.clock) == {}
    assert table.region(US).unrecorded_get(OWN[0]) is None


def test_nothing_is_deleted_when_a_key_is_not_the_owner_s() -> None:
    table = Table()
    table.put(US, OWN[0])
    with pytest.raises(ForeignKeyError):
        remove(OWNER, [OWN[0], GRACE], table.callers, table.clock)
    assert table.left() == {US: 1, EU: 1}


def test_a_removal_that_takes_long_says_so() -> None:
    table, told = Table("throttling=1"), list[str]()
    assert len(remove(OWNER, OWN, table.callers, table.clock, tell=told.append)) == 10
    assert told
    assert all("10 items are still to be removed" in line and "Throughput" in line for line in told)


@pytest.fixture(scope="module")
def port() -> Iterator[Served]:
    with served() as server:
        yield server


@pytest.fixture
def reached(port: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The served table, where boto3's own configuration leads to."""
    for name, value in port.environment.items():
        monkeypatch.setenv(name, value)
    return port


def journal_of(server: Served, folder: Path, *keys: Key, table_id: str = "") -> Journal:
    """A journal of a run in the served table that has noted these keys."""
    ids = {
        region: table_id or identity(server.client(region).describe_table(TableName=TABLE_NAME)["Table"])
        for region in server.regions
    }
    journal = Journal(folder, RunManifest(OWNER.name, TABLE_NAME, ids, "2026-11-25"), "main")
    for key in keys:
        journal.note(key)
    return journal


def test_the_sweep_removes_what_a_journal_names_and_then_the_journal(reached: Served, tmp_path: Path) -> None:
    reached.client(US).put_item(TableName=TABLE_NAME, Item=wire(GRACE))
    reached.client(US).put_item(TableName=TABLE_NAME, Item=wire(OWN[0]))
    journal_of(reached, tmp_path, OWN[0]).close()
    (line,) = report(sweep(tmp_path))
    assert "run ada-3f9c1a: 1 items removed from table demo-ecommerce-freetier" in line
    assert [item["PK"]["S"] for item in reached.items(US)] == [GRACE.pk]
    assert list(tmp_path.iterdir()) == []


def test_the_sweep_leaves_a_run_alone_that_is_still_at_work(reached: Served, tmp_path: Path) -> None:
    journal = journal_of(reached, tmp_path, OWN[0])
    (swept,) = sweep(tmp_path)
    assert (swept.clean, swept.refused) == (False, "the run is still at work")
    journal.close()


@pytest.mark.parametrize(
    ("key", "table_id", "endpoint", "why"),
    [
        (OWN[0], "another", "", "is not the table that the run wrote to"),
        (GRACE, "", "", "is not an item of this run"),
        (OWN[0], "", "http://127.0.0.1:9", "cure: check the network"),
    ],
    ids=["another table of the same name", "an item of another participant", "no answer"],
)
def test_what_the_sweep_refuses_to_remove_stays_with_its_journal(
    key: Key, table_id: str, endpoint: str, why: str, reached: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached.client(US).put_item(TableName=TABLE_NAME, Item=wire(key))
    journal_of(reached, tmp_path, key, table_id=table_id).close()
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", endpoint or reached.url)
    (swept,) = sweep(tmp_path, patience=1)
    assert why in swept.refused
    assert swept.leftover.path.exists()
    assert key.pk in {item["PK"]["S"] for item in reached.items(US)}


@pytest.mark.parametrize("operation", ["Query", "DeleteItem", "DescribeTable"])
def test_an_item_of_which_no_region_has_told_that_it_is_gone_stays_in_the_journal(
    operation: str, reached: Served, tmp_path: Path
) -> None:
    page = Response(200, {"Content-Type": "text/html"}, b"<html>please log in</html>")
    for key in OWN[:3]:
        reached.client(US).put_item(TableName=TABLE_NAME, Item=wire(key))
    journal_of(reached, tmp_path, *OWN[:3]).close()
    answer_again = telling(reached, operation, lambda asked, response: page if asked.region == EU else response)
    (swept,) = sweep(tmp_path, patience=0.5)
    answer_again()
    assert not swept.clean
    (leftover,) = leftovers(tmp_path)
    assert leftover.keys == tuple(OWN[:3])
    assert "BrokenAnswerError" in "".join(report([swept]))
    assert main(["--delete"], tmp_path) == 0
    left = {item["PK"]["S"] for region in (US, EU) for item in reached.items(region)}
    assert not left & {key.pk for key in OWN[:3]}


def test_the_command_lists_and_touches_nothing(
    reached: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reached.client(US).put_item(TableName=TABLE_NAME, Item=wire(OWN[1]))
    journal_of(reached, tmp_path, OWN[1]).close()
    assert main([], tmp_path) == 1
    assert "1 items of run ada-3f9c1a, " in capsys.readouterr().out
    assert OWN[1].pk in {item["PK"]["S"] for item in reached.items(US)}
    assert main(["--delete"], tmp_path) == 0
    assert main([], tmp_path) == 0


def test_the_policy_for_experiments_lets_a_run_start_those_of_its_table_and_stop_its_own() -> None:
    usual, pausing = (policy(read_settings(participant="ada"), pausing=each)["Statement"] for each in (False, True))
    more = {action: each for each in pausing if each not in usual for action in each["Action"]}
    assert {name for name in more if name.startswith("fis:")} == {
        *(f"fis:{name}" for name in ("ListExperimentTemplates", "GetExperimentTemplate", "ListExperiments")),
        *(f"fis:{name}" for name in ("StartExperiment", "GetExperiment", "StopExperiment", "TagResource")),
    }
    assert more["fis:GetExperimentTemplate"]["Condition"] == {"StringEquals": {f"aws:ResourceTag/{TAG}": TABLE_NAME}}
    assert more["fis:StopExperiment"]["Condition"] == {"StringLike": {f"aws:ResourceTag/{RUN_TAG}": "ada-*"}}


def test_the_policy_is_printed_for_the_table_the_regions_and_the_participant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--print-policy", "--participant", "grace", "--table-name", "orders", "--replica-region", "eu-west-3"]
    assert main(options, tmp_path) == 0
    text = capsys.readouterr().out
    assert "arn:aws:dynamodb:eu-west-3:ACCOUNT:table/orders" in text
    assert "USER#global-user-grace-*" in text
