"""The simulator over HTTP: one address for all regions, which the credential scope tells apart."""

from urllib.error import HTTPError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from support.simulator import fault_named
from support.simulator.http.server import Server
from support.tests.http_clients import http_client
from support.tests.simulator.simulated_world import NAME, US, World, item

OPERATIONS = {"dynamodb": "list_tables", "dynamodbstreams": "list_streams", "cloudwatch": "list_metrics"}


@pytest.mark.parametrize("region", ["ap-southeast-2", "localhost", "xx-1"])
@pytest.mark.parametrize("service", ["dynamodb", "dynamodbstreams", "cloudwatch"])
def test_a_region_that_is_not_served_is_refused_with_the_ones_that_are(
    server: Server, region: str, service: str
) -> None:
    asked = http_client(server.url, region, service)
    with pytest.raises(ClientError, match=f"does not serve {region}: use us-east-1 or eu-west-1") as refused:
        getattr(asked, OPERATIONS[service])()

    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


@pytest.mark.parametrize(("fault", "left"), [("lost-answers", {"v": "1"}), ("connection-resets", None)])
def test_a_connection_closes_without_an_answer(
    world: World, server: Server, fault: str, left: dict[str, str] | None
) -> None:
    virginia = http_client(server.url, US)
    world.simulator.faults.inject(fault_named(f"{fault}=1"))
    with pytest.raises(ConnectionClosedError):
        virginia.put_item(TableName=NAME, Item=item("a", v="1"))
    world.simulator.faults.take_back(fault)

    assert world.get(US) == left
    assert virginia.list_tables()["TableNames"] == [NAME]


def test_a_request_without_a_region_is_refused(server: Server) -> None:
    with pytest.raises(HTTPError) as refusal, urlopen(HttpRequest(server.url, b"{}", method="POST")):
        pass
    with refusal.value as answer:
        assert (answer.code, b"credential scope" in answer.read()) == (400, True)


def test_only_this_machine_can_reach_it(server: Server) -> None:
    assert server.url.startswith("http://127.0.0.1:")
