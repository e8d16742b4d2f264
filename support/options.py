"""What an option of a run is: its names, its check, and who chose its value."""

import math
import re
from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

PREFIX = "global_tables_"
YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off")

Kind = Literal["value", "flag", "list"]
Value = TypeVar("Value")


class OptionError(ValueError):
    """A value that can't be: one line with the cure."""


@dataclass(frozen=True)
class Option:
    """An option: `--table-name`, which is GLOBAL_TABLES_TABLE_NAME and global_tables_table_name elsewhere.

    `--global-tables-table-name` is the same, where another plugin has an option `--table-name`. `check` makes its value
    of a text, or raises ValueError with the cure.
    """

    name: str
    default: str
    help: str
    check: Callable[[Any], Any] = str
    kind: Kind = "value"
    secret: bool = False
    metavar: str = ""

    @property
    def flag(self) -> str:
        return f"--{self.name}"

    @property
    def long_flag(self) -> str:
        return f"--{self.ini}".replace("_", "-")

    @property
    def field(self) -> str:
        """What it is called in Python."""
        return self.name.replace("-", "_")

    @property
    def variable(self) -> str:
        return self.ini.upper()

    @property
    def ini(self) -> str:
        """What it is called in pytest's ini file, and among the parsed options."""
        return PREFIX + self.field

    @property
    def argument(self) -> dict[str, Any]:
        """What argparse and pytest have to know of it, beside its names. It is None where nothing is said."""
        action = {"flag": "store_true", "list": "append", "value": "store"}[self.kind]
        metavar = {} if self.kind == "flag" else {"metavar": self.metavar or self.name.split("-")[-1].upper()}
        shown = f" (default: {self.default})" if self.default else ""
        return {"action": action, "default": None, "help": self.help + shown, **metavar}

    def chosen(
        self, command_line: Mapping[str, Any], environment: Mapping[str, str], ini: Mapping[str, str]
    ) -> tuple[Any, str]:
        """What was said, and where; (None, "") if nothing was. What is empty is not set, but on the command line.

        Raises OptionError for a switch that is neither on nor off.
        """
        said = command_line.get(self.ini)
        if said not in (None, [], False):
            return tuple(said) if self.kind == "list" else said, self.flag
        for values, name in ((environment, self.variable), (ini, self.ini)):
            if text := values.get(name):
                return self._typed(name, text), name
        return None, ""

    def _typed(self, name: str, text: str) -> Any:
        if self.kind == "flag" and text.lower() not in YES + NO:
            raise OptionError(f"{name}={text}: use 1 or 0")
        return {"list": tuple(text.split()), "flag": text.lower() in YES, "value": text}[self.kind]

    def value(self, said: Any) -> Any:
        """The checked value; None: the default. Raises OptionError, with the cure; a secret is not shown."""
        text: Any = {"flag": False, "list": (), "value": self.default}[self.kind] if said is None else said
        try:
            return self.check(text)
        except ValueError as error:
            words = " ".join(text) if self.kind == "list" else text
            shown = "" if self.secret else f" {words if words.isprintable() else repr(words)}"
            raise OptionError(f"{self.flag}{shown}: {error}") from None


def add_arguments(parser: ArgumentParser, options: Iterable[Option]) -> None:
    for option in options:
        parser.add_argument(option.flag, **option.argument)


def matching(pattern: str, cure: str) -> Callable[[str], str]:
    """A check for a text of this form."""
    return _check(str, re.compile(pattern).fullmatch, cure)


def whole_number(least: int, most: int) -> Callable[[str], int]:
    cure = f"use a whole number from {least} to {most}, as in {least + 1}"
    return _check(int, lambda number: least <= number <= most, cure)


def positive(unit: str, most: float = math.inf) -> Callable[[str], float]:
    """A check for a number above 0, of this unit."""
    limit = f", at most {most:g}" if most < math.inf else ""
    cure = f"use a number of {unit}{limit}, as in {min(60, most):g}"
    return _check(float, lambda number: 0 < number < math.inf and number <= most, cure)


def _check(make: Callable[[str], Value], fits: Callable[[Value], object], cure: str) -> Callable[[str], Value]:
    def check(text: str) -> Value:
        with suppress(ValueError):
            value = make(text)
            if fits(value):
                return value
        raise ValueError(cure)

    return check


def unless_empty(check: Callable[[str], Any], empty: Any) -> Callable[[str], Any]:
    """The same check, for an option that need not be set."""
    return lambda text: check(text) if text else empty
