"""What a query of an index finds, and when."""

import math
from collections.abc import Callable, Collection, Sequence

import pytest

from support.clock import SimulatedClock
from support.polling import PollPolicy, Progress, no_progress
from support.verdicts.convergence.indexes import keys_of_index, until_found
from support.verdicts.errors import DivergenceError
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
    within: float = 60,
    settling: float = 0,
    on_progress: Callable[[Progress], None] = no_progress,
) -> tuple[Entries, float]:
    """What the wait gives for an index that shows these entries from which second on, and how long it took."""
    clock = SimulatedClock()
    keys = {Key.of(image) for image in expected}
    own = {*OURS, Key.of(entry("chair"))}
    task = until_found(
        lambda: shown[max(at for at in shown if at <= clock.elapsed())],
        "GSI1", keys, own.__contains__, once, PollPolicy(clock.elapsed, within, 0.1, on_progress=on_progress),
        lambda agreed_for: max(0.0, settling - agreed_for), lambda key: f"why {key} may not be there",
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


def test_messages_name_the_region_that_is_queried() -> None:
    clock = SimulatedClock()
    missing = until_found(
        list, "GSI1", OURS, OURS.__contains__, OURS, PollPolicy(clock.elapsed, 0, 0.1), lambda _: 0,
        region="eu-west-1",
    )  # fmt: skip
    with pytest.raises(DivergenceError, match=r"^GSI1 in eu-west-1: not yet after 0\.0 s: "):
        clock.run(missing)


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
        found({0: shown}, [PHONE, TABLET])
    first = problem.partition(" is missing")[0]
    assert str(failure.value) == f"GSI1: not yet after 60.0 s: {problem}\n  why {first} may not be there"


def test_an_entry_that_does_not_leave_is_named() -> None:
    with pytest.raises(DivergenceError) as failure:
        found({0: [PHONE, TABLET]}, [PHONE])
    assert str(failure.value) == (
        "GSI1: not yet after 60.0 s: PRODUCT#tablet / DETAILS is still there\n"
        "  why PRODUCT#tablet / DETAILS may not be there"
    )


@pytest.mark.parametrize(
    ("shown", "name", "problem"),
    [
        ([PHONE, entry("chair")], "chair", "it finds {key}, which never belonged there"),
        ([PHONE, PHONE], "phone", "it finds {key} 2 times"),
        ([entry("phone", price="299")], "phone", "it gives GSI1PK, GSI1SK, PK, SK, price of {key}, not the keys only"),
        ([{"PK": "PRODUCT#phone", "SK": "DETAILS"}], "phone", "it gives PK, SK of {key}, not the keys only"),
    ],
)
def test_what_no_delay_explains_is_said_at_once(shown: Entries, name: str, problem: str) -> None:
    with pytest.raises(DivergenceError) as failure:
        found({0: shown}, [PHONE], within=0)
    key = f"PRODUCT#{name} / DETAILS"
    assert str(failure.value) == f"GSI1: wrong: {problem.format(key=key)}\n  why {key} may not be there"


def test_an_entry_at_the_deadline_is_in_time() -> None:
    assert found({0: [], 60: [PHONE]}, [PHONE])[1] == 60


def test_an_index_projects_its_own_keys_and_those_of_the_table() -> None:
    assert keys_of_index("GSI2") == {"PK", "SK", "GSI2PK", "GSI2SK"}


def test_an_entry_that_goes_again_while_something_may_still_arrive_is_wrong() -> None:
    with pytest.raises(DivergenceError) as failure:
        found({0: [PHONE], 1.0: [PHONE, TABLET], 1.5: [PHONE]}, [PHONE, TABLET], settling=1.0)
    assert str(failure.value) == (
        "GSI1: wrong: complete after 1.0 s, changed after 2.0 s; "
        "GSI1: not yet after 2.0 s: PRODUCT#tablet / DETAILS is missing\n"
        "  why PRODUCT#tablet / DETAILS may not be there"
    )


def test_settling_begins_when_the_entries_are_complete() -> None:
    assert found({0: [], 1.0: [PHONE]}, [PHONE], settling=0.75)[1] == pytest.approx(1.75)


@pytest.mark.parametrize(("entries", "first"), [([PHONE, TABLET], PHONE), ([], PHONE)], ids=["all", "none"])
def test_what_a_cut_link_owes_keeps_the_entries_from_being_final(entries: Entries, first: Image) -> None:
    with pytest.raises(DivergenceError) as failure:
        found({0: entries}, entries, within=5, settling=math.inf)
    assert str(failure.value) == (
        "GSI1: complete after 5.0 s, but not for good: a change of these items is still pending\n"
        f"  why {Key.of(first)} may not be there"
    )


def test_what_is_missing_is_reported_while_it_is_awaited() -> None:
    reported: list[Progress] = []
    found({0: [], 0.1: [PHONE]}, [PHONE], on_progress=reported.append)
    assert reported == [Progress("GSI1: not yet after 0.0 s: PRODUCT#phone / DETAILS is missing", 0.0, 60)]
