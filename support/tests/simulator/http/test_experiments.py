"""The Fault Injection Service behind the port, through boto3: when replication is paused, and when it goes on."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from support.experiments import LATEST_EFFECT, MINUTES
from support.simulator.http.server import Server, serve
from support.tests.http_clients import http_client
from support.tests.simulator.simulated_world import EU, NAME, US, World

STARTED = {"experimentTemplateId": f"EXTsimulated-{NAME}"}


@pytest.fixture
def service(server: Server) -> Any:
    return http_client(server.url, US, "fis")


def status(service: Any, experiment: str) -> str:
    return str(service.get_experiment(id=experiment)["experiment"]["state"]["status"])


def arrives(world: World, key: str, source: str = US, destination: str = EU) -> bool:
    """Whether what is written now is there in two seconds: the lag is one."""
    world.put(source, key)
    world.clock.wait(2)
    return world.get(destination, key) is not None


def test_a_pause_holds_up_both_ways_until_the_experiment_is_stopped(world: World, service: Any) -> None:
    started = service.start_experiment(clientToken="a", **STARTED, tags={"run": "ada"})["experiment"]
    assert (started["state"]["status"], started["tags"]) == ("initiating", {"run": "ada"})
    world.clock.wait(LATEST_EFFECT)
    assert status(service, started["id"]) == "running"
    assert not arrives(world, "one")
    assert not arrives(world, "other", EU, US)
    assert service.stop_experiment(id=started["id"])["experiment"]["state"]["status"] == "stopped"
    world.clock.wait(2)
    assert world.get(EU, "one") is not None
    assert world.get(US, "other") is not None
    assert arrives(world, "later")


def test_an_experiment_that_nothing_stops_ends_after_the_duration_of_its_template(world: World, service: Any) -> None:
    started = service.start_experiment(clientToken="a", **STARTED)["experiment"]["id"]
    world.clock.wait(MINUTES * 60 - 2)
    assert not arrives(world, "before")
    world.clock.wait(2)
    assert (status(service, started), world.get(EU, "before") is not None) == ("completed", True)


def test_the_effect_begins_within_five_minutes_at_a_moment_that_the_seed_decides() -> None:
    moments = []
    for seed in ("1", "1", "2"):
        with World(seed=seed) as world, serve(world.simulator) as server:
            http_client(server.url, US, "fis").start_experiment(clientToken="a", **STARTED)
            while arrives(world, f"at {world.clock.elapsed()}"):
                pass
            moments.append(world.clock.elapsed())
    assert moments[0] == moments[1] != moments[2]
    assert max(moments) <= LATEST_EFFECT + 2


def test_the_same_client_token_starts_one_experiment(service: Any) -> None:
    ids = [service.start_experiment(clientToken="a", **STARTED)["experiment"]["id"] for _ in range(2)]
    assert ids[0] == ids[1]
    assert [each["id"] for each in service.list_experiments()["experiments"]] == ids[:1]


@pytest.mark.parametrize(
    ("operation", "parameters", "code"),
    [
        ("start_experiment", {"clientToken": "a", "experimentTemplateId": "EXTother"}, "ResourceNotFoundException"),
        ("get_experiment", {"id": "EXPother"}, "ResourceNotFoundException"),
        ("start_experiment", {"clientToken": "b", **STARTED}, "ConflictException"),
        ("list_actions", {}, "ValidationException"),
    ],
)
def test_what_is_not_there_or_not_possible_is_refused(
    operation: str, parameters: dict[str, Any], code: str, service: Any
) -> None:
    service.start_experiment(clientToken="a", **STARTED)
    with pytest.raises(ClientError) as refused:
        getattr(service, operation)(**parameters)
    assert refused.value.response["Error"]["Code"] == code
