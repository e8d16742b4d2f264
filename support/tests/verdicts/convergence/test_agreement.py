"""Waiting for agreement, and what a failure says."""

from typing import Any

import pytest

from support.polling import Progress
from support.tests.verdicts.convergence.replicas import NEW, A, B, Replicas
from support.tests.verdicts.histories import EU, KEY, US, order, unanswered, views, write
from support.verdicts.convergence.agreement import Agreement
from support.verdicts.errors import DivergenceError, InconclusiveError


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
        replicas.agree([NEW], within=120, explain=lambda region: f"no change is on its way to {region}")
    assert replicas.clock.elapsed() < 3.2
    assert str(failure.value) == (
        "USER#global-user-ada / ORDER#conflict-test: wrong: eu-west-1 shows an image that no write left: "
        "compared with what the put in us-east-1 left, total_amount is 99 instead of 100\n"
        "  us-east-1 shows what the put in us-east-1 left, since 0.0 s of the scenario\n"
        "  eu-west-1 shows another image, since 3.1 s of the scenario\n"
        "    expected what the put in us-east-1 left: total_amount is 99 instead of 100\n"
        "  no change is on its way to eu-west-1"
    )


def test_a_timeout_says_what_each_region_shows_since_when_the_difference_and_what_is_owed() -> None:
    replicas = Replicas(us={0: order(150)}, eu={0: order(100)}, ap={0: None})
    with pytest.raises(DivergenceError) as failure:
        replicas.agree([NEW, A], within=120, explain=lambda region: f"1 change is pending from us-east-1 to {region}")
    assert str(failure.value) == (
        "USER#global-user-ada / ORDER#conflict-test: not yet after 120.0 s: "
        "eu-west-1 and ap-southeast-2 still without the last write\n"
        "  us-east-1 shows what the update of partner A left, since 0.0 s of the scenario\n"
        "  eu-west-1 shows what the put in us-east-1 left, since 0.0 s of the scenario\n"
        "    expected what the update of partner A left: total_amount is 100 instead of 150\n"
        "  ap-southeast-2 shows no item, since 0.0 s of the scenario\n"
        "    expected what the update of partner A left: there is no item\n"
        "  1 change is pending from us-east-1 to eu-west-1"
    )


def test_a_timeout_of_overlapping_writes_names_both_as_expected() -> None:
    replicas = Replicas(us={0: order(150)}, eu={0: order(200)}, ap={0: order(100)})
    with pytest.raises(DivergenceError) as failure:
        replicas.agree([NEW, A, B], within=60)
    assert str(failure.value) == (
        f"{KEY}: not yet after 60.0 s: ap-southeast-2 still without the last write\n"
        "  us-east-1 shows what the update of partner A left, since 0.0 s of the scenario\n"
        "  eu-west-1 shows what the update of partner B left, since 0.0 s of the scenario\n"
        "  ap-southeast-2 shows what the put in us-east-1 left, since 0.0 s of the scenario\n"
        "    expected what the update of partner A left or what the update of partner B left: "
        "total_amount is 100 instead of 200"
    )


def test_where_no_region_is_behind_the_last_one_is_explained() -> None:
    replicas = Replicas(us={0: order(150)}, eu={0: order(200)})
    with pytest.raises(DivergenceError, match="us-east-1 and eu-west-1 differ") as failure:
        replicas.agree([NEW, A, B], within=0, explain=lambda region: f"about {region}")
    assert str(failure.value).endswith("since 0.0 s of the scenario\n  about eu-west-1")


def test_what_each_region_shows_is_reported_while_agreement_is_awaited() -> None:
    reported: list[Progress] = []
    replicas = Replicas(us={0: order(100)}, eu={0: None, 0.1: order(100)})
    replicas.agree([NEW], within=60, on_progress=reported.append)
    shown = "us-east-1 shows what the put in us-east-1 left, eu-west-1 shows no item"
    assert reported == [Progress(f"USER#global-user-ada / ORDER#conflict-test: {shown}", 0.0, 60)]


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


def test_agreement_on_what_was_there_before_a_put_without_an_answer_is_inconclusive() -> None:
    replicas = Replicas(us={0: order(100)}, eu={0: order(100)})
    with pytest.raises(InconclusiveError, match="it is not known whether the put of partner B was done"):
        replicas.agree([unanswered(EU, 0, order(200), "B")], within=60)


def test_agreement_on_what_an_update_without_an_answer_may_have_left_after_others_is_inconclusive() -> None:
    replicas = Replicas(us={0: order(777)}, eu={0: order(777)})
    with pytest.raises(InconclusiveError, match="it is not known whether the update of partner B was done"):
        replicas.agree([NEW, unanswered(EU, 1, None, "B", "update")], within=60)


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
    with pytest.raises(ValueError, match=r"^nothing was written to this item: there is nothing to wait for$"):
        Replicas(eu={0: None}).agree([], within=60)


def test_the_arrival_lies_between_the_last_look_without_and_the_first_with_it() -> None:
    shown = views({EU: [(1, None), (2, None), (3, order(100)), (4, order(100))], US: [(1, order(100))]})
    agreement = Agreement(order(100), 3, shown)
    assert (agreement.arrival(EU), agreement.arrival(US)) == ((2, 3), (None, 1))


def standing_still(at: float, until: float, **shown: Any) -> Replicas:
    """Regions that are looked at by a process that stands still for some time, in the middle of a look."""
    replicas = Replicas(**shown)
    look = replicas.look

    def suspended(region: str) -> Any:
        found = look(region)
        if at <= replicas.clock.elapsed() < until:
            replicas.clock.wait(until - replicas.clock.elapsed())
        return found

    replicas.look = suspended  # type: ignore[method-assign]
    return replicas


@pytest.mark.parametrize(("at", "arrives"), [(3.0, 20), (3.0, 65), (59.9, 62), (0.0, 2)])
def test_whether_a_limit_was_kept_while_nobody_looked_can_t_be_told(at: float, arrives: float) -> None:
    replicas = standing_still(at, 70, us={0: order(100)}, eu={0: None, arrives: order(100)})
    with pytest.raises(InconclusiveError, match="no look was answered between"):
        replicas.agree([NEW], within=60)


def test_what_a_look_after_the_limit_still_misses_is_too_late() -> None:
    with pytest.raises(DivergenceError, match="not yet after 7"):
        standing_still(3, 70, us={0: order(100)}, eu={0: None, 100: order(100)}).agree([NEW], within=60)


def test_what_had_arrived_before_nobody_looked_is_in_time() -> None:
    replicas = standing_still(30, 100, us={0: order(100)}, eu={0: None, 2: order(100)})
    assert replicas.agree([NEW], within=60).waited == pytest.approx(2, abs=0.2)


def test_a_process_that_stands_still_while_the_regions_settle_changes_no_verdict() -> None:
    replicas = standing_still(3, 100, us={0: order(100)}, eu={0: None, 2: order(100)})
    settling = lambda agreed_for: 0.0 if agreed_for > 5 else 0.5  # noqa: E731
    assert replicas.agree([NEW], within=60, settling=settling).waited == pytest.approx(2, abs=0.2)
