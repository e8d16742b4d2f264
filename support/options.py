"""The options of a run, and who chose the value of each: command line, environment, pytest's ini file, default."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

PREFIX = "GLOBAL_TABLES_"
INI_PREFIX = "global_tables_"
YES, NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")

Kind = Literal["value", "flag", "list"]


class OptionError(ValueError):
    """A value that can't be: one line with the cure."""


@dataclass(frozen=True)
class Option:
    """An option: `--table-name`, which is GLOBAL_TABLES_TABLE_NAME and global_tables_table_name elsewhere.

    `--global-tables-table-name` is the same, where another plugin has an option `--table-name`.
    """

    name: str
    default: str
    help: str
    kind: Kind = "value"
    secret: bool = False
    metavar: str = ""

    @property
    def flag(self) -> str:
        return f"--{self.name}"

    @property
    def long_flag(self) -> str:
        return f"--{INI_PREFIX}{self.name}".replace("_", "-")

    @property
    def field(self) -> str:
        return self.name.replace("-", "_")

    @property
    def variable(self) -> str:
        return PREFIX + self.field.upper()

    @property
    def ini(self) -> str:
        """What it is called in pytest's ini file, and among the parsed options."""
        return INI_PREFIX + self.field


@dataclass(frozen=True)
class OptionValue:
    """The value of an option, and who chose it."""

    value: Any
    origin: str

    @property
    def is_default(self) -> bool:
        return self.origin == "default"


OPTIONS = (
    Option("mode", "simulated", "what to run against: simulated or live"),
    Option("seed", "1", "what the lags of the simulated table depend on"),
    Option("participant", "ada", "the page's [your-name], part of every key"),
    Option("probes", "20", "how many items exercise 5 times in each direction"),
    Option("load-minutes", "2", "how long the random load lasts"),
    Option("load-clients", "2", "how many clients of the random load each region has"),
    Option("load-pace", "0.5", "how many operations each of them does in a second", metavar="PER-SECOND"),
    Option("load-items", "3", "how many items they share"),
    Option("fault", "", "break the simulated table on purpose, may be repeated", "list", metavar="NAME[=VALUE]"),
    Option("lag-from", "", "simulated: draw the lags from the --evidence file of a live run", metavar="PATH"),
    Option("primary-region", "us-east-1", "the region in the part of the page's us-east-1"),
    Option("replica-region", "eu-west-1", "the region in the part of the page's eu-west-1"),
    Option("table-name", "demo-ecommerce-freetier", "the workshop's table"),
    Option("replication-timeout", "", "wait for replication this many seconds at most, where a step would wait longer"),
    Option("polling", "", "look every so many seconds at what is awaited: no delay is measured more exactly"),
    Option("aws-profile", "", "live: the profile of boto3's configuration"),
    Option("expect-account", "", "live: refuse any other AWS account", secret=True, metavar="ACCOUNT"),
    Option("preflight-only", "", "live: only say whether the target is fit to be tested", "flag"),
    Option("keep-items", "", "live: leave the items in the table, for debugging", "flag"),
    Option("claims", "", "list at the end what the page claims, and what became of it", "flag"),
    Option("page", "", "compare this version of the workshop page with what the suite tests", metavar="PATH"),
    Option("evidence", "", "live: the file in which a green run puts down what it has shown", metavar="PATH"),
    Option("stale-evidence", "", "live: only what that file has not shown for so many days", metavar="DAYS"),
)


def choose(
    command_line: Mapping[str, Any], environment: Mapping[str, str], ini: Mapping[str, str]
) -> dict[str, OptionValue]:
    """The value of each option under its Python name. Raises OptionError for a switch that is neither on nor off.

    `command_line` has None (or an empty list) where nothing was said; what is empty elsewhere is not set.
    """
    return {option.field: _choose(option, command_line, environment, ini) for option in OPTIONS}


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like options and are none: a typing error would be taken for nothing."""
    known = {option.variable for option in OPTIONS}
    return sorted(name for name in environment if name.startswith(PREFIX) and environment[name] and name not in known)


def _choose(
    option: Option, command_line: Mapping[str, Any], environment: Mapping[str, str], ini: Mapping[str, str]
) -> OptionValue:
    said = command_line.get(option.ini)
    if said not in (None, [], False):
        return OptionValue(tuple(said) if option.kind == "list" else said, option.flag)
    for values, name in ((environment, option.variable), (ini, option.ini)):
        if values.get(name):
            return OptionValue(_typed(option, name, values[name]), name)
    return OptionValue(_typed(option, option.flag, option.default), "default")


def _typed(option: Option, name: str, text: str) -> Any:
    if option.kind == "list":
        return tuple(text.split())
    if option.kind == "value":
        return text
    if text.lower() not in YES + NO:
        raise OptionError(f"{name}={text}: use 1 or 0")
    return text.lower() in YES


def demand(option: str, value: str, pattern: re.Pattern[str], cure: str, shown: str | None = None) -> None:
    """Raise OptionError, with the cure, unless the value has the pattern. `shown` stands for a value that is secret."""
    if not pattern.fullmatch(value):
        raise OptionError(f"{option} {value if shown is None else shown}".rstrip() + f": {cure}")


def whole_number(option: str, text: str, least: int, most: int) -> int:
    """The number that the text of an option stands for. Raises OptionError, with the cure."""
    cure = f"use a whole number from {least} to {most}, as in {option} {least + 1}"
    number: int = _number(option, text, int, lambda value: least <= value <= most, cure)
    return number


def positive(option: str, text: str, unit: str, most: float = math.inf) -> float:
    """The same for a number above 0, of this unit."""
    least = f", at most {most:g}" if most < math.inf else ""
    cure = f"use a number of {unit}{least}, as in {option} {min(60 if unit == 'seconds' else 2, most):g}"
    number: float = _number(option, text, float, lambda value: 0 < value < math.inf and value <= most, cure)
    return number


def _number(option: str, text: str, convert: Callable[[str], Any], fits: Callable[[Any], bool], cure: str) -> Any:
    try:
        number = convert(text)
    except ValueError:
        number = math.nan
    if not fits(number):
        raise OptionError(f"{option} {text}: {cure}")
    return number
