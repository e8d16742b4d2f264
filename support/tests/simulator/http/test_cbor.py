"""CloudWatch in the protocols of all SDKs: Smithy RPC v2 CBOR, JSON and the query protocol."""

from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request as HttpRequest
from urllib.request import urlopen

import botocore.session
import cbor2
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from support.simulator.http.server import Server
from support.tests.simulator.simulated_world import EU, NAME, US, World

ASKED: dict[str, Any] = {
    "Namespace": "AWS/DynamoDB",
    "MetricName": "ReplicationLatency",
    "Dimensions": [{"Name": "TableName", "Value": NAME}, {"Name": "ReceivingRegion", "Value": EU}],
    "StartTime": datetime(2025, 8, 11, 15, tzinfo=UTC),
    "EndTime": datetime(2025, 8, 11, 17, tzinfo=UTC),
    "Period": 300,
    "Statistics": ["Average", "SampleCount"],
}


@pytest.fixture(params=["smithy-rpc-v2-cbor", "json", "query"])
def cloudwatch(server: Server, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """botocore's own client, which prefers JSON, in the protocol of other SDKs."""
    session = botocore.session.get_session()
    session.set_credentials("x", "y")
    once = Config(retries={"total_max_attempts": 1})
    with monkeypatch.context() as preferring:
        preferring.setattr("botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS", (request.param,))
        client = session.create_client("cloudwatch", US, endpoint_url=server.url, config=once)
        assert client.meta.service_model.resolved_protocol == request.param
    return client


def test_datapoints_and_errors_are_the_same_in_every_protocol(world: World, cloudwatch: Any) -> None:
    world.put(US, v="1")
    world.clock.wait(600)
    (point,) = cloudwatch.get_metric_statistics(**ASKED)["Datapoints"]

    assert (point["Average"], point["SampleCount"], point["Unit"]) == (1000.0, 1.0, "Milliseconds")
    assert point["Timestamp"] == datetime(2025, 8, 11, 15, 30, tzinfo=UTC)
    with pytest.raises(ClientError) as refused:
        cloudwatch.get_dashboard(DashboardName="none")

    assert refused.value.response["Error"]["Code"] in ("ResourceNotFound", "DashboardNotFoundError")


CLOUDWATCH = "/service/GraniteServiceVersion20100801/operation/"


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        (f"{CLOUDWATCH}Nothing", b"\xa0", "no operation 'Nothing'"),
        ("/service/DynamoDB_20120810/operation/ListTables", b"\xa0", "only CloudWatch"),
        (f"{CLOUDWATCH}ListMetrics", b"\x01", "a map in CBOR"),
        (f"{CLOUDWATCH}ListMetrics", b"\xff\xff", "a map in CBOR"),
    ],
)
def test_what_is_no_request_in_cbor_is_refused_in_cbor(server: Server, path: str, body: bytes, message: str) -> None:
    scope = "AWS4-HMAC-SHA256 Credential=x/20250811/us-east-1/monitoring/aws4_request"
    headers = {"Authorization": scope, "smithy-protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"}
    with pytest.raises(HTTPError) as refused:
        urlopen(HttpRequest(server.url + path, body, headers))

    assert refused.value.code == 400
    content: Any = cbor2.loads(refused.value.read())
    assert message in content["message"]
