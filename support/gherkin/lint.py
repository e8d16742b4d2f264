"""The lint of the specification: what would pass in silence, or fail only when it runs, is found before."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from pytest_bdd.parser import render_string

from support.gherkin.claim_tags import claim_problems
from support.gherkin.definitions import StepDefinition, read_definitions
from support.gherkin.shape import shape_problems
from support.gherkin.specification import Problem, read_features
from support.gherkin.values import value_problems
from support.page.scenarios import BEYOND, WrittenFeature


def lint(features: Path, steps_package: str, declared_tags: Collection[str]) -> list[Problem]:
    """All that is wrong with the feature files of a folder and the step definitions of a package.

    A project that declares the tag @beyond_the_page transcribes the page: its scenarios are held against the claims.
    """
    written, unread = read_features(features)
    problems = list(unread)
    for feature in written:
        problems += shape_problems(feature, declared_tags)
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
