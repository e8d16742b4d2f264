"""Put and get over HTTP, at the simulator's port and at moto's own server, both in this process."""

from contextlib import closing
from importlib.util import find_spec
from typing import Any

import boto3

from support.benchmarks.bare import REGIONS
from support.benchmarks.measuring import Plan, Row, ratio
from support.benchmarks.simulator import bare_moto, get, put
from support.clock import WallClock
from support.page.workshop import TABLE
from support.simulator import Simulator
from support.simulator.http.server import serve


def row(plan: Plan) -> Row:
    """Not measured without moto's server, which `pip install 'moto[server]'` brings."""
    figures = [_figure(plan) for _ in range(plan.rounds)] if find_spec("flask_cors") else []
    return Row("put and get over HTTP", 1.0, "x", "moto_server", figures)


def _figure(plan: Plan) -> float:
    from moto.server import ThreadedMotoServer

    with bare_moto(reset=True):
        pass  # what was there before is gone
    other = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    other.start()
    try:
        with closing(Simulator(WallClock(), REGIONS)) as simulator, serve(simulator) as ours:
            host, port = other.get_host_and_port()
            clients = [_client(ours.url), _client(f"http://{host}:{port}")]
            for each in clients:
                each.create_table(**TABLE)
                _calls(each, 0)
            return ratio(
                lambda piece: _calls(clients[0], piece), lambda piece: _calls(clients[1], piece), plan.calls // 10
            )
    finally:
        other.stop()


def _calls(client: Any, piece: int) -> None:
    for number in range(piece * 10, (piece + 1) * 10):
        put(client, number)
        get(client, number)


def _client(url: str) -> Any:
    return boto3.session.Session("x", "x", region_name=REGIONS[0]).client("dynamodb", endpoint_url=url)
