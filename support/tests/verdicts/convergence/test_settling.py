"""When an agreement is final, and what a change after it says."""

import math
import re

import pytest

from support.tests.verdicts.convergence.replicas import NEW, A, B, Replicas
from support.tests.verdicts.histories import US, order, unanswered, write
from support.verdicts.convergence.agreement import Agreement, Settling
from support.verdicts.convergence.judgement import Views
from support.verdicts.errors import DivergenceError, InconclusiveError
from support.verdicts.findings import Finding


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
    with pytest.raises(DivergenceError) as failure:
        replicas.agree([A, B], within=60, settling=until(0.5))
    assert str(failure.value).splitlines()[0] == (
        "USER#global-user-ada / ORDER#conflict-test: wrong: agreed after 0.9 s on what the update of partner A left, "
        "changed after 1.4 s: us-east-1 shows what the update of partner B left"
    )


def test_both_regions_changing_to_the_other_update_after_they_agreed_is_a_verdict_too() -> None:
    replicas = Replicas(us={0: order(150), 1.0: order(200)}, eu={0: order(200), 0.9: order(150), 1.0: order(200)})
    with pytest.raises(DivergenceError, match=r"changed after .*: us-east-1 shows .*, eu-west-1 shows"):
        replicas.agree([A, B], within=60, settling=until(0.5))


def test_one_region_alone_may_show_its_own_update_before_one_that_overlapped_it() -> None:
    replicas = Replicas(us={0: order(150), 1.0: order(200)})
    assert replicas.agree([A, B], within=60, settling=until(1.0)).image == order(200)


def test_a_change_that_an_update_without_an_answer_may_explain_is_inconclusive() -> None:
    replicas = Replicas(us={0: order(100), 1: order(150)}, eu={0: order(100), 1: order(150)})
    changed = "eu-west-1 shows what the put of partner A left; it is not known whether the put of partner A was done$"
    with pytest.raises(InconclusiveError, match=re.compile(changed, re.MULTILINE)):
        replicas.agree([NEW, unanswered(US, 0.5, order(150), "A")], within=60, settling=until(2))


def test_a_change_by_a_write_that_was_sent_after_the_regions_agreed_is_no_contradiction() -> None:
    sent = [NEW]
    asked: list[float] = []

    def settling(agreed_for: float) -> float:
        asked.append(agreed_for)
        if len(asked) > 1:  # after the first look
            sent[1:] = [write(US, 0.2, order(100), order(150), "A")]
        return until(1.0)(agreed_for)

    replicas = Replicas(us={0: order(100), 0.5: order(150)}, eu={0: order(100), 0.5: order(150)})
    agreement = replicas.agree(sent, within=60, settling=settling)
    assert (agreement.image, agreement.waited, agreement.settled) == (order(150), 1.0, 1.0)


def test_what_a_cut_link_owes_keeps_an_agreement_from_being_final() -> None:
    replicas = Replicas(us={0: order(100)}, eu={0: order(100)})
    with pytest.raises(DivergenceError, match=r"us-east-1 and eu-west-1 agreed after 0\.0 s, but not for good"):
        replicas.agree([NEW], within=5, settling=lambda _: math.inf)


@pytest.mark.parametrize(
    ("settled", "final"), [(0.7, "; nothing could arrive any more 0.70 s later"), (0.0, ", for good")]
)
def test_the_finding_says_when_the_regions_agreed_and_when_that_was_final(settled: float, final: str) -> None:
    assert Agreement(None, 1.234, Views(), settled).finding() == Finding(
        "note", f"the regions agreed after 1.23 s{final}", (), {"agreed": 1.234, "settled": settled}
    )


def test_what_arrives_between_two_looks_of_a_round_is_looked_at_again() -> None:
    """A call that is tried again makes a round of looks long: the regions agreed on what one of them held before."""
    replicas = Replicas(looking=0.6, us={0: order(100), 0.8: order(150)}, eu={0: order(100)})
    with pytest.raises(DivergenceError):
        replicas.agree([NEW], within=60, settling=lambda _: max(0.0, 0.8 - replicas.clock.elapsed()))
