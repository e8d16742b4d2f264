"""An engine of plain dicts: what the simulator needs of a DynamoDB, fast enough for thousands of generated days."""

from typing import Any

from support.simulator.engines.engine import Record
from support.simulator.items import ItemKey, WireImage
from support.simulator.messages import Request, Response


class DictEngine:
    """Tables whose key is one string named "id"."""

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
