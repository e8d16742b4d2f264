"""The troubleshooting guide: a participant makes a mistake, looks in vain, and asks the checklist."""

from collections.abc import Sequence
from dataclasses import replace

from pytest_bdd import given, parsers, step, then, when

from steps.indexes import find_in_index
from steps.items import finds_nothing
from steps.world import TYPES, World
from support.checklist.causes import Cause, remaining, report
from support.checklist.evidence import Question
from support.verdicts.errors import InconclusiveError
from support.verdicts.history import Image, Key, Write
from support.verdicts.images import in_words, same


@given(parsers.parse("the participant has kept the answer that {region:Region} gave", TYPES), target_fixture="kept")
def keep_answer(world: World, region: str) -> Image | None:
    """What a browser, or a cache, goes on to show."""
    return world.table.region(region).get(world.it.key)


@step(parsers.parse("the user is changed in {region:Region}", TYPES))
def change_user(world: World, region: str) -> None:
    changes = {"name": "Changed Global"}
    world.created["user"] = world.table.region(region).update(world.key("user"), changes, by="the participant")


@when(parsers.parse("the participant looks for the user in {region:Region}", TYPES), target_fixture="question")
@when(
    parsers.parse(
        "{pause:Duration} later the participant looks in {region:Region} for the last change of the user", TYPES
    ),
    target_fixture="question",
)
def look_in(world: World, region: str, pause: float = 0.0) -> Question:
    """A look in a region that may be the wrong one: there is nothing there to ask."""
    world.clock.wait(pause)
    question = world.table.question(world.key("user"), region)
    if region in world.table.regions:
        demand_nothing(world, question, world.table.region(region).query(question.key))
    return question


@when(
    parsers.parse('the participant looks in {region:Region} for PK "{pk:Text}" and SK "{sk:Text}"', TYPES),
    target_fixture="question",
)
def look_for_keys(world: World, region: str, pk: str, sk: str) -> Question:
    finds_nothing(world, region, pk, sk)
    return world.table.question(world.key_of(pk, sk), region)


@when(
    parsers.parse("the participant looks at the kept answer of {region:Region} again", TYPES), target_fixture="question"
)
def look_at_kept(world: World, kept: Image | None, region: str) -> Question:
    question = world.table.question(world.key("user"), region)
    return replace(demand_nothing(world, question, kept), cached=(kept,))


@when(
    parsers.parse(
        'the participant looks for the user by a query of {index:Word} in {region:Region} for "{value:Text}"', TYPES
    ),
    target_fixture="question",
)
def look_in_index(world: World, index: str, region: str, value: str) -> Question:
    question = world.table.question(world.key("user"), region, index, world.participant.fill(value))
    pages = world.table.region(region).query_index(index, question.value)
    assert question.key not in [Key.of(entry) for page in pages for entry in page], (
        f"{index} in {region} should not find the user, who lacks its keys, and finds {question.key}"
    )
    return question


@when(
    parsers.parse("the participant looks for the user by a Scan of the first {size:d} items in {region:Region}", TYPES),
    target_fixture="question",
)
def look_by_scan(world: World, size: int, region: str) -> Question:
    question = world.table.question(world.key("user"), region)
    found, more = world.table.region(region).scan_page(question.key.pk, size)
    scan = f"a Scan of the first {size} items in {region}"
    assert not found, (
        f"{scan} should not reach the user, and finds {', '.join(map(in_words, found))}: likely it ignores the Limit"
    )
    assert more, f"{scan} should say that more pages follow, and has no LastEvaluatedKey"
    return replace(question, scanned=True)


@when(
    parsers.parse("partner {partner:Word} looks for its own update in {region:Region}", TYPES),
    target_fixture="question",
)
def look_for_update(world: World, changes: Sequence[Write], partner: str, region: str) -> Question:
    (own,) = (write for write in changes if write.by == f"partner {partner}")
    question = replace(world.table.question(own.key, region), expected=(own.new_image,))
    return demand_nothing(world, question, world.table.region(region).get(own.key))


@when("the partner whose update is gone looks for it", target_fixture="question")
def look_for_lost(world: World, changes: Sequence[Write]) -> Question:
    held = world.table.held(changes[0].key)
    (lost,) = (write for write in changes if not same(write.new_image, held[write.region]))
    return replace(world.table.question(lost.key, lost.region), expected=(lost.new_image,))


@then(parsers.parse('the checklist names "{name:Text}" as the cause', TYPES), target_fixture="causes")
@then(
    parsers.parse('the checklist names "{name:Text}" and "{other:Text}" as the causes', TYPES), target_fixture="causes"
)
def names_causes(world: World, question: Question, name: str, other: str = "") -> list[Cause]:
    names, causes = [name, *filter(None, [other])], world.checklist(question)
    named = [cause.name for cause in remaining(causes)]
    only_late = not named and "wait longer" in names
    if only_late and question.fits(world.table.region(question.region).unrecorded_get(question.key)):
        raise InconclusiveError(f"{question.key} arrived in {question.region} while the checklist was gone through")
    head = f"the checklist for {question.key} in {question.region} should name {' and '.join(names)}"
    assert named == names, "\n  ".join([f"{head}, and names {' and '.join(named) or 'none'}", *report(causes)])
    return causes


@then(parsers.parse('the cure is "{cure:Text}"', TYPES))
def cure_says(world: World, causes: list[Cause], question: Question, cure: str) -> None:
    cures = "; ".join(cause.cure for cause in remaining(causes)).replace('"', "")
    wanted = world.participant.fill(cure)
    assert wanted in cures, f'the cure for {question.key} in {question.region} should say "{wanted}", and says: {cures}'


@then(parsers.parse('the checklist says that "{name:Text}" cannot be known', TYPES))
def cannot_be_known(world: World, causes: list[Cause], question: Question, name: str) -> None:
    (cause,) = (each for each in causes if each.name == name)
    if cause.state == "excluded" and world.table.tried_again:
        raise InconclusiveError(f"calls that had to be tried again made the writes late: {cause}")
    assert cause.state == "cannot be known", (
        f"the checklist for {question.key} in {question.region} should leave this cause open, and says: {cause}"
    )


@then(parsers.parse('the page\'s claim "{claim:Text}" is marked as unverified, because {reason}', TYPES))
def mark_unverified(world: World, claim: str, reason: str) -> None:
    """A note for the report: the scenario does not prove this claim."""
    world.note(f'unverified claim of the page: "{claim}": {reason}')


@then(
    parsers.parse(
        "once the item includes {index:Word}PK and {other:Word}SK, the query finds the user within {limit:Duration}",
        TYPES,
    )
)
def cured_index(world: World, question: Question, index: str, other: str, limit: float) -> None:
    keys = {f"{index}PK": question.value, f"{other}SK": "PROFILE"}
    world.table.region(world.created["user"].region).update(question.key, keys)
    find_in_index(world, index, question.region, question.value, [question.key], limit)


def demand_nothing(world: World, question: Question, found: Image | None) -> Question:
    """The mistake has to show: a look that finds what it should needs no checklist. Returns the question.

    A region that shows what is still pending is wrong, not early.
    """
    if found is not None and question.fits(found):
        elsewhere = all(write.region != question.region for write in world.table.history.writes(question.key))
        assert not (elsewhere and world.table.is_pending(question.key, question.region)), (
            f"{question.region} should not show what has not arrived there ({world.table.pending_in_words()}), "
            f"and shows {in_words(found)}: likely another region answers"
        )
        raise InconclusiveError(f"{question.region} already shows {question.key} as it was written last")
    return question
