"""The Fault Injection Service, as far as pausing replication needs it: one template, and one experiment at a time.

A pause concerns all links of the region in which the experiment was started, for the simulator's links are those of all
tables. It begins up to five minutes after the experiment, and ends with it (facts 4, assumption A8).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from support.clock import MICROSECONDS
from support.experiments import ACTION, AT_WORK, MINUTES, RESOURCE, TAG
from support.simulator.messages import RefusedError, Response
from support.simulator.replication.replication import Replication

TEMPLATE = "EXTsimulated"
PATH = re.compile(r"/(?P<kind>experiments|experimentTemplates)(?:/(?P<id>[\w-]+))?")


@dataclass
class Experiment:
    """One pause: who asked for it and where, and when it has its effect and ends, in microseconds of the clock."""

    id: str
    token: str
    region: str
    tags: Mapping[str, str]
    effect: int
    ends: int
    status: str = "initiating"
    pauses: bool = False


class Experiments:
    """Answers the requests of a client of the service. `latest_effect` is in seconds."""

    def __init__(self, replication: Replication, seed: str, latest_effect: float) -> None:
        self._replication = replication
        self._random = Random(f"{seed}/experiments")
        self._latest_effect = latest_effect
        self._all: dict[str, Experiment] = {}

    def answer(
        self, region: str, method: str, path: str, parameters: Mapping[str, Any], tables: Sequence[str]
    ) -> Response:
        """What the service answers to a request of its REST API. Raises RefusedError."""
        place = PATH.fullmatch(path)
        if place and place["kind"] == "experimentTemplates" and method == "GET":
            templates = [_template(table) for table in tables]
            if not place["id"]:
                return Response.of({"experimentTemplates": templates})
            return Response.of({"experimentTemplate": _found(place["id"], {each["id"]: each for each in templates})})
        if not place or place["kind"] != "experiments":
            raise RefusedError(f"the simulator has no {method} {path} of FIS", "ValidationException")
        if method == "POST":
            _found(parameters["experimentTemplateId"], [_template(table)["id"] for table in tables])
            return Response.of({"experiment": _described(self._start(region, parameters))})
        if not place["id"]:
            return Response.of({"experiments": [_described(each) for each in self._all.values()]})
        experiment = _found(place["id"], self._all)
        if method == "DELETE" and experiment.status in AT_WORK:
            self._end(experiment, "stopped")
        return Response.of({"experiment": _described(experiment)})

    def do_due(self) -> None:
        """Let pauses begin and end whose time has come."""
        now = self._replication.now()
        for each in self._all.values():
            if each.status not in AT_WORK:
                continue
            each.status = "running"
            if now >= each.ends:
                self._end(each, "completed")
            elif now >= each.effect and not each.pauses:
                each.pauses = True
                for link in self._replication.links():
                    link.cut = link.cut or each.region in (link.source, link.destination)

    def _start(self, region: str, parameters: Mapping[str, Any]) -> Experiment:
        """The same token gives the same experiment: a client may ask again."""
        token = parameters["clientToken"]
        if known := [each for each in self._all.values() if each.token == token]:
            return known[0]
        if any(each.status in AT_WORK for each in self._all.values()):
            raise RefusedError("the simulator has one experiment at a time", "ConflictException")
        now, delay = self._replication.now(), self._random.uniform(0, self._latest_effect)
        times = now + round(delay * MICROSECONDS), now + MINUTES * 60 * MICROSECONDS
        started = Experiment(f"EXPsimulated{len(self._all) + 1}", token, region, parameters.get("tags", {}), *times)
        self._all[started.id] = started
        return started

    def _end(self, experiment: Experiment, status: str) -> None:
        experiment.status = status
        if experiment.pauses:
            for link in self._replication.links():
                if experiment.region in (link.source, link.destination):
                    self._replication.heal(link.source, link.destination)


def _template(table: str) -> dict[str, Any]:
    """As `python -m support.targets --print-template --experiments` makes it."""
    target = {"resourceType": RESOURCE, "resourceTags": {TAG: table}, "selectionMode": "ALL"}
    action = {"actionId": ACTION, "parameters": {"duration": f"PT{MINUTES}M"}, "targets": {"Tables": "table"}}
    return {
        "id": f"{TEMPLATE}-{table}",
        "tags": {TAG: table},
        "targets": {"table": target},
        "actions": {"pause": action},
    }


def _described(experiment: Experiment) -> dict[str, Any]:
    state = {"status": experiment.status, "reason": f"the experiment is {experiment.status}"}
    return {"id": experiment.id, "state": state, "tags": dict(experiment.tags)}


def _found(name: str, known: Any) -> Any:
    if name not in known:
        raise RefusedError(f"{name} was not found", "ResourceNotFoundException")
    return known[name] if isinstance(known, Mapping) else name
