"""What pytest knows of a test and its run: which scenario it is, its labels and links, what was tested with what."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from platform import python_version

import pytest
from pytest_bdd.parser import ScenarioTemplate
from pytest_bdd.scenario import scenario_wrapper_template_registry
from pytest_bdd.utils import registry_get_safe

from support.gherkin.tags import all_tags
from support.page.page_map import page_map
from support.page.scenarios import claims_of
from support.reporting.scenario_result import part_of

EXAMPLE = "_pytest_bdd_example"
"""The parameter in which pytest-bdd hands a row of Examples to the test."""

PACKAGES = ("pytest", "pytest-bdd", "allure-pytest", "boto3", "moto")
Environment = Mapping[str, str | Sequence[str]]
"""What is known of a run, by its name: a text, or several."""
environment_key = pytest.StashKey[Environment]()
"""Where conftest.py puts what it knows of the run: mode, seed, regions. It is published: no account, path or host."""

page_changes_key = pytest.StashKey[dict[str, str]]()
"""Where conftest.py puts what another version of the page says differently: the change in words, by the claim's id;
empty words for what is corrected there as suggested."""


def template_of(item: pytest.Item) -> ScenarioTemplate | None:
    """The scenario as it is written, with its placeholders; None for a test that is not a scenario."""
    if not isinstance(item, pytest.Function):
        return None
    return registry_get_safe(scenario_wrapper_template_registry, item.obj)


def row_of(item: pytest.Item) -> tuple[int, Mapping[str, str]]:
    """The row of Examples that a test runs: its number from 0, and its values; 0 and none for one that has no rows."""
    callspec = getattr(item, "callspec", None)
    return (callspec.indices.get(EXAMPLE, 0), callspec.params.get(EXAMPLE, {})) if callspec else (0, {})


def mode_of(config: pytest.Config) -> str:
    return str(config.stash.get(environment_key, {}).get("mode", "simulated"))


def environment(config: pytest.Config) -> Environment:
    known = config.stash.get(environment_key, {})
    return {**known, "python": python_version(), **{package: version(package) for package in PACKAGES}}


def in_words(environment: Environment) -> dict[str, str]:
    """Each of it as one text, for readers that know no lists; of cost, whose lines have commas, with semicolons."""
    separators = dict.fromkeys(environment, ", ") | {"cost": "; "}
    return {
        name: each if isinstance(each, str) else separators[name].join(each) or "none"
        for name, each in environment.items()
    }


def labels(item: pytest.Item) -> Iterator[tuple[str, str]]:
    """The kind and the value of each label. The mode is on every test, for Allure tells environments apart by it."""
    yield "mode", mode_of(item.config)
    template = template_of(item)
    if template is None:
        return
    if part := part_of(template.feature.tags):
        yield "epic", part
    yield "feature", template.feature.name
    if template.rule:
        yield "story", template.rule.name
    elif template.templated:
        yield "story", template.name


def links(item: pytest.Item) -> Iterator[tuple[str, str]]:
    """Address and name of the sections of the page that a scenario transcribes."""
    page, template = page_map(), template_of(item)
    tags = all_tags(template) if template else ()
    claims = set(claims_of(tags))
    shown = [section for section in page.sections if any(line.id in claims for line in section.lines)]
    # Of a scenario beyond the page, the section that its feature belongs to.
    for section in shown or [each for each in page.sections if set(each.markers) & set(tags)]:
        yield page.address(section), page.label(section)
