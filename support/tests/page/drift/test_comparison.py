import pytest

from support.page.drift.comparison import compare
from support.page.drift.finding import Change
from support.page.drift.markdown_page import PageError, parse_page
from support.page.scenarios import read_scenarios
from support.tests.page.page_writer import KNOWN, PICTURE, edited, page_text

ALL = {scenario.test for scenario in read_scenarios()}
USER_FOUND = "The global user is found in Ireland within 60 seconds"
USER_LATER = "If replication is delayed, the query is tried again after 30 to 60 seconds"
FAST = "Replication from <source> to <destination> is usually faster than 2 seconds"
SIDE_BY_SIDE = "Both directions are timed side by side"
EXACT = "All attributes match exactly"
STALE = "Stale view: an answer that was kept is not what the region holds now"
IRELAND = "Ireland writes five seconds after Virginia, so Ireland wins"
WRITERS_OF_THE_STOCK = {
    "The product is found in N. Virginia within 60 seconds",
    "The product is an exact copy from the EU",
    "The category query in Ireland finds the EU products",
    "Both regions sell the last piece",
}


def names(change: Change) -> set[str]:
    """The names of the scenarios that a change concerns."""
    return {scenario.partition("::")[2] for scenario in change.scenarios}


def only(*edits: tuple[str, str]) -> Change:
    """The one change that is found after some replacements."""
    [change] = edited(*edits).changes
    return change


def test_a_page_as_the_suite_knows_it_raises_no_alarm() -> None:
    comparison = edited()
    assert comparison.changes == ()
    assert comparison.lines() == ["the page: nothing that the suite tests has changed"]


@pytest.mark.parametrize(
    ("old", "new", "said", "claims", "scenarios"),
    [
        ("30-60 seconds", "30-90 seconds", "30-60 is 30-90 now", ["E1.6"], {USER_FOUND, USER_LATER}),
        ("Wait 2 minutes for", "Wait 5 minutes for", "2 is 5 now", ["E3.1"], {IRELAND}),
        ("Within 10 seconds", "Within 1 seconds", "10 is 1 now", ["E3.2"], {IRELAND}),
        ("After 2-3 minutes", "After 4 minutes", "2-3 is 4 now", ["E3.3"], {IRELAND}),
        ("Usually \\< 2 seconds", "Usually \\< 3 seconds", "2 is 3 now", ["E5.5"], {FAST, SIDE_BY_SIDE}),
        ("Usually \\< 2 seconds", "Usually > 2 seconds", "< is > now", ["E5.5"], {FAST, SIDE_BY_SIDE}),
        ("15:40:05 > 15:40:00", "15:40:07 > 15:40:00", "15:40:05 is 15:40:07 now", ["E3.5", "E3.6"], {IRELAND}),
    ],
)
def test_a_number_or_time_that_changed_is_named(
    old: str, new: str, said: str, claims: list[str], scenarios: set[str]
) -> None:
    change = only((old, new))
    assert change.kind == "number"
    assert change.text.endswith(said)
    assert list(change.claims) == claims
    assert names(change) >= scenarios


@pytest.mark.parametrize(
    ("old", "new", "said", "scenarios"),
    [
        ('"stock": 50', '"stock": 40', '"stock" is 40 in the JSON', WRITERS_OF_THE_STOCK),
        ('"price": 299', '"price": "299"', '"price" is "299" in the JSON', WRITERS_OF_THE_STOCK),
        ('"total_amount": 200', '"total_amount": 250', '"total_amount" is 250 in the JSON', {IRELAND}),
        ('"test_type": "global_replication"', '"test_kind": "global_replication"', 'called "test_kind"', {USER_FOUND}),
        ('"source_region": "us-east-1"', '"source_region": "eu-west-1"', '"source_region" is "eu-west-1"', {FAST}),
        (',\n  "conflict_test": true', "", '"conflict_test" is gone', {IRELAND}),
        ('"conflict_test": true', '"conflict_test": true,\n  "version": 1', '"version": 1 was added', {IRELAND}),
        (
            '"stock": 50,',
            '"stock": 50',
            "is no JSON any more",
            {"The product is found in N. Virginia within 60 seconds"},
        ),
    ],
)
def test_a_template_is_held_against_what_the_features_write(old: str, new: str, said: str, scenarios: set[str]) -> None:
    change = only((old, new))
    assert change.kind == "template"
    assert said in change.text
    assert names(change) >= scenarios


def test_an_attribute_concerns_no_scenario_that_does_not_write_it() -> None:
    change = only(('"test_type": "reverse_replication"', '"test_type": "reverse"'))
    assert "The category query in Ireland finds the EU products" not in names(change)


@pytest.mark.parametrize(
    ("old", "new", "said", "scenarios"),
    [
        ("Should match exactly", "Are the same", 'is "All attributes: Are the same" now', {EXACT}),
        ("EU update wins", "US update wins", "US update wins", {IRELAND}),
        ("- **Browser cache**: Refresh page\n", "", "is gone", {STALE}),
        ("- **Query type**", "- **New**: Wait 9 s\n- **Query type**", 'tests it: "New: Wait 9 s"', set()),
        ("**This demonstrates", "**Expected**: A version of 1\n\n**This demonstrates", "nothing tests it", set()),
        ("Last Writer Wins", "First Writer Wins", "First Writer Wins", {IRELAND}),
    ],
)  # fmt: skip
def test_a_line_that_was_reworded_removed_or_added_is_named(old: str, new: str, said: str, scenarios: set[str]) -> None:
    text = old.replace("**This", "This")
    change = only((text, new.replace("**This", "This")))
    assert change.kind == "line"
    assert said in change.text
    assert names(change) >= scenarios
    assert bool(change.scenarios) == bool(scenarios)


def test_a_line_that_moved_is_named_once() -> None:
    line = "- **Wait longer**: Up to 2 minutes possible\n"
    change = only((line, ""), ("- **Query type**", f"{line}- **Query type**"))
    assert change.text == '"Wait longer: Up to 2 minutes possible" moved to "Queries Returning Empty"'
    assert names(change) == {"Wait longer: up to 2 minutes are possible"}


def test_two_lines_that_changed_places_are_one_change() -> None:
    first, second = "- **Product appears**: In US region\n", '- **region_created**: Still shows "eu-west-1"\n'
    assert "moved" in only((first + second, second + first)).text


@pytest.mark.parametrize(
    ("edits", "said", "claims"),
    [
        ([("Step 5: Verify Replication", "Step 5: Check The Copy")], "now, and its address changes", {"E1.8"}),
        ([("Step 5: Verify Replication", "Step 6: Verify Replication")], "now, and its address changes", {"E1.8"}),
        ([("### Step 5: Verify", "#### Step 5: Verify")], "its heading is of level 4, not 3", {"E1.8"}),
    ],
)
def test_a_heading_that_was_renamed_or_changed_its_level_is_named(
    edits: list[tuple[str, str]], said: str, claims: set[str]
) -> None:
    change = only(*edits)
    assert change.kind == "heading"
    assert said in change.text
    assert set(change.claims) >= claims
    assert "All attributes match exactly" in names(change)


def test_a_step_that_was_removed_is_one_change_with_its_claims() -> None:
    step = page_text().partition("### Step 2: Note Creation Time")[2].partition("### Step 3")[0]
    change = only((f"### Step 2: Note Creation Time{step}", ""))
    assert change.kind == "heading"
    assert change.text.endswith("is gone")
    assert set(change.claims) == {"E1.16", "E1.17", "E1.2"}


def test_a_step_that_was_added_is_one_change_without_scenarios() -> None:
    more = "### Step 4: Delete\n\n- **Delete**: The product\n\n"
    change = only(("## Exercise 3: Conflict", f"{more}## Exercise 3: Conflict"))
    assert (change.kind, change.section, change.scenarios) == ("heading", "Step 4: Delete", ())
    assert '"Delete: The product"' in change.text


def test_an_exercise_that_moved_is_one_change() -> None:
    exercise = "## Exercise 2:" + page_text().partition("## Exercise 2:")[2].partition("## Exercise 3:")[0]
    change = only((exercise, ""), ("## Exercise 5:", f"{exercise}## Exercise 5:"))
    assert (change.section, change.text) == ("Exercise 2", "moved to another place")
    assert {"E2.1", "E2.4"} <= set(change.claims)


def test_a_table_that_was_renamed_concerns_every_scenario() -> None:
    change = only(("demo-ecommerce-freetier", "demo-shop"))
    assert (change.kind, change.text) == ("name", "the table demo-ecommerce-freetier is demo-shop now")
    assert set(change.scenarios) == ALL
    assert "    all 67 scenarios" in edited(("demo-ecommerce-freetier", "demo-shop")).lines()


def test_a_region_that_was_renamed_is_one_change_besides_the_templates() -> None:
    changes = edited(("EU-West-1", "EU-North-1"), ('"eu-west-1"', '"eu-north-1"')).changes
    assert [change.text for change in changes if change.kind != "template"] == [
        "the region eu-west-1 is eu-north-1 now"
    ]
    assert IRELAND in names(changes[0])


def test_an_index_that_was_renamed_is_one_change_besides_the_templates() -> None:
    changes = edited(("GSI2", "GSI7")).changes
    assert [change.text for change in changes if change.kind != "template"] == ["the index GSI2 is GSI7 now"]
    assert "The status query in <region> finds the orders of both regions" in names(changes[0])


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        (PICTURE, "", "pictures differ (0 here, 17 in the page"),
        (PICTURE, '{{< figure src="a.png" >}}\n<img src="b.png">', "pictures differ (34 here, 17 in the page"),
        (PICTURE, "{{% notice info %}}\n**Screenshot Location**: Add one\n{{% /notice %}}", "pictures differ (0 here"),
        ("30-60", "30\u201360", "differ in 1 line,"),
        ("replication - you can", "replication; you can", "differ in 1 line,"),
        ('"N. Virginia"', "\u201cN. Virginia\u201d", "differ in 1 line,"),
        ("bi-directional", "bidirectional", "differ in 1 line,"),
        ("try again", "try again!", "differ in 1 line,"),
        ("___", "_____", "differ in 3 lines"),
        ("\u2705 ", "", "differ in 5 lines"),
        ("multi-region operations firsthand", "them at first hand", "1 line around the claims changed"),
        ("## Next Steps", "## What Is Next", "1 line around the claims changed"),
    ],
)
def test_pictures_typography_and_words_around_the_claims_raise_no_alarm(old: str, new: str, note: str) -> None:
    comparison = edited((old, new))
    assert comparison.changes == ()
    [said] = comparison.notes
    assert note in said


def test_markup_and_line_ends_are_not_seen_at_all() -> None:
    text = page_text().replace("**", "__").replace("\n- ", "\n* ").replace("PROFILE\n", "`PROFILE`\n")
    comparison = compare(parse_page(text.replace("\n", "\r\n")), KNOWN)
    assert (comparison.changes, comparison.notes) == ((), ())


def test_several_changes_are_all_found() -> None:
    changes = edited(("30-60", "30-90"), ('"stock": 50', '"stock": 40'), ("Last Writer", "First Writer")).changes
    assert sorted(change.kind for change in changes) == ["line", "number", "template"]


def test_a_page_about_something_else_is_refused() -> None:
    with pytest.raises(PageError, match='this is not the page "Multi-Region Operations": 0% of its headings are here'):
        compare(parse_page("# Cooking\n\nBoil 2 eggs.\n\n## Serving\n\n- Salt\n"), KNOWN)
