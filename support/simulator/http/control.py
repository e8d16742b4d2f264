"""Moving the simulator's switches while it runs, in words: "on throttling=0.2", "cut us-east-1 eu-west-1"."""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Any

from support.simulator.faults import fault_named, known_fault
from support.simulator.simulator import Simulator


class ControlError(ValueError):
    """Words that can't be applied: one line with the cure."""


def seconds(text: str) -> float:
    """A time of 0 or more. Raises ValueError with the cure."""
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not (isfinite(found) and found >= 0):
        raise ValueError("use seconds from 0, as in 0.8")
    return found


def _on(simulator: Simulator, text: str) -> None:
    fault = fault_named(text)
    fault.check_regions(simulator.regions)
    simulator.faults.inject(fault)


COMMANDS: Mapping[str, tuple[str, str, Callable[..., None]]] = {
    "state": ("", "say what is switched on, and what is pending on each link", lambda _: None),
    "on": ("FAULT[=VALUE]", "switch a fault on, or change its value", _on),
    "off": ("FAULT", "switch a fault off", lambda simulator, name: simulator.faults.take_back(known_fault(name).name)),
    "cut": ("SOURCE DESTINATION", "let a link deliver nothing until it heals", Simulator.cut),
    "heal": ("SOURCE DESTINATION", "let a link deliver what is pending", Simulator.heal),
    "slow-down": (
        "SOURCE DESTINATION SECONDS", "let every change on a link take exactly this long",
        lambda simulator, source, destination, text: simulator.slow_down(source, destination, seconds(text)),
    ),
    "usual-lag": (
        "SOURCE DESTINATION", "let changes on a link take as long as they did at the start", Simulator.usual_lag,
    ),
}  # fmt: skip
"""What each command takes, what it does in words, and what does it."""


def usage() -> list[str]:
    return [f"{name + ' ' + takes:38}{does}" for name, (takes, does, _) in COMMANDS.items()]


def execute(simulator: Simulator, words: Sequence[str]) -> dict[str, Any]:
    """Do what the words say; the simulator's state after it. Raises ControlError, and then nothing has been done."""
    name, *values = words or [""]
    if name not in COMMANDS:
        raise ControlError(f"there is no command {name!r}: choose from {', '.join(COMMANDS)}")
    takes, _, do = COMMANDS[name]
    if len(values) != len(takes.split()):
        raise ControlError(f"{name} takes {takes or 'nothing more'}, not {' '.join(values) or 'nothing'}")
    if takes.startswith("SOURCE"):
        _check_link(simulator, *values[:2])
    with simulator.router.between_requests():
        try:
            do(simulator, *values)
        except ValueError as error:
            raise ControlError(f"{name} {' '.join(values)}: {error}") from None
        return state(simulator)


def state(simulator: Simulator) -> dict[str, Any]:
    """What holds now, as JSON has it; lags in seconds."""
    links = [
        {
            "source": link.source,
            "destination": link.destination,
            "cut": simulator.replication.is_cut(link),
            "pending": len(link),
            "lag": link.lag.extra if link.lag.median == 0 else f"around {link.lag.median:g}",
        }
        for link in simulator.replication.links()
    ]
    lag = {"median": simulator.lag.median, "spread": simulator.lag.spread}
    faults = [str(fault) for fault in simulator.faults]
    return {"lag": lag, "faults": faults, "links": links, "failures": simulator.router.failures()}


def _check_link(simulator: Simulator, source: str, destination: str) -> None:
    for region in (source, destination):
        if region not in simulator.regions:
            raise ControlError(f"{region} is not served: use two of {', '.join(simulator.regions)}")
    if source == destination:
        raise ControlError(f"a link leads from one region to another, not from {source} to itself: name two regions")
