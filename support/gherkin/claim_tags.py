"""The lint of the tags that join scenarios to claims of the page: what no scenario shows, what shows nothing."""

import re
from collections.abc import Iterator, Sequence

from support.gherkin.specification import Problem
from support.gherkin.tags import REASONS
from support.page.page_map import FILE, Claim, page_map
from support.page.scenarios import BEYOND, CLAIM, WrittenFeature, WrittenScenario

LINKS = re.compile("replication (?:between|from) .* (?:is cut|takes )")
"""Steps that change how long replication takes, or cut it."""


def claim_problems(features: Sequence[WrittenFeature]) -> Iterator[Problem]:
    """Tags without a claim, scenarios without either, and claims that have neither a scenario nor a reason."""
    scenarios = [scenario for feature in features for scenario in feature.scenarios]
    for scenario in scenarios:
        yield from _of_scenario(scenario)
    shown = {claim for scenario in scenarios for claim in scenario.claims}
    for claim in page_map().claims:
        if claim.untestable or claim.shown_with in shown:
            continue
        text = f'no scenario shows {claim.id}, "{claim.says}"'
        if claim.done_with:
            text = f"{claim.id} is done with {claim.done_with}, which no scenario shows"
        yield Problem(FILE, claim.line, text, f"tag a scenario with @claim:{claim.shown_with}, or give a reason here")


def _of_scenario(scenario: WrittenScenario) -> Iterator[Problem]:
    beyond = [tag for tag in scenario.tags if tag.name == f"@{BEYOND}"]
    claims = [tag for tag in scenario.tags if tag.name.startswith(f"@{CLAIM}")]
    names = [tag.name.removeprefix(f"@{CLAIM}") for tag in claims]
    if not claims and not beyond:
        text = f'the scenario "{scenario.name}" shows no claim of the page'
        yield Problem(scenario.path, scenario.line, text, f"add @claim:ID of {FILE.name}, or @{BEYOND}")
    if claims and beyond:
        text = f"@{BEYOND} at a scenario that shows {', '.join(names)}"
        yield Problem(scenario.path, beyond[0].location.line, text, "keep one of the two")
    if "then" not in [kind for kind, _ in scenario.typed_steps()]:
        text = f'the scenario "{scenario.name}" has no Then: it shows nothing'
        yield Problem(scenario.path, scenario.line, text, "say what comes of it")
    tags = {tag.name for tag in scenario.tags}
    changes = [step for step in scenario.steps if LINKS.match(step.text)]
    if changes and not tags & {"@experiment", "@simulated_only"}:
        text = f'"{changes[0].text}" in a scenario that a live run would run'
        yield Problem(scenario.path, changes[0].location.line, text, "tag it @simulated_only, or @experiment for a cut")
    if "@simulated_only" in tags and not tags & {f"@{reason}" for reason in REASONS}:
        text = f'"{scenario.name}" is @simulated_only, and has no tag that says why'
        yield Problem(scenario.path, scenario.line, text, f"add one of @{', @'.join(REASONS)}")
    for tag, name in zip(claims, names, strict=True):
        for text, cure in _of_tag(scenario, page_map().claim(name)):
            yield Problem(scenario.path, tag.location.line, f"{tag.name}: {text}", cure)


def _of_tag(scenario: WrittenScenario, claim: Claim | None) -> Iterator[tuple[str, str]]:
    """What is wrong with a tag that names this claim, and the cure."""
    if claim is None:
        yield "the page has no such claim", f"use an id of {FILE.name}, or add the claim there"
    elif claim.untestable:
        yield f"it can't be tested ({claim.untestable})", f"leave it out, or delete the reason in {FILE.name}"
    elif claim.done_with:
        yield f"it is done with {claim.done_with}, whose scenarios stand for it", "leave it out"
    elif not any(claim.is_shown_by(kind, step.text) for kind, step in scenario.typed_steps()):
        words = " or ".join(f'"{each}"' for each in claim.shown_by) or "a Then"
        yield f"no step shows it: none says {words}", f"leave it out, or correct shown_by in {FILE.name}"
