"""What can be wrong with a feature file that can be read: things that pytest-bdd passes over in silence."""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from pytest_bdd.gherkin_parser import Background, ExamplesTable, Feature, Rule, Scenario, Step, Tag

from support.gherkin.problem import Problem
from support.gherkin.specification import STRAY_COLON, WrittenFeature, WrittenScenario, columns, stray_colon
from support.gherkin.tags import KINDS, KindTag

PLACEHOLDER = re.compile(r"<(.+?)>")


def shape_problems(written: WrittenFeature, declared_tags: Collection[str]) -> Iterator[Problem]:
    """Everything that is wrong with the file itself, whatever its steps mean."""
    yield from _emptiness(written)
    yield from _stray_colons(written)
    yield from _names(written)
    yield from _tags(written, declared_tags)
    for each in written.scenarios:
        yield from _steps(written.path, each)
        yield from _examples(written.path, each.scenario)
        yield from _placeholders(written.path, each)


def _emptiness(written: WrittenFeature) -> Iterator[Problem]:
    cure = "write one, or delete it"
    if not written.scenarios:
        yield Problem(written.path, written.line, "the feature has no scenario", cure)
    for rule in written.rules:
        if written.scenarios and not any(child.scenario for child in rule.children):
            yield Problem(written.path, rule.location.line, f'the rule "{rule.name}" has no scenario', cure)


def _stray_colons(written: WrittenFeature) -> Iterator[Problem]:
    # Only where there is one are the lines of the file needed: a description comes without its place.
    for element in _described(written):
        for text in element.description.splitlines():
            if STRAY_COLON.match(text):
                yield stray_colon(written.path, _line_of(text, written.path, element.location.line), text)


def _described(written: WrittenFeature) -> Iterator[Feature | Rule | Background | Scenario]:
    yield written.feature
    parents: list[Feature | Rule] = [written.feature, *written.rules]
    for parent in parents:
        for child in parent.children:
            if element := child.background or child.rule or child.scenario:
                yield element


def _line_of(text: str, path: Path, start: int) -> int:
    following = path.read_bytes().decode().splitlines()[start:]
    return next(number for number, line in enumerate(following, start + 1) if line.strip() == text.strip())


def _names(written: WrittenFeature) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for each in written.scenarios:
        name = each.scenario.name
        if not name:
            yield Problem(written.path, each.line, "the scenario has no name", "name it after what it shows")
        elif name in first:
            text = f'a scenario named "{name}" is already in line {first[name]}: only one of them would run'
            yield Problem(written.path, each.line, text, "give them different names")
        if "::" in name:
            yield Problem(written.path, each.line, '"::" in the name: pytest could not select it', "use other words")
        first.setdefault(name, each.line)


def _steps(path: Path, each: WrittenScenario) -> Iterator[Problem]:
    if not each.scenario.steps:
        text = f'the scenario "{each.scenario.name}" has no steps of its own: it would always pass'
        yield Problem(path, each.line, text, "write its steps, or delete it")
    for kind, step in each.typed_steps():
        if kind is None:
            text = f'there is no step before this "{step.keyword}"'
            yield Problem(path, step.location.line, text, "begin with Given, When or Then")


def _examples(path: Path, scenario: Scenario) -> Iterator[Problem]:
    for table in scenario.examples:
        if not table.table_body:
            text = "the Examples have no rows: the scenario would not run for them"
            yield Problem(path, table.location.line, text, "write rows below a row of column names")
    seen: dict[tuple[str, ...], int] = {}
    for row in (row for table in scenario.examples for row in table.table_body or ()):
        values = tuple(cell.value for cell in row.cells)
        if values in seen:
            text = f"the row is equal to that in line {seen[values]}: the report would show one as a retry of the other"
            yield Problem(path, row.location.line, text, "delete it")
        seen.setdefault(values, row.location.line)


def _placeholders(path: Path, each: WrittenScenario) -> Iterator[Problem]:
    for table in _outline_tables(each.scenario):
        known = columns(table) if table else []
        missing = f"is no column of the Examples in line {table.location.line}" if table else "has no Examples"
        for line, text in _templates(each):
            for name in PLACEHOLDER.findall(text):
                if name not in known:
                    yield Problem(path, line, f"<{name}> {missing}", "add the column, or correct the name")


def _outline_tables(scenario: Scenario) -> list[ExamplesTable] | list[None]:
    """The tables that an outline takes its values from; in a plain scenario, <this> is just text."""
    if scenario.examples:
        return [table for table in scenario.examples if table.table_header]
    return [None] if "outline" in scenario.keyword.lower() or "template" in scenario.keyword.lower() else []


def _templates(each: WrittenScenario) -> Iterator[tuple[int, str]]:
    yield each.line, each.scenario.name
    for step in (*each.background, *each.scenario.steps):
        yield from _step_templates(step)


def _step_templates(step: Step) -> Iterator[tuple[int, str]]:
    yield step.location.line, step.text
    if step.docstring:
        yield step.docstring.location.line, step.docstring.content
    for row in step.datatable.rows if step.datatable else ():
        for cell in row.cells:
            yield row.location.line, cell.value


def _tags(written: WrittenFeature, declared: Collection[str]) -> Iterator[Problem]:
    scenarios = [each.scenario for each in written.scenarios]
    elements: list[Feature | Rule | Scenario] = [written.feature, *written.rules, *scenarios]
    for element in elements:
        yield from _undeclared(written.path, element.tags, declared)
    for table in (table for scenario in scenarios for table in scenario.examples):
        yield from _undeclared(written.path, table.tags, declared)
        for tag in table.tags:
            if KindTag.of(_name(tag)):
                text = f"{tag.name} at Examples: pytest-bdd would take it for a marker"
                yield Problem(written.path, tag.location.line, text, "move it to the scenario")


def _undeclared(path: Path, tags: Iterable[Tag], declared: Collection[str]) -> Iterator[Problem]:
    for tag in tags:
        name = _name(tag)
        if name not in declared and not KindTag.of(name):
            yield Problem(path, tag.location.line, f"the tag {tag.name} is not declared", _tag_cure(name))


def _tag_cure(name: str) -> str:
    if ":" in name:
        return f"write @kind:value with one of the kinds {', '.join(sorted(KINDS))}"
    return "correct it, or declare it in the markers of pyproject.toml"


def _name(tag: Tag) -> str:
    return tag.name.removeprefix("@")
