"""Whatever a healthy global table does is never called wrong, and in the end it is done; a broken end never is."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from support.tests.verdicts.histories import World, order, worlds
from support.verdicts.conflicts.verdict import Ruling, decide
from support.verdicts.convergence.judgement import State, Views, judge
from support.verdicts.history import Outcome
from support.verdicts.write_order import final_writes

pytestmark = pytest.mark.slow

often = settings(derandomize=True, deadline=None, max_examples=100, database=None)


def _views(world: World, orders: list[str], looks: int | None = None) -> Views:
    views = Views()
    for region in orders:
        for where, at, image in world.looks[:looks]:
            if where == region:
                views.add(region, image, at, at)
    return views


def _at_the_end(world: World, orders: list[str]) -> Views:
    views = _views(world, orders)
    for region in orders:
        views.add(region, world.final, world.end, world.end)
    return views


@often
@given(worlds())
def test_no_moment_of_a_healthy_history_is_wrong(world: World) -> None:
    for looks in range(1, len(world.looks) + 1):
        judgement = judge(world.writes, _views(world, list(world.regions), looks))
        assert judgement.state is not State.WRONG, judgement.why


@often
@given(worlds())
def test_a_healthy_history_is_done_in_the_end(world: World) -> None:
    judgement = judge(world.writes, _at_the_end(world, list(world.regions)))
    assert judgement.state is State.DONE, judgement.why


@often
@given(worlds(), st.data())
def test_the_order_of_the_regions_does_not_matter(world: World, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(world.regions))
    assume(world.looks)
    for looks in range(len(world.regions), len(world.looks) + 1, len(world.regions)):
        straight = judge(world.writes, _views(world, list(world.regions), looks))
        assert judge(world.writes, _views(world, shuffled, looks)).state is straight.state


@often
@given(worlds(), st.data())
def test_a_history_that_ends_with_a_region_apart_is_never_done(world: World, data: st.DataObject) -> None:
    other = [write.left for write in world.writes if write.left != world.final]
    image = data.draw(st.sampled_from([*other, order(77)]))
    region = data.draw(st.sampled_from(world.regions))
    views = _at_the_end(world, list(world.regions))
    views.add(region, image, world.end + 1, world.end + 1)
    assert judge(world.writes, views).state is not State.DONE


@often
@given(worlds())
def test_a_history_that_ends_with_what_nobody_wrote_is_wrong(world: World) -> None:
    views = _at_the_end(world, list(world.regions))
    for region in world.regions:
        views.add(region, order(77), world.end + 1, world.end + 1)
    assert judge(world.writes, views).state is State.WRONG


@often
@given(worlds(), st.data())
def test_a_region_that_goes_back_in_the_end_is_wrong(world: World, data: st.DataObject) -> None:
    last = final_writes(world.writes)
    lefts = [write.left for write in last]
    older = [write.left for write in world.writes if all(write.is_before(each) for each in last)]
    older = [image for image in older if image not in lefts]
    elsewhere = [write.replaced for write in world.writes] + [each.left for each in world.writes if each not in last]
    if not older or any(image in elsewhere for image in lefts):
        return
    views = _at_the_end(world, list(world.regions))
    region = data.draw(st.sampled_from(world.regions))
    views.add(region, data.draw(st.sampled_from(older)), world.end + 1, world.end + 1)
    assert judge(world.writes, views).state is State.WRONG


@often
@given(worlds())
def test_unanswered_writes_make_nothing_wrong(world: World) -> None:
    for lost in world.writes:
        known = dict(vars(lost), outcome=Outcome.UNKNOWN, replaced=None)
        if lost.action == "update":
            known["left"] = None
        writes = [type(lost)(**known) if write is lost else write for write in world.writes]
        judgement = judge(writes, _at_the_end(world, list(world.regions)))
        assert judgement.state is not State.WRONG, judgement.why


@often
@given(worlds())
def test_no_verdict_on_a_healthy_history_is_wrong(world: World) -> None:
    verdict = decide(world.writes, dict.fromkeys(world.regions, world.final))
    assert verdict.ruling is not Ruling.WRONG, verdict.finding().title


@often
@given(worlds(), st.permutations(range(3)))
def test_a_verdict_does_not_depend_on_the_order_of_the_writes(world: World, places: list[int]) -> None:
    shuffled = [world.writes[place] for place in places if place < len(world.writes)]
    straight = decide(world.writes, dict.fromkeys(world.regions, world.final))
    assert decide(shuffled, dict.fromkeys(world.regions, world.final)) == straight
