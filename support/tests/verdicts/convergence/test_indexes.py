from collections.abc import Collection, Sequence

import pytest

from support.clock import SimulatedClock
from support.polling import PollPolicy
from support.verdicts.convergence.indexes import keys_of_index, until_found
from support.verdicts.convergence.judgement import DivergenceError
from support.verdicts.history import Image, Key

Entries = Sequence[Image]


def entry(name: str, **more: str) -> Image:
    return {"PK": f"PRODUCT#{name}", "SK": "DETAILS", "GSI1PK": "CATEGORY#x", "GSI1SK": name, **more}


PHONE, TABLET, STRANGER = entry("phone"), entry("tablet"), entry("somebody-else-s")
OURS = {Key.of(PHONE), Key.of(TABLET)}


def found(
    shown: dict[float, Entries],
    expected: Entries,
    once: Collection[Key] = OURS,
    owed: str = "",
    within: float = 60,
    settling: float = 0,
) -> tuple[Entries, float]:
    """What the wait gives for an index that shows these entries from which second on, and how long it took."""
    clock = SimulatedClock()
    keys = {Key.of(image) for image in expected}
    own = {*OURS, Key.of(entry("chair"))}
    task = until_found(
        lambda: shown[max(at for at in shown if at <= clock.elapsed())],
        "GSI1", keys, own.__contains__, once, PollPolicy(clock.elapsed, within, 0.1),
        lambda agreed_for: max(0.0, settling - agreed_for), lambda _: owed,
    )  # fmt: skip
    (entries,) = clock.run(task)
    return entries, clock.elapsed()


def test_all_expected_entries_are_found_as_soon_as_they_are_there() -> None:
    entries, waited = found({0: [], 0.55: [PHONE], 1.0: [PHONE, TABLET]}, [PHONE, TABLET])
    assert entries == [PHONE, TABLET]
    assert waited == pytest.approx(1.0)


def test_the_order_of_the_entries_does_not_matter() -> None:
    assert found({0: [TABLET, PHONE]}, [PHONE, TABLET])[1] == 0


def test_entries_of_other_participants_are_left_aside() -> None:
    assert found({0: [STRANGER, PHONE]}, [PHONE])[0] == [PHONE]


def test_an_entry_that_has_left_may_linger_for_a_while() -> None:
    assert found({0: [PHONE, TABLET], 2: [PHONE]}, [PHONE])[1] == pytest.approx(2, abs=0.11)


@pytest.mark.parametrize(
    ("shown", "problem"),
    [
        ([PHONE], "PRODUCT#tablet / DETAILS is missing"),
        ([], "PRODUCT#phone / DETAILS is missing; PRODUCT#tablet / DETAILS is missing"),
    ],
)
def test_entries_that_do_not_come_are_named(shown: Entries, problem: str) -> None:
    with pytest.raises(DivergenceError) as failure:
        found({0: shown}, [PHONE, TABLET], owed="us-east-1 owes eu-west-1 1 change")
    assert str(failure.value) == f"GSI1: not yet after 60.0 s: {problem}\n  us-east-1 owes eu-west-1 1 change"


def test_an_entry_that_does_not_leave_is_named() -> None:
    with pytest.raises(DivergenceError) as failure:
        found({0: [PHONE, TABLET]}, [PHONE])
    assert str(failure.value) == "GSI1: not yet after 60.0 s: PRODUCT#tablet / DETAILS is still there"


@pytest.mark.parametrize(
    ("shown", "problem"),
    [
        ([PHONE, entry("chair")], "GSI1: wrong: it finds PRODUCT#chair / DETAILS, which never belonged there"),
        ([PHONE, PHONE], "GSI1: wrong: it finds PRODUCT#phone / DETAILS 2 times"),
        (
            [entry("phone", price="299")],
            "GSI1: wrong: it gives GSI1PK, GSI1SK, PK, SK, price of PRODUCT#phone / DETAILS, not the keys only",
        ),
        (
            [{"PK": "PRODUCT#phone", "SK": "DETAILS"}],
            "GSI1: wrong: it gives PK, SK of PRODUCT#phone / DETAILS, not the keys only",
        ),
    ],
)
def test_what_no_delay_explains_is_said_at_once(shown: Entries, problem: str) -> None:
    with pytest.raises(DivergenceError) as failure:
        found({0: shown}, [PHONE], within=0)
    assert str(failure.value) == problem


def test_an_entry_at_the_deadline_is_in_time() -> None:
    assert found({0: [], 60: [PHONE]}, [PHONE])[1] == 60


def test_an_index_projects_its_own_keys_and_those_of_the_table() -> None:
    assert keys_of_index("GSI2") == {"PK", "SK", "GSI2PK", "GSI2SK"}


def test_an_entry_that_goes_again_while_something_may_still_arrive_is_wrong() -> None:
    with pytest.raises(DivergenceError, match=r"complete after 1\.0 s, changed after 2\.\d s; .*tablet.* is missing"):
        found({0: [PHONE], 1.0: [PHONE, TABLET], 1.5: [PHONE]}, [PHONE, TABLET], settling=1.0)
