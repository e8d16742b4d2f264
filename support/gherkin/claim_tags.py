"""The lint of the tags that join scenarios to claims of the page: what no scenario shows, what shows nothing."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from pytest_bdd.gherkin_parser import Tag

from support.gherkin.problem import Problem
from support.gherkin.specification import WrittenFeature, WrittenScenario
from support.page.page_map import FILE, Claim, PageMap
from support.page.scenarios import BEYOND, CLAIM


def claim_problems(features: Sequence[WrittenFeature], page: PageMap) -> list[Problem]:
    """Tags without a claim, scenarios without either, and claims that have neither a scenario nor a reason."""
    shown: set[str] = set()
    problems: list[Problem] = []
    for feature in features:
        for scenario in feature.scenarios:
            tags = _tags(feature, scenario)
            problems += _of_scenario(feature, scenario, tags, page)
            shown.update(map(_claim, tags))
    return problems + list(_without_scenario(page, shown))


def _of_scenario(
    feature: WrittenFeature, scenario: WrittenScenario, tags: Sequence[Tag], page: PageMap
) -> Iterator[Problem]:
    beyond = [tag for tag in tags if tag.name == f"@{BEYOND}"]
    claims = [tag for tag in tags if tag.name.startswith(f"@{CLAIM}")]
    if not claims and not beyond:
        text = f'the scenario "{scenario.scenario.name}" shows no claim of the page'
        yield Problem(feature.path, scenario.line, text, f"add @claim:ID of {FILE.name}, or @{BEYOND}")
    if claims and beyond:
        text = f"@{BEYOND} at a scenario that shows {', '.join(map(_claim, claims))}"
        yield Problem(feature.path, beyond[0].location.line, text, "keep one of the two")
    for tag in claims:
        yield from (
            Problem(feature.path, tag.location.line, f"{tag.name}: {text}", cure)
            for text, cure in _of_tag(scenario, page.claim(_claim(tag)))
        )


def _of_tag(scenario: WrittenScenario, claim: Claim | None) -> Iterator[tuple[str, str]]:
    """What is wrong with a tag that names this claim, and the cure."""
    if claim is None:
        yield "the page has no such claim", f"use an id of {FILE.name}, or add the claim there"
    elif claim.untestable:
        yield f"it can't be tested ({claim.untestable})", f"leave it out, or delete the reason in {FILE.name}"
    elif claim.done_with:
        yield f"it is done with {claim.done_with}, whose scenarios stand for it", "leave it out"
    elif not _shows(scenario, claim):
        words = " or ".join(f'"{each}"' for each in claim.shown_by) or "a Then"
        yield f"no step shows it: none says {words}", f"leave it out, or correct shown_by in {FILE.name}"


def _shows(scenario: WrittenScenario, claim: Claim) -> bool:
    steps = list(scenario.typed_steps())
    if not claim.shown_by:
        return any(kind == "then" for kind, _ in steps)
    return any(words in step.text for _, step in steps for words in claim.shown_by)


def _without_scenario(page: PageMap, shown: Collection[str]) -> Iterator[Problem]:
    for claim in page.claims:
        if claim.untestable or claim.shown_with in shown:
            continue
        text = f'no scenario shows {claim.id}, "{claim.says}"'
        if claim.done_with:
            text = f"{claim.id} is done with {claim.done_with}, which no scenario shows"
        yield Problem(FILE, _line(claim), text, f"tag a scenario with @claim:{claim.shown_with}, or give a reason here")


def _line(claim: Claim) -> int:
    return FILE.read_bytes().decode().splitlines().index(f'id = "{claim.id}"') + 1


def _tags(feature: WrittenFeature, scenario: WrittenScenario) -> list[Tag]:
    """The feature's, the rule's and its own."""
    rule: Iterable[Tag] = scenario.rule.tags if scenario.rule else ()
    return [*feature.feature.tags, *rule, *scenario.scenario.tags]


def _claim(tag: Tag) -> str:
    return str(tag.name.removeprefix(f"@{CLAIM}"))
