"""The template of a table to test: what it says is valid, and makes a table that preflight finds fit."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.page.workshop import TABLE_NAME
from support.settings import read_settings
from support.targets.live_run.preflight import examine
from support.tests.served import EU, US, Served, finished, served
from support.tests.suite_runs import ROOT

COMMAND = [sys.executable, "-m", "support.targets", "--print-template"]
CFN_LINT = [sys.executable, "-c", "import sys; from cfnlint.runner import main; sys.exit(main())"]


def printed(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *options], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


def lint(path: Path) -> subprocess.CompletedProcess[str]:
    """What cfn-lint says; it knows each property of each resource in each of the regions."""
    options = ["--include-checks", "I", "--regions", US, EU, "--template", str(path)]
    return subprocess.run([*CFN_LINT, *options], capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.slow
def test_the_template_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "table.json"
    path.write_text(printed().stdout)
    done = lint(path)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@pytest.mark.slow
def test_a_property_that_does_not_exist_would_be_found(tmp_path: Path) -> None:
    template = json.loads(printed().stdout)
    template["Resources"]["GlobalTable"]["Properties"]["Replicas"][1]["ReadCapacity"] = 5
    path = tmp_path / "table.json"
    path.write_text(json.dumps(template))
    done = lint(path)
    assert done.returncode != 0
    assert "ReadCapacity" in done.stdout


def create(server: Served, properties: dict[str, Any]) -> None:
    """Do what CloudFormation does with the properties, over HTTP: a table, TTL, then a replica in each other region."""
    wanted = dict(properties)
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
        create(server, json.loads(printed().stdout)["Resources"]["GlobalTable"]["Properties"])
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        found = examine(read_settings(mode="live"))
    assert (found.problems, found.warnings) == ((), ())
    assert set(found.tables or {}) == {US, EU}


def test_the_command_lines_name_the_file_the_region_and_the_stack() -> None:
    done = printed("--primary-region", "eu-central-1", "--replica-region", "us-west-2", "--table-name", "orders")
    assert "aws cloudformation deploy --region eu-central-1 --stack-name global-tables-acceptance" in done.stderr
    assert "aws cloudformation delete-stack --region eu-central-1" in done.stderr
    assert "--table-name orders --replica-updates Delete={RegionName=us-west-2}" in done.stderr
    properties = json.loads(done.stdout)["Resources"]["GlobalTable"]["Properties"]
    assert properties["TableName"] == "orders"
    assert [each["Region"] for each in properties["Replicas"]] == ["eu-central-1", "us-west-2"]


def test_a_region_that_can_not_be_is_refused_in_one_line() -> None:
    ran = finished([*COMMAND, "--primary-region", "Virginia"], {"PATH": ""})
    assert ran.code == 2
    assert ran.lines == ["targets: --primary-region Virginia: use the name of a region, as in us-east-1"]


def test_a_template_is_of_the_workshop_s_table_by_default() -> None:
    assert json.loads(printed().stdout)["Resources"]["GlobalTable"]["Properties"]["TableName"] == TABLE_NAME
