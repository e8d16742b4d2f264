"""Laws of the checker of the random load: what the simulator does is valid, and each corruption of it is found."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from steps.workload import Workload, clients, cuts, until_settled
from support.tests.worlds import open_world
from support.verdicts.history import Image, Outcome, Read, Write
from support.verdicts.versions import WRITE_ID
from support.verdicts.workload import Rule, check_workload

pytestmark = pytest.mark.slow

Operation = Write | Read


class Operations(tuple[Operation, ...]):
    """A history that hypothesis can show: of a long one it warns, and the law that fails would not be named."""

    def __repr__(self) -> str:
        return f"{len(self)} operations"


@cache
def simulated(seed: int, cut: bool) -> Operations:
    """The history of a random load on the simulator."""
    world = open_world(seed=seed, scenario=f"load {seed} {cut}", load_minutes="1", load_items="2")
    workload = Workload.of(world)
    tasks: list[Any] = clients(world, workload)
    world.clock.run(*tasks, *([cuts(world)] if cut else []))
    world.clock.run(until_settled(world.table, workload, 180))
    return Operations(workload.history)


histories = st.builds(simulated, st.integers(1, 4), st.booleans())

fewer = settings(max_examples=settings().max_examples // 3)


@fewer
@given(history=histories)
def test_what_the_simulator_does_is_valid(history: Operations) -> None:
    verdict = check_workload(history)
    assert verdict.valid, verdict.anomalies[0]
    assert verdict.writes > 20
    assert verdict.reads > 20


@fewer
@given(history=histories, data=st.data())
def test_an_attribute_of_another_value_is_found(history: Operations, data: st.DataObject) -> None:
    known = {each.by for each in writes(history) if each.new_image_is_known}
    read = data.draw(st.sampled_from(reads(history, lambda each: (each.found or {}).get(WRITE_ID) in known)))
    name = data.draw(st.sampled_from(sorted(read.found or {})))
    corrupted = {**(read.found or {}), name: "corrupted"}
    assert rules_with(history, read, corrupted) - {Rule.CONVERGENCE} == {Rule.WHOLE_IMAGES}


@fewer
@given(history=histories, data=st.data())
def test_an_older_version_in_the_place_of_a_newer_one_is_found(history: Operations, data: st.DataObject) -> None:
    read = data.draw(st.sampled_from(reads(history, bool)))
    earlier = [
        write
        for other in history
        if (other.region, other.key) == (read.region, read.key) and other.answered < read.invoked
        if (write := version(history, other)) is not None
    ]
    newest = max((each.invoked for each in earlier), default=0.0)
    older = [each for each in writes(history) if each.key == read.key and each.new_image and each.answered < newest]
    assume(older)
    found = rules_with(history, read, data.draw(st.sampled_from(older)).new_image)
    assert found & {Rule.NO_STEP_BACK, Rule.OWN_WRITES, Rule.DELETED}


@fewer
@given(history=histories, data=st.data())
def test_a_region_that_shows_something_else_in_the_end_is_found(history: Operations, data: st.DataObject) -> None:
    last = {(each.key, each.region): each for each in reads(history, bool)}
    read = data.draw(st.sampled_from(sorted(last.values(), key=lambda each: each.number)))
    images = [None, *(each.new_image for each in writes(history) if each.key == read.key and each.new_image)]
    other = data.draw(st.sampled_from([each for each in images if each != read.found]))
    assert Rule.CONVERGENCE in rules_with(history, read, other)


@fewer
@given(history=histories, data=st.data())
def test_a_last_write_that_is_nowhere_is_found(history: Operations, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted({each.key for each in history})))
    read = max(reads(history, lambda each: each.key == key), key=lambda each: each.number)
    at, left = read.answered + 1, {"PK": key.pk, "SK": key.sk, WRITE_ID: "lost"}
    lost = Write(
        10**6,
        read.region,
        key,
        "put",
        "lost",
        at,
        at,
        read.at,
        Outcome.ACKNOWLEDGED,
        old_image=read.found,
        new_image=left,
    )
    last = {each.region: each for each in reads(history, lambda each: each.key == key)}
    later = [replace(each, number=each.number + 10**7, invoked=at + 1, answered=at + 1) for each in last.values()]
    assert Rule.CONVERGENCE in {each.rule for each in check_workload([*history, lost, *later]).anomalies}


def reads(history: Operations, those: Callable[[Read], bool]) -> list[Read]:
    return [each for each in history if isinstance(each, Read) and those(each)]


def writes(history: Operations) -> list[Write]:
    return [each for each in history if isinstance(each, Write)]


def version(history: Operations, operation: Operation) -> Write | None:
    """The write whose image an operation left or showed; None if there was no item."""
    image = operation.new_image if isinstance(operation, Write) else operation.found
    return next((each for each in writes(history) if image and each.by == image[WRITE_ID]), None)


def rules_with(history: Operations, read: Read, found: Image | None) -> set[Rule]:
    """The rules that a history breaks in which one read has found something else."""
    changed = [replace(each, found=found) if each is read and isinstance(each, Read) else each for each in history]
    return {each.rule for each in check_workload(changed).anomalies}
