"""What a run was asked to do: command line options, checked, as one frozen value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from support.simulator import SWITCHES, Fault
from support.workshop import PRIMARY_REGION, REPLICA_REGION, TABLE_NAME, Limits

MODES = ("simulated",)
PARTICIPANT = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
MOST_PROBES = 1000


class SettingsError(ValueError):
    """A setting that can't be: one line with the cure."""


@dataclass(frozen=True)
class Settings:
    """The settings of one run."""

    mode: str = "simulated"
    seed: int = 1
    participant: str = "ada"
    probes: int = 20
    faults: tuple[Fault, ...] = ()
    regions: tuple[str, ...] = (PRIMARY_REGION, REPLICA_REGION)
    table_name: str = TABLE_NAME

    def lines(self) -> list[str]:
        """The settings for the head of a run."""
        faults = f", faults {', '.join(map(str, self.faults))}" if self.faults else ""
        place = f"table {self.table_name} in {' and '.join(self.regions)}"
        return [f"global table: {self.mode}, {place}, participant {self.participant}, seed {self.seed}{faults}"]

    @property
    def limits(self) -> Limits:
        """How long to wait, how often to look, and how many items to time."""
        return Limits(probes=self.probes)

    def environment(self) -> dict[str, str]:
        """The settings for the report; nothing in them is secret."""
        return {
            "mode": self.mode,
            "regions": ", ".join(self.regions),
            "table": self.table_name,
            "participant": self.participant,
            "seed": str(self.seed),
            "faults": ", ".join(map(str, self.faults)) or "none",
        }


def read_settings(
    mode: str = "simulated",
    seed: str = "1",
    participant: str = "ada",
    probes: str = "20",
    faults: Sequence[str] = (),
) -> Settings:
    """Settings from the texts of the options. Raises SettingsError for the first that can't be."""
    if mode not in MODES:
        raise SettingsError(f"--mode {mode}: there is no such mode; use --mode {' or --mode '.join(MODES)}")
    if not PARTICIPANT.fullmatch(participant):
        cure = "use 1 to 32 small letters, digits and hyphens, as in --participant ada"
        raise SettingsError(f"--participant {participant!r} can't be part of a key like USER#global-user-ada: {cure}")
    return Settings(
        mode=mode,
        seed=_whole_number("--seed", seed, 0, 2**63),
        participant=participant,
        probes=_whole_number("--probes", probes, 1, MOST_PROBES),
        faults=tuple(_fault(text, Settings.regions) for text in faults),
    )


def _whole_number(option: str, text: str, least: int, most: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise SettingsError(f"{option} {text}: use a whole number from {least} to {most}, as in {option} {least + 1}")
    return number


def _fault(text: str, regions: Sequence[str]) -> Fault:
    try:
        fault = Fault.parse(text)
    except ValueError as error:
        raise SettingsError(f"--fault {text}: {error}") from None
    strange = [region for region in _regions_in(fault) if region not in regions]
    if strange:
        raise SettingsError(f"--fault {text}: the table has no replica in {strange[0]}; use {' or '.join(regions)}")
    return fault


def _regions_in(fault: Fault) -> list[str]:
    """The regions that a fault's value names: a fault that nothing comes of would be taken for a pass."""
    kind = SWITCHES[fault.name].value
    if kind == "SOURCE>DESTINATION":
        return fault.value.split(">")
    return [fault.value.partition(":")[0]] if kind in ("region", "REGION:SECONDS") else []


def settings_of(option: Any) -> Settings:
    """The settings of a pytest run from its option values."""
    return read_settings(option.mode, option.seed, option.participant, option.probes, option.fault)
