"""The map is complete and consistent; the lint of the tags has tests of its own."""

from collections import Counter

from support.page.anchors import anchors
from support.page.page_map import Kind, page_map
from support.page.scenarios import BOTH_WAYS, PageScenario, WrittenStep, read_scenarios

PAGE = page_map()


def test_every_list_item_of_the_page_is_a_claim_or_an_instruction() -> None:
    items = [line for section in PAGE.sections for line in section.lines if line.level]
    assert len(items) == 87
    assert [line.says for line in items if not line.id or line.kind is Kind.TEXT] == []


def test_ids_are_unique() -> None:
    assert [name for name, count in Counter(claim.id for claim in PAGE.claims).items() if count > 1] == []


def test_a_claim_has_one_reason_at_most_to_be_told_apart_from_the_run() -> None:
    for claim in PAGE.claims:
        assert [claim.contradicted, claim.undocumented, claim.untestable].count("") >= 2, claim.id


def test_a_contradiction_names_its_source_and_what_to_write_instead() -> None:
    contradicted = [claim for claim in PAGE.claims if claim.contradicted]
    assert [claim.id for claim in contradicted] == ["E3.4", "E3.6", "M.3"]
    assert all("https://docs.aws.amazon.com/" in claim.contradicted and claim.instead for claim in contradicted)


def test_an_instruction_says_how_the_suite_does_it_or_why_it_does_not() -> None:
    silent = [
        claim.id for claim in PAGE.claims if claim.kind is Kind.INSTRUCTION and not (claim.how or claim.untestable)
    ]
    assert silent == []


def test_what_is_done_with_another_claim_names_one() -> None:
    assert [claim.id for claim in PAGE.claims if claim.done_with and not PAGE.claim(claim.done_with)] == []


def test_a_suggestion_has_a_source() -> None:
    assert [claim.id for claim in PAGE.claims if bool(claim.instead) != bool(claim.source)] == []


def test_a_claim_of_both_directions_has_scenarios_for_both() -> None:
    for claim in PAGE.claims:
        if claim.both:
            shown = [each.directions for each in read_scenarios() if claim.id in each.claims]
            assert frozenset[tuple[str, str]]().union(*shown) >= BOTH_WAYS, claim.id


def test_each_template_is_found_in_the_features() -> None:
    templates = {claim.id: claim.template for claim in PAGE.claims if claim.kind is Kind.JSON}
    assert len(templates) == 6
    assert all(templates.values())
    assert templates["E3.11"] == {
        "total_amount": 200,
        "last_updated_region": "eu-west-1",
        "update_timestamp": "2025-08-11T15:40:05Z",
    }


def test_anchors_are_those_that_hugo_makes() -> None:
    headings = [
        "Step 1: Create Global User in US-East-1",
        "Exercise 5: Timing & More",
        "Übung_1!",
        "Step 2",
        "Step 2",
        "…",
    ]
    assert anchors(headings) == [
        "step-1-create-global-user-in-us-east-1",
        "exercise-5-timing--more",
        "übung_1",
        "step-2",
        "step-2-1",
        "heading",
    ]


def test_a_section_has_the_address_where_it_is_published() -> None:
    section = next(each for each in PAGE.sections if each.title.startswith("Step 5"))
    assert PAGE.address(section) == (
        "https://crimsondd.github.io/DynamoDB-Advanced-Patterns-and-Global-Tables-Streams/3-global-tables-setup/"
        "3.3-multi-region-operations/#step-5-verify-replication"
    )
    assert PAGE.label(section) == "Exercise 1, Step 5"


def test_a_direction_is_read_from_the_steps_of_a_scenario() -> None:
    def directions(*texts: str, rows: tuple[dict[str, str], ...] = ({},)) -> frozenset[tuple[str, str]]:
        steps = tuple(WrittenStep("when", text) for text in texts)
        return PageScenario("features/a.feature", "A", frozenset(), steps, steps, rows).directions

    assert directions("created in us-east-1", "found in eu-west-1") == {("us-east-1", "eu-west-1")}
    assert directions("created in eu-west-1", "found in us-east-1") == {("eu-west-1", "us-east-1")}
    assert directions("each is found in the other region") == BOTH_WAYS
    assert directions("all of it in us-east-1") == frozenset()
    rows = ({"a": "us-east-1", "b": "eu-west-1"}, {"a": "eu-west-1", "b": "us-east-1"})
    assert directions("from <a> to <b>", rows=rows) == BOTH_WAYS
