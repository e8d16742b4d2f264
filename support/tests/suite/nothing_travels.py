"""Pytest plugin: cut all links for good, from the start of each scenario or from its own first action.

`NOTHING_TRAVELS=start` cuts before the first step, `NOTHING_TRAVELS=action` before the first When. A scenario that
writes nothing after that is skipped: it has no action that could travel.
"""

import os
from typing import Any

import pytest
from pytest_bdd.parser import Scenario, Step

from support.verdicts.history import Write

FROM = os.environ["NOTHING_TRAVELS"]
cut_key = pytest.StashKey[int]()
"""How many writes there were before the links were cut."""


def pytest_bdd_before_scenario(request: pytest.FixtureRequest) -> None:
    """Cut at the start."""
    if FROM == "start":
        _cut(request)


def pytest_bdd_before_step(request: pytest.FixtureRequest, step: Step) -> None:
    """Cut before the scenario's own action."""
    if FROM == "action" and step.type == "when":
        _cut(request)


def pytest_bdd_after_step(request: pytest.FixtureRequest, scenario: Scenario, step: Step) -> None:
    """Leave out what writes nothing after the cut."""
    last = step is scenario.steps[-1]
    if FROM == "action" and last and _writes(request) == request.node.stash.get(cut_key, _writes(request)):
        pytest.skip("the action of this scenario writes nothing")


def _writes(request: pytest.FixtureRequest) -> int:
    return sum(isinstance(each, Write) for each in request.getfixturevalue("global_table").history)


def _cut(request: pytest.FixtureRequest) -> None:
    if cut_key in request.node.stash:
        return
    table = request.getfixturevalue("global_table")
    request.node.stash[cut_key] = _writes(request)
    for source in table.regions:
        for destination in table.others(source):
            table.links.cut(source, destination)
    links: Any = table.links
    links.heal = lambda *_: None
