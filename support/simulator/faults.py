"""What can be made to go wrong, as named switches: the suite is proved against them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True)
class Switch:
    """A fault that the simulator knows: what it does, what its value means, and the value it has when none is given."""

    does: str
    value: str = ""
    default: str = ""


SWITCHES = {
    "cut-link": Switch("a link delivers nothing", "SOURCE>DESTINATION", "us-east-1>eu-west-1"),
    "extra-lag": Switch("every change takes longer", "seconds", "30"),
    "lost-write": Switch("changes vanish on their way", "share, 0 to 1", "1"),
    "first-writer-wins": Switch("of two conflicting versions the earlier one stays"),
    "merged-attributes": Switch("conflicting images are blended instead of replaced"),
    "keeps-own-version": Switch("a region never lets go of what was written there", "region", "eu-west-1"),
    "index-not-updated": Switch("arriving changes do not reach a region's indexes", "region", "eu-west-1"),
    "attribute-rewritten": Switch("an attribute arrives with another value", "attribute", "region_created"),
    "throttling": Switch("requests are refused for lack of throughput", "share, 0 to 1", "0.2"),
    "errors": Switch("requests end with an internal server error", "share, 0 to 1", "0.2"),
    "lost-answers": Switch("requests are done, but the answer never comes", "share, 0 to 1", "0.2"),
    "connection-resets": Switch("connections break before a request is done", "share, 0 to 1", "0.2"),
    "slow-answers": Switch("every answer takes longer", "seconds", "1"),
    "clock-skew": Switch("a region's clock is wrong", "REGION:SECONDS", "eu-west-1:-60"),
}


READERS: dict[str, Callable[[str], bool]] = {
    "": lambda value: not value,
    "region": bool,
    "attribute": bool,
    "seconds": lambda value: isfinite(float(value)) and float(value) >= 0,
    "share, 0 to 1": lambda value: 0 <= float(value) <= 1,
    "SOURCE>DESTINATION": lambda value: all(value.partition(">")),
    "REGION:SECONDS": lambda value: bool(value.partition(":")[0]) and isfinite(float(value.partition(":")[2])),
}
"""For each kind of value: whether a text is one (ValueError: it is not)."""


@dataclass(frozen=True)
class Fault:
    """A fault that is switched on, with its value."""

    name: str
    value: str

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """Read NAME or NAME=VALUE. Raises ValueError with one line that names the cure."""
        name, equals, value = text.partition("=")
        switch = SWITCHES.get(name)
        if switch is None:
            raise ValueError(f"there is no fault {name!r}: choose from {', '.join(SWITCHES)}")
        if equals and not switch.value:
            raise ValueError(f"the fault {name} takes no value: leave out {equals}{value}")
        value = value if equals else switch.default
        with suppress(ValueError):
            if READERS[switch.value](value):
                return cls(name, value)
        raise ValueError(f"the fault {name} takes {switch.value}, as in {name}={switch.default}, not {value!r}")

    @property
    def regions(self) -> list[str]:
        kind = SWITCHES[self.name].value
        if kind == "SOURCE>DESTINATION":
            return self.value.split(">")
        return [self.value.partition(":")[0]] if kind in ("region", "REGION:SECONDS") else []

    def check_regions(self, served: Sequence[str]) -> None:
        """Raise ValueError with one line for a region that is not served: nothing would come of the fault."""
        unknown = [region for region in self.regions if region not in served]
        if unknown:
            raise ValueError(f"the fault {self} names {unknown[0]}, which is not served: use {' or '.join(served)}")

    def __str__(self) -> str:
        return f"{self.name}={self.value}" if self.value else self.name


def check_together(faults: Sequence[Fault], served: Sequence[str]) -> None:
    """Raise ValueError with one line for a fault of a region that is not served, and for one that is there twice."""
    for number, fault in enumerate(faults):
        fault.check_regions(served)
        if fault.name in [each.name for each in faults[:number]]:
            raise ValueError(f"the fault {fault.name} is given twice, and has one value: leave out {fault}")


class Faults:
    """The switchboard of one simulator."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._on = {fault.name: fault.value for fault in faults}
        self.before_change: Callable[[], None] = lambda: None
        """Does what is due before a switch is moved: that happens as the switches were."""

    def switch_on(self, fault: Fault) -> None:
        self.before_change()
        self._on[fault.name] = fault.value

    def switch_off(self, name: str) -> None:
        """Switch a fault off; nothing happens when it is off."""
        self.before_change()
        self._on.pop(name, None)

    def value(self, name: str) -> str | None:
        """The value of a fault (empty for one that takes none); None when it is off."""
        return self._on.get(name)

    def amount(self, name: str) -> float:
        """The seconds or the share of a fault; 0 when it is off."""
        return float(self._on.get(name, 0))

    def skew(self, region: str) -> float:
        """By how many seconds the clock of a region is wrong."""
        skewed, _, seconds = self._on.get("clock-skew", "").partition(":")
        return float(seconds) if skewed == region else 0.0

    def __iter__(self) -> Iterator[Fault]:
        return iter([Fault(name, value) for name, value in self._on.items()])
