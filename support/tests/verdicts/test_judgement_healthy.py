"""Whatever a healthy global table does is never called wrong, and in the end it is done; a broken end never is."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from operator import itemgetter
from typing import Literal, NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from support.clock import PAGE_DAY
from support.tests.verdicts.histories import AP, EU, KEY, SA, US, order, write
from support.verdicts.conflicts import Ruling, decide
from support.verdicts.history import Image, Outcome, Read, Write
from support.verdicts.judgement import State, Views, judge
from support.verdicts.versions import WRITE_ID, final_writes
from support.verdicts.workload import check_workload

pytestmark = pytest.mark.slow

END = 1000.0
"""Seconds: after everything."""


class Plan(NamedTuple):
    """A write of the model: where, how long after the one before, how long it takes, and what it changes."""

    region: str
    pause: float
    takes: float
    action: Literal["put", "update", "delete"]
    attribute: str
    value: int
    lags: tuple[float, ...]


class World(NamedTuple):
    """Regions that behave as AWS documents: the version that is written last stays, whole, in every region."""

    regions: tuple[str, ...]
    writes: list[Write]
    looks: list[tuple[str, float, Image | None]]
    final: Image | None


def healthy(regions: tuple[str, ...], base: Image | None, plans: Sequence[Plan], when: Sequence[float]) -> World:
    """Run the plans: a write is done in the middle of its time, arrives after its lags, and regions are looked at."""
    there: dict[str, list[tuple[float, tuple[float, str], Image | None]]]
    there = {region: [(-1.0, (-1.0, ""), base)] for region in regions}

    def held(region: str, at: float) -> tuple[tuple[float, str], Image | None]:
        return max(((version, image) for since, version, image in there[region] if since <= at), key=itemgetter(0))

    writes: list[Write] = []
    started = accumulate(plan.pause for plan in plans)
    for invoked, plan in sorted(zip(started, plans, strict=True), key=lambda each: each[0] + each[1].takes / 2):
        at = invoked + plan.takes / 2
        (latest, _), old_image = held(plan.region, at)
        kept = {} if plan.action == "put" or old_image is None else old_image
        changed = {"PK": KEY.pk, "SK": KEY.sk, **kept, plan.attribute: plan.value}
        new_image = None if plan.action == "delete" else changed
        version = (max(at, latest + 1e-6), plan.region)
        others = [region for region in regions if region != plan.region]
        for region, lag in zip([plan.region, *others], [0.0, *plan.lags], strict=False):
            if plan.action == "delete" and old_image is None:
                break  # a delete of no item makes no version
            there[region].append((at + lag, version, new_image))
        writes.append(
            write(plan.region, invoked, old_image, new_image, str(len(writes)), invoked + plan.takes, plan.action)
        )
    looks = [(region, at, held(region, at)[1]) for at in when for region in regions]
    writes.sort(key=lambda each: (each.invoked, each.number))
    return World(regions, writes, looks, held(regions[0], END)[1])


_lags = st.sampled_from([0.0, 0.1, 0.5, 0.9, 2.0, 8.0, 30.0])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Healthy runs of a few writes in two to four regions, with few different values, so that images coincide too."""
    regions = (US, EU, AP, SA)[: draw(st.integers(2, 4))]
    plans = draw(
        st.lists(
            st.builds(
                Plan, st.sampled_from(regions), st.sampled_from([0.0, 0.1, 1.0, 5.0, 40.0]),
                st.sampled_from([0.0, 0.2, 3.0]), st.sampled_from(["put", "update", "update", "delete"]),
                st.sampled_from(["total_amount", "status"]), st.integers(1, 3),
                st.tuples(_lags, _lags, _lags),
            ),
            min_size=2, max_size=3,
        )
    )  # fmt: skip
    base = draw(st.sampled_from([None, {"PK": KEY.pk, "SK": KEY.sk, "total_amount": 1}]))
    when = draw(st.lists(st.sampled_from([each / 4 for each in range(240)]), max_size=8, unique=True))
    return healthy(regions, base, plans, sorted(when))


def _views(world: World, orders: Sequence[str], looks: int | None = None) -> Views:
    views = Views()
    for region in orders:
        for where, at, image in world.looks[:looks]:
            if where == region:
                views.add(region, image, at, at)
    return views


def _at_the_end(world: World) -> Views:
    views = _views(world, world.regions)
    for region in world.regions:
        views.add(region, world.final, END, END)
    return views


@given(worlds())
def test_no_moment_of_a_healthy_history_is_wrong_and_in_the_end_it_is_done(world: World) -> None:
    for looks in range(1, len(world.looks) + 1):
        judgement = judge(world.writes, _views(world, world.regions, looks))
        assert judgement.state is not State.WRONG, judgement.why
    judgement = judge(world.writes, _at_the_end(world))
    assert judgement.state is State.DONE, judgement.why


@given(worlds(), st.data())
def test_the_order_of_the_regions_does_not_matter(world: World, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(world.regions))
    assume(world.looks)
    for looks in range(len(world.regions), len(world.looks) + 1, len(world.regions)):
        straight = judge(world.writes, _views(world, world.regions, looks))
        assert judge(world.writes, _views(world, shuffled, looks)).state is straight.state


@given(worlds(), st.data())
def test_a_history_that_ends_with_a_region_apart_is_never_done(world: World, data: st.DataObject) -> None:
    other = [write.new_image for write in world.writes if write.new_image != world.final]
    image = data.draw(st.sampled_from([*other, order(77)]))
    region = data.draw(st.sampled_from(world.regions))
    views = _at_the_end(world)
    views.add(region, image, END + 1, END + 1)
    assert judge(world.writes, views).state is not State.DONE


@given(worlds())
def test_a_history_that_ends_with_an_image_that_no_write_left_is_wrong(world: World) -> None:
    views = _at_the_end(world)
    for region in world.regions:
        views.add(region, order(77), END + 1, END + 1)
    assert judge(world.writes, views).state is State.WRONG


@given(worlds(), st.data())
def test_a_region_that_goes_back_in_the_end_is_wrong(world: World, data: st.DataObject) -> None:
    last = final_writes(world.writes)
    lefts = [write.new_image for write in last]
    older = [write.new_image for write in world.writes if all(write.is_before(each) for each in last)]
    older = [image for image in older if image not in lefts]
    elsewhere = [write.old_image for write in world.writes] + [
        each.new_image for each in world.writes if each not in last
    ]
    if not older or any(image in elsewhere for image in lefts):
        return
    views = _at_the_end(world)
    region = data.draw(st.sampled_from(world.regions))
    views.add(region, data.draw(st.sampled_from(older)), END + 1, END + 1)
    assert judge(world.writes, views).state is State.WRONG


@given(worlds())
def test_the_checker_of_the_random_load_finds_a_healthy_history_valid_too(world: World) -> None:
    assume(world.looks and world.writes[0].old_image is None)
    assume(all(image is None or any(image is each.new_image for each in world.writes) for _, _, image in world.looks))
    signed = {id(each.new_image): {**each.new_image, WRITE_ID: each.by} for each in world.writes if each.new_image}
    writes = [
        replace(each, old_image=signed.get(id(each.old_image)), new_image=signed.get(id(each.new_image)))
        for each in world.writes
    ]
    looks = [*world.looks, *((region, END, world.final) for region in world.regions)]
    reads = [
        Read(10**6 + number, region, KEY, at, at, PAGE_DAY, Outcome.ACKNOWLEDGED, signed.get(id(image)))
        for number, (region, at, image) in enumerate(looks)
    ]
    assert check_workload([*writes, *reads]).anomalies == ()


@given(worlds())
def test_unanswered_writes_make_nothing_wrong(world: World) -> None:
    for lost in world.writes:
        new_image = None if lost.action == "update" else lost.new_image
        unanswered = replace(lost, outcome=Outcome.UNKNOWN, old_image=None, new_image=new_image)
        writes = [unanswered if write is lost else write for write in world.writes]
        judgement = judge(writes, _at_the_end(world))
        assert judgement.state is not State.WRONG, judgement.why


@given(worlds(), st.permutations(range(3)))
def test_no_verdict_on_a_healthy_history_is_wrong_whatever_the_order_of_the_writes(
    world: World, places: list[int]
) -> None:
    verdict = decide(world.writes, dict.fromkeys(world.regions, world.final))
    assert verdict.ruling is not Ruling.WRONG, verdict.finding().title
    shuffled = [world.writes[place] for place in places if place < len(world.writes)]
    assert decide(shuffled, dict.fromkeys(world.regions, world.final)) == verdict
