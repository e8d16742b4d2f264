"""The simulated target is the same on every machine: nothing that the user has configured for AWS changes a result.

Each environment is tried alone from Python, in this process where libraries read it when a client is made; and all of
them at once by pytest and at the served port, which ask for their clients as any Python program does.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, redirect_stdout
from io import StringIO
from pathlib import Path
from subprocess import PIPE, STDOUT
from textwrap import dedent
from typing import Any

import pytest
from botocore.config import Config

from support.clock import WallClock
from support.page.workshop import TABLE_NAME
from support.simulator import Simulator, boto_clients, isolated_session
from support.simulator.http.server import serve
from support.tests.suite_runs import PYTEST, ROOT

pytestmark = pytest.mark.slow

NOWHERE = "http://127.0.0.1:1"
REGION_IN_USER_AGENT = "app region/eu-central-1"
FILES = {
    "broken": "[default\nregion",
    "dualstack": "[default]\nuse_dualstack_endpoint = true\nuse_fips_endpoint = true\nendpoint_url = http://127.0.0.1:1\n",
    "sso": "[profile it]\nsso_session = it\nsso_account_id = 123456789012\nsso_role_name = it\n[sso-session it]\n"
    "sso_start_url = https://example.invalid/start\nsso_region = us-west-2\n",
    "process": "[default]\ncredential_process = false\n",
    "retries": "[default]\nretry_mode = adaptive\nmax_attempts = 9\nparameter_validation = false\napi_versions =\n"
    "    dynamodb = 2011-12-05\n",
    ".aws/models/dynamodb/2012-08-10/service-2.json": "{}",
}
FOLDER = "{folder}"
USUAL = "nothing is configured"
HOSTILE: dict[str, dict[str, str]] = {
    "endpoint": {"AWS_ENDPOINT_URL": NOWHERE},
    "endpoints of the services": {
        f"AWS_ENDPOINT_URL_{service}": "no URL" for service in ("DYNAMODB", "DYNAMODB_STREAMS", "CLOUDWATCH")
    },
    "dualstack": {"AWS_USE_DUALSTACK_ENDPOINT": "true"},
    "FIPS": {"AWS_USE_FIPS_ENDPOINT": "true"},
    "file with endpoints": {"AWS_CONFIG_FILE": f"{FOLDER}/dualstack"},
    "files that do not parse": {
        **dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), f"{FOLDER}/broken"),
        "HOME": FOLDER, "AWS_DATA_PATH": f"{FOLDER}/.aws/models",
    },
    "file with retries": {"AWS_CONFIG_FILE": f"{FOLDER}/retries"},
    "profile that is missing": {"AWS_PROFILE": "gone", "AWS_DEFAULT_PROFILE": "gone"},
    "SSO profile": {"AWS_CONFIG_FILE": f"{FOLDER}/sso", "AWS_PROFILE": "it"},
    "credentials of a process that fails": {"AWS_CONFIG_FILE": f"{FOLDER}/process"},
    "half of the credentials": {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_BEARER_TOKEN_DYNAMODB": "token"},
    "region elsewhere": {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_REGION": "mars-1"},
    "region in the user agent": {
        **dict.fromkeys(("AWS_SDK_UA_APP_ID", "AWS_EXECUTION_ENV"), REGION_IN_USER_AGENT), "AWS_DEFAULTS_MODE": "auto",
    },
    "retries": {"AWS_RETRY_MODE": "adaptive", "AWS_MAX_ATTEMPTS": "9"},
    "retries that can't be": {"AWS_RETRY_MODE": "never", "AWS_MAX_ATTEMPTS": "many"},
    "account in host names": {"AWS_ACCOUNT_ID_ENDPOINT_MODE": "required", "AWS_SIGV4A_SIGNING_REGION_SET": "*"},
    "proxies": dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"), NOWHERE),
    "certificates of nothing": dict.fromkeys(("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), "/nowhere"),
    "S3, which nobody uses": {
        **dict.fromkeys(("AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "AWS_STS_REGIONAL_ENDPOINTS"), "mars"),
        "AWS_S3_USE_ARN_REGION": "maybe",
    },
    "keys of TLS in no folder": {"SSLKEYLOGFILE": "/nowhere/keys"},
    "compression and monitoring": {
        "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES": "1", "AWS_CSM_ENABLED": "true", "AWS_CSM_PORT": "none",
    },
    "moto's switches": {
        "MOTO_ACCOUNT_ID": "123456789012",
        "MOTO_ALLOW_NONEXISTENT_REGION": "true", "MOTO_ENABLE_ISO_REGIONS": "true", "MOTO_PRETTIFY_RESPONSES": "true",
        "MOTO_MAX_FORM_MEMORY_SIZE": "1", "INITIAL_NO_AUTH_ACTION_COUNT": "0",
        "TEST_SERVER_MODE": "true", "TEST_PROXY_MODE": "true", "MOTO_ENABLE_RECORDING": "true",
    },
    "moto's numbers, which are none": dict.fromkeys(
        (
            "MOTO_MAX_FORM_MEMORY_SIZE", "MOTO_ACM_VALIDATION_WAIT", "INITIAL_NO_AUTH_ACTION_COUNT",
            "S3_UPLOAD_PART_MIN_SIZE", "MOTO_PORT",
        ),
        "many",
    ),
}  # fmt: skip
ANOTHER_CONFIGURATION = re.compile(
    r"(AWS|MOTO|GLOBAL_TABLES|PYTEST)_|INITIAL_NO_AUTH|S3_|SSLKEYLOG|.*_(PROXY|proxy|CA_BUNDLE|CERT_FILE)$"
)

EVERYTHING = "everything at once"
HOSTILE[EVERYTHING] = {
    name: value
    for environment in (*HOSTILE, "files that do not parse")  # of several files those that stop every session
    for name, value in HOSTILE[environment].items()
}

ON_A_NEW_INTERPRETER = ("files that do not parse", "moto's switches", "moto's numbers, which are none")
"""What libraries may read while they are loaded."""


def variables_of(environment: str, folder: Path) -> dict[str, str]:
    """The variables of this process without any configuration, and with those of the environment that has this name."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    chosen = HOSTILE.get(environment, {})
    clean = {name: value for name, value in os.environ.items() if not ANOTHER_CONFIGURATION.match(name)}
    return {**clean, "HOME": os.devnull, **{name: value.format(folder=folder) for name, value in chosen.items()}}


def output(command: list[str], environment: str, folder: Path, code: int = 0) -> str:
    """What a command prints in such an environment. It has to end with the exit code."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=variables_of(environment, folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


FEATURES = (
    "features/exercise_1_write_primary_read_replica.feature",
    "features/exercise_3_conflict_resolution.feature",
    "features/performance_monitoring.feature",
    "-k", "(found and Ireland) or last or latency",
)  # fmt: skip
MEASURED = re.compile(r'"(uuid|start|stop|waited)": [^,}]*|"really waited", "[^"]*"|real \d+ ms')
"""What differs between two runs in the same environment: names of files, and seconds that really passed."""


def recorded(environment: str, folder: Path) -> list[str]:
    """The record of each scenario of a run of some features, from which results.json is made."""
    results = folder / "results"
    output([*PYTEST, *FEATURES, "-q", f"--alluredir={results}"], environment, folder)
    return sorted(MEASURED.sub("", path.read_text()) for path in results.glob("*-scenario.json"))


def test_the_features_have_the_same_results(tmp_path: Path) -> None:
    usual = recorded(USUAL, tmp_path / "usual")
    assert len(usual) > 5
    assert recorded(EVERYTHING, tmp_path / "hostile") == usual


README = (ROOT / "support/simulator/README.md").read_text()


def example() -> str:
    """The Python example of README."""
    (block,) = re.findall(
        r"\n\n((?:    .*\n|\n)*    from support\.simulator import Simulator\n(?:    .*\n|\n)*)", README
    )
    return dedent(str(block))


CALLS = """
from support.page.workshop import TABLE
from botocore.exceptions import ClientError

ireland = simulator.client("dynamodb", "eu-west-1")
simulator.create_global_table(TABLE)
name = TABLE["TableName"]
order = {"PK": {"S": "1"}, "SK": {"S": "ORDER"}, "total": {"N": "150"}, "note": {"S": "x" * 20000}}
virginia.put_item(TableName=name, Item=order)
print(ireland.get_item(TableName=name, Key={"PK": {"S": "1"}, "SK": {"S": "ORDER"}}).get("Item"))
clock.wait(60)
print(ireland.get_item(TableName=name, Key={"PK": {"S": "1"}, "SK": {"S": "ORDER"}})["Item"] == order)
try:
    ireland.put_item(TableName=name, Item=order, ConditionExpression="attribute_not_exists(PK)")
except ClientError as refusal:
    print(refusal)
print(ireland.describe_table(TableName=name)["Table"]["TableArn"].split(":")[3])
(stream,) = simulator.client("dynamodbstreams", "eu-west-1").list_streams(TableName=name)["Streams"]
print(stream["StreamArn"].split(":")[3])
clock.wait(600)
print(simulator.client("cloudwatch", "us-east-1").list_metrics(Namespace="AWS/DynamoDB")["Metrics"])
print(simulator.client("cloudwatch", "eu-west-1").list_metrics(Namespace="AWS/DynamoDB")["Metrics"])
"""


@pytest.fixture(scope="module")
def usual_answers(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What README's example, and some calls more, print where nothing is configured."""
    return output([sys.executable, "-c", example() + CALLS], USUAL, tmp_path_factory.mktemp("usual"))


@pytest.mark.parametrize("environment", ON_A_NEW_INTERPRETER)
def test_a_new_python_gets_the_same_answers(environment: str, usual_answers: str, tmp_path: Path) -> None:
    assert usual_answers.splitlines()[:2] == ["None", "True"]
    assert output([sys.executable, "-c", example() + CALLS], environment, tmp_path) == usual_answers


@pytest.fixture
def anew() -> Iterator[None]:
    """A session is made when the test asks for it, not one that was made before."""
    caches = (boto_clients._session, isolated_session._descriptions, isolated_session.known_regions)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.usefixtures("anew")
@pytest.mark.parametrize("environment", [each for each in HOSTILE if each not in ON_A_NEW_INTERPRETER])
def test_python_gets_the_same_answers(
    environment: str, usual_answers: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    for name, value in variables_of(environment, tmp_path).items():
        monkeypatch.setenv(name, value)
    told = StringIO()
    with redirect_stdout(told):
        exec(example() + CALLS + "simulator.close()", {})
    assert told.getvalue() == usual_answers


def asked(environment: str, folder: Path, *options: str) -> list[str]:
    """What the served simulator prints when it is ready, and whether it replicates."""
    command = [sys.executable, "-m", "support.simulator", "--port", "0", "--lag", "0", *options]
    with subprocess.Popen(
        command, cwd=ROOT, env=variables_of(environment, folder), stdout=PIPE, stderr=STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(4)]
        try:
            url = lines[1].split()[1].partition("=")[2]
            virginia, ireland = (client(url, region) for region in ("us-east-1", "eu-west-1"))
            virginia.put_item(TableName=TABLE_NAME, Item=KEY)
            found = ireland.get_item(TableName=TABLE_NAME, Key=KEY).get("Item")
        except IndexError:
            raise AssertionError("".join(lines) + process.stdout.read()) from None
        finally:
            process.kill()
    return [re.sub(r"127\.0\.0\.1:\d+|--port \d+", "", line) for line in lines] + [str(found)]


KEY = {"PK": {"S": "USER#1"}, "SK": {"S": "PROFILE"}}


def client(url: str, region: str) -> Any:
    session = isolated_session.isolated_session()
    session.set_credentials("x", "x")
    return session.create_client("dynamodb", region, endpoint_url=url, config=Config(proxies={}))


def test_a_hostile_environment_does_not_change_the_served_table(tmp_path: Path) -> None:
    usual = asked(USUAL, tmp_path)
    assert usual[0].startswith("ready: ")
    assert usual[-1] == str(KEY)
    assert asked(EVERYTHING, tmp_path) == usual


def test_a_served_table_in_another_engine_replicates_too(tmp_path: Path) -> None:
    with closing(Simulator(WallClock())) as engine, serve(engine) as server:
        assert asked(EVERYTHING, tmp_path, "--engine", server.url)[-1] == str(KEY)
