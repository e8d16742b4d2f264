"""Endpoints that are missing, unfit, slow or used by others: DynamoDB Local, and one that is none."""

from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.simulator.engines.endpoint_engine import EndpointEngine, check_compatibility
from support.simulator.engines.engine import EngineError
from support.simulator.engines.moto_engine import MotoEngine
from support.simulator.messages import Response, dynamodb_request
from support.tests.simulator.dynamodb_local import dynamodb_local, dynamodb_local_in_use, endpoint_at
from support.tests.simulator.simulated_world import EU, NAME, TABLE, US, World, item

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with dynamodb_local_in_use() as url:
        yield url


@pytest.fixture
def behind(address: str) -> Iterator[EndpointEngine]:
    """The endpoint as others use it, behind the simulator's back."""
    with closing(endpoint_at(address)) as engine:
        yield engine


def ask(engine: EndpointEngine, operation: str, region: str = US, **parameters: Any) -> Response:
    return engine.send(dynamodb_request(region, operation, parameters))


# What can't be used is refused, in one line with the cure, before anything is created in it.


def refusal(url: str, table: str | None = NAME) -> str:
    with closing(endpoint_at(url)) as engine, pytest.raises(EngineError) as refused:
        check_compatibility(engine, table)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_what_is_no_dynamodb_is_refused() -> None:
    nowhere = "http://127.0.0.1:9"
    assert f"no engine can be reached at {nowhere}" in refusal(nowhere)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:  # it knows no POST
        Thread(target=other.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        url = f"http://127.0.0.1:{other.server_port}"
        assert f"what answers at {url} is no DynamoDB with streams" in refusal(url)
        other.shutdown()


def test_a_table_of_that_name_is_left_alone(address: str, behind: EndpointEngine) -> None:
    ask(behind, "CreateTable", EU, **TABLE)
    assert f"has the table {NAME} in {EU}: delete it" in refusal(address)
    check_compatibility(behind, None)

    assert ask(behind, "DescribeTable", EU, TableName=NAME).ok


def test_an_engine_that_mixes_regions_is_refused() -> None:
    with dynamodb_local("-sharedDb") as shared:
        assert f"refuses CreateTable in {EU} (ResourceInUseException)" in refusal(shared)


def test_an_engine_whose_streams_are_in_disorder_is_refused() -> None:
    with dynamodb_local() as fresh, closing(endpoint_at(fresh)) as first:
        ask(first, "CreateTable", **TABLE)
        for number in range(5):
            ask(first, "PutItem", TableName=NAME, Item=item(str(number)))

        assert f"refuses PutItem in {US} (InternalFailure): start it anew" in refusal(fresh, None)


# What others have in it stays, and what they write replicates.


def test_what_was_there_before_is_there_after(address: str, behind: EndpointEngine) -> None:
    ask(behind, "CreateTable", **{**TABLE, "TableName": "kept"})
    with World(engine=endpoint_at(address)) as world:
        world.put(US, v="1")

    assert [ask(behind, "ListTables", region).result["TableNames"] for region in (US, EU)] == [["kept"], []]


def test_a_write_behind_the_simulators_back_replicates_with_the_next_one(address: str, behind: EndpointEngine) -> None:
    with World(engine=endpoint_at(address)) as world:
        ask(behind, "PutItem", TableName=NAME, Item=item("behind", v="1"))
        world.put(US, "other")
        world.clock.wait(5)

        assert world.everywhere("behind") == {"v": "1"}


def test_what_cannot_be_delivered_stays_pending() -> None:
    with dynamodb_local() as dying:
        world = World(engine=endpoint_at(dying))
        world.put(US, v="1")
    world.clock.wait(5)
    with pytest.raises(ClientError, match=r"InternalServerError.*failed at GetItem .*does not answer"):
        world.get(EU)

    assert world.simulator.pending(US, EU) == 1
    world.simulator.close()


def test_each_region_can_have_an_endpoint_of_its_own(address: str) -> None:
    with dynamodb_local() as other:
        engine = EndpointEngine({US: address, EU: other}, MotoEngine())
        check_compatibility(engine, NAME)
        with World(engine=engine) as world, closing(endpoint_at(other)) as alone:
            world.put(US, v="1")
            world.clock.wait(5)
            world.set(EU, w="2")
            world.clock.wait(5)

            assert world.everywhere() == {"v": "1", "w": "2"}
            assert [ask(alone, "ListTables", region).result["TableNames"] for region in (US, EU)] == [[], [NAME]]


def test_statements_that_moto_has_not_are_passed_on(address: str, behind: EndpointEngine) -> None:
    statement = {"Statement": f"SELECT * FROM {NAME}"}
    refused = ask(behind, "ExecuteStatement", **statement)
    with World(engine=endpoint_at(address)) as world:
        answered = world.simulator.router.answer(dynamodb_request(US, "ExecuteStatement", statement))

        # DynamoDB Local has PartiQL since 1.18 only.
        assert (answered.status, answered.code) == (refused.status, refused.code)
