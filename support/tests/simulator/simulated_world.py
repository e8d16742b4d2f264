"""Simulated global tables for the tests of the simulator: a day, its regions, and short words for requests."""

from collections.abc import Iterable, Mapping
from itertools import permutations
from typing import Any

from support.clock import SimulatedClock
from support.simulator import Lag, Simulator, fault_named
from support.simulator.engines.engine import Engine
from support.simulator.messages import dynamodb_request
from support.simulator.simulator import REPLICA_CREATION_SECONDS

US, EU, AP = "us-east-1", "eu-west-1", "ap-south-1"
NAME = "orders"
STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
TABLE: dict[str, Any] = {
    "TableName": NAME,
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
    "StreamSpecification": STREAM,
}
ONE_SECOND = Lag(median=0, extra=1)


class World:
    """A simulator with one table in all regions (none for `table=None`), and its clients."""

    def __init__(
        self,
        *regions: str,
        table: Mapping[str, Any] | None = TABLE,
        seed: str = "1",
        lag: Lag = ONE_SECOND,
        faults: Iterable[str] = (),
        engine: Engine | None = None,
    ) -> None:
        self.clock = SimulatedClock()
        self.regions = regions or (US, EU)
        switched_on = [fault_named(text) for text in faults]
        self.simulator = Simulator(self.clock, self.regions, seed, lag, switched_on, engine)
        self._clients: dict[tuple[str, str], Any] = {}
        if table:
            self.simulator.create_global_table(table)

    def __enter__(self) -> "World":
        return self

    def __exit__(self, *_: object) -> None:
        self.simulator.close()

    def __getitem__(self, region: str) -> Any:
        return self.client(region)

    def client(self, region: str, service: str = "dynamodb") -> Any:
        if (service, region) not in self._clients:
            self._clients[service, region] = self.simulator.client(service, region)
        return self._clients[service, region]

    def put(self, region: str, key: str = "a", **attributes: str) -> None:
        self[region].put_item(TableName=NAME, Item=item(key, **attributes))

    def set(self, region: str, key: str = "a", **attributes: str) -> None:
        parts = ", ".join(f"{name} = :{name}" for name in attributes)
        values = {f":{name}": {"S": value} for name, value in attributes.items()}
        self[region].update_item(
            TableName=NAME, Key=item(key), UpdateExpression=f"SET {parts}", ExpressionAttributeValues=values
        )

    def delete(self, region: str, key: str = "a") -> None:
        self[region].delete_item(TableName=NAME, Key=item(key))

    def get(self, region: str, key: str = "a") -> dict[str, str] | None:
        """The strings of an item but its key; None when it is not there."""
        image = self[region].get_item(TableName=NAME, Key=item(key), ConsistentRead=True).get("Item")
        return {name: value["S"] for name, value in image.items() if name != "id"} if image else None

    def everywhere(self, key: str = "a") -> dict[str, str] | None:
        first, *others = (self.get(region, key) for region in self.regions)
        assert all(other == first for other in others), (first, others)
        return first

    def refusal(self, operation: str, region: str = US, **parameters: Any) -> tuple[str, str]:
        """The code and the message of a refusal; the request is sent as it is, without a check of boto3's."""
        response = self.simulator.router.answer(dynamodb_request(region, operation, parameters))
        assert response.status == 400, response.body
        assert "\n" not in response.message
        return response.code, response.message

    def pending(self) -> int:
        return sum(self.simulator.pending(*ends) for ends in permutations(self.regions, 2))

    def settle(self) -> None:
        self.clock.wait(100_000)
        assert self.pending() == 0

    def described(self, region: str, table: str = NAME) -> dict[str, Any]:
        found: dict[str, Any] = self[region].describe_table(TableName=table)["Table"]
        return found

    def records(self, region: str) -> list[dict[str, Any]]:
        streams = self.client(region, "dynamodbstreams")
        arn = self.described(region)["LatestStreamArn"]
        (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
        records: list[dict[str, Any]] = streams.get_records(ShardIterator=start["ShardIterator"])["Records"]
        return records

    def replicas(self, region: str) -> dict[str, str]:
        return {each["RegionName"]: each["ReplicaStatus"] for each in self.described(region).get("Replicas", [])}

    def update_replicas(self, region: str, **updates: str) -> None:
        """UpdateTable with one of create=REGION and delete=REGION, which takes a minute at most."""
        changes = [{name.title(): {"RegionName": other}} for name, other in updates.items()]
        self[region].update_table(TableName=NAME, ReplicaUpdates=changes)

    def add_replica(self, region: str, source: str = US) -> None:
        self.update_replicas(source, create=region)
        self.clock.wait(REPLICA_CREATION_SECONDS)


def item(key: str, **attributes: str) -> dict[str, dict[str, str]]:
    return {"id": {"S": key}, **{name: {"S": value} for name, value in attributes.items()}}
