"""Faults of requests and answers: refused, slow, lost."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, HTTPClientError

from support.tests.simulator.simulated_world import EU, NAME, US, World, item


@pytest.mark.parametrize(
    ("fault", "code", "status"),
    [("throttling", "ProvisionedThroughputExceededException", 400), ("errors", "InternalServerError", 500)],
)
def test_a_refused_request_has_not_been_done(broken: Callable[..., World], fault: str, code: str, status: int) -> None:
    world = broken(f"{fault}=1")
    with pytest.raises(ClientError) as refused:
        world.put(US, v="1")
    world.simulator.faults.switch_off(fault)

    response = refused.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == (code, status)
    assert world.shown() == {US: None, EU: None}


@pytest.mark.parametrize("fault", ["throttling", "errors"])
def test_a_share_of_the_requests_can_be_refused(broken: Callable[..., World], fault: str) -> None:
    world = broken(f"{fault}=0.5")
    refused = 0
    for _ in range(60):
        try:
            world[US].list_tables()
        except ClientError:
            refused += 1

    assert 15 < refused < 45


def test_a_batch_that_is_answered_with_an_error_counts_for_its_table(broken: Callable[..., World]) -> None:
    world = broken("errors=1")
    with pytest.raises(ClientError):
        world[US].batch_write_item(RequestItems={NAME: [{"PutRequest": {"Item": item("a")}}]})
    world.simulator.faults.switch_off("errors")
    world.clock.wait(600)
    cloudwatch = world.simulator.client("cloudwatch", US)
    metrics = cloudwatch.list_metrics(Namespace="AWS/DynamoDB", MetricName="SystemErrors")["Metrics"]
    assert [{each["Name"]: each["Value"] for each in metric["Dimensions"]} for metric in metrics] == [
        {"TableName": NAME, "Operation": "BatchWriteItem"}
    ]


def test_a_lost_answer_is_that_of_a_request_that_was_done(broken: Callable[..., World]) -> None:
    world = broken("lost-answers=1")
    with pytest.raises(ConnectionClosedError):
        world.put(US, v="1")
    world.simulator.faults.switch_off("lost-answers")
    world.settle()

    assert world.everywhere() == {"v": "1"}


def test_a_connection_that_is_reset_leaves_nothing_done(broken: Callable[..., World]) -> None:
    world = broken("connection-resets=1")
    with pytest.raises(ConnectionClosedError):
        world.put(US, v="1")
    world.simulator.faults.switch_off("connection-resets")
    world.settle()

    assert world.everywhere() is None


def unanswered(world: World, requests: int = 60) -> list[int]:
    """Which of so many requests got no answer."""
    missing = []
    for number in range(requests):
        try:
            world.put(US, str(number), v="1")
        except HTTPClientError:
            missing.append(number)
    return missing


@pytest.mark.parametrize("fault", ["lost-answers", "connection-resets"])
def test_a_share_of_the_requests_gets_no_answer_and_the_seed_tells_which(
    broken: Callable[..., World], fault: str
) -> None:
    missing = unanswered(broken(f"{fault}=0.5"))

    assert 15 < len(missing) < 45
    assert unanswered(broken(f"{fault}=0.5")) == missing
    assert unanswered(broken(f"{fault}=0.5", seed="2")) != missing


def test_a_refused_request_is_never_one_that_was_done_without_an_answer(broken: Callable[..., World]) -> None:
    world = broken("lost-answers=1", "throttling=1")

    with pytest.raises(ClientError, match="ProvisionedThroughputExceeded"):
        world.put(US, v="1")


@pytest.mark.parametrize("fault", ["lost-answers", "connection-resets"])
def test_streams_and_metrics_keep_their_connections(broken: Callable[..., World], fault: str) -> None:
    world = broken(f"{fault}=1")

    assert world.client(US, "dynamodbstreams").list_streams()["Streams"]
    assert "Metrics" in world.client(US, "cloudwatch").list_metrics()


def test_slow_answers_take_the_time_of_the_clock(broken: Callable[..., World]) -> None:
    world = broken("slow-answers=2.5")
    world.get(US)
    world.get(US)

    assert world.clock.elapsed() == 5
