"""The checker of the random load, on hand-written histories: what is valid, and what breaks which rule and why.

A batch or a transaction does not tell what its writes replaced (`reports=False`).
"""

from dataclasses import replace
from functools import partial
from typing import Any, Literal

import pytest

from support.clock import PAGE_DAY
from support.tests.verdicts.histories import AP, EU, KEY, US
from support.verdicts.history import Image, Key, Outcome, Read, Write
from support.verdicts.versions import WRITE_ID
from support.verdicts.workload import Anomaly, Rule, WorkloadVerdict, check_workload

Operation = Write | Read


def image(by: str, **attributes: Any) -> Image:
    return {"PK": KEY.pk, "SK": KEY.sk, WRITE_ID: by, **attributes}


def write(
    region: str, by: str, old_image: Image | None = None, action: Literal["put", "update", "delete"] = "put",
    outcome: Outcome = Outcome.ACKNOWLEDGED, takes: float = 0.0, repeated: bool = False, reports: bool = True,
) -> Write:  # fmt: skip
    known = action == "put" or (action == "update" and outcome is Outcome.ACKNOWLEDGED and reports)
    new_image = image(by) if known else None
    return Write(
        0, region, KEY, action, by, 0, takes, PAGE_DAY, outcome, old_image, new_image, repeated=repeated,
        reports_old_image=reports,
    )  # fmt: skip


def update(region: str, by: str, **more: Any) -> Write:
    return write(region, by, action="update", **more)


def delete(region: str, by: str, old_image: Image | None = None, **more: Any) -> Write:
    return write(region, by, old_image, "delete", **more)


def read(region: str, found: Image | None, outcome: Outcome = Outcome.ACKNOWLEDGED, takes: float = 0.0) -> Read:
    return Read(0, region, KEY, 0, takes, PAGE_DAY, outcome, found)


def history(*operations: Operation) -> list[Operation]:
    """The operations with numbers from 1, each sent a second after the one before: number 1 at 1 s."""
    return [
        replace(each, number=number, invoked=float(number), answered=number + each.answered)
        for number, each in enumerate(operations, start=1)
    ]


ZERO, ONE, TWO = image("zero"), image("one"), image("two")
RED, BLUE = image("two", colour="red"), image("two", colour="blue")

PUT_ONE, TWO_OVER_ONE, UNREPORTED_DELETE = write(US, "one"), write(US, "two", ONE), delete(US, "gone", reports=False)
us, eu = partial(read, US), partial(read, EU)

VALID: dict[str, list[Operation]] = {
    "a version that arrives late": history(PUT_ONE, eu(None), eu(ONE), us(ONE)),
    "of overlapping writes any is the last": history(
        write(US, "one", takes=5), write(EU, "two", takes=5), *[us(None, Outcome.FAILED)] * 5, eu(TWO), eu(ONE), us(ONE)
    ),
    "an item that was written again after its delete": history(
        PUT_ONE, delete(US, "gone", ONE), write(EU, "two"), us(None), us(TWO), eu(TWO)
    ),
    "an update without an answer is done at any time": history(
        PUT_ONE, update(US, "two", outcome=Outcome.UNKNOWN), write(US, "zero", ONE), us(ZERO), us(RED), eu(RED)
    ),
    "a delete without an answer explains that there is no item": history(
        PUT_ONE, delete(US, "gone", outcome=Outcome.UNKNOWN), us(ONE), us(None), eu(None)
    ),
    "a read without an answer shows nothing": history(PUT_ONE, us(ONE), eu(ONE), eu(None, Outcome.UNKNOWN)),
    "an unreported delete explains that there is no item": history(
        PUT_ONE, UNREPORTED_DELETE, us(None), eu(ONE), eu(None)
    ),
    "an unreported update leaves any image": history(PUT_ONE, update(US, "two", reports=False), us(RED), eu(RED)),
    "an unreported update that was done twice leaves two images": history(
        update(US, "two", repeated=True, takes=5, reports=False), us(RED), us(TWO), eu(TWO)
    ),
    "an unreported delete of no item is no version": history(
        PUT_ONE, delete(US, "deleted", ONE), write(EU, "two"), UNREPORTED_DELETE, us(None), us(TWO), eu(TWO)
    ),
    "what may have been done once more shows after an unreported delete": history(
        write(US, "one", repeated=True), us(ONE), UNREPORTED_DELETE, us(ONE), eu(ONE)
    ),
    "what may be done at any time shows after an unreported delete": history(
        write(US, "one", outcome=Outcome.UNKNOWN), us(ONE), UNREPORTED_DELETE, us(ONE), eu(ONE)
    ),
    "no item where nothing was ever written": history(us(None), eu(None)),
    "a delete that was sent at the moment of the answer": history(
        PUT_ONE, eu(ONE), eu(None, takes=1.0), delete(US, "gone", ONE), eu(None)
    ),
}


@pytest.mark.parametrize("case", VALID)
def test_what_a_table_whose_last_writer_wins_may_show_is_valid(case: str) -> None:
    assert check_workload(VALID[case]).anomalies == ()


Proof = tuple[Rule, tuple[int, ...]]


def broken(
    rule: Rule, proof: tuple[int, ...], *operations: Operation, longer: Proof | None = None
) -> tuple[list[Operation], list[Proof]]:
    """A history, and the proofs of what it breaks: the rule with the numbers of the operations that show it."""
    return history(*operations), [(rule, proof), *([longer] if longer else [])]


WHOLE_IMAGES, NO_STEP_BACK, OWN_WRITES, DELETED, CONVERGENCE = Rule

BROKEN = {
    "an image whose id is of no write": broken(WHOLE_IMAGES, (1,), us(image("none"))),
    "another image than the write left": broken(WHOLE_IMAGES, (1, 2), update(US, "two"), eu(RED)),
    "a write replaced itself": broken(WHOLE_IMAGES, (1,), write(US, "one", ONE)),
    "an image of a write that was refused": broken(
        WHOLE_IMAGES, (1, 2), write(US, "one", outcome=Outcome.FAILED), eu(ONE)
    ),
    "an image of a write that was not sent yet": broken(WHOLE_IMAGES, (2, 1), eu(ONE, takes=0.5), PUT_ONE, eu(ONE)),
    "another image than an unreported put wrote": broken(
        WHOLE_IMAGES, (1, 3), write(US, "two", reports=False), eu(TWO), us(RED), longer=(CONVERGENCE, (2, 3))
    ),
    "two images of one unreported update": broken(
        CONVERGENCE, (2, 3), update(US, "two", reports=False), us(RED), eu(BLUE), longer=(WHOLE_IMAGES, (1, 2, 3))
    ),
    "an older version after a newer one": broken(
        NO_STEP_BACK, (1, 2, 3, 4), PUT_ONE, TWO_OVER_ONE, eu(TWO), eu(ONE), eu(TWO)
    ),
    "a step back does not lower what a region must show": broken(
        NO_STEP_BACK,
        (1, 2, 3, 4),
        PUT_ONE,
        TWO_OVER_ONE,
        *map(eu, (TWO, ONE, ONE, TWO)),
        longer=(NO_STEP_BACK, (1, 2, 3, 5)),
    ),
    "an older version after two newer ones that overlapped": broken(
        NO_STEP_BACK,
        (2, 3, 4, 6),
        *(write(EU, "zero", takes=20), PUT_ONE, TWO_OVER_ONE),
        *(read(AP, found) for found in (TWO, ZERO, ONE, ZERO)),
    ),
    "no item after an item": broken(NO_STEP_BACK, (1, 2, 3), PUT_ONE, eu(ONE), eu(None), eu(ONE)),
    "an older version than the own write": broken(
        OWN_WRITES, (1, 2, 3), PUT_ONE, write(EU, "two", ONE), eu(ONE), eu(TWO)
    ),
    "a delete that found no item though it was there": broken(OWN_WRITES, (1, 2), PUT_ONE, delete(US, "none"), us(ONE)),
    "no item where a delete told that it found none": broken(
        OWN_WRITES, (1, 3), PUT_ONE, delete(EU, "gone"), us(None), us(ONE), eu(ONE)
    ),
    "an item that comes back where it was deleted": broken(
        DELETED, (1, 3, 4), PUT_ONE, eu(ONE), delete(EU, "gone", ONE), eu(ONE), eu(None)
    ),
    "an item that comes back where its delete had arrived": broken(
        DELETED, (1, 3, 4, 5), PUT_ONE, eu(ONE), delete(US, "gone", ONE), eu(None), eu(ONE), eu(None)
    ),
    "an own write that comes back after an unreported delete": broken(
        DELETED, (1, 2, 3), PUT_ONE, UNREPORTED_DELETE, us(ONE), eu(ONE)
    ),
    "what is older than a version that an unreported delete deleted": broken(
        CONVERGENCE, (2, 4), PUT_ONE, TWO_OVER_ONE, UNREPORTED_DELETE, us(ONE), longer=(OWN_WRITES, (1, 2, 4))
    ),
    "regions that differ in the end": broken(
        CONVERGENCE, (2, 3), PUT_ONE, us(ONE), eu(None), longer=(CONVERGENCE, (1, 3))
    ),
    "regions that agree on an older version in the end": broken(
        CONVERGENCE, (2, 4), PUT_ONE, write(EU, "two"), update(US, "three", outcome=Outcome.UNKNOWN), us(ONE)
    ),
}

WORDS = {
    "another image than the write left": 'not what the update two in us-east-1 at 1.000 s left: colour is "red"',
    "an image of a write that was refused": "the put one in us-east-1 at 1.000 s would have left, which was refused",
    "an image of a write that was not sent yet": "the put one in us-east-1 at 2.000 s left, which was not sent yet",
    "an older version after a newer one": "the put two in us-east-1 at 2.000 s came later and it was there at 3.000 s",
    "regions that differ in the end": "1.000 s left in the end, eu-west-1 shows no item: there is no item",
    "regions that agree on an older version in the end": "in the end, though the put two in eu-west-1 at 2.000 s",
}


@pytest.mark.parametrize("case", BROKEN)
def test_each_broken_rule_is_found_with_the_operations_that_prove_it_the_shortest_proof_first(case: str) -> None:
    operations, proofs = BROKEN[case]
    anomalies = check_workload(operations).anomalies
    assert [(each.rule, each.operations) for each in anomalies] == proofs
    assert all(each.sentence.startswith(f"{KEY}: ") for each in anomalies)
    assert any(WORDS.get(case, "") in each.sentence for each in anomalies)
    answered = {each.number: each.answered for each in operations}
    assert all(each.at == answered[each.operations[-1]] for each in anomalies)


@pytest.mark.parametrize(("first", "second"), [(20.0, 0.0), (0.0, 20.0)])
def test_no_item_may_be_the_work_of_the_older_of_two_deletes(first: float, second: float) -> None:
    operations = history(
        write(US, "zero"),
        delete(US, "gone", ZERO, takes=first),
        write(AP, "one"),
        delete(US, "gone again", ONE, takes=second),
        *(eu(found) for found in (ZERO, None, ONE)),
    )
    assert {each.rule for each in check_workload(operations).anomalies} == {CONVERGENCE}


def test_the_operations_of_all_items_are_counted_and_items_are_judged_by_themselves() -> None:
    told = history(write(US, "one"), write(US, "two", ONE, repeated=True), read(US, TWO))
    other = replace(write(EU, "one"), number=9, key=Key("TEST#load-ada", "ITEM#2"))
    assert check_workload([*told, other]) == WorkloadVerdict(writes=3, reads=1, anomalies=(), delivered_twice=1)


@pytest.mark.parametrize("second", ["one", ""])
def test_a_write_without_an_id_of_its_own_is_refused(second: str) -> None:
    with pytest.raises(ValueError, match="operation 2 has no id of its own"):
        check_workload(history(write(US, "one"), write(EU, second)))


def test_the_first_anomaly_against_a_rule_stands_for_all() -> None:
    back = [Anomaly(NO_STEP_BACK, at, (1, 2, 3), f"at {at:g} s") for at in (4.0, 5.0)]
    verdict = WorkloadVerdict(1, 2, (*back, Anomaly(OWN_WRITES, 7.0, (1, 2, 3, 4), "lost")))
    assert not verdict.valid
    assert verdict.against(NO_STEP_BACK) == f"{NO_STEP_BACK}: at 4 s (1 more like this)"
    assert verdict.against(*Rule) == f"{NO_STEP_BACK}: at 4 s (2 more like this)"
    assert (verdict.against(OWN_WRITES), verdict.against(DELETED)) == (f"{OWN_WRITES}: lost", "")
