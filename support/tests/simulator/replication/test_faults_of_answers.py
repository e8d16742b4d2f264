"""Faults of requests and answers: refused, slow, lost."""

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from support.tests.simulator.simulated_world import EU, US, World


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


def test_slow_answers_take_the_time_of_the_clock(broken: Callable[..., World]) -> None:
    world = broken("slow-answers=2.5")
    world.get(US)
    world.get(US)

    assert world.clock.elapsed() == 5
