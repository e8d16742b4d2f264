"""The template of a table to test: what it says is valid, and makes a table that preflight finds fit."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.settings import read_settings
from support.targets.live_run.preflight import examine
from support.tests.served import EU, US, Served, served
from support.tests.suite_runs import ROOT

COMMAND = [sys.executable, "-m", "support.targets", "--print-template"]
CFN_LINT = [sys.executable, "-c", "import sys; from cfnlint.runner import main; sys.exit(main())"]


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


def properties(template: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(template)["Resources"]["GlobalTable"]["Properties"]
    return found


def create(server: Served, wanted: dict[str, Any]) -> None:
    """Do what CloudFormation does with the properties, over HTTP: a table, TTL, then a replica in each other region."""
    replicas, ttl = wanted.pop("Replicas"), wanted.pop("TimeToLiveSpecification")
    wanted["StreamSpecification"] = {"StreamEnabled": True, **wanted["StreamSpecification"]}
    name, virginia = wanted["TableName"], server.client(US)
    virginia.create_table(**wanted, Tags=replicas[0]["Tags"], DeletionProtectionEnabled=False)
    virginia.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)
    for replica in replicas[1:]:
        virginia.update_table(TableName=name, ReplicaUpdates=[{"Create": {"RegionName": replica["Region"]}}])


def test_the_table_that_the_template_describes_is_fit_to_be_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("support.simulator.simulator.REPLICA_CREATION_SECONDS", 0.0)
    with served(table=None) as server:
        create(server, properties(run(COMMAND).stdout))
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        found = examine(read_settings(mode="live"))
    assert (found.problems, found.warnings) == ((), ())
    assert set(found.manifest.tables) == {US, EU}


def test_the_template_and_its_command_lines_are_of_the_named_table_and_regions() -> None:
    names = ["--primary-region", "eu-central-1", "--replica-region", "us-west-2", "--table-name", "orders"]
    done = run([*COMMAND, *names])
    assert "aws cloudformation deploy --region eu-central-1 " in done.stderr
    assert "aws cloudformation delete-stack --region eu-central-1" in done.stderr
    assert "--table-name orders --replica-updates Delete={RegionName=us-west-2}" in done.stderr
    said = properties(done.stdout)
    assert said["TableName"] == "orders"
    assert [each["Region"] for each in said["Replicas"]] == ["eu-central-1", "us-west-2"]


@pytest.mark.slow
def test_templates_are_valid_in_both_regions_and_the_role_of_experiments_may_touch_the_one_table_alone(
    tmp_path: Path,
) -> None:
    table, pausing = tmp_path / "table.json", tmp_path / "with_experiments.json"
    table.write_text(run(COMMAND).stdout)
    done = run([*COMMAND, "--experiments"])
    pausing.write_text(done.stdout)
    assert "--capabilities CAPABILITY_IAM" in done.stderr
    linted = run([*CFN_LINT, "--include-checks", "I", "--regions", US, EU, "--template", str(table), str(pausing)])
    assert (linted.returncode, linted.stdout) == (0, ""), linted.stdout + linted.stderr
    resources = json.loads(done.stdout)["Resources"]
    [policy] = resources["PausingRole"]["Properties"]["Policies"]
    allowed = {
        action: json.dumps(statement["Resource"])
        for statement in policy["PolicyDocument"]["Statement"]
        for action in statement["Action"]
    }
    assert all("GlobalTable" in resource for action, resource in allowed.items() if action.startswith("dynamodb:"))
    [target] = resources["Pausing"]["Properties"]["Targets"].values()
    tags = [each["Tags"] for each in resources["GlobalTable"]["Properties"]["Replicas"]]
    assert all({"Key": key, "Value": value} in each for each in tags for key, value in target["ResourceTags"].items())
