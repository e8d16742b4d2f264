"""Faults and links of a simulator that is serving are moved over its port, and by no web page."""

import json
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

import pytest

from support.simulator import Lag
from support.simulator.__main__ import switch as switch_command
from support.simulator.faults import FAULTS
from support.simulator.http.server import LOOPBACK, Server, serve
from support.tests.simulator.simulated_world import EU, US, World


@dataclass
class Switches:
    """The command as it is given at a terminal: its exit code and what it shows."""

    server: Server
    capsys: pytest.CaptureFixture[str]

    def __call__(self, words: str) -> tuple[int, str, str]:
        code = switch_command(["--port", str(self.server.server_port), *words.split()])
        shown = self.capsys.readouterr()
        return code, shown.out, shown.err

    def link(self, words: str) -> dict[str, Any]:
        """What the state says of the link from US to EU after these words."""
        code, out, err = self(words)
        assert (code, err) == (0, "")
        (found,) = [each for each in json.loads(out)["links"] if (each["source"], each["destination"]) == (US, EU)]
        return {name: value for name, value in found.items() if name not in ("source", "destination")}


@pytest.fixture
def switch(server: Server, capsys: pytest.CaptureFixture[str]) -> Switches:
    return Switches(server, capsys)


def test_a_link_is_cut_heals_is_slowed_down_and_gets_its_usual_lag_again(world: World, switch: Switches) -> None:
    assert switch.link("state") == {"cut": False, "pending": 0, "lag": 1}
    assert switch.link(f"cut {US} {EU}")["cut"]
    world.put(US, v="1")
    world.clock.wait(60)
    assert switch.link("state") == {"cut": True, "pending": 1, "lag": 1}
    assert not switch.link(f"heal {US} {EU}")["cut"]
    world.clock.wait(1)

    assert (world.get(EU), switch.link("state")["pending"]) == ({"v": "1"}, 0)
    assert switch.link(f"slow-down {US} {EU} 30")["lag"] == 30
    world.put(US, "slow", v="1")
    world.clock.wait(29)
    assert world.get(EU, "slow") is None
    assert switch.link(f"usual-lag {US} {EU}")["lag"] == 1
    world.put(US, "quick", v="1")
    world.clock.wait(1)

    assert (world.get(EU, "slow"), world.get(EU, "quick")) == ({"v": "1"}, {"v": "1"})


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("jump", "choose from state, on, off, cut, heal, slow-down, usual-lag"),
        ("on", "on takes FAULT[=VALUE]"),
        ("on lost-writes", "perhaps 'lost-write' was meant"),
        ("on clock-skew=eu-west-1:inf", "takes REGION:SECONDS"),
        ("cut us-east-1 mars-1", "mars-1 is not served"),
        ("heal us-east-1 us-east-1", "not from us-east-1 to itself"),
        ("slow-down us-east-1 eu-west-1 nan", "use seconds from 0"),
    ],
)
def test_a_mistake_is_one_line_with_the_cure_and_changes_nothing(switch: Switches, words: str, says: str) -> None:
    before = switch("state")
    code, out, err = switch(words)

    assert (code, out, err.count("\n"), says in err) == (2, "", 1, True), err
    assert switch("state") == before


def test_without_a_server_the_command_says_how_to_start_one(capsys: pytest.CaptureFixture[str]) -> None:
    with World() as world, serve(world.simulator) as server:
        port = server.server_port
    assert switch_command(["--port", str(port), "state"]) == 2

    assert f"--port {port}" in capsys.readouterr().err


YES = {"X-Simulator": "yes"}


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({**YES, "Origin": "null"}, 403),
        ({**YES, "Host": "example.com:8555"}, 403),
        ({**YES, "Host": "127.0.0.1.example.com"}, 403),
        ({**YES, "Host": "127.0.0.1:8555"}, 200),
        ({**YES, "Host": "localhost:8555"}, 200),
    ],
)
def test_curl_can_move_a_switch_and_a_page_in_a_browser_cannot(
    world: World, server: Server, method: str, headers: dict[str, str], status: int
) -> None:
    with closing(HTTPConnection(LOOPBACK, server.server_port, timeout=120)) as connection:
        connection.request(method, "/simulator", f"cut {US} {EU}" if method == "POST" else None, headers)
        assert connection.getresponse().status == status
    assert any(each.cut for each in world.simulator.replication.links()) == (method == "POST" and status == 200)


# Faults: named, switched on and off.


@pytest.mark.parametrize("words", ["on attribute-rewritten", f"cut {US} {EU}", f"slow-down {US} {EU} 60"])
def test_what_was_due_before_a_switch_is_moved_is_not_changed_by_it(world: World, switch: Switches, words: str) -> None:
    world.put(US, region_created=US)
    world.clock.wait(1)
    switch(words)

    assert world.get(EU) == {"region_created": US}


def played(world: World) -> list[object]:
    world.put(US, price="1", stock="1", region_created=US)
    world.settle()
    world.set(US, price="2")
    world.clock.wait(0.5)
    world.set(EU, stock="0")
    world.settle()
    return [world.everywhere(), len(world.records(US)), world.clock.elapsed()]


@pytest.mark.parametrize("name", {fault.area: name for name, fault in FAULTS.items()}.values())
def test_a_fault_that_is_switched_off_is_not_there(name: str) -> None:
    with World(lag=Lag()) as sound, World(faults=[name], lag=Lag()) as world:
        assert [fault.name for fault in world.simulator.faults] == [name]
        world.simulator.faults.take_back(name)
        world.simulator.faults.take_back(name)

        assert list(world.simulator.faults) == []
        assert played(world) == played(sound)
