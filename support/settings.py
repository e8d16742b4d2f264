"""What a run was asked to do: the table of its options, and their values as one frozen value."""

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from support.command import demand_output
from support.evidence import Evidence, EvidenceError, MeasuredLags
from support.options import PREFIX, Option, OptionError, matching, positive, unless_empty, whole_number
from support.page.workshop import PRIMARY_REGION, REGION, REPLICA_REGION, TABLE_NAME, Limits, Load
from support.simulator import Fault, check_together, fault_named
from support.simulator.isolated_session import known_regions

LIVE_POLLING = 0.25
MOST_POLLING = 1.0
"""Seconds: looks that are further apart can't tell the page's 2 seconds."""
LOOKS_A_SECOND = 40
"""How many looks a live target is asked for in a second at most: the more probes, the longer the pause between two."""


def _mode(text: str) -> str:
    if text not in ("simulated", "live"):
        raise ValueError("there is no such mode; use --mode simulated or --mode live")
    if text == "live" and sys.platform == "win32":
        raise ValueError("it needs the file locks of Linux or macOS: run it there, or in WSL")
    return text


NAME = "it can't be part of a key like USER#global-user-ada: use 1 to 32 small letters, digits and hyphens, as in ada"


def option(default: str, help_text: str, check: Callable[[Any], Any], **more: Any) -> Any:
    """A field of Settings that an option of the same name fills."""
    made = Option("", default, help_text, check, **more)
    return field(metadata={"option": made}, repr=not made.secret)


def switch(help_text: str) -> Any:
    return option("", help_text, bool, kind="flag")


def path(help_text: str) -> Any:
    return option("", help_text, lambda text: Path(text) if text else None, metavar="PATH")


def region(usual: str) -> Any:
    check = matching(REGION, f"use the name of a region, as in {usual}")
    return option(usual, f"the region in the part of the page's {usual}", check)


@dataclass(frozen=True)
class Settings:
    """The checked values of the options, under their names; those in seconds are 0 where the target decides."""

    mode: str = option("simulated", "what to run against: simulated or live", _mode)
    seed: int = option("1", "what the lags of the simulated table depend on", whole_number(0, 2**63))
    participant: str = option(
        "ada", "the page's [your-name], part of every key", matching("[a-z0-9][a-z0-9-]{0,31}", NAME)
    )
    probes: int = option("20", "how many items exercise 5 times in each direction", whole_number(1, 1000))
    load_minutes: float = option("2", "how long the random load lasts", positive("minutes", 1440))
    load_clients: int = option("2", "how many clients of the random load each region has", whole_number(1, 100))
    load_pace: float = option("0.5", "how many operations each of them does in a second", positive("operations", 1000))
    load_items: int = option("3", "how many items they share", whole_number(1, 1000))
    fault: tuple[Fault, ...] = option(
        "",
        "break the simulated table, may be repeated (listed by python -m support.simulator --list-faults)",
        lambda texts: tuple(map(fault_named, texts)),
        kind="list",
        metavar="NAME[=VALUE]",
    )
    lag_from: Path | None = path("simulated: draw the lags from the --evidence file of a live run")
    primary_region: str = region(PRIMARY_REGION)
    replica_region: str = region(REPLICA_REGION)
    table_name: str = option(
        TABLE_NAME,
        "the workshop's table",
        matching("[A-Za-z0-9_.-]{3,255}", f"use 3 to 255 letters, digits, '_', '.' and '-', as in {TABLE_NAME}"),
    )
    replication_timeout: float = option(
        "",
        "wait for replication this many seconds at most, where a step would wait longer",
        unless_empty(positive("seconds"), math.inf),
    )
    polling: float = option(
        "",
        "look every so many seconds at what is awaited: no delay is measured more exactly",
        unless_empty(positive("seconds", MOST_POLLING), 0.0),
    )
    aws_profile: str = option("", "live: the profile of boto3's configuration", str)
    expect_account: str = option(
        "",
        "live: refuse any other AWS account",
        unless_empty(matching(r"\d{12}", "use the 12 digits of an AWS account"), ""),
        secret=True,
        metavar="ACCOUNT",
    )
    preflight_only: bool = switch("live: only say whether the target is fit to be tested")
    experiments: bool = switch(
        "live: also what pauses replication, by AWS's Fault Injection Service, which has its price"
    )
    keep_items: bool = switch("live: leave the items in the table, for debugging")
    claims: bool = switch("list at the end what the page claims, and what became of it")
    page: Path | None = path("compare this version of the workshop page with what the suite tests")
    evidence: Path | None = path("live: the file in which a green run puts down what it has shown")
    stale_evidence: int | None = option(
        "",
        "live: only what that file has not shown for so many days",
        unless_empty(whole_number(0, 36500), None),
        metavar="DAYS",
    )
    chosen: tuple[str, ...] = ()
    """What was chosen, and where, in words."""

    @property
    def live(self) -> bool:
        return self.mode == "live"

    @property
    def regions(self) -> tuple[str, str]:
        return self.primary_region, self.replica_region

    @cached_property
    def lags(self) -> MeasuredLags | None:
        """Those of the evidence file. Raises OptionError."""
        try:
            return MeasuredLags.read(self.lag_from, self.regions) if self.lag_from else None
        except EvidenceError as error:
            raise OptionError(f"--lag-from {error}") from None

    def lines(self) -> list[str]:
        """The settings for the head of a run."""
        seed = "" if self.live else f", seed {self.seed}"
        faults = f", faults {', '.join(map(str, self.fault))}" if self.fault else ""
        lags = f", lags of {self.lags}" if self.lags else ""
        place = f"table {self.table_name} in {' and '.join(self.regions)}"
        chosen = f"settings: {', '.join(self.chosen)}; all others by default" if self.chosen else "settings: by default"
        return [f"global table: {self.mode}, {place}, participant {self.participant}{seed}{faults}{lags}", chosen]

    @property
    def limits(self) -> Limits:
        """How long to wait, how often to look, and how many items to time."""
        usual = max(LIVE_POLLING, self.probes / LOOKS_A_SECOND) if self.live else Limits.polling
        load = Load(self.load_minutes, self.load_clients, self.load_pace, self.load_items, self.seed)
        polling = self.polling or usual
        return Limits(probes=self.probes, polling=polling, timeout=self.replication_timeout, load=load)

    def environment(self) -> dict[str, str | Sequence[str]]:
        """The settings for the report, those of limits where they are not the usual ones; nothing in them is secret."""
        known: dict[str, str | Sequence[str]] = {
            "mode": self.mode,
            "regions": self.regions,
            "table": self.table_name,
            "participant": self.participant,
        }
        if not self.live:
            known |= {"seed": str(self.seed), "faults": [*map(str, self.fault)]}
        limits = {each.name: (getattr(self, each.field), each.value(None)) for each in options_named(*OF_LIMITS)}
        known |= {name: f"{value:g}" for name, (value, usual) in limits.items() if value != usual}
        return known | ({"lags": str(self.lags)} if self.lags else {})


OPTIONS = tuple(
    replace(each.metadata["option"], name=each.name.replace("_", "-")) for each in fields(Settings) if each.metadata
)
OF_LIMITS = (
    "probes", "load-minutes", "load-clients", "load-pace", "load-items", "replication-timeout", "polling",
)  # fmt: skip
ONLY_LIVE = ("preflight-only", "experiments", "keep-items", "evidence", "expect-account", "aws-profile")


def read_settings(**texts: Any) -> Settings:
    """Settings from the texts of options; all others have their defaults. Raises OptionError for what can't be."""
    settings = Settings(**{each.field: each.value(texts.get(each.field)) for each in OPTIONS})
    _refuse_regions(settings)
    _refuse_what_does_not_go_together(settings)
    return settings


def choose(command_line: Mapping[str, Any], environment: Mapping[str, str], ini: Mapping[str, str]) -> Settings:
    """The same from what was said anywhere, with who chose what."""
    said = [(each, *each.chosen(command_line, environment, ini)) for each in OPTIONS]
    told = [
        f"{each.name} {'<redacted>' if each.secret else _in_words(value)} ({origin})"
        for each, value, origin in said
        if origin
    ]
    return replace(read_settings(**{each.field: value for each, value, _ in said}), chosen=tuple(told))


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like options and are none: a typing error would be taken for nothing."""
    known = {option.variable for option in OPTIONS}
    ours = {name for name, text in environment.items() if name.startswith(PREFIX.upper()) and text}
    return sorted(ours - known)


def options_named(*names: str) -> list[Option]:
    return [option for option in OPTIONS if option.name in names]


def _refuse_regions(settings: Settings) -> None:
    if settings.primary_region == settings.replica_region:
        raise OptionError(f"--replica-region {settings.replica_region} is the primary region: name another one")
    for flag, name in (("--primary-region", settings.primary_region), ("--replica-region", settings.replica_region)):
        if not settings.live and name not in known_regions():  # AWS may have some that botocore does not know yet
            raise OptionError(f"{flag} {name}: there is no such region; name one of AWS's, as in {PRIMARY_REGION}")


def _refuse_what_does_not_go_together(settings: Settings) -> None:
    try:
        check_together(settings.fault, settings.regions)
    except ValueError as error:
        raise OptionError(f"--fault {_in_words(settings.fault)}: {error}") from None
    if settings.live and settings.fault:
        cure = "serve a broken table with python -m support.simulator --fault, and run against that"
        raise OptionError(f"--fault {settings.fault[0]}: a live target is not broken on purpose; {cure}")
    if settings.live and settings.lag_from:
        raise OptionError("--lag-from is for simulated runs: a live table has lags of its own; leave it out")
    _ = settings.lags  # which may be refused
    if settings.evidence is not None:
        demand_output("--evidence", settings.evidence)
        try:
            Evidence.so_far(settings.evidence)
        except EvidenceError as error:
            raise OptionError(f"--evidence {settings.evidence} {error}: name a new file") from None
    if settings.stale_evidence is not None and settings.evidence is None:
        raise OptionError("--stale-evidence needs a file: name it with --evidence PATH")
    for option in options_named(*ONLY_LIVE):
        if getattr(settings, option.field) and not settings.live:
            raise OptionError(f"{option.flag} is for live runs: add --mode live, or leave it out")


def _in_words(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
