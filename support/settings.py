"""What a run was asked to do: its options, checked, as one frozen value."""

import math
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from support.command import demand_output
from support.options import OPTIONS, OptionError, OptionValue, demand, positive, whole_number
from support.page.workshop import PRIMARY_REGION, REPLICA_REGION, TABLE_NAME, Limits, Load
from support.simulator import Fault, MeasuredLags, MeasuredLagsError, check_together

MODES = ("simulated", "live")
PARTICIPANT = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d")
TABLE = re.compile(r"[A-Za-z0-9_.-]{3,255}")
ACCOUNT = re.compile(r"\d{12}")
MOST_PROBES = 1000
LIVE_POLLING = 0.25
MOST_POLLING = 1.0
"""Seconds: looks that are further apart can't tell the page's 2 seconds."""
LOOKS_A_SECOND = 40
"""How many looks a live target is asked for in a second at most: the more probes, the longer the pause between two."""

SettingsError = OptionError


@dataclass(frozen=True)
class Settings:
    """The settings of one run.

    `replication_timeout` and `polling` are in seconds (0: as the target needs it), `stale_evidence` in days (None: not
    asked for).
    """

    mode: str = "simulated"
    seed: int = 1
    participant: str = "ada"
    probes: int = 20
    load: Load = field(default_factory=Load)
    faults: tuple[Fault, ...] = ()
    lag_from: MeasuredLags | None = None
    regions: tuple[str, ...] = (PRIMARY_REGION, REPLICA_REGION)
    table_name: str = TABLE_NAME
    replication_timeout: float = math.inf
    polling: float = 0.0
    aws_profile: str = ""
    expect_account: str = field(default="", repr=False)
    preflight_only: bool = False
    keep_items: bool = False
    claims: bool = False
    page: Path | None = None
    evidence: Path | None = None
    stale_evidence: int | None = None
    chosen: tuple[str, ...] = ()
    """What was chosen by somebody, and where, in words."""

    @property
    def live(self) -> bool:
        return self.mode == "live"

    def lines(self) -> list[str]:
        """The settings for the head of a run."""
        seed = "" if self.live else f", seed {self.seed}"
        faults = f", faults {', '.join(map(str, self.faults))}" if self.faults else ""
        lags = f", lags of {self.lag_from}" if self.lag_from else ""
        place = f"table {self.table_name} in {' and '.join(self.regions)}"
        chosen = f"settings: {', '.join(self.chosen)}; all others by default" if self.chosen else "settings: by default"
        return [f"global table: {self.mode}, {place}, participant {self.participant}{seed}{faults}{lags}", chosen]

    @property
    def limits(self) -> Limits:
        """How long to wait, how often to look, and how many items to time."""
        usual = max(LIVE_POLLING, self.probes / LOOKS_A_SECOND) if self.live else Limits.polling
        polling = self.polling or usual
        return Limits(probes=self.probes, polling=polling, longest=self.replication_timeout, load=self.load)

    def environment(self) -> dict[str, str]:
        """The settings for the report; nothing in them is secret."""
        known = {
            "mode": self.mode,
            "regions": ", ".join(self.regions),
            "table": self.table_name,
            "participant": self.participant,
        }
        if self.live:
            return known
        lags = {"lags": str(self.lag_from)} if self.lag_from else {}
        return {**known, "seed": str(self.seed), "faults": ", ".join(map(str, self.faults)) or "none", **lags}


def settings_of(chosen: Mapping[str, OptionValue]) -> Settings:
    """The settings of a run from its options. Raises SettingsError for the first that can't be."""
    settings = read_settings(**{name: each.value for name, each in chosen.items()})
    told = [
        f"{option.name} {_in_words(option.secret, chosen[option.field])} ({chosen[option.field].origin})"
        for option in OPTIONS
        if not chosen[option.field].is_default
    ]
    return Settings(**{**vars(settings), "chosen": tuple(told)})


def read_settings(
    mode: str = "simulated",
    seed: str = "1",
    participant: str = "ada",
    probes: str = "20",
    fault: Sequence[str] = (),
    lag_from: str = "",
    primary_region: str = PRIMARY_REGION,
    replica_region: str = REPLICA_REGION,
    table_name: str = TABLE_NAME,
    replication_timeout: str = "",
    polling: str = "",
    aws_profile: str = "",
    expect_account: str = "",
    preflight_only: bool = False,
    keep_items: bool = False,
    claims: bool = False,
    page: str = "",
    evidence: str = "",
    stale_evidence: str = "",
    load_minutes: str = "2",
    load_clients: str = "2",
    load_pace: str = "0.5",
    load_items: str = "3",
) -> Settings:
    """Settings from the texts of the options. Raises SettingsError for the first that can't be."""
    if mode not in MODES:
        raise SettingsError(f"--mode {mode}: there is no such mode; use --mode {' or --mode '.join(MODES)}")
    if not PARTICIPANT.fullmatch(participant):
        cure = "use 1 to 32 small letters, digits and hyphens, as in --participant ada"
        raise SettingsError(f"--participant {participant!r} can't be part of a key like USER#global-user-ada: {cure}")
    demand("--primary-region", primary_region, REGION, f"use the name of a region, as in {PRIMARY_REGION}")
    demand("--replica-region", replica_region, REGION, f"use the name of a region, as in {REPLICA_REGION}")
    if primary_region == replica_region:
        raise SettingsError(f"--replica-region {replica_region} is the primary region: name another one")
    demand("--table-name", table_name, TABLE, f"use 3 to 255 letters, digits, '_', '.' and '-', as in {TABLE_NAME}")
    if expect_account:
        demand("--expect-account", expect_account, ACCOUNT, "use the 12 digits of an AWS account", shown="")
    if mode == "live" and sys.platform == "win32":
        raise SettingsError("--mode live needs the file locks of Linux or macOS: run it there, or in WSL")
    regions = (primary_region, replica_region)
    longest = positive("--replication-timeout", replication_timeout, "seconds") if replication_timeout else math.inf
    settings = Settings(
        mode=mode,
        seed=whole_number("--seed", seed, 0, 2**63),
        participant=participant,
        probes=whole_number("--probes", probes, 1, MOST_PROBES),
        load=Load(
            positive("--load-minutes", load_minutes, "minutes", 1440),
            whole_number("--load-clients", load_clients, 1, 100),
            positive("--load-pace", load_pace, "operations in a second", 1000),
            whole_number("--load-items", load_items, 1, 1000),
            whole_number("--seed", seed, 0, 2**63),
        ),
        faults=_faults(fault, regions),
        lag_from=_lags(lag_from, regions) if lag_from else None,
        regions=regions,
        table_name=table_name,
        replication_timeout=longest,
        polling=positive("--polling", polling, "seconds", MOST_POLLING) if polling else 0.0,
        aws_profile=aws_profile,
        expect_account=expect_account,
        preflight_only=preflight_only,
        keep_items=keep_items,
        claims=claims,
        page=Path(page) if page else None,
        evidence=Path(evidence) if evidence else None,
        stale_evidence=whole_number("--stale-evidence", stale_evidence, 0, 36500) if stale_evidence else None,
    )
    _refuse_what_does_not_go_together(settings)
    return settings


def _refuse_what_does_not_go_together(settings: Settings) -> None:
    if settings.live and settings.faults:
        cure = "serve a broken table with python -m support.simulator --fault, and run against that"
        raise SettingsError(f"--fault {settings.faults[0]}: a live target is not broken on purpose; {cure}")
    if settings.live and settings.lag_from:
        raise SettingsError("--lag-from is for simulated runs: a live table has lags of its own; leave it out")
    if settings.evidence is not None:
        demand_output("--evidence", settings.evidence)
    if settings.stale_evidence is not None and settings.evidence is None:
        raise SettingsError("--stale-evidence needs a file: name it with --evidence PATH")
    only_live: dict[str, object] = {
        "--preflight-only": settings.preflight_only,
        "--keep-items": settings.keep_items,
        "--evidence": settings.evidence,
        "--expect-account": settings.expect_account,
        "--aws-profile": settings.aws_profile,
    }
    for option, value in only_live.items():
        if value and not settings.live:
            raise SettingsError(f"{option} is for live runs: add --mode live, or leave it out")


def _in_words(secret: bool, chosen: OptionValue) -> str:
    if secret:
        return "<redacted>"
    return " ".join(chosen.value) if isinstance(chosen.value, tuple) else str(chosen.value)


def _faults(texts: Sequence[str], regions: Sequence[str]) -> tuple[Fault, ...]:
    faults: list[Fault] = []
    for text in texts:
        try:
            faults.append(Fault.parse(text))
            check_together(faults, regions)
        except ValueError as error:
            raise SettingsError(f"--fault {text}: {error}") from None
    return tuple(faults)


def _lags(path: str, regions: Sequence[str]) -> MeasuredLags:
    try:
        return MeasuredLags.read(Path(path), regions)
    except MeasuredLagsError as error:
        raise SettingsError(f"--lag-from {error}") from None
