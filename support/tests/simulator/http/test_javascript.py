"""The AWS SDK for JavaScript (version 3), which signs, retries and speaks CBOR in its own way."""

import json
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from support.clock import WallClock
from support.page.workshop import TABLE
from support.simulator import Lag, Simulator
from support.simulator.http.server import serve

PACKAGES = ("@aws-sdk/client-dynamodb@3", "@aws-sdk/lib-dynamodb@3", "@aws-sdk/client-cloudwatch@3", "@aws-sdk/core@3")
SCRIPT = """
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as lib from "@aws-sdk/lib-dynamodb";
import { AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import { CloudWatchClient, ListMetricsCommand, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";

const options = { endpoint: process.argv[2], credentials: { accessKeyId: "x", secretAccessKey: "y" } };
const of = (region) => lib.DynamoDBDocumentClient.from(new DynamoDBClient({ ...options, region }));
const [us, eu] = ["us-east-1", "eu-west-1"].map(of);
const table = { TableName: "demo-ecommerce-freetier" };
const Key = { PK: "p", SK: "s" };
await us.send(new lib.PutCommand({ ...table, Item: { ...Key, stock: 100 } }));
const less = { UpdateExpression: "ADD stock :less", ExpressionAttributeValues: { ":less": -1 } };
await us.send(new lib.TransactWriteCommand({ TransactItems: [{ Update: { ...table, Key, ...less } }] }));
let item;
while (item?.stock !== 99) item = (await eu.send(new lib.GetCommand({ ...table, Key }))).Item;
const asked = [];
const cbor = new AwsSmithyRpcV2CborProtocol({ defaultNamespace: "com.amazonaws.cloudwatch" });
const chosen = process.argv[3] === "cbor" ? { protocol: cbor } : {};
const cloudwatch = new CloudWatchClient({ ...options, region: "us-east-1", ...chosen });
const note = (next) => (args) => { asked.push(args.request.headers["smithy-protocol"]); return next(args) };
cloudwatch.middlewareStack.add(note, { step: "finalizeRequest", priority: "low" });
const metrics = await cloudwatch.send(new ListMetricsCommand({ MetricName: "ReplicationLatency" }));
const now = Date.now();
const statistics = await cloudwatch.send(new GetMetricStatisticsCommand({ ...metrics.Metrics[0], Period: 300,
  StartTime: new Date(now - 3600e3), EndTime: new Date(now + 3600e3), Statistics: ["Average"] }));
console.log(JSON.stringify({ item, asked, metric: metrics.Metrics[0].MetricName,
  time: statistics.Datapoints[0].Timestamp instanceof Date }));
"""


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("node and npm are needed for the SDK for JavaScript: install them")
    folder = tmp_path_factory.mktemp("sdk")
    (folder / "script.mjs").write_text(SCRIPT)
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *PACKAGES]
    try:
        subprocess.run(install, capture_output=True, check=True, timeout=240)
    except subprocess.SubprocessError:
        pytest.skip("npm did not bring the SDK for JavaScript within four minutes: is there a registry?")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("protocol", ["cbor", "its own"])
def test_the_sdk_for_javascript_finds_tables_items_and_metrics(sdk: Path, protocol: str) -> None:
    simulator = Simulator(WallClock(), lag=Lag(median=0.1), publish_after=0)
    simulator.create_global_table(TABLE)
    with closing(simulator), serve(simulator) as server:
        command = ["node", "script.mjs", server.url, protocol]
        done = subprocess.run(command, cwd=sdk, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)

    assert answer["item"] == {"PK": "p", "SK": "s", "stock": 99}
    assert protocol != "cbor" or answer["asked"] == ["rpc-v2-cbor"] * 2
    assert (answer["metric"], answer["time"]) == ("ReplicationLatency", True)
