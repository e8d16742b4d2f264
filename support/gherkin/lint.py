"""The lint of the specification: what would pass in silence, or fail only when it runs, is found before."""

import pkgutil
import re
import sys
import traceback
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from inspect import unwrap
from pathlib import Path

from pytest_bdd.gherkin_parser import ExamplesTable, Feature, Rule, Scenario
from pytest_bdd.parser import render_string
from pytest_bdd.parsers import StepParser
from pytest_bdd.steps import step_function_context_registry

from support.gherkin.page_lint import claim_problems, value_problems
from support.gherkin.specification import STRAY_COLON, Problem, read_features, source_location, stray_colon
from support.page.scenarios import BEYOND, CLAIM, WrittenFeature, WrittenScenario, columns

PLACEHOLDER = re.compile(r"<(.+?)>")


@dataclass(frozen=True)
class StepDefinition:
    """One sentence that steps may say. Its `type` is given, when or then; None stands for all three."""

    type: str | None
    sentence: str
    path: Path
    line: int
    parser: StepParser

    def is_for(self, step_type: str | None) -> bool:
        return None in (self.type, step_type) or self.type == step_type

    def says(self, text: str) -> bool:
        """Whether the sentence, with values in its gaps, is this text."""
        try:
            return self.parser.is_matching(text)
        except Exception:  # A converter refused the value, in its own way: then the step can't run either.
            return False

    @property
    def source_location(self) -> str:
        return source_location(self.path, self.line)

    def __str__(self) -> str:
        return f'{self.type.capitalize() if self.type else "Step"} "{self.sentence}"'


def lint(features: Path, steps_package: str, declared_tags: Collection[str]) -> list[Problem]:
    """All that is wrong with the feature files of a folder and the step definitions of a package.

    A project that declares the tag @beyond_the_page transcribes the page: its scenarios are held against the claims.
    """
    written, unread = read_features(features)
    problems = list(unread)
    for feature in written:
        problems += _of_shape(feature, declared_tags)
    definitions, not_imported = read_definitions(steps_package)
    if written and not not_imported:  # Half of the definitions would make every other step an undefined one.
        problems += _of_steps(written, definitions, all_read=not unread)
    problems += [*not_imported, *_twins(definitions)]
    if BEYOND in declared_tags and not problems:  # a feature that can't be read would leave its claims unshown
        problems = list(claim_problems(written)) or value_problems(written)
    return sorted(set(problems))


def _twins(definitions: Sequence[StepDefinition]) -> Iterator[Problem]:
    for number, each in enumerate(definitions):
        for twin in definitions[:number]:
            if each.sentence == twin.sentence and each.is_for(twin.type):
                text = f"{each} is already defined at {twin.source_location}: only one of them would run"
                yield Problem(each.path, each.line, text, "delete one, or word it differently")


def _of_steps(
    features: Iterable[WrittenFeature], definitions: Sequence[StepDefinition], all_read: bool
) -> Iterator[Problem]:
    """Steps without a definition or with several; if all features could be read, the definitions without a step."""
    found: dict[tuple[str | None, str], list[StepDefinition]] = {}
    for scenario in (scenario for feature in features for scenario in feature.scenarios):
        for kind, step in scenario.typed_steps():
            for text in dict.fromkeys(render_string(step.text, row) for row in scenario.rows):
                if (kind, text) not in found:  # Backgrounds say the same for each of their scenarios.
                    found[kind, text] = [each for each in definitions if each.is_for(kind) and each.says(text)]
                wrong = _of_matches(kind, text, found[kind, text], definitions)
                if wrong and kind:  # What has no type is objected to already, for that.
                    yield Problem(scenario.path, step.location.line, *wrong)
                    break  # The other rows of an outline would say the same again.
    used = {id(each) for matches in found.values() for each in matches}
    for each in definitions:
        if all_read and id(each) not in used:
            yield Problem(each.path, each.line, f"no scenario uses {each}", "delete it, or write the scenario")


def _of_matches(
    kind: str | None, text: str, matches: Sequence[StepDefinition], definitions: Sequence[StepDefinition]
) -> tuple[str, str] | None:
    """What is wrong with a step that these definitions match, and the cure."""
    if not matches:
        return f'no step definition for {str(kind).capitalize()} "{text}"', _cure(kind, text, definitions)
    if len({each.sentence for each in matches}) > 1:
        both = " and ".join(f'"{each.sentence}" at {each.source_location}' for each in matches)
        return f'"{text}" matches {both}', "word one of the two definitions differently"
    return None


def _cure(kind: str | None, text: str, definitions: Sequence[StepDefinition]) -> str:
    for each in definitions:
        if each.says(text):
            return f"it is defined as {str(each.type).capitalize()} at {each.source_location}"
    sentences = [each.sentence for each in definitions if each.is_for(kind)]
    for sentence in get_close_matches(text, sentences, n=1):
        return f'perhaps "{sentence}" was meant?'
    return "correct the step, or define it in the package of the steps"


def read_definitions(package: str) -> tuple[list[StepDefinition], list[Problem]]:
    """All step definitions of a package in the order of their places, and the modules that can't be imported."""
    problems = list(_import_all(package))
    modules = [module for name, module in sys.modules.items() if name == package or name.startswith(f"{package}.")]
    definitions = []
    for context in step_function_context_registry.values():
        function = unwrap(context.step_func)
        # Not by the module's name: one that was imported anew leaves its old definitions behind for a while.
        if any(function.__globals__ is vars(module) for module in modules):
            path, line = Path(function.__code__.co_filename), function.__code__.co_firstlineno
            definitions.append(StepDefinition(context.type, context.parser.name, path, line, context.parser))
    return sorted(definitions, key=lambda each: (each.path, each.line)), problems


def _import_all(name: str) -> Iterator[Problem]:
    try:
        module = import_module(name)
    except Exception as error:
        yield _import_problem(name, error)
        return
    for child in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}."):
        yield from _import_all(child.name)


def _import_problem(name: str, error: Exception) -> Problem:
    # A module that isn't there should be beside its package, which is.
    parent, _, stem = name.rpartition(".")
    folder = Path(next(iter(getattr(sys.modules.get(parent), "__path__", ["."])))) / stem
    path, line = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py"), 1
    if isinstance(error, SyntaxError) and error.filename:
        path, line = Path(error.filename), error.lineno or 1
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename) == path:
            line = frame.lineno or line
    reason = " ".join(f"{type(error).__name__}: {error}".split())
    return Problem(path, line, f"{name} can't be imported: {reason}", "its step definitions are missing until it can")


def _of_shape(written: WrittenFeature, declared_tags: Collection[str]) -> Iterator[Problem]:
    """What pytest-bdd passes over in silence in a file that can be read, whatever its steps mean."""
    cure = "write one, or delete it"
    if not written.scenarios:
        yield Problem(written.path, written.feature.location.line, "the feature has no scenario", cure)
    for rule in written.rules:
        if written.scenarios and not any(child.scenario for child in rule.children):
            yield Problem(written.path, rule.location.line, f'the rule "{rule.name}" has no scenario', cure)
    yield from _stray_colons(written)
    yield from _tags(written, declared_tags)
    first: dict[str, int] = {}
    for each in written.scenarios:
        if each.name and each.name in first:
            text = f'a scenario named "{each.name}" is already in line {first[each.name]}: only one of them would run'
            yield Problem(written.path, each.line, text, "give them different names")
        first.setdefault(each.name, each.line)
        yield from _name_and_steps(each)
        yield from _examples(each)
        yield from _placeholders(each)


def _stray_colons(written: WrittenFeature) -> Iterator[Problem]:
    """Lines such as `Then: it wins`, which Gherkin takes for a description."""
    quoted = set[int]()
    for docstring in (step.docstring for each in written.scenarios for step in each.steps if step.docstring):
        quoted.update(range(docstring.location.line, docstring.location.line + docstring.content.count("\n") + 2))
    for line, text in enumerate(written.path.read_bytes().decode().splitlines(), 1):
        if STRAY_COLON.match(text) and line not in quoted:
            yield stray_colon(written.path, line, text)


def _tags(written: WrittenFeature, declared: Collection[str]) -> Iterator[Problem]:
    scenarios = [each.scenario for each in written.scenarios]
    tables = [table for scenario in scenarios for table in scenario.examples]
    elements: list[Feature | Rule | Scenario | ExamplesTable] = [written.feature, *written.rules, *scenarios, *tables]
    for element, tag in ((each, tag) for each in elements for tag in each.tags):
        name = tag.name.removeprefix("@")
        if not name.startswith(CLAIM):
            if name not in declared:
                cure = "correct it, or declare it in the markers of pyproject.toml"
                yield Problem(written.path, tag.location.line, f"the tag {tag.name} is not declared", cure)
        elif isinstance(element, ExamplesTable):
            text = f"{tag.name} at Examples: pytest-bdd would take it for a marker"
            yield Problem(written.path, tag.location.line, text, "move it to the scenario")


def _name_and_steps(each: WrittenScenario) -> Iterator[Problem]:
    if not each.name:
        yield Problem(each.path, each.line, "the scenario has no name", "name it after what it shows")
    if "::" in each.name:
        yield Problem(each.path, each.line, '"::" in the name: pytest could not select it', "use other words")
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
