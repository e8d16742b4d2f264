"""Waiting for agreement, and what a failure says."""

import math
from collections.abc import Mapping, Sequence

import pytest

from support.clock import SimulatedClock
from support.polling import PollPolicy
from support.tests.verdicts.histories import AP, EU, US, order, put, unanswered, write
from support.verdicts.convergence.agreement import Agreement, Settling, until_converged
from support.verdicts.convergence.judgement import DivergenceError
from support.verdicts.errors import InconclusiveError
from support.verdicts.history import Image, Write

NEW = put(US, 0, order(100))
A = write(US, 0, order(100), order(150), "A")
B = write(EU, 0, order(100), order(200), "B")


def nothing_owed(_: float) -> float:
    """Nothing is owed: what the regions agree on is final."""
    return 0.0


class Replicas:
    """What regions show from which second on; every look takes its time."""

    def __init__(self, looking: float = 0.0, **shown: Mapping[float, Image | None]) -> None:
        names = {"us": US, "eu": EU, "ap": AP}
        self.clock = SimulatedClock()
        self.shown = {names[name]: versions for name, versions in shown.items()}
        self.looking = looking
        self.asked: list[float] = []

    def look(self, region: str) -> Image | None:
        self.asked.append(self.clock.elapsed())
        self.clock.wait(self.looking)
        since = max(at for at in self.shown[region] if at <= self.clock.elapsed())
        return self.shown[region][since]

    def agree(
        self,
        writes: Sequence[Write],
        within: float,
        owed: str = "",
        every: float = 0.1,
        settling: Settling = nothing_owed,
    ) -> Agreement:
        policy = PollPolicy(self.clock.elapsed, within, every)
        task = until_converged(lambda: writes, self.look, list(self.shown), policy, settling, lambda _: owed)
        (agreement,) = self.clock.run(task)
        return agreement


def test_waiting_ends_as_soon_as_the_regions_agree() -> None:
    replicas = Replicas(us={0: order(100)}, eu={0: None, 1.23: order(100)})
    agreement = replicas.agree([NEW], within=60)
    assert agreement.waited == pytest.approx(1.3)
    missed, hit = agreement.arrival(EU)
    assert missed == pytest.approx(1.2)
    assert hit == pytest.approx(1.3)


def test_the_bracket_of_an_arrival_holds_it_even_if_looking_takes_long() -> None:
    replicas = Replicas(looking=0.5, eu={0: None, 2.0: order(100)})
    missed, hit = replicas.agree([NEW], within=60).arrival(EU)
    assert missed is not None
    assert missed <= 2.0 <= hit


def test_there_is_a_last_look_at_the_deadline() -> None:
    replicas = Replicas(eu={0: None, 60: order(100)})
    assert replicas.agree([NEW], within=60).waited == 60


def test_no_time_to_wait_is_one_look() -> None:
    replicas = Replicas(eu={0: None})
    with pytest.raises(DivergenceError, match=r"not yet after 0\.0 s"):
        replicas.agree([NEW], within=0)
    assert replicas.asked == [0]


def test_looks_become_rarer_but_never_by_more_than_a_twentieth_of_the_wait() -> None:
    replicas = Replicas(eu={0: None})
    with pytest.raises(DivergenceError):
        replicas.agree([NEW], within=120)
    pauses = [(later - earlier, earlier) for earlier, later in zip(replicas.asked, replicas.asked[1:], strict=False)]
    assert all(pause <= max(0.1, earlier * 0.05) + 1e-6 for pause, earlier in pauses)
    assert len(replicas.asked) < 150


def test_something_wrong_is_said_at_once() -> None:
    replicas = Replicas(us={0: order(100)}, eu={0: None, 3: order(99)})
    with pytest.raises(DivergenceError) as failure:
        replicas.agree([NEW], within=120, owed="no change is on its way")
    assert replicas.clock.elapsed() < 3.2
    assert str(failure.value) == (
        "USER#global-user-ada / ORDER#conflict-test: wrong: eu-west-1 shows an image that no write left: "
        "compared with what the put in us-east-1 left, total_amount is 99 instead of 100\n"
        "  us-east-1 shows what the put in us-east-1 left, since 0.0 s of the scenario\n"
        "  eu-west-1 shows another image, since 3.1 s of the scenario\n"
        "    expected what the put in us-east-1 left: total_amount is 99 instead of 100\n"
        "  no change is on its way"
    )


def test_a_timeout_says_what_each_region_shows_since_when_the_difference_and_what_is_owed() -> None:
    replicas = Replicas(us={0: order(150)}, eu={0: order(100)}, ap={0: None})
    with pytest.raises(DivergenceError) as failure:
        replicas.agree([NEW, A], within=120, owed="us-east-1 owes eu-west-1 1 change")
    assert str(failure.value) == (
        "USER#global-user-ada / ORDER#conflict-test: not yet after 120.0 s: "
        "eu-west-1 and ap-southeast-2 still without the last write\n"
        "  us-east-1 shows what the update of partner A left, since 0.0 s of the scenario\n"
        "  eu-west-1 shows what the put in us-east-1 left, since 0.0 s of the scenario\n"
        "    expected what the update of partner A left: total_amount is 100 instead of 150\n"
        "  ap-southeast-2 shows no item, since 0.0 s of the scenario\n"
        "    expected what the update of partner A left: there is no item\n"
        "  us-east-1 owes eu-west-1 1 change"
    )


def test_a_timeout_of_overlapping_writes_names_both_as_expected() -> None:
    replicas = Replicas(us={0: order(150)}, eu={0: order(200)}, ap={0: order(100)})
    with pytest.raises(DivergenceError) as failure:
        replicas.agree([NEW, A, B], within=60)
    assert "expected what the update of partner A left or what the update of partner B left: " in str(failure.value)


def test_a_timeout_names_the_item_as_it_was_before_the_writes() -> None:
    replicas = Replicas(eu={0: order(100)})
    with pytest.raises(DivergenceError, match="eu-west-1 shows the item as it was before, since"):
        replicas.agree([A], within=1)


@pytest.mark.parametrize("done", [True, False])
def test_agreement_on_what_an_update_without_an_answer_may_have_left_is_inconclusive(done: bool) -> None:
    # Done or not: what nobody knows is neither a pass nor a failure of replication.
    image = order(777) if done else order(100)
    replicas = Replicas(us={0: image}, eu={0: image})
    with pytest.raises(InconclusiveError, match="it is not known whether the update of partner B was done"):
        replicas.agree([unanswered(EU, 0, None, "B", "update")], within=60)


def test_regions_that_differ_are_a_failure_even_if_a_write_has_no_answer() -> None:
    replicas = Replicas(us={0: order(100)}, eu={0: order(777)})
    with pytest.raises(DivergenceError, match="it is not known whether the update of partner B was done"):
        replicas.agree([NEW, unanswered(EU, 1, None, "B", "update")], within=60)


def test_agreement_on_an_outdated_version_is_a_failure_even_if_a_write_has_no_answer() -> None:
    later = write(US, 5, order(100), order(150), "A")
    lost = unanswered(EU, 6, order(200), "B", "put")
    replicas = Replicas(eu={0: order(100)})
    with pytest.raises(DivergenceError, match="still without the last write"):
        replicas.agree([NEW, later, lost], within=60)


def test_nothing_written_is_said_instead_of_waited_for() -> None:
    with pytest.raises(ValueError, match="nothing was written to this item"):
        Replicas(eu={0: None}).agree([], within=60)


def until(seconds: float) -> Settling:
    """Something may still arrive for so many seconds after the regions agreed."""
    return lambda agreed_for: max(0.0, seconds - agreed_for)


def test_an_agreement_is_final_only_when_nothing_can_arrive_any_more() -> None:
    replicas = Replicas(us={0: order(100)}, eu={0: None, 0.95: order(100)})
    agreement = replicas.agree([NEW], within=60, settling=until(0.7))
    assert agreement.waited == pytest.approx(1.0)
    assert agreement.settled == pytest.approx(0.7)
    assert replicas.clock.elapsed() == pytest.approx(1.7)


def test_settling_does_not_count_as_waiting() -> None:
    replicas = Replicas(us={0: order(100)}, eu={0: order(100)})
    assert replicas.agree([NEW], within=1, settling=until(30)).waited == 0


def test_a_change_after_the_regions_agreed_is_a_verdict() -> None:
    replicas = Replicas(us={0: order(150), 1.0: order(200)}, eu={0: order(200), 0.9: order(150)})
    with pytest.raises(DivergenceError, match=r"agreed after 0\.9 s on what the update of partner A left") as failure:
        replicas.agree([A, B], within=60, settling=until(0.5))
    assert "changed after 1.4 s: us-east-1 shows what the update of partner B left" in str(failure.value)


def test_both_regions_changing_to_the_other_update_after_they_agreed_is_a_verdict_too() -> None:
    replicas = Replicas(us={0: order(150), 1.0: order(200)}, eu={0: order(200), 0.9: order(150), 1.0: order(200)})
    with pytest.raises(DivergenceError, match=r"changed after .*: us-east-1 shows .*, eu-west-1 shows"):
        replicas.agree([A, B], within=60, settling=until(0.5))


def test_one_region_alone_may_show_its_own_update_before_one_that_overlapped_it() -> None:
    replicas = Replicas(us={0: order(150), 1.0: order(200)})
    assert replicas.agree([A, B], within=60, settling=until(1.0)).image == order(200)


def test_a_change_that_an_update_without_an_answer_may_explain_is_inconclusive() -> None:
    replicas = Replicas(us={0: order(100), 1: order(150)}, eu={0: order(100), 1: order(150)})
    with pytest.raises(InconclusiveError, match="it is not known whether"):
        replicas.agree([NEW, unanswered(US, 0.5, order(150), "A")], within=60, settling=until(2))


def test_what_a_cut_link_owes_keeps_an_agreement_from_being_final() -> None:
    replicas = Replicas(us={0: order(100)}, eu={0: order(100)})
    with pytest.raises(DivergenceError, match=r"agreed after 0\.0 s, but not for good: a link still owes"):
        replicas.agree([NEW], within=5, settling=lambda _: math.inf)
