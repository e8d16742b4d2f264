"""What can be wrong with a feature file that can be read: things that pytest-bdd passes over in silence."""

import re
from collections.abc import Collection, Iterator

from pytest_bdd.gherkin_parser import Background, ExamplesTable, Feature, Rule, Scenario

from support.gherkin.specification import STRAY_COLON, Problem, stray_colon
from support.page.scenarios import CLAIM, WrittenFeature, WrittenScenario, columns

PLACEHOLDER = re.compile(r"<(.+?)>")


def shape_problems(written: WrittenFeature, declared_tags: Collection[str]) -> Iterator[Problem]:
    """Everything that is wrong with the file itself, whatever its steps mean."""
    yield from _emptiness(written)
    yield from _stray_colons(written)
    yield from _names(written)
    yield from _tags(written, declared_tags)
    for each in written.scenarios:
        yield from _steps(each)
        yield from _examples(each)
        yield from _placeholders(each)


def _emptiness(written: WrittenFeature) -> Iterator[Problem]:
    cure = "write one, or delete it"
    if not written.scenarios:
        yield Problem(written.path, written.feature.location.line, "the feature has no scenario", cure)
    for rule in written.rules:
        if written.scenarios and not any(child.scenario for child in rule.children):
            yield Problem(written.path, rule.location.line, f'the rule "{rule.name}" has no scenario', cure)


def _stray_colons(written: WrittenFeature) -> Iterator[Problem]:
    lines = written.path.read_bytes().decode().splitlines()
    parents: list[Feature | Rule] = [written.feature, *written.rules]
    children = [child.background or child.scenario for parent in parents for child in parent.children]
    elements: list[Feature | Rule | Background | Scenario] = [*parents, *(each for each in children if each)]
    for element in elements:
        for text in element.description.splitlines():
            if STRAY_COLON.match(text):  # A description comes without its place.
                following = enumerate(lines[element.location.line :], element.location.line + 1)
                line = next(number for number, line in following if line.strip() == text.strip())
                yield stray_colon(written.path, line, text)


def _names(written: WrittenFeature) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for each in written.scenarios:
        if not each.name:
            yield Problem(written.path, each.line, "the scenario has no name", "name it after what it shows")
        elif each.name in first:
            text = f'a scenario named "{each.name}" is already in line {first[each.name]}: only one of them would run'
            yield Problem(written.path, each.line, text, "give them different names")
        if "::" in each.name:
            yield Problem(written.path, each.line, '"::" in the name: pytest could not select it', "use other words")
        first.setdefault(each.name, each.line)


def _steps(each: WrittenScenario) -> Iterator[Problem]:
    if not each.scenario.steps:
        text = f'the scenario "{each.name}" has no steps of its own: it would always pass'
        yield Problem(each.path, each.line, text, "write its steps, or delete it")
    for kind, step in each.typed_steps():
        if kind is None:
            text = f'there is no step before this "{step.keyword}"'
            yield Problem(each.path, step.location.line, text, "begin with Given, When or Then")


def _examples(each: WrittenScenario) -> Iterator[Problem]:
    tables = each.scenario.examples
    for table in tables:
        if not table.table_body:
            text = "the Examples have no rows: the scenario would not run for them"
            yield Problem(each.path, table.location.line, text, "write rows below a row of column names")
    seen: dict[tuple[str, ...], int] = {}
    for row in (row for table in tables for row in table.table_body or ()):
        values = tuple(cell.value for cell in row.cells)
        if values in seen:
            text = f"the row is equal to that in line {seen[values]}: the report would show one as a retry of the other"
            yield Problem(each.path, row.location.line, text, "delete it")
        seen.setdefault(values, row.location.line)


def _placeholders(each: WrittenScenario) -> Iterator[Problem]:
    """In a plain scenario, <this> is just text."""
    tables: list[ExamplesTable | None] = [table for table in each.scenario.examples if table.table_header]
    if not each.scenario.examples and re.search("outline|template", each.scenario.keyword, re.IGNORECASE):
        tables = [None]
    for table in tables:
        known = columns(table) if table else []
        missing = f"is no column of the Examples in line {table.location.line}" if table else "has no Examples"
        for line, text in _templates(each):
            for name in PLACEHOLDER.findall(text):
                if name not in known:
                    yield Problem(each.path, line, f"<{name}> {missing}", "add the column, or correct the name")


def _templates(each: WrittenScenario) -> Iterator[tuple[int, str]]:
    """Each text of a scenario that may have a value of its Examples in it, with its line."""
    yield each.line, each.name
    for step in each.steps:
        yield step.location.line, step.text
        if step.docstring:
            yield step.docstring.location.line, step.docstring.content
        for row in step.datatable.rows if step.datatable else ():
            yield from ((row.location.line, cell.value) for cell in row.cells)


def _tags(written: WrittenFeature, declared: Collection[str]) -> Iterator[Problem]:
    scenarios = [each.scenario for each in written.scenarios]
    tables = [table for scenario in scenarios for table in scenario.examples]
    elements: list[Feature | Rule | Scenario | ExamplesTable] = [written.feature, *written.rules, *scenarios, *tables]
    for tag in (tag for element in elements for tag in element.tags):
        name = tag.name.removeprefix("@")
        if name not in declared and not name.startswith(CLAIM):
            cure = "correct it, or declare it in the markers of pyproject.toml"
            yield Problem(written.path, tag.location.line, f"the tag {tag.name} is not declared", cure)
    for tag in (tag for table in tables for tag in table.tags):
        if tag.name.startswith(f"@{CLAIM}"):
            text = f"{tag.name} at Examples: pytest-bdd would take it for a marker"
            yield Problem(written.path, tag.location.line, text, "move it to the scenario")
