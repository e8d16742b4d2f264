"""CloudWatch in the protocols of all SDKs: Smithy RPC v2 CBOR, JSON and the query protocol."""

from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
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


@pytest.mark.parametrize("protocol", ["smithy-rpc-v2-cbor", "json", "query"])
def test_datapoints_and_errors_are_the_same_in_every_protocol(
    world: World, server: Server, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.put(US, v="1")
    world.clock.wait(600)
    monkeypatch.setattr("botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS", (protocol,))
    cloudwatch: Any = botocore.session.get_session().create_client(
        "cloudwatch", US, endpoint_url=server.url, aws_access_key_id="x", aws_secret_access_key="y"
    )
    assert cloudwatch.meta.service_model.resolved_protocol == protocol
    (point,) = cloudwatch.get_metric_statistics(**ASKED)["Datapoints"]

    assert (point["Average"], point["SampleCount"], point["Unit"]) == (1000.0, 1.0, "Milliseconds")
    assert point["Timestamp"] == datetime(2025, 8, 11, 15, 30, tzinfo=UTC)
    with pytest.raises(ClientError) as refused:
        cloudwatch.get_dashboard(DashboardName="none")

    assert refused.value.response["Error"]["Code"] in ("ResourceNotFound", "DashboardNotFoundError")
