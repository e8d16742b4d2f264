"""Waiting for regions to agree and for an index to follow, when that is final, and what a failure says."""

import math
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pytest

from support.clock import SimulatedClock
from support.polling import PollPolicy
from support.tests.verdicts.histories import AP, EU, KEY, US, order, put, unanswered, write
from support.verdicts.convergence import Agreement, Settling, until_converged, until_found
from support.verdicts.errors import DivergenceError, InconclusiveError, IndexDiffersError, NotArrivedError, Suspect
from support.verdicts.history import Image, Key, Write
from support.verdicts.judgement import Views

BASE, BY_A, BY_B = order(100), order(150), order(200)
NEW = put(US, 0, BASE)
A = write(US, 0, BASE, BY_A, "A")
B = write(EU, 0, BASE, BY_B, "B")


def until(seconds: float) -> Settling:
    """Something may still arrive for so many seconds after the regions agreed."""
    return lambda agreed_for: max(0.0, seconds - agreed_for)


class Replicas:
    """What regions show from which second on; every look takes its time, and one of them may stand still."""

    def __init__(
        self, looking: float = 0.0, still: tuple[float, float] = (0, 0), **shown: Mapping[float, Image | None]
    ) -> None:
        names = {"us": US, "eu": EU, "ap": AP}
        self.clock = SimulatedClock()
        self.shown = {names[name]: versions for name, versions in shown.items()}
        self.looking, self.still = looking, still

    def look(self, region: str) -> Image | None:
        self.clock.wait(self.looking / 2)
        now = self.clock.elapsed()
        since = max(at for at in self.shown[region] if at <= now)
        self.clock.wait(self.looking / 2)
        if self.still[0] <= now < self.still[1]:
            self.clock.wait(self.still[1] - now)
        return self.shown[region][since]

    def agree(
        self,
        writes: Sequence[Write],
        within: float = 60,
        settling: Settling = lambda _: 0.0,
    ) -> Agreement:
        policy = PollPolicy(self.clock.elapsed, within, 0.1)
        task = until_converged(lambda: writes, self.look, list(self.shown), policy, settling)
        (agreement,) = self.clock.run(task)
        return agreement


def test_waiting_ends_as_soon_as_the_regions_agree() -> None:
    agreement = Replicas(us={0: BASE}, eu={0: None, 1.23: BASE}).agree([NEW])
    assert agreement.image == BASE
    assert agreement.waited == pytest.approx(1.3)
    assert list(agreement.arrival(EU)) == pytest.approx([1.2, 1.3])
    assert agreement.arrival(US) == (None, 0)


@pytest.mark.parametrize("arrives", [1.5, 2.0], ids=["before a miss was answered", "after the hit was asked for"])
def test_the_bracket_of_an_arrival_holds_it_even_if_looking_takes_long(arrives: float) -> None:
    missed, hit = Replicas(looking=0.5, eu={0: None, arrives: BASE}).agree([NEW]).arrival(EU)
    assert missed is not None
    assert missed <= arrives <= hit


def test_something_wrong_is_said_at_once() -> None:
    replicas = Replicas(us={0: BASE}, eu={0: None, 3: order(99)})
    with pytest.raises(DivergenceError, match="wrong: eu-west-1 shows an image that no write left") as failure:
        replicas.agree([NEW])
    assert replicas.clock.elapsed() < 3.2
    assert "eu-west-1 shows another image, since 3.1 s" in str(failure.value)
    assert failure.value.suspect == Suspect(*KEY, EU)


def test_a_timeout_says_what_each_region_shows_since_when_and_the_difference() -> None:
    with pytest.raises(NotArrivedError, match=r"not yet after 60\.0 s: eu-west-1 and ap-southeast-2 still") as failure:
        Replicas(us={0: BY_A}, eu={0: BASE}, ap={0: None}).agree([NEW, A])
    us, eu, expected, ap, _ = str(failure.value).splitlines()[1:]
    assert "us-east-1 shows what the update of partner A left, since 0.0 s" in us
    assert "eu-west-1 shows what the put in us-east-1 left" in eu
    assert "total_amount is 100 instead of 150" in expected
    assert "ap-southeast-2 shows no item" in ap
    assert failure.value.suspect == Suspect(*KEY, EU)


LOST_PUT, LOST_UPDATE = unanswered(EU, 0, BY_B, "B"), unanswered(EU, 0, None, "B", "update")
LOST_A, A_LATER = unanswered(US, 0.5, BY_A, "A"), write(US, 5, BASE, BY_A, "A")


@pytest.mark.parametrize(
    ("shown", "writes", "settling", "why"),
    [
        pytest.param({0: order(777)}, [LOST_UPDATE], 0, "B was done", id="on an update that was done"),
        pytest.param({0: BASE}, [LOST_PUT], 0, "B was done", id="on what was there before a put"),
        pytest.param({0: order(777)}, [NEW, LOST_UPDATE], 0, "B was done", id="on an update after others"),
        pytest.param({0: BASE, 1: BY_A}, [NEW, LOST_A], 2, "changed after .*A was", id="and then a change"),
    ],
)
def test_agreement_on_what_a_write_without_an_answer_may_have_left_or_not_is_inconclusive(
    shown: Mapping[float, Image], writes: list[Write], settling: float, why: str
) -> None:
    with pytest.raises(InconclusiveError, match=f"(?m){why}"):
        Replicas(us=shown, eu=shown).agree(writes, settling=until(settling))


@pytest.mark.parametrize(("at", "arrives"), [(59.9, 62), (0.0, 2)])
def test_whether_a_limit_was_kept_between_two_looks_is_not_known(at: float, arrives: float) -> None:
    with pytest.raises(InconclusiveError, match="no look was answered between"):
        Replicas(still=(at, 70), us={0: BASE}, eu={0: None, arrives: BASE}).agree([NEW])


AGREED_ON_A = {0: BY_B, 0.9: BY_A}
US_CHANGES = r"agreed after 0\.9 s on .*partner A left, changed after 1\.4 s: us-east-1 shows .*partner B left"


@pytest.mark.parametrize(
    ("shown", "writes", "settling", "why"),
    [
        pytest.param({"us": {0: BASE}, "eu": {0: order(777)}}, [NEW, LOST_UPDATE], 0, "B was done", id="they differ"),
        pytest.param({"eu": {0: BASE}}, [NEW, A_LATER, LOST_PUT], 0, "still without", id="on an older version"),
        pytest.param({"eu": {0: None, 100: BASE}, "still": (3, 70)}, [NEW], 0, "not yet after 7", id="too late"),
        pytest.param({"us": {0: BY_A, 1: BY_B}, "eu": AGREED_ON_A}, [A, B], 0.5, f"{US_CHANGES}$", id="one changes"),
        pytest.param({"us": {0: BASE}}, [NEW], math.inf, r"us-east-1 agreed after 0\.0 s, but not", id="cut link"),
    ],
)
def test_no_agreement_in_time_or_for_good_is_a_failure(
    shown: dict[str, Any], writes: list[Write], settling: float, why: str
) -> None:
    with pytest.raises(DivergenceError, match=f"(?m){why}"):
        Replicas(**shown).agree(writes, settling=until(settling))


@pytest.mark.parametrize(("still", "settling"), [((30, 100), 0), ((3, 100), 5)], ids=["afterwards", "settling"])
def test_what_had_arrived_before_a_gap_between_looks_is_in_time(still: tuple[float, float], settling: float) -> None:
    replicas = Replicas(still=still, us={0: BASE}, eu={0: None, 2: BASE})
    assert replicas.agree([NEW], settling=until(settling)).waited == pytest.approx(2, abs=0.2)


def test_an_agreement_is_final_only_when_nothing_can_arrive_any_more_which_does_not_count_as_waiting() -> None:
    replicas = Replicas(us={0: BASE}, eu={0: None, 0.95: BASE})
    agreement = replicas.agree([NEW], within=1, settling=until(30))
    assert [agreement.waited, agreement.settled] == pytest.approx([1.0, 30])
    assert replicas.clock.elapsed() == pytest.approx(31)


def test_one_region_alone_may_show_its_own_update_before_one_that_overlapped_it() -> None:
    assert Replicas(us={0: BY_A, 1.0: BY_B}).agree([A, B], settling=until(1.0)).image == BY_B


def test_a_change_by_a_write_that_was_sent_after_the_regions_agreed_is_no_contradiction() -> None:
    sent = [NEW]
    asked: list[float] = []

    def settling(agreed_for: float) -> float:
        asked.append(agreed_for)
        if len(asked) > 1:  # after the first look
            sent[1:] = [write(US, 0.2, BASE, BY_A, "A")]
        return until(1.0)(agreed_for)

    replicas = Replicas(us={0: BASE, 0.5: BY_A}, eu={0: BASE, 0.5: BY_A})
    agreement = replicas.agree(sent, settling=settling)
    assert (agreement.image, agreement.waited, agreement.settled) == (BY_A, 1.0, 1.0)


def test_what_arrives_between_two_looks_of_a_round_is_looked_at_again() -> None:
    replicas = Replicas(looking=0.6, us={0: BASE, 0.8: BY_A}, eu={0: BASE})
    with pytest.raises(DivergenceError):
        replicas.agree([NEW], settling=lambda _: max(0.0, 0.8 - replicas.clock.elapsed()))


def test_the_finding_says_when_the_regions_agreed_and_when_that_was_final() -> None:
    finding = Agreement(None, 1.234, Views(), 0.7).finding()
    assert re.search(r"agreed after 1\.23 s.*0\.70 s later", finding.title)


Entries = Sequence[Image]


def entry(name: str, **more: str) -> Image:
    return {"PK": f"PRODUCT#{name}", "SK": "DETAILS", "GSI1PK": "CATEGORY#x", "GSI1SK": name, **more}


PHONE, TABLET, CHAIR, STRANGER = (entry(name) for name in ("phone", "tablet", "chair", "somebody-else-s"))
OURS = {Key.of(PHONE), Key.of(TABLET)}


def found(
    shown: dict[float, Entries],
    expected: Entries,
    within: float = 60,
    settling: float = 0,
    looking: Mapping[float, float] = MappingProxyType({}),
) -> tuple[Entries, float]:
    """What the wait gives for an index that shows these entries from which second on, and how long it took.

    `looking` are seconds that a look takes, by when it begins.
    """
    clock = SimulatedClock()
    keys, own = {Key.of(image) for image in expected}, {*OURS, Key.of(CHAIR)}.__contains__
    policy = PollPolicy(clock.elapsed, within, 0.1)

    def query() -> Entries:
        clock.wait(looking.get(round(clock.elapsed(), 1), 0))
        return shown[max(at for at in shown if at <= clock.elapsed())]

    task = until_found(query, EU, "GSI1", "CATEGORY#x", keys, own, OURS, policy, until(settling), OURS.__contains__)
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


@pytest.mark.parametrize(
    ("shown", "expected", "error", "problem", "suspect"),
    [
        ([PHONE], [PHONE, TABLET], IndexDiffersError, "PRODUCT#tablet / DETAILS is missing", "tablet"),
        ([], [PHONE, TABLET], IndexDiffersError, "is missing; PRODUCT#tablet / DETAILS is missing", "phone"),
        ([PHONE, TABLET], [PHONE], IndexDiffersError, "PRODUCT#tablet / DETAILS is still there", "tablet"),
        ([PHONE], [PHONE, CHAIR], NotArrivedError, "PRODUCT#chair / DETAILS is missing", "chair"),
    ],
    ids=["one missing", "all missing", "lingering", "missing in the table too"],
)
def test_entries_that_do_not_come_or_leave_are_named(
    shown: Entries, expected: Entries, error: type[DivergenceError], problem: str, suspect: str
) -> None:
    with pytest.raises(error, match=r"GSI1 in eu-west-1: not yet after 60\.0 s") as failure:
        found({0: shown}, expected)
    assert str(failure.value).endswith(problem)
    assert failure.value.suspect == Suspect(f"PRODUCT#{suspect}", "DETAILS", EU, "GSI1", "CATEGORY#x")


@pytest.mark.parametrize(
    ("entries", "problem", "suspect"),
    [
        ([PHONE, CHAIR], r"it finds PRODUCT#chair .* never belonged", "chair"),
        ([PHONE, PHONE], r"it finds PRODUCT#phone / DETAILS 2 times", "phone"),
        ([entry("phone", price="1")], r"it gives GSI1PK, GSI1SK, PK, SK, price of PRODUCT#phone", "phone"),
    ],
    ids=["of another item", "twice", "with more than keys"],
)
def test_what_no_delay_explains_is_said_at_once(entries: Entries, problem: str, suspect: str) -> None:
    with pytest.raises(IndexDiffersError, match=f"wrong: {problem}") as failure:
        found({0: entries}, [PHONE], within=0)
    assert failure.value.suspect
    assert failure.value.suspect.pk == f"PRODUCT#{suspect}"


def test_an_entry_that_goes_again_while_something_may_still_arrive_is_wrong() -> None:
    wrong = r"complete after 1\.0 s, changed after 2\.0 s; .*tablet.* missing"
    with pytest.raises(IndexDiffersError, match=wrong) as failure:
        found({0: [PHONE], 1.0: [PHONE, TABLET], 1.5: [PHONE]}, [PHONE, TABLET], settling=1.0)
    assert failure.value.suspect
    assert failure.value.suspect.pk == "PRODUCT#tablet"


def test_whether_entries_came_in_time_is_not_known_after_a_look_that_took_long() -> None:
    with pytest.raises(InconclusiveError, match=r"no look was answered between 0\.90 and 5\.00 s"):
        found({0: [], 0.95: [PHONE]}, [PHONE], within=2, looking={1.0: 4.0})


@pytest.mark.parametrize("entries", [[PHONE, TABLET], []], ids=["all", "none"])
def test_what_a_cut_link_owes_keeps_the_entries_from_being_final(entries: Entries) -> None:
    with pytest.raises(DivergenceError, match=r"complete after 5\.0 s, but not for good"):
        found({0: entries}, entries, within=5, settling=math.inf)
