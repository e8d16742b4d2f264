"""What a query of an index finds, and when."""

import math
from collections.abc import Sequence

import pytest

from support.clock import SimulatedClock
from support.polling import PollPolicy
from support.verdicts.convergence import Settling, until_found
from support.verdicts.errors import DivergenceError
from support.verdicts.history import Image, Key

Entries = Sequence[Image]


def entry(name: str, **more: str) -> Image:
    return {"PK": f"PRODUCT#{name}", "SK": "DETAILS", "GSI1PK": "CATEGORY#x", "GSI1SK": name, **more}


PHONE, TABLET, CHAIR, STRANGER = (entry(name) for name in ("phone", "tablet", "chair", "somebody-else-s"))
OURS = {Key.of(PHONE), Key.of(TABLET)}


def until(seconds: float) -> Settling:
    return lambda agreed_for: max(0.0, seconds - agreed_for)


def found(
    shown: dict[float, Entries], expected: Entries, within: float = 60, settling: float = 0
) -> tuple[Entries, float]:
    """What the wait gives for an index that shows these entries from which second on, and how long it took."""
    clock = SimulatedClock()
    keys, own = {Key.of(image) for image in expected}, {*OURS, Key.of(CHAIR)}.__contains__
    policy, why = PollPolicy(clock.elapsed, within, 0.1), "why {} may not be there".format

    def query() -> Entries:
        return shown[max(at for at in shown if at <= clock.elapsed())]

    task = until_found(query, "GSI1", keys, own, OURS, policy, until(settling), why, "eu-west-1", OURS.__contains__)
    (entries,) = clock.run(task)
    return entries, clock.elapsed()


@pytest.mark.parametrize(
    ("shown", "expected", "settling", "waited"),
    [
        pytest.param({0: [], 0.55: [PHONE], 1.0: [TABLET, PHONE]}, [PHONE, TABLET], 0, 1.0, id="one after the other"),
        pytest.param({0: [STRANGER, PHONE]}, [PHONE], 0, 0, id="beside those of other participants"),
        pytest.param({0: [PHONE, TABLET], 2: [PHONE]}, [PHONE], 0, 2, id="one that has left lingers"),
        pytest.param({0: [], 60: [PHONE]}, [PHONE], 0, 60, id="at the deadline"),
        pytest.param({0: [], 1.0: [PHONE]}, [PHONE], 0.75, 1.75, id="settling from when they are complete"),
    ],
)
def test_entries_are_awaited_until_exactly_the_expected_ones_are_found(
    shown: dict[float, Entries], expected: Entries, settling: float, waited: float
) -> None:
    entries, took = found(shown, expected, settling=settling)
    assert {Key.of(each) for each in entries} == {Key.of(each) for each in expected}
    assert took == pytest.approx(waited, abs=0.11)


WHY_PHONE, WHY_TABLET = (f"\n  why PRODUCT#{name} / DETAILS may not be there" for name in ("phone", "tablet"))


@pytest.mark.parametrize(
    ("shown", "expected", "problem"),
    [
        ([PHONE], [PHONE, TABLET], f"PRODUCT#tablet / DETAILS is missing{WHY_TABLET}"),
        ([], [PHONE, TABLET], f"/ DETAILS is missing; PRODUCT#tablet / DETAILS is missing{WHY_PHONE}"),
        ([PHONE, TABLET], [PHONE], f"PRODUCT#tablet / DETAILS is still there{WHY_TABLET}"),
    ],
    ids=["one missing", "all missing", "lingering"],
)
def test_entries_that_do_not_come_or_leave_are_named(shown: Entries, expected: Entries, problem: str) -> None:
    with pytest.raises(DivergenceError, match=r"GSI1 in eu-west-1: not yet after 60\.0 s") as failure:
        found({0: shown}, expected)
    assert str(failure.value).endswith(problem)


@pytest.mark.parametrize(
    ("shown", "problem"),
    [
        ([PHONE, CHAIR], "it finds PRODUCT#chair / DETAILS, which never belonged there\n  why PRODUCT#chair / DETAILS"),
        ([PHONE, PHONE], "it finds PRODUCT#phone / DETAILS 2 times"),
        ([entry("phone", price="299")], "price of PRODUCT#phone / DETAILS, not the keys only"),
        ([{"PK": "PRODUCT#phone", "SK": "DETAILS"}], "it gives PK, SK of PRODUCT#phone / DETAILS, not the keys only"),
    ],
)
def test_what_no_delay_explains_is_said_at_once(shown: Entries, problem: str) -> None:
    with pytest.raises(DivergenceError, match=r"GSI1 in eu-west-1: wrong") as failure:
        found({0: shown}, [PHONE], within=0)
    assert problem in str(failure.value)


def test_an_entry_that_goes_again_while_something_may_still_arrive_is_wrong() -> None:
    with pytest.raises(
        DivergenceError, match=r"complete after 1\.0 s, changed after 2\.0 s; .*tablet.* missing\n  why .*tablet"
    ):
        found({0: [PHONE], 1.0: [PHONE, TABLET], 1.5: [PHONE]}, [PHONE, TABLET], settling=1.0)


@pytest.mark.parametrize("entries", [[PHONE, TABLET], []], ids=["all", "none"])
def test_what_a_cut_link_owes_keeps_the_entries_from_being_final(entries: Entries) -> None:
    with pytest.raises(DivergenceError, match=r"complete after 5\.0 s, but not for good") as failure:
        found({0: entries}, entries, within=5, settling=math.inf)
    assert str(failure.value).endswith(WHY_PHONE)
