"""Preflight: each thing that makes a target unfit is found in seconds, with its cure, before anything is written."""

from collections.abc import Callable, Iterator

import pytest

from support.page.workshop import TABLE_NAME
from support.settings import read_settings
from support.simulator.messages import CLOUDWATCH, DYNAMODB
from support.targets.live_run.preflight import Readiness, examine
from support.tests.served import EU, KEYS, US, Served, served

Asked = Callable[..., Readiness]


@pytest.fixture(scope="module")
def fit() -> Iterator[Served]:
    with served() as server:
        yield server


def test_a_healthy_table_is_fit(fit: Served, asked: Asked) -> None:
    found = asked(fit)
    assert (found.problems, found.no_metrics) == ((), "")
    assert set(found.tables or {}) == {US, EU}


def test_an_endpoint_that_is_not_aws_is_named(fit: Served, asked: Asked) -> None:
    found = asked(fit)
    assert (found.target, found.rehearsal) == (f"{fit.url.removeprefix('http://')}, which is not AWS", True)


def test_provisioned_throughput_is_a_warning(fit: Served, asked: Asked) -> None:
    assert any("may refuse a burst" in warning for warning in asked(fit).warnings)


def test_the_wrong_account_is_refused_with_the_end_of_the_number_that_was_found(fit: Served, asked: Asked) -> None:
    arn = fit.client(US).describe_table(TableName=TABLE_NAME)["Table"]["TableArn"]
    account = arn.split(":")[4]
    assert asked(fit, expect_account=account).problems == ()
    problems = asked(fit, expect_account="999999999999").problems
    assert len(problems) == 2
    assert f"ends in {account[-4:]}; cure: log in to the account" in problems[0]
    assert not any(account in problem or "999999999999" in problem for problem in problems)


def test_a_table_of_another_name_is_missing_in_both_regions(fit: Served, asked: Asked) -> None:
    problems = asked(fit, table_name="orders").problems
    assert [problem.partition(";")[0] for problem in problems] == ["us-east-1 has no orders", "eu-west-1 has no orders"]
    assert problems[0].endswith(
        "deploy what python -m support.targets --print-template prints, or name another table or region"
    )


def test_an_endpoint_that_cannot_be_reached_is_told_once_for_each_region(fit: Served, asked: Asked) -> None:
    problems = asked(Served(fit.simulator, "http://127.0.0.1:9")).problems
    assert len(problems) == 2
    assert all("cure: check the network, the region's name and AWS_ENDPOINT_URL_DYNAMODB" in text for text in problems)


def test_an_endpoint_that_is_no_url_is_told(fit: Served, asked: Asked) -> None:
    assert "; cure: check the network, the region's name" in asked(Served(fit.simulator, "localhost")).problems[0]


def test_a_file_that_cannot_be_opened_is_told(fit: Served, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", "/nowhere/keys")
    problem = asked(fit).problems[0]
    assert "'/nowhere/keys'; cure: check the variable that names it" in problem


def test_missing_credentials_are_told_once(fit: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in fit.environment.items():
        monkeypatch.setenv(name, value)
    for name in KEYS:
        monkeypatch.delenv(name)
    (problem,) = examine(read_settings(mode="live")).problems
    assert "NoCredentialsError: " in problem
    assert "; cure: set AWS_PROFILE" in problem


def test_a_profile_that_does_not_exist_is_told(fit: Served, asked: Asked) -> None:
    (problem,) = asked(fit, aws_profile="nobody").problems
    assert "nobody" in problem
    assert "cure: name one of aws configure list-profiles" in problem


@pytest.mark.parametrize(
    ("code", "cure"),
    [
        ("ExpiredTokenException", "log in again"),
        ("UnrecognizedClientException", "use credentials that AWS knows"),
        ("AccessDeniedException", "allow what python -m support.housekeeping --print-policy prints"),
    ],
)
def test_refused_credentials_are_told_with_the_cure_and_no_account(code: str, cure: str, asked: Asked) -> None:
    with served(refusing=(code, DYNAMODB)) as server:
        problems = asked(server).problems
    assert len(problems) == 2
    assert all(f" {code}: " in text and f"; cure: {cure}" in text for text in problems)
    assert not any("123456789012" in text for text in problems)


def test_metrics_that_cannot_be_read_are_a_warning(asked: Asked) -> None:
    with served(refusing=("AccessDenied", CLOUDWATCH)) as server:
        found = asked(server)
    assert found.problems == ()
    assert found.no_metrics.startswith("CloudWatch in us-east-1 ")
    assert "AccessDenied" in found.no_metrics
    assert found.warnings[0] == f"monitoring scenarios are skipped: {found.no_metrics}"


def test_a_target_that_stumbles_now_and_then_is_fit_all_the_same(asked: Asked) -> None:
    with served("throttling=0.2", "errors=0.1") as server:
        assert asked(server).problems == ()
