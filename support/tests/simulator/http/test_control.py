"""Faults and links of a simulator that is serving are moved over its port, and by nobody's web page."""

import json
from http.client import HTTPConnection
from typing import Any

import pytest

from support.simulator.http import switch_command
from support.simulator.http.server import LOOPBACK, Server, serve
from support.tests.simulator.simulated_world import EU, US, World


class Switches:
    """The command as somebody at a terminal sees it."""

    def __init__(self, server: Server, capsys: pytest.CaptureFixture[str]) -> None:
        self._port = str(server.server_port)
        self._capsys = capsys

    def __call__(self, words: str) -> tuple[int, str, str]:
        code = switch_command.main(["--port", self._port, *words.split()])
        shown = self._capsys.readouterr()
        return code, shown.out, shown.err

    def state(self, words: str) -> dict[str, Any]:
        code, out, err = self(words)
        assert (code, err) == (0, "")
        state: dict[str, Any] = json.loads(out)
        return state


@pytest.fixture
def switch(server: Server, capsys: pytest.CaptureFixture[str]) -> Switches:
    return Switches(server, capsys)


def link(state: dict[str, Any], source: str = US, destination: str = EU) -> dict[str, Any]:
    (found,) = [each for each in state["links"] if (each["source"], each["destination"]) == (source, destination)]
    return {name: value for name, value in found.items() if name not in ("source", "destination")}


def test_the_state_tells_lag_faults_and_links(switch: Switches) -> None:
    state = switch.state("state")

    assert (state["lag"], state["faults"]) == ({"median": 0, "spread": 0.25}, [])
    assert [(each["source"], each["destination"]) for each in state["links"]] == [(US, EU), (EU, US)]
    assert link(state) == {"cut": False, "owed": 0, "lag": 1}


def test_a_link_is_cut_and_heals(world: World, switch: Switches) -> None:
    assert link(switch.state(f"cut {US} {EU}"))["cut"]
    world.put(US, v="1")
    world.clock.wait(60)
    assert link(switch.state("state")) == {"cut": True, "owed": 1, "lag": 1}
    assert not link(switch.state(f"heal {US} {EU}"))["cut"]
    world.clock.wait(1)

    assert (world.get(EU), link(switch.state("state"))["owed"]) == ({"v": "1"}, 0)


def test_a_link_is_slowed_down_and_gets_its_usual_lag_again(world: World, switch: Switches) -> None:
    assert link(switch.state(f"slow-down {US} {EU} 30"))["lag"] == 30
    world.put(US, "slow", v="1")
    world.clock.wait(29)
    assert world.get(EU, "slow") is None
    assert link(switch.state(f"usual-lag {US} {EU}"))["lag"] == 1
    world.put(US, "quick", v="1")
    world.clock.wait(1)

    assert (world.get(EU, "slow"), world.get(EU, "quick")) == ({"v": "1"}, {"v": "1"})


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("jump", "there is no command 'jump': choose from state, on, off, cut, heal, slow-down, usual-lag"),
        ("state please", "state takes nothing more, not please"),
        ("on", "on takes FAULT[=VALUE], not nothing"),
        ("on gremlins", "there is no fault 'gremlins': "),
        ("on throttling=2", "the fault throttling takes share, 0 to 1, as in throttling=0.2, not '2'"),
        (
            "on keeps-own-version=mars-1",
            "the fault keeps-own-version=mars-1 names mars-1, which is not served: use us-east-1 or eu-west-1",
        ),
        ("off gremlins", "there is no fault 'gremlins': "),
        ("cut us-east-1", "cut takes SOURCE DESTINATION, not us-east-1"),
        ("cut us-east-1 mars-1", "mars-1 is not served: use two of us-east-1, eu-west-1"),
        ("heal us-east-1 us-east-1", "a link leads from one region to another, not from us-east-1 to itself"),
        ("slow-down us-east-1 eu-west-1 soon", "slow-down takes seconds, as in slow-down us-east-1 eu-west-1 30"),
        ("slow-down us-east-1 eu-west-1 nan", "slow-down takes seconds"),
    ],
)
def test_a_mistake_is_one_line_with_the_cure_and_changes_nothing(switch: Switches, words: str, line: str) -> None:
    before = switch("state")
    code, out, err = switch(words)

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(line)
    assert switch("state") == before


def test_without_a_server_the_command_says_how_to_start_one(capsys: pytest.CaptureFixture[str]) -> None:
    with World() as world, serve(world.simulator) as server:
        port = server.server_port
    assert switch_command.main(["--port", str(port), "state"]) == 2
    shown = capsys.readouterr().err

    assert shown.startswith(f"no simulator answers on port {port} (Connection refused): start one with ")
    assert shown.count("\n") == 1


def asked(server: Server, method: str, headers: dict[str, str], body: str = "cut us-east-1 eu-west-1") -> int:
    connection = HTTPConnection(LOOPBACK, server.server_port, timeout=120)
    connection.request(method, "/simulator", body if method == "POST" else None, headers)
    status = connection.getresponse().status
    connection.close()
    return status


YES = {"X-Simulator": "yes"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**YES, "Origin": "https://example.com"},
        {**YES, "Origin": "null"},
        {**YES, "Host": "example.com:8555"},
        {**YES, "Host": "127.0.0.1.example.com"},
    ],
)
def test_a_page_in_a_browser_cannot_move_a_switch(world: World, server: Server, headers: dict[str, str]) -> None:
    assert [asked(server, method, headers) for method in ("POST", "GET")] == [403, 403]
    assert not any(each.cut for each in world.simulator.replication.links())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_curl_can(world: World, server: Server, host: str) -> None:
    assert asked(server, "POST", {**YES, "Host": f"{host}:{server.server_port}"}) == 200
    assert [each.cut for each in world.simulator.replication.links()] == [True, False]
