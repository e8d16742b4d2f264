"""The suite notices a replication that is broken inside moto, where no switch of the simulator knows of it."""

from pathlib import Path

import pytest

from support.tests.suite_runs import Run, run_features

pytestmark = pytest.mark.slow

PATCH = """
from moto.dynamodb.models.table import Table

from support.simulator import Simulator
from support.simulator.engines.moto_engine import MotoEngine
from support.page.workshop import TABLE

write, query = MotoEngine.write, Table.query

{code}
"""

REPLICAS = "Each region lists the other as an active replica"


def run_broken(folder: Path, code: str, *options: str) -> Run:
    plugins = folder / "plugins"
    plugins.mkdir()
    (plugins / "broken_moto.py").write_text(PATCH.format(code=code))
    return run_features(folder / "results", "-p", "broken_moto", *options, plugins=plugins)


def test_an_attribute_that_gets_lost_on_the_way_is_named(tmp_path: Path) -> None:
    run = run_broken(
        tmp_path,
        """
def lossy(self, region, table, key, image):
    arrives = image and {name: value for name, value in image.items() if name != "email"}
    return write(self, region, table, key, arrives)
MotoEngine.write = lossy
""",
    )
    assert "email is missing" in run.red["All attributes match exactly"].message


def test_an_index_key_that_gets_lost_on_the_way_is_noticed_by_the_queries_of_the_index(tmp_path: Path) -> None:
    run = run_broken(
        tmp_path,
        """
def lossy(self, *args, **kwargs):
    found, *rest = query(self, *args, **kwargs)
    if args[7] is not None and self.region_name == "us-east-1":
        found = [item for item in found if "dublin" not in str(item.to_json())]
    return found, *rest
Table.query = lossy
""",
        "-m",
        "exercise_4",
    )
    assert "dublin is missing" in run.red["The status query in us-east-1 finds the orders of both regions"].message


def test_a_region_without_its_own_index_entries_is_noticed(tmp_path: Path) -> None:
    run = run_broken(
        tmp_path,
        """
def empty(self, *args, **kwargs):
    found, *rest = query(self, *args, **kwargs)
    return ([] if args[7] and self.region_name == "eu-west-1" else found), *rest
Table.query = empty
""",
        "-m",
        "exercise_4",
    )
    assert "is missing" in run.red["The category query in Ireland finds the EU products"].message


def test_an_index_that_gives_more_than_keys_is_noticed(tmp_path: Path) -> None:
    run = run_broken(
        tmp_path,
        """
from moto.dynamodb.models.table import SecondaryIndex
SecondaryIndex.project = lambda self, item: item
""",
        "-m",
        "exercise_4",
    )
    assert "not the keys only" in run.red["The category query in Ireland finds the EU products"].message


def test_a_region_that_keeps_its_own_version_is_named(tmp_path: Path) -> None:
    run = run_broken(
        tmp_path,
        """
def stubborn(self, region, table, key, image):
    if self.read(region, table, key) is None:
        write(self, region, table, key, image)
MotoEngine.write = stubborn
""",
        "-m",
        "exercise_3",
    )
    message = run.red["Ireland writes five seconds after Virginia, so Ireland wins"].message
    assert "us-east-1 shows" in message


def test_a_table_without_its_replica_is_named_as_such(tmp_path: Path) -> None:
    """The workshop's own template makes one."""
    run = run_broken(
        tmp_path,
        """
def alone(self, table, time_to_live=None):
    self.client("dynamodb", self.regions[0]).create_table(**TABLE)
Simulator.create_global_table = alone
""",
        "-m",
        "health",
    )
    assert "us-east-1 has no replica in eu-west-1: replica missing" in run.red[REPLICAS].message
    assert "eu-west-1 has no such table" in run.red["Both replicas are built alike"].message


def test_a_replica_that_is_still_being_created_is_named_as_such(tmp_path: Path) -> None:
    run = run_broken(
        tmp_path,
        """
def early(self, table, time_to_live=None):
    virginia = self.client("dynamodb", self.regions[0])
    virginia.create_table(**TABLE)
    virginia.update_table(TableName=TABLE["TableName"], ReplicaUpdates=[{"Create": {"RegionName": self.regions[1]}}])
Simulator.create_global_table = early
""",
        "-m",
        "health",
    )
    assert "us-east-1 lists its replica in eu-west-1 as CREATING" in run.red[REPLICAS].message


def test_two_tables_that_differ_are_named_with_the_setting(tmp_path: Path) -> None:
    run = run_broken(
        tmp_path,
        """
def unequal(self, table, time_to_live=None):
    for region, indexes in zip(self.regions, (TABLE["GlobalSecondaryIndexes"], TABLE["GlobalSecondaryIndexes"][:1])):
        names = {key["AttributeName"] for each in [TABLE, *indexes] for key in each["KeySchema"]}
        attributes = [each for each in TABLE["AttributeDefinitions"] if each["AttributeName"] in names]
        other = {**TABLE, "GlobalSecondaryIndexes": indexes, "AttributeDefinitions": attributes}
        self.client("dynamodb", region).create_table(**other)
Simulator.create_global_table = unequal
""",
        "-m",
        "health",
    )
    assert "GlobalSecondaryIndexes differs" in run.red["Both replicas are built alike"].message


def test_a_latency_of_exactly_zero_is_called_stalled_replication(tmp_path: Path) -> None:
    """AWS: a ReplicationLatency that drops to 0 indicates it."""
    run = run_broken(
        tmp_path,
        """
from support.simulator.replication.links import Lag
Lag.sample = lambda self, random: 0
""",
        "-m",
        "monitoring",
    )
    message = run.red["The latency from us-east-1 to eu-west-1 can be read in us-east-1"].message
    assert "a latency of 0 means that replication has stalled" in message
