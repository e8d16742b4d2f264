"""What runs have measured and shown: the file that `pytest features/ --mode live --evidence FILE` writes, read back.

It is small and can be committed. The account is in it as a salted hash.

A measured delay is a bracket, from the last look that missed to the first that hit, in seconds since just before the
write was sent. It holds the time of the write and of a look as well, so a lag drawn from it is a little longer than a
link's.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from secrets import token_hex
from typing import Any

SCHEMA = 3
"""Of the file; no other is read."""

ROUNDS = 100_000
"""Of hashing: twelve digits are soon guessed if each guess costs nothing."""

MEASURE = "measure first: pytest features/ -m exercise_5 --mode live --evidence NEW_FILE"

Direction = tuple[str, str]
Bracket = tuple[float, float]


class EvidenceError(ValueError):
    """Why a file can't be used, in words that follow its name."""


@dataclass(frozen=True)
class Place:
    """What was tested: AWS or an endpoint, the salted hash of the account, the table and its regions.

    Evidence of one place says nothing of another.
    """

    target: str
    regions: tuple[str, ...]
    table: str
    account: str

    def __str__(self) -> str:
        return f"{self.table} in {' and '.join(self.regions)} on {self.target}"


@dataclass(frozen=True)
class Shown:
    """What one scenario has shown: on which day, in how many seconds, and what it found.

    `delays` are in words, and so is what a cut has cost. `samples` are the brackets of exercise 5: "source",
    "destination", and the seconds from just before the write to the "last_miss" (None: the first look hit), the
    "first_hit" (None: there was none), "gave_up".
    """

    day: str
    seconds: float = 0.0
    delays: Sequence[str] = ()
    samples: Sequence[Mapping[str, Any]] = ()
    winner: str = ""
    why: str = ""


@dataclass(frozen=True)
class Evidence:
    """All that has been shown: by place, then by scenario id."""

    shown: Mapping[Place, Mapping[str, Shown]] = field(default_factory=dict)
    salt: str = field(default_factory=lambda: token_hex(16))

    @classmethod
    def so_far(cls, path: Path) -> "Evidence":
        """What the file says; nothing if there is none yet."""
        return cls.read(path) if path.exists() else cls()

    @classmethod
    def read(cls, path: Path) -> "Evidence":
        """What the file says. Raises EvidenceError."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            schema = content["schema"]
            if schema == SCHEMA:
                return cls(dict(map(_shown, content["places"])), content["salt"])
        except OSError as error:
            raise EvidenceError(f"can't be read: {error.strerror}") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise EvidenceError("is no file of evidence") from None
        raise EvidenceError(f"can't be read: its schema is {schema}, and not {SCHEMA}")

    def hashed(self, account: str) -> str:
        return hashlib.pbkdf2_hmac("sha256", account.encode(), self.salt.encode(), ROUNDS).hex()[:16]

    def with_more(self, place: Place, shown: Mapping[str, Shown]) -> "Evidence":
        """This evidence, and newer one of the same scenarios of the place instead of the older."""
        return replace(self, shown={**self.shown, place: {**self.shown.get(place, {}), **shown}})

    def recent(self, place: Place, today: date, days: int) -> dict[str, Shown]:
        """What was shown of a place within so many days, by scenario id; a day in the future does not count."""
        first, shown = today - timedelta(days=days), self.shown.get(place, {})
        return {name: each for name, each in shown.items() if first <= date.fromisoformat(each.day) <= today}

    def write(self, path: Path) -> None:
        """Write the file, the scenarios in the order of their ids."""
        places = [
            {**asdict(place), "scenarios": {name: asdict(shown[name]) for name in sorted(shown)}}
            for place, shown in self.shown.items()
        ]
        content = {"schema": SCHEMA, "salt": self.salt, "places": places}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _shown(content: Mapping[str, Any]) -> tuple[Place, dict[str, Shown]]:
    place = Place(content["target"], tuple(content["regions"]), content["table"], content["account"])
    shown = {name: Shown(**values) for name, values in content["scenarios"].items()}
    for each in shown.values():
        date.fromisoformat(each.day)
        for sample in each.samples:
            _measured(sample)
    return place, shown


@dataclass(frozen=True)
class MeasuredLags:
    """The brackets of each direction, and in words where they come from."""

    lags: Mapping[Direction, Sequence[Bracket]]
    source: str

    @classmethod
    def read(cls, path: Path, regions: Sequence[str]) -> "MeasuredLags":
        """The lags between these regions. Raises EvidenceError, also for a direction that was not measured."""
        try:
            places = Evidence.read(path).shown.items()
        except EvidenceError as error:
            raise EvidenceError(f"{path} {error}; {MEASURE}") from None
        measured = [(place.target, each) for place, shown in places for each in shown.values() if each.samples]
        measured = [each for each in measured if each[0] == "AWS"] or measured
        found = [_measured(sample) for _, each in measured for sample in each.samples]
        lags = {link: [bracket for way, bracket in found if way == link] for link in permutations(regions, 2)}
        for (source, destination), brackets in lags.items():
            if not brackets:
                raise EvidenceError(f"{path} has no delay from {source} to {destination}; {MEASURE}")
        days = sorted(each.day for _, each in measured)
        when = " to ".join(dict.fromkeys((days[0], days[-1])))
        where = ", ".join(sorted({target for target, _ in measured}))
        return cls(lags, f"{path.name}: {sum(map(len, lags.values()))} delays measured {when} on {where}")

    def __str__(self) -> str:
        return self.source


def _measured(sample: Mapping[str, Any]) -> tuple[Direction, Bracket]:
    """Where the delay lies. An item that was given up took longer than that: nothing says how much, so no more."""
    low = float(sample["last_miss"] or 0)
    high = float(sample["gave_up"] if sample["first_hit"] is None else sample["first_hit"])
    if not 0 <= low <= high:
        raise ValueError(f"{low} to {high} is no bracket")
    return (sample["source"], sample["destination"]), (high if sample["first_hit"] is None else low, high)
