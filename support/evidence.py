"""What runs have measured and shown: the file that `pytest features/ --mode live --evidence FILE` writes, read back.

A measured delay is a bracket, from the last look that missed to the first that hit, in seconds since just before the
write was sent. It holds the time of the write and of a look as well, so a lag drawn from it is a little longer than a
link's.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any

SCHEMA = 3
"""Of the file. Schema 1 had the delays as texts, schema 2 did not tell targets apart."""

MEASURE = "pytest features/ -m exercise_5 --mode live --evidence NEW_FILE"

Direction = tuple[str, str]
Values = Mapping[str, Any]


class MeasuredLagsError(ValueError):
    """The file can't be used: one line with the cure."""


Bracket = tuple[float, float]


@dataclass(frozen=True)
class MeasuredLags:
    """The brackets of each direction, and in words where they come from."""

    lags: Mapping[Direction, tuple[Bracket, ...]]
    source: str

    @classmethod
    def read(cls, path: Path, regions: Sequence[str]) -> "MeasuredLags":
        """The lags between these regions. Raises MeasuredLagsError, also for a direction that was not measured."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["schema"] not in (2, SCHEMA):
                reason = f"schema {content['schema']} is neither 2 nor {SCHEMA}, and has no delays as numbers"
                raise MeasuredLagsError(f"{path.name}: {reason}; measure again: {MEASURE}")
            scenarios = [each for _, each in scenarios_of(content)]
            on_aws = [each for each in scenarios if each["target"] == "AWS" and each["samples"]]
            scenarios = on_aws or scenarios
            samples = [sample for each in scenarios for sample in each["samples"]]
            measured = {link: tuple(map(_bracket, _of(samples, link))) for link in permutations(regions, 2)}
            lags = {link: brackets for link, brackets in measured.items() if brackets}
            number = sum(map(len, lags.values()))
            told = _told([each for each in scenarios if each["samples"]], number)
        except MeasuredLagsError:
            raise
        except OSError as error:
            raise MeasuredLagsError(f"{path} can't be read: {error.strerror}; measure first: {MEASURE}") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise MeasuredLagsError(f"{path} is no file of evidence; measure first: {MEASURE}") from None
        for source, destination in permutations(regions, 2):
            if (source, destination) not in lags:
                missing = f"{path.name} has no delay from {source} to {destination}"
                raise MeasuredLagsError(f"{missing}; measure it: {MEASURE}")
        return cls(lags, f"{path.name}: {told}")

    def __str__(self) -> str:
        return self.source


def scenarios_of(content: Values) -> Iterator[tuple[str, dict[str, Any]]]:
    """The id and the values of each scenario of a file of schema 2 or 3, those of its target and table among them."""
    nowhere = {"table": "", "account": ""}
    for place in content.get("places", ()) if content["schema"] == SCHEMA else [content]:
        where = {name: value for name, value in place.items() if name in ("target", "regions", "table", "account")}
        for name, values in place["scenarios"].items():
            yield name, {**nowhere, **where, **values}


def _of(samples: Iterable[Values], link: Direction) -> list[Values]:
    return [each for each in samples if (each["source"], each["destination"]) == link]


def _bracket(sample: Values) -> tuple[float, float]:
    """Where the delay lies. An item that was given up took longer than that: nothing says how much, so no more."""
    low = float(sample["last_miss"] or 0)
    high = float(sample["gave_up"] if sample["first_hit"] is None else sample["first_hit"])
    if not 0 <= low <= high:
        raise ValueError(f"{low} to {high} is no bracket")
    return (high, high) if sample["first_hit"] is None else (low, high)


def _told(scenarios: Sequence[Values], number: int) -> str:
    days = sorted({str(each["day"]) for each in scenarios})
    targets = ", ".join(sorted({str(each["target"]) for each in scenarios}))
    when = " to ".join(dict.fromkeys((days[0], days[-1]))) if days else "never"
    return f"{number} delays measured {when} on {targets}"
