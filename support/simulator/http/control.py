"""Moving the simulator's switches while it runs, in words: "on throttling=0.2", "cut us-east-1 eu-west-1"."""

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

from support.simulator.faults import fault_named, known_fault
from support.simulator.simulator import Simulator


class ControlError(ValueError):
    """Words that can't be obeyed: one line with the cure."""


COMMANDS = {
    "state": ("", "say what is switched on, and what each link owes"),
    "on": ("FAULT[=VALUE]", "switch a fault on, or change its value"),
    "off": ("FAULT", "switch a fault off"),
    "cut": ("SOURCE DESTINATION", "let a link deliver nothing until it heals"),
    "heal": ("SOURCE DESTINATION", "let a link deliver what it owes"),
    "slow-down": ("SOURCE DESTINATION SECONDS", "let every change on a link take exactly this long"),
    "usual-lag": ("SOURCE DESTINATION", "let changes on a link take as long as they did at the start"),
}
"""What each command takes, and what it does."""


def usage() -> list[str]:
    return [f"{name + ' ' + takes:38}{does}" for name, (takes, does) in COMMANDS.items()]


def execute(simulator: Simulator, words: Sequence[str]) -> dict[str, Any]:
    """Do what the words say; the simulator's state after it. Raises ControlError, and then nothing has been done."""
    name, *values = words or [""]
    if name not in COMMANDS:
        raise ControlError(f"there is no command {name!r}: choose from {', '.join(COMMANDS)}")
    takes, _ = COMMANDS[name]
    if len(values) != len(takes.split()):
        raise ControlError(f"{name} takes {takes or 'nothing more'}, not {' '.join(values) or 'nothing'}")
    if takes.startswith("SOURCE"):
        _check_link(simulator, *values[:2])
    actions: dict[str, Callable[..., None]] = {
        "on": _on,
        "off": _off,
        "cut": Simulator.cut,
        "heal": Simulator.heal,
        "slow-down": _slow_down,
        "usual-lag": Simulator.usual_lag,
    }
    with simulator.router.between_requests():
        if name in actions:
            actions[name](simulator, *values)
        return state(simulator)


def state(simulator: Simulator) -> dict[str, Any]:
    """What holds now, as JSON has it; lags in seconds."""
    links = [
        {
            "source": link.source,
            "destination": link.destination,
            "cut": simulator.replication.is_cut(link),
            "owed": len(link),
            "lag": link.lag.extra if link.lag.median == 0 else f"around {link.lag.median:g}",
        }
        for link in simulator.replication.links()
    ]
    lag = {"median": simulator.lag.median, "spread": simulator.lag.spread}
    faults = [str(fault) for fault in simulator.faults]
    return {"lag": lag, "faults": faults, "links": links, "failures": simulator.router.failures()}


def _on(simulator: Simulator, text: str) -> None:
    try:
        fault = fault_named(text)
        fault.check_regions(simulator.regions)
    except ValueError as error:
        raise ControlError(str(error)) from None
    simulator.faults.inject(fault)


def _off(simulator: Simulator, name: str) -> None:
    try:
        simulator.faults.take_back(known_fault(name).name)
    except ValueError as error:
        raise ControlError(str(error)) from None


def _slow_down(simulator: Simulator, source: str, destination: str, text: str) -> None:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not (isfinite(seconds) and seconds >= 0):
        raise ControlError(f"slow-down takes seconds, as in slow-down {source} {destination} 30, not {text!r}")
    simulator.slow_down(source, destination, seconds)


def _check_link(simulator: Simulator, source: str, destination: str) -> None:
    for region in (source, destination):
        if region not in simulator.regions:
            raise ControlError(f"{region} is not served: use two of {', '.join(simulator.regions)}")
    if source == destination:
        raise ControlError(f"a link leads from one region to another, not from {source} to itself: name two regions")
