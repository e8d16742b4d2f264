"""The replicas of all tables: in which regions they are, their status, and what becomes of them as time passes."""

from dataclasses import dataclass
from typing import Any

from support.clock import MICROSECONDS
from support.simulator.engines.engine import Engine, EngineError
from support.simulator.messages import dynamodb_request
from support.simulator.replication.replication import Replication

GLOBAL_TABLE_VERSION = "2019.11.21"


@dataclass
class Replica:
    """A region's copy of a table: its ReplicaStatus, and when a change of it is over (microseconds of the clock)."""

    status: str = "ACTIVE"
    until: int = 0


class Replicas:
    """The registry. A table of one region is known as soon as it has had a second one."""

    def __init__(self, engine: Engine, replication: Replication) -> None:
        self._engine = engine
        self._replication = replication
        self._tables: dict[str, dict[str, Replica]] = {}

    def places(self) -> list[tuple[str, str]]:
        """The region and the table of all replicas; a table of the same name may exist beside them elsewhere."""
        return [(region, table) for table, replicas in self._tables.items() for region in replicas]

    def regions(self, table: str) -> list[str]:
        return list(self._tables.get(table, {}))

    def members(self, table: str) -> list[str]:
        return [region for region, replica in self._tables.get(table, {}).items() if replica.status == "ACTIVE"]

    def status(self, region: str, table: str) -> str | None:
        """The TableStatus of a replica; None where the engine knows it, in a region that has none."""
        replicas = self._tables.get(table, {})
        if region not in replicas:
            return None
        changes = any(replica.status != "ACTIVE" for replica in replicas.values())
        return "UPDATING" if changes and replicas[region].status == "ACTIVE" else replicas[region].status

    def is_global(self, table: str) -> bool:
        # A table that has lost its last other replica stays known: changes from there may still be on their way, and
        # must not undo what is written meanwhile.
        return len(self._tables.get(table, {})) > 1

    def add(self, source: str, destination: str, table: str, seconds: float) -> None:
        """Take an empty table in a region for a replica, which is ACTIVE after some seconds."""
        if source not in self._tables.get(table, {}):
            self._engine.take_records(source, table)  # what was written before is copied as items
            self._tables[table] = {source: Replica()}
        self._tables[table][destination] = Replica("CREATING", self._after(seconds))
        self.do_due()

    def remove(self, region: str, table: str, seconds: float) -> None:
        """Take a replica away, which is gone after some seconds."""
        self._tables[table][region] = Replica("DELETING", self._after(seconds))
        self.do_due()

    def do_due(self) -> None:
        """Fill the replicas whose creation is over by now with the items that are there; remove the deleted ones."""
        now = self._replication.now()
        replicas = [(region, table, each) for table, those in self._tables.items() for region, each in those.items()]
        for region, table, replica in replicas:
            if replica.status == "ACTIVE" or replica.until > now:
                continue
            task = (replica.status, region)
            try:
                self._finish(region, table, replica)
            except Exception as error:
                words = f"{'creation' if replica.status == 'CREATING' else 'deletion'} of the replica in {region}"
                self._replication.failures.failed(table, task, words, error)
            else:
                self._replication.failures.succeeded(table, task)

    def forget(self, region: str, table: str) -> None:
        replicas = self._tables.get(table, {})
        replicas.pop(region, None)
        self._replication.forget_table(table, region)
        if not replicas:
            self._tables.pop(table, None)

    def described(self, table: dict[str, Any], region: str) -> dict[str, Any]:
        name = table["TableName"]
        if not self.is_global(name) or region not in self._tables[name]:
            return table
        # AWS has been seen to list the own region and to leave it out (facts 2.1): here it is listed.
        replicas = self._tables[name].items()
        listed = [{"RegionName": other, "ReplicaStatus": replica.status} for other, replica in replicas]
        return {
            **table,
            "TableStatus": self.status(region, name),
            "GlobalTableVersion": GLOBAL_TABLE_VERSION,
            "MultiRegionConsistency": "EVENTUAL",
            "Replicas": listed,
        }

    def _finish(self, region: str, table: str, replica: Replica) -> None:
        if replica.status == "CREATING":
            self._replication.copy_table(table, self.members(table), region)
            replica.status = "ACTIVE"
            return
        gone = self._engine.send(dynamodb_request(region, "DeleteTable", {"TableName": table}))
        if not gone.ok and gone.code != "ResourceNotFoundException":
            raise EngineError(f"the engine refuses to delete {table} in {region}: {gone.message}")
        self.forget(region, table)

    def _after(self, seconds: float) -> int:
        return self._replication.now() + round(seconds * MICROSECONDS)
