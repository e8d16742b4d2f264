"""The lint of the specification: what would pass in silence, or fail only when it runs, is found before."""

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from pytest_bdd.parser import render_string

from support.gherkin.claim_tags import claim_problems
from support.gherkin.definitions import StepDefinition, read_definitions
from support.gherkin.problem import Problem
from support.gherkin.shape import shape_problems
from support.gherkin.specification import WrittenFeature, WrittenScenario, read_features
from support.gherkin.values import value_problems
from support.page.page_map import page_map
from support.page.scenarios import BEYOND


def lint(features: Path, steps_package: str, declared_tags: Collection[str]) -> list[Problem]:
    """All that is wrong with the feature files of a folder and the step definitions of a package.

    A project that declares the tag @beyond_the_page transcribes the page: its scenarios are held against the claims.
    """
    written, problems = read_features(features)
    for feature in written:
        problems += shape_problems(feature, declared_tags)
    definitions, not_imported = read_definitions(steps_package)
    problems += not_imported
    problems += _twins(definitions)
    if written and not not_imported:  # Half of the definitions would make every other step an undefined one.
        problems += _StepLint(definitions).problems(written)
    if BEYOND in declared_tags and not problems:  # a feature that can't be read would leave its claims unshown
        problems = [*claim_problems(written, page_map()), *value_problems(written, page_map())]
    return sorted(set(problems))


def _twins(definitions: Iterable[StepDefinition]) -> Iterator[Problem]:
    seen: list[StepDefinition] = []
    for each in definitions:
        for twin in seen:
            if each.sentence == twin.sentence and each.is_for(twin.type):
                text = f"{each} is already defined at {twin.source_location}: only one of them would run"
                yield Problem(each.path, each.line, text, "delete one, or word it differently")
        seen.append(each)


class _StepLint:
    """Looks up the steps of all features, and remembers which definitions were found."""

    def __init__(self, definitions: list[StepDefinition]) -> None:
        self._definitions = definitions
        self._used: set[int] = set()
        # Backgrounds say the same for each of their scenarios.
        self._find = cache(self._search)

    def problems(self, features: Iterable[WrittenFeature]) -> list[Problem]:
        """Steps without a definition or with several, then the definitions without a step."""
        found = [
            problem
            for feature in features
            for scenario in feature.scenarios
            for problem in self._scenario(feature.path, scenario)
        ]
        return found + list(self._unused())

    def _scenario(self, path: Path, scenario: WrittenScenario) -> Iterator[Problem]:
        for kind, step in scenario.typed_steps():
            for text in dict.fromkeys(render_string(step.text, row) for row in scenario.rows()):
                problem = self._step(path, step.location.line, kind, text)
                if problem and kind:  # What has no type is objected to already, for that.
                    yield problem
                    break  # The other rows of an outline would say the same again.

    def _step(self, path: Path, line: int, kind: str | None, text: str) -> Problem | None:
        matches = self._find(kind, text)
        if not matches:
            return Problem(
                path, line, f'no step definition for {str(kind).capitalize()} "{text}"', self._cure(kind, text)
            )
        if len({each.sentence for each in matches}) > 1:
            both = " and ".join(f'"{each.sentence}" at {each.source_location}' for each in matches)
            return Problem(path, line, f'"{text}" matches {both}', "word one of the two definitions differently")
        return None

    def _search(self, kind: str | None, text: str) -> list[StepDefinition]:
        matches = [each for each in self._definitions if each.is_for(kind) and each.says(text)]
        self._used.update(map(id, matches))
        return matches

    def _cure(self, kind: str | None, text: str) -> str:
        for each in self._definitions:
            if each.says(text):
                return f"it is defined as {str(each.type).capitalize()} at {each.source_location}"
        sentences = [each.sentence for each in self._definitions if each.is_for(kind)]
        for sentence in get_close_matches(text, sentences):
            return f'perhaps "{sentence}" was meant?'
        return "correct the step, or define it in the package of the steps"

    def _unused(self) -> Iterator[Problem]:
        for each in self._definitions:
            if id(each) not in self._used:
                yield Problem(each.path, each.line, f"no scenario uses {each}", "delete it, or write the scenario")
