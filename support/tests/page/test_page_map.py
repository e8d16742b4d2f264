"""The page as data is complete and consistent; the lint of the tags has tests of its own."""

from collections import Counter

from support.page.page_map import Kind, anchors, page_map
from support.page.scenarios import BOTH_WAYS, read_scenarios
from support.page.workshop import Participant
from support.tests.page.written import written

PAGE = page_map()


def test_every_list_item_of_the_page_is_a_claim_or_an_instruction() -> None:
    items = [line for section in PAGE.sections for line in section.lines if line.level]
    assert len(items) == 87
    assert [line.says for line in items if not line.id or line.kind is Kind.TEXT] == []


def test_claims_are_consistent() -> None:
    assert [name for name, count in Counter(claim.id for claim in PAGE.claims).items() if count > 1] == []
    for claim in PAGE.claims:
        assert [claim.contradicted, claim.undocumented, claim.untestable].count("") >= 2, claim.id
        assert claim.kind is not Kind.INSTRUCTION or claim.how or claim.untestable, claim.id
        assert not claim.done_with or PAGE.claim(claim.done_with), claim.id
        assert bool(claim.instead) == bool(claim.source), claim.id
        if claim.contradicted:
            assert "https://docs.aws.amazon.com/" in claim.contradicted, claim.id
            assert claim.instead, claim.id


def test_a_claim_of_both_directions_has_scenarios_for_both() -> None:
    for claim in PAGE.claims:
        if claim.both:
            shown = [each.directions for each in read_scenarios() if claim.id in each.claims]
            assert frozenset[tuple[str, str]]().union(*shown) >= BOTH_WAYS, claim.id


def test_anchors_are_those_that_hugo_makes() -> None:
    headings = ["Step 1: In US-East-1", "Exercise 5: Timing & More", "Übung_1!", "Step 2", "Step 2", "…"]
    made = ["step-1-in-us-east-1", "exercise-5-timing--more", "übung_1", "step-2", "step-2-1", "heading"]
    assert anchors(headings) == made


def test_a_direction_is_read_from_the_steps_of_a_scenario() -> None:
    def directions(*texts: str) -> frozenset[tuple[str, str]]:
        return written("\n".join(["Scenario: A", *(f"When {text}" for text in texts)])).directions

    assert directions("created in us-east-1", "found in eu-west-1") == {("us-east-1", "eu-west-1")}
    assert directions("created in eu-west-1", "found in us-east-1") == {("eu-west-1", "us-east-1")}
    assert directions("each is found in the other region") == BOTH_WAYS
    assert directions("all of it in us-east-1") == frozenset()
    rows = "Examples:\n| a | b |\n| us-east-1 | eu-west-1 |\n| eu-west-1 | us-east-1 |"
    assert directions(f"from <a> to <b>\n{rows}") == BOTH_WAYS


def test_the_blanks_of_the_page_are_filled_in() -> None:
    text = "USER#[your-name], [Your Name] Global, PRODUCT#eu-product-[unique-id] of [your-name]"
    assert Participant("ada").fill(text, unique_id="x1") == "USER#ada, Ada Global, PRODUCT#eu-product-x1 of ada"
