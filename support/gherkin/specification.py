"""Reads .feature files as they are written, before pytest-bdd forgets what it has no use for."""

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pytest_bdd.exceptions import GherkinParseError
from pytest_bdd.gherkin_parser import ExamplesTable, Feature, Rule, Scenario, Step, get_gherkin_document
from pytest_bdd.types import STEP_TYPE_BY_PARSER_KEYWORD

from support.gherkin.problem import Problem

STRAY_COLON = re.compile(r"\s*(?:Given|When|Then|And|But|\*)\s*:", re.IGNORECASE)
"""A line that was meant as a step, but for Gherkin isn't one."""

LOCATION = re.compile(r"^\(\d+:\d+\): ")
"""What the parser writes before an error."""

UNREADABLE = (GherkinParseError, KeyError, UnicodeDecodeError)
"""What reading a feature file raises. The KeyError is pytest-bdd's way of saying that it has no Feature."""


@dataclass(frozen=True)
class WrittenScenario:
    """A scenario in its file: with the rule that it belongs to, and the Background steps that come before it."""

    scenario: Scenario
    rule: Rule | None
    background: tuple[Step, ...]
    feature: Feature

    @property
    def line(self) -> int:
        return self.scenario.location.line

    @property
    def tags(self) -> list[str]:
        return [tag.name for each in (self.feature, self.rule, self.scenario) if each for tag in each.tags]

    def typed_steps(self) -> Iterator[tuple[str | None, Step]]:
        """All steps with their type: And and But are of the type before them; None: there is nothing before."""
        yield from _typed(self.background)
        yield from _typed(self.scenario.steps)

    def rows(self) -> list[Mapping[str, str]]:
        """The rows of all Examples; of a scenario without any, one that has no values."""
        if not self.scenario.examples:
            return [{}]
        return [row for table in self.scenario.examples for row in _rows(table)]


@dataclass(frozen=True)
class WrittenFeature:
    """A feature file that can be read."""

    path: Path
    feature: Feature

    @property
    def line(self) -> int:
        return self.feature.location.line

    @cached_property
    def rules(self) -> list[Rule]:
        return [child.rule for child in self.feature.children if child.rule]

    @cached_property
    def scenarios(self) -> list[WrittenScenario]:
        """All scenarios, those of rules too, and both when two have one name."""
        return list(self._scenarios())

    def _scenarios(self) -> Iterator[WrittenScenario]:
        common: tuple[Step, ...] = ()
        for child in self.feature.children:
            if child.background:
                common = tuple(child.background.steps)
            if child.scenario:
                yield WrittenScenario(child.scenario, None, common, self.feature)
            if child.rule:
                yield from _scenarios_of(child.rule, common, self.feature)


def _scenarios_of(rule: Rule, common: tuple[Step, ...], feature: Feature) -> Iterator[WrittenScenario]:
    background = common
    for child in rule.children:
        if child.background:
            background = common + tuple(child.background.steps)
        if child.scenario:
            yield WrittenScenario(child.scenario, rule, background, feature)


def _typed(steps: tuple[Step, ...] | list[Step]) -> Iterator[tuple[str | None, Step]]:
    current: str | None = None
    for step in steps:
        current = STEP_TYPE_BY_PARSER_KEYWORD.get(step.keyword_type, current)
        yield current, step


def columns(table: ExamplesTable) -> list[str]:
    """The names in the first row of an Examples table."""
    return [cell.value for cell in table.table_header.cells] if table.table_header else []


def _rows(table: ExamplesTable) -> Iterator[Mapping[str, str]]:
    names = columns(table)
    for row in table.table_body or []:
        yield {name: row.cells[number].value or "" for number, name in enumerate(names)}


def read_features(folder: Path) -> tuple[list[WrittenFeature], list[Problem]]:
    """The features below a folder in the order of their paths, and what can't be read."""
    features, problems = [], []
    for path in sorted(folder.rglob("*.feature")):
        try:
            features.append(WrittenFeature(path, get_gherkin_document(str(path)).feature))
        except UNREADABLE as error:
            problems.append(unreadable(path, error))
    if not features and not problems:
        problems.append(Problem(folder, 1, "there is no .feature file here", "name the folder that has them"))
    return features, problems


def unreadable(path: Path, error: Exception) -> Problem:
    """Why a feature file can't be read."""
    if isinstance(error, UnicodeDecodeError):
        line = error.object[: error.start].count(b"\n") + 1
        return Problem(path, line, f"byte 0x{error.object[error.start]:02x} is not UTF-8", "save the file as UTF-8")
    if not isinstance(error, GherkinParseError):
        return Problem(path, 1, "there is no Feature in this file", "write one, or delete the file")
    if path.read_bytes().startswith(codecs.BOM_UTF8):
        return Problem(path, 1, "the file starts with a byte order mark", "save it as UTF-8 without one")
    if STRAY_COLON.match(error.line_content):
        return stray_colon(path, error.line, error.line_content)
    return Problem(path, error.line, f"this is not Gherkin: {_first_error(error)}", "correct it here or just above")


def stray_colon(path: Path, line: int, text: str) -> Problem:
    """The finding for a line such as `Then: the order is there`."""
    return Problem(path, line, f'"{text.strip()}" is no step', "leave out the colon, or word it as a description")


def _first_error(error: GherkinParseError) -> str:
    """What pytest-bdd says of it, or what the parser did if pytest-bdd has no words of its own for it."""
    message: str = error.message
    if message.startswith("Unknown parsing error"):
        message = LOCATION.sub("", message.splitlines()[1])  # Of several errors the first, whose line is named.
    message = " ".join(message.split()).removesuffix(".")
    return f'{message}: "{error.line_content.strip()}"' if error.line_content.strip() else message
