"""Endpoints that are missing, unfit, slow or used by others: DynamoDB Local, and one that is none."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.simulator.engines.compatibility import check_compatibility
from support.simulator.engines.endpoint_engine import EndpointEngine
from support.simulator.engines.engine import EngineError
from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.messages import Response, dynamodb_request
from support.tests.simulator.dynamodb_local import dynamodb_local
from support.tests.simulator.simulated_world import EU, NAME, TABLE, US, World, item

pytestmark = pytest.mark.slow

REGIONS = (US, EU)
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with dynamodb_local() as url:
        yield url


@pytest.fixture
def engine(address: str) -> Iterator[EndpointEngine]:
    engine = engine_at(address)
    yield engine
    engine.close()


def engine_at(url: str) -> EndpointEngine:
    return EndpointEngine(dict.fromkeys(REGIONS, url), MotoEngine())


class Silent(BaseHTTPRequestHandler):
    """A server that knows no POST."""

    def log_message(self, *_: Any) -> None:
        """Keep the terminal clean."""


def refusal(url: str, table: str | None = NAME) -> str:
    engine = engine_at(url)
    try:
        with pytest.raises(EngineError) as refused:
            check_compatibility(engine, table)
    finally:
        engine.close()
    assert "\n" not in str(refused.value)
    return str(refused.value)


def ask(engine: EndpointEngine, operation: str, region: str = US, **parameters: Any) -> Response:
    return engine.send(dynamodb_request(region, operation, parameters))


def test_an_engine_that_is_not_there_is_one_line() -> None:
    assert refusal(NOWHERE) == f"no engine can be reached at {NOWHERE}: start it, or name another one with --engine"


def test_what_is_no_dynamodb_is_one_line() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Silent) as other:
        Thread(target=other.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        url = f"http://127.0.0.1:{other.server_port}"
        line = refusal(url)
        other.shutdown()

    assert line.startswith(f"what answers at {url} is no DynamoDB with streams (501, 501): name the address of one")


def test_a_table_of_that_name_is_left_alone_and_is_one_line(address: str) -> None:
    before = engine_at(address)
    ask(before, "CreateTable", EU, **TABLE)
    try:
        line = refusal(address)
        check_compatibility(before, None)
        assert ask(before, "DescribeTable", EU, TableName=NAME).ok
    finally:
        before.close()

    assert line.startswith(f"the engine at {address} has the table {NAME} in {EU}: delete it (aws --endpoint-url ")
    assert line.endswith("or use --no-table")


def test_an_engine_that_mixes_regions_is_one_line() -> None:
    with dynamodb_local("-sharedDb") as shared:
        line = refusal(shared)

    assert "refuses CreateTable in eu-west-1 (ResourceInUseException): " in line
    assert "without -sharedDb" in line


def test_an_engine_whose_streams_are_in_disorder_is_one_line() -> None:
    with dynamodb_local() as fresh:
        first = engine_at(fresh)
        ask(first, "CreateTable", **TABLE)
        for number in range(5):
            ask(first, "PutItem", TableName=NAME, Item=item(str(number)))
        line = refusal(fresh, None)
        first.close()

    assert "refuses PutItem in us-east-1 (InternalFailure): start it anew" in line


def test_what_was_there_before_is_there_after(address: str) -> None:
    before = engine_at(address)
    ask(before, "CreateTable", **{**TABLE, "TableName": "kept"})
    with World(engine=engine_at(address)) as world:
        world.put(US, v="1")
    tables = [ask(before, "ListTables", region).result["TableNames"] for region in REGIONS]
    before.close()

    assert tables == [["kept"], []]


def test_a_write_behind_the_simulators_back_replicates_with_the_next_one(address: str) -> None:
    behind = engine_at(address)
    with World(engine=engine_at(address)) as world:
        ask(behind, "PutItem", TableName=NAME, Item=item("behind", v="1"))
        world.put(US, "other")
        world.clock.wait(5)

        assert world.everywhere("behind") == {"v": "1"}


def test_what_cannot_be_delivered_stays_owed() -> None:
    with dynamodb_local() as dying:
        world = World(engine=engine_at(dying))
        world.put(US, v="1")
        world.simulator.cut(US, EU)
        world.simulator.heal(US, EU)
    world.clock.wait(5)
    with pytest.raises(ClientError, match=r"InternalServerError.*the engine at .* failed at GetItem .*does not answer"):
        world.get(EU)
    (link,) = [each for each in world.simulator.replication.links() if each.source == US]
    assert len(link) == 1
    world.simulator.close()


def test_each_region_can_have_an_endpoint_of_its_own(address: str) -> None:
    with dynamodb_local() as other:
        engine = EndpointEngine({US: address, EU: other}, MotoEngine())
        check_compatibility(engine, NAME)
        with World(engine=engine) as world:
            world.put(US, v="1")
            world.clock.wait(5)
            world.set(EU, w="2")
            world.clock.wait(5)

            assert world.everywhere() == {"v": "1", "w": "2"}
            assert ask(engine_at(other), "ListTables", EU).result["TableNames"] == [NAME]
            assert NAME not in ask(engine_at(other), "ListTables", US).result["TableNames"]


def test_statements_that_moto_has_not_are_passed_on(address: str) -> None:
    with World(engine=engine_at(address)) as world:
        refused = ask(engine_at(address), "ExecuteStatement", Statement=f"SELECT * FROM {NAME}")
        answered = world.simulator.router.answer(
            dynamodb_request(US, "ExecuteStatement", {"Statement": f"SELECT * FROM {NAME}"})
        )

        # DynamoDB Local has PartiQL since 1.18 only.
        assert (answered.status, answered.code) == (refused.status, refused.code)
