"""A generated day, step by step: on a simulator, and on a model of what last writer wins should leave."""

from dataclasses import dataclass, field
from itertools import count, permutations
from typing import Any

from support.clock import SimulatedClock
from support.simulator import Lag, Simulator, fault_named
from support.simulator.engines.engine import Engine, Record
from support.simulator.items import ItemKey, WireImage
from support.simulator.messages import Request, Response, dynamodb_request
from support.tests.simulator.simulated_world import NAME, TABLE

REGIONS = ("us-east-1", "eu-west-1", "ap-south-1", "sa-east-1")
KEYS = ("a", "b", "c")

Step = tuple[str, int, int, float]
"""What to do, a region, another one or a key, and seconds; numbers too large start again at 0."""


@dataclass(frozen=True)
class Write:
    """A write as the model knows it; `image` is None for a delete."""

    version: tuple[int, str]
    image: dict[str, str] | None


@dataclass
class Model:
    """Each region shows the write with the highest version of those that it has: its own and the arrived ones.

    Nothing of the simulator is used: no delivery order, no stored state, only the set of writes each region has.
    """

    regions: tuple[str, ...]
    now: int = 0
    skew: dict[str, int] = field(default_factory=dict)
    lags: dict[tuple[str, str], int] = field(default_factory=dict)
    cut: set[tuple[str, str]] = field(default_factory=set)
    has: dict[tuple[str, str], list[Write]] = field(default_factory=dict)
    owed: list[tuple[int, tuple[str, str], str, Write]] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        self.now += round(seconds * 1_000_000)
        self.deliver()

    def deliver(self) -> None:
        for entry in list(self.owed):
            due, link, key, write = entry
            if due <= self.now and link not in self.cut:
                self.owed.remove(entry)
                self.has.setdefault((link[1], key), []).append(write)

    def held(self, region: str, key: str) -> Write | None:
        return max(self.has.get((region, key), []), key=lambda write: write.version, default=None)

    def image(self, region: str, key: str) -> dict[str, str] | None:
        held = self.held(region, key)
        return held.image if held else None

    def write(self, region: str, key: str, operation: str, value: str) -> None:
        before = self.image(region, key)
        if operation == "DeleteItem" and before is None:
            return
        images = {"PutItem": {"put": value}, "UpdateItem": {**(before or {}), "updated": value}}
        held = self.held(region, key)
        time = self.now + self.skew.get(region, 0)
        write = Write((max(time, held.version[0] + 1) if held else time, region), images.get(operation))
        self.has.setdefault((region, key), []).append(write)
        for other in self.regions:
            if other != region:
                self.owed.append((self.now + self.lags.get((region, other), 1_000_000), (region, other), key, write))
        self.deliver()

    def trouble(self, action: str, region: str, link: tuple[str, str], seconds: float) -> None:
        if action == "wait":
            self.wait(seconds)
        elif action == "skew":
            self.skew = {region: round((seconds - 5) * 1_000_000)}
        elif action == "slow":
            self.lags[link] = round(seconds * 1_000_000)
        elif action == "cut":
            self.cut.add(link)
        elif action == "heal":
            self.heal(link)

    def heal(self, link: tuple[str, str]) -> None:
        self.cut.discard(link)
        late = self.now + self.lags.get(link, 1_000_000)
        self.owed = [(late if each[1] == link and each[0] <= self.now else each[0], *each[1:]) for each in self.owed]
        self.deliver()


class Day:
    """A simulator that is told the steps, without boto3 on the way."""

    def __init__(self, engine: Engine, number: int, lag: Lag, seed: str = "1") -> None:
        self.clock = SimulatedClock()
        self.regions = REGIONS[:number]
        self.simulator = Simulator(self.clock, self.regions, seed, lag, engine=engine)
        self.simulator.create_global_table(TABLE)
        self._values = count()

    def ends(self, step: Step) -> tuple[str, str]:
        links = list(permutations(self.regions, 2))
        return links[(step[1] * len(REGIONS) + step[2]) % len(links)]

    def place(self, step: Step) -> tuple[str, str]:
        return self.regions[step[1] % len(self.regions)], KEYS[step[2] % len(KEYS)]

    def send(self, region: str, operation: str, **parameters: Any) -> Any:
        response = self.simulator.router.answer(dynamodb_request(region, operation, {"TableName": NAME, **parameters}))
        assert response.ok or b"ResourceNotFound" in response.body, response.body
        return response.result

    def write(self, region: str, key: str, operation: str) -> str:
        value = str(next(self._values))
        identity = {"id": {"S": key}}
        if operation == "PutItem":
            self.send(region, operation, Item={**identity, "put": {"S": value}})
        elif operation == "UpdateItem":
            update = {"UpdateExpression": "SET updated = :v", "ExpressionAttributeValues": {":v": {"S": value}}}
            self.send(region, operation, Key=identity, **update)
        else:
            self.send(region, operation, Key=identity)
        return value

    def read(self, region: str, key: str) -> dict[str, str] | None:
        image = self.send(region, "GetItem", Key={"id": {"S": key}}).get("Item")
        return {name: value["S"] for name, value in image.items() if name != "id"} if image else None

    def trouble(self, step: Step) -> None:
        action, _, _, seconds = step
        if action == "wait":
            self.clock.wait(seconds)
        elif action == "skew":
            self.simulator.faults.inject(fault_named(f"clock-skew={self.place(step)[0]}:{seconds - 5}"))
        elif action == "slow":
            self.simulator.slow_down(*self.ends(step), seconds)
        elif action == "cut":
            self.simulator.cut(*self.ends(step))
        elif action == "heal":
            self.simulator.heal(*self.ends(step))

    def settle(self) -> None:
        for ends in permutations(self.regions, 2):
            self.simulator.heal(*ends)
        self.clock.wait(10_000)
        assert not any(self.simulator.owed(*ends) for ends in permutations(self.regions, 2))


class DictEngine:
    """Plain dicts, fast enough for thousands of generated days; the key of a table is one string named "id"."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, str], dict[ItemKey, WireImage]] = {}
        self._settings: dict[tuple[str, str], dict[str, Any]] = {}
        self._records: dict[tuple[str, str], list[Record]] = {}

    name = "dicts"

    def send(self, request: Request) -> Response:
        place = request.region, request.parameters["TableName"]
        if request.operation == "CreateTable":
            self._tables[place], self._settings[place], self._records[place] = {}, request.parameters, []
        if place not in self._tables:
            return Response.error("ResourceNotFoundException", "there is no such table")
        if request.operation == "DeleteTable":
            del self._tables[place]
        if request.operation == "DescribeTable":
            settings = self._settings[place]
            return Response.of({"Table": {**settings, "BillingModeSummary": {"BillingMode": settings["BillingMode"]}}})
        if request.operation in ("PutItem", "UpdateItem", "DeleteItem"):
            self._change(place, request.operation, request.parameters)
        if request.operation == "GetItem":
            image = self._tables[place].get(_key(request.parameters["Key"]))
            return Response.of({"Item": image} if image else {})
        return Response.of({})

    def take_records(self, region: str, table: str) -> list[Record]:
        records = self._records.get((region, table), [])
        self._records[region, table] = []
        return records

    def read(self, region: str, table: str, key: ItemKey) -> WireImage | None:
        return self._tables[region, table].get(key)

    def write(self, region: str, table: str, key: ItemKey, image: WireImage | None) -> None:
        self._tables[region, table].pop(key, None)
        if image is not None:
            self._tables[region, table][key] = image

    def items(self, region: str, table: str) -> list[tuple[ItemKey, WireImage]]:
        return list(self._tables[region, table].items())

    def close(self) -> None:
        """Nothing is held outside."""

    def _change(self, place: tuple[str, str], operation: str, parameters: dict[str, Any]) -> None:
        key = _key(parameters.get("Item") or parameters["Key"])
        old = self._tables[place].get(key)
        new: WireImage | None = parameters.get("Item")
        if operation == "UpdateItem":
            new = {**(old or parameters["Key"]), "updated": parameters["ExpressionAttributeValues"][":v"]}
        if old is not None or new is not None:
            self.write(*place, key, new)
            self._records[place].append(Record(key, old, new))


def _key(image: WireImage) -> ItemKey:
    return (f"S:{image['id']['S']}",)
