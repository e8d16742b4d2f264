"""What changed in a version of the page: each kind of edit, made to the page as the suite knows it."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.page.__main__ import main
from support.page.drift.comparison import compare
from support.page.drift.finding import Change, Comparison
from support.page.drift.markdown_page import FoundLine, PageError, parse_page
from support.page.page_map import Kind, PageSection, page_map
from support.page.scenarios import read_scenarios
from support.tests.suite_runs import pytest_run

FRONT_MATTER = '---\ntitle : "3.3 Multi-Region Operations"\nweight : 33\n---\n\n'
PICTURE = "![3.3.1(1)](/images/3/3.3.1(1).png?featherlight=false&width=90pc)"


def page_text(translate: Callable[[str], str] = str) -> str:
    """The page in Markdown, with as many pictures as it has; `translate` is done to headings and lines."""
    parts = [FRONT_MATTER]
    for section in page_map().sections:
        parts.append(f"{'#' * section.depth} {translate(section.title)}\n\n")
        parts += _lines(section, translate)
    return "".join([*parts, f"{PICTURE}\n" * page_map().pictures])


def _lines(section: PageSection, translate: Callable[[str], str]) -> Iterator[str]:
    for index, line in enumerate(section.lines):
        following = section.lines[index + 1 :]
        in_list = line.level and following and following[0].level
        end = " " if following and following[0].continues else "\n" if in_list else "\n\n"
        yield ("", "- ", "   - ")[line.level] + _marked(translate(line.says)) + end
        if line.kind is Kind.JSON:
            yield f"```json\n{json.dumps(line.template, indent=2)}\n```\n\n"


def _marked(text: str) -> str:
    """The page's own markup: the words before the first colon in bold; what Markdown would take for its own escaped."""
    lead, colon, rest = text.partition(": ")
    escaped = rest.replace("[", "\\[").replace("<", "\\<")
    return f"**{lead}**{colon}{escaped}" if colon else text.replace("[", "\\[")


ALL = {scenario.name for scenario in read_scenarios()}
USER_FOUND = "The global user is found in Ireland within 60 seconds"
USER_LATER = "If replication is delayed, the query is tried again after 30 to 60 seconds"
FAST = "Replication from <source> to <destination> is usually faster than 2 seconds"
SIDE_BY_SIDE = "Both directions are timed side by side"
EXACT = "All attributes match exactly"
IRELAND = "Ireland writes five seconds after Virginia, so Ireland wins"
WAIT = "Wait longer: up to 2 minutes are possible"
PRODUCT_FOUND = "The product is found in N. Virginia within 60 seconds"
WRITERS_OF_THE_STOCK = {
    PRODUCT_FOUND,
    "The product is an exact copy from the EU",
    "The category query in Ireland finds the EU products",
    "Both regions sell the last piece",
}


def names(change: Change) -> set[str]:
    """The names of the scenarios that a change concerns."""
    return {scenario.partition("::")[2] for scenario in change.scenarios}


PAGE = page_text()
STEP_2 = "### Step 2: Note" + PAGE.partition("### Step 2: Note")[2].partition("### Step 3")[0]
EXERCISE_2 = "## Exercise 2:" + PAGE.partition("## Exercise 2:")[2].partition("## Exercise 3:")[0]
TAIL = PAGE[PAGE.index("## Exercise 4:") :]
EXERCISE_4 = TAIL.partition("## Exercise 5:")[0]
EXERCISE_4_HEADING = "Exercise 4: Query Patterns Across Regions"
QUERIES = "### Queries Returning Empty\n"
TEMPLATE = "```json" + PAGE.partition("```json")[2].partition("```")[0] + "```\n\n"
IN_A_LIST = PAGE[PAGE.index("- **Browser cache**") :]
AFTER_THE_TABLE = PAGE.rpartition("demo-ecommerce-freetier")[2]
ONE_TABLE = (f"demo-ecommerce-freetier{AFTER_THE_TABLE}", f"demo-shop{AFTER_THE_TABLE}")
CAUSES = "- **Wrong region**" + PAGE.partition("- **Wrong region**")[2].partition("\n\n")[0] + "\n"
ROWS = re.sub(r"^- (.*?): (.*)$", r"| \1 | \2 |", CAUSES, flags=re.MULTILINE)
CAUSES_TABLE = f"| Cause | Cure |\n| --- | --- |\n{ROWS}"
STEP_4 = "### Step 4: Delete\n\n- **It**: Go\n\n"
ADDED = 'Exercise 2, Step 4: the heading "Step 4: Delete" was added, and nothing tests'
WAIT_LONGER = "- **Wait longer**: Up to 2 minutes possible\n"
WAIT_LONGER_MOVED = [(WAIT_LONGER, ""), ("- **Query type**", f"{WAIT_LONGER}- **Query type**")]
APPEARS, CREATED = "- **Product appears**: In US region\n", '- **region_created**: Still shows "eu-west-1"\n'


def edited(*edits: tuple[str, str]) -> Comparison:
    """What the suite says of the page after some replacements. Each has to find its text."""
    text = PAGE
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return compare(parse_page(text))


def test_a_page_as_the_suite_knows_it_raises_no_alarm() -> None:
    assert (edited().changes, edited().notes) == ((), ())


@pytest.mark.parametrize(
    ("edits", "kind", "says", "scenarios"),
    [
        ([("30-60 seconds", "30-90 seconds")], "number", "30-60 is 30-90 now", {USER_FOUND, USER_LATER}),
        ([("Usually \\< 2 seconds", "Usually > 2 seconds")], "number", "< is > now", {FAST, SIDE_BY_SIDE}),
        ([('"stock": 50', '"stock": 40')], "template", '"stock" is 40 in the JSON', WRITERS_OF_THE_STOCK),
        ([('"test_type": "global', '"test_kind": "global')], "template", 'called "test_kind"', {USER_FOUND}),
        ([(',\n  "conflict_test": true', "")], "template", '"conflict_test" is gone', {IRELAND}),
        ([('_test": true', '_test": true,\n  "version": 1')], "template", '"version": 1 was added', {IRELAND}),
        ([('"stock": 50,', '"stock": 50')], "template", "is no JSON any more", {PRODUCT_FOUND}),
        ([(TEMPLATE, "")], "template", "is gone", {USER_FOUND}),
        ([("## Exercise 3:", f"{TEMPLATE}## Exercise 3:")], "template", "a JSON template was added", {PRODUCT_FOUND}),
        ([("Should match exactly", "Are the same")], "line", 'is "All attributes: Are the same" now', {EXACT}),
        ([("**All attributes**: Should match exactly", "Be quick")], "line", 'exactly" is "Be quick" now', {EXACT}),
        ([("- **Browser cache**: Refresh page\n", "")], "line", "is gone", {"Stale view: an answer that was kept"}),
        ([("- **Query type**", "- **New**: Wait 9 s\n- **Query type**")], "line", "nothing tests it", set()),
        ([("## Exercise 3:", "```\naws\n```\n\n## Exercise 3:")], "line", "a code block was added, and nothing", set()),
        (WAIT_LONGER_MOVED, "line", 'moved to "Queries Returning Empty"', {WAIT}),
        ([(APPEARS + CREATED, CREATED + APPEARS)], "line", "moved", {"The product is an exact copy from the EU"}),
        ([("Step 5: Verify Replication", "Step 5: Check The Copy")], "heading", "its address changes", {EXACT}),
        ([("### Step 5: Verify", "#### Step 5: Verify")], "heading", "its heading is of level 4, not 3", {EXACT}),
        ([("## Exercise 3:", f"{STEP_4}## Exercise 3:")], "heading", ADDED, set()),
        ([(EXERCISE_4_HEADING, "Reading what others wrote")], "heading", "its address changes", {"The status query"}),
        ([(STEP_2, "")], "heading", "is gone", {USER_FOUND}),
        ([("demo-ecommerce-freetier", "demo-shop")], "name", "--table-name demo-shop is all it takes", ALL),
        ([ONE_TABLE], "name", "itself: demo-shop in E1.20, demo-ecommerce-freetier in E1.11", {USER_FOUND}),
        ([("EU-West-1", "EU-North-1"), ("eu-west-1", "eu-north-1")], "name", "--replica-region eu-north-1", {IRELAND}),
        ([("us-east-1", "us-west-2"), ("US-East-1", "US-West-2")], "name", "--primary-region us-west-2", {IRELAND}),
        ([("[your-name", "[initials")], "name", "the placeholder [your-name] is [initials] now", {USER_FOUND}),
        ([(EXERCISE_4, "")], "heading", '"Exercise 4: Query Patterns Across Regions" and what', {"The status query"}),
        ([(CAUSES, CAUSES_TABLE)], "line", "the list is a table now", {WAIT}),
        ([("### Step 2: Note Creation Time\n\n", "")], "heading", 'stands below "User Creation', {USER_FOUND}),
        ([(IN_A_LIST, "")], "heading", 'the file ends in "Replication Not Working"', {WAIT}),
        ([(TAIL, "")], "heading", "the file ends before", {IRELAND}),
    ],
)
def test_a_change_is_named_once_with_the_scenarios_that_it_concerns(
    edits: list[tuple[str, str]], kind: str, says: str, scenarios: set[str]
) -> None:
    [change] = edited(*edits).changes
    assert change.kind == kind
    assert says in f"{change.section}: {change.text}"
    found = names(change)
    assert all(any(each.startswith(name) for each in found) for name in scenarios)
    assert bool(found) == bool(scenarios)


@pytest.mark.parametrize(
    ("edit", "section", "says"),
    [
        ((EXERCISE_2, EXERCISE_2 * 2), "Exercise 2", "stands twice"),
        ((QUERIES, QUERIES * 2), "Troubleshooting Guide, Queries Returning Empty", "stands twice"),
        (("## Exercise 3:", f"{STEP_2}## Exercise 3:"), "Exercise 1, Step 2", "in Exercise 1, Step 2 and in Exer"),
        (("### Step 3: Switch", "### Step 2: Note Creation Time\n\n### Step 3: Switch"), "Exercise 1, Step 2", "twice"),
        ((STEP_2, STEP_2 * 3), "Exercise 1, Step 2", "stands 3 times"),
    ],
)
def test_a_heading_that_stands_twice_is_one_change(edit: tuple[str, str], section: str, says: str) -> None:
    [change] = edited(edit).changes
    assert (change.kind, change.section) == ("heading", section)
    assert says in change.text


def test_names_that_were_changed_together_are_one_change_each() -> None:
    found = edited(
        ("[your-name]", "[you]"), ("[unique-id]", "[id]"), ("us-east-1", "us-west-2"), ("US-East-1", "US-West-2")
    )
    assert [change.kind for change in found.changes] == ["name"] * 3
    assert "the placeholder [unique-id] is [id] now" in [change.text for change in found.changes]


def test_headings_with_other_numbers_are_one_change_beside_all_others() -> None:
    numbers = [(f"# Exercise {number}:", f"# Exercise {number + 1}:") for number in (5, 4, 3, 2, 1)]
    renumbered, other = edited(*numbers, ("30-60", "30-90")).changes
    assert "Exercise 2 is now Exercise 3; Exercise 3 is now Exercise 4" in renumbered.text
    assert "30-90" in other.text


def test_exercises_that_were_swapped_and_renumbered_have_moved_once() -> None:
    exercise_3 = PAGE[PAGE.index("## Exercise 3:") : PAGE.index("## Exercise 4:")]
    swapped = ((exercise_3, ""), ("## Exercise 5:", f"{exercise_3}## Exercise 5:"))
    renumbered, moved = edited(*swapped, ("Exercise 3:", "Exercise 0:"), ("Exercise 4:", "Exercise 3:")).changes
    assert "Exercise 4 is now Exercise 3; Exercise 3 is now Exercise 0" in renumbered.text
    assert "moved to another place" in moved.text


def test_one_word_in_many_headings_and_all_levels_are_one_change() -> None:
    [change] = edited(("## Exercise ", "## Lab ")).changes
    assert '"Exercise" is "Lab" in 6 headings' in change.text
    [change] = compare(parse_page(re.sub("^#", "##", PAGE, flags=re.MULTILINE))).changes
    assert "all headings are +1 levels" in change.text


def test_a_region_in_one_spelling_of_two_is_a_contradiction() -> None:
    texts = [change.text for change in edited(("eu-west-1", "eu-central-1")).changes]
    assert any("the page contradicts itself: eu-central-1 in" in text for text in texts)
    assert not any("is all it takes" in text for text in texts)


@pytest.mark.parametrize("new", ["~2 seconds", "2+ seconds", "2% seconds"])
def test_a_sign_at_a_number_is_part_of_it(new: str) -> None:
    assert edited(("Usually \\< 2 seconds", f"Usually \\< {new}")).changes


def test_what_was_edited_in_a_copy_is_found_beside_it() -> None:
    twice, added = edited((STEP_2, STEP_2 + STEP_2.replace("you clicked create", "it began"))).changes
    assert "stands twice" in twice.text
    assert (added.section, "Record when it began" in added.text) == ("Exercise 1, Step 2", True)


def test_an_attribute_concerns_no_scenario_that_does_not_write_it() -> None:
    [change] = edited(('"test_type": "reverse_replication"', '"test_type": "reverse"')).changes
    assert "The category query in Ireland finds the EU products" not in names(change)


def test_an_index_that_was_renamed_is_one_change_besides_the_templates() -> None:
    [change] = [each for each in edited(("GSI2", "GSI7")).changes if each.kind != "template"]
    assert change.text == "the index GSI2 is GSI7 now"
    assert "The status query in <region> finds the orders of both regions" in names(change)


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        (PICTURE, "", "pictures differ (0 here, 17 in the page"),
        (PICTURE, '{{< figure src="a.png" >}}\n<img src="b.png">', "pictures differ (34 here, 17 in the page"),
        ("30-60", "30\u201360", "differ in 1 line,"),
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


AROUND = """
{{% notice info %}}

<!-- a comment -->

**Screenshot Location**: Add one of step 2

{{% /notice %}}

"""


def test_markup_comments_and_line_ends_are_not_seen_at_all() -> None:
    text = PAGE.replace(FRONT_MATTER, f"+++\ntitle = 'a'\n+++\n{AROUND}")
    text = text.replace("- **Browser cache**", "- [**Browser cache**](https://example.org)")
    text = text.replace("**", "__").replace("\n- ", "\n* ").replace("PROFILE\n", "`PROFILE`\n")
    comparison = compare(parse_page(text.replace("\n", "\r\n")))
    assert (comparison.changes, comparison.notes) == ((), ())


def reversed_words(text: str) -> str:
    """A text whose words are other ones; numbers, regions, keys and tables stay, as in a translation."""
    kept_names = r"(?i:[a-z]{2}-[a-z]+-\d)|demo-[\w-]+|GSI\d\w*|Ireland|Virginia"
    kept = rf"{kept_names}|[\w-]*[#_\[][\w#\[\]@.-]*|\d[\d:-]*"
    return re.sub(rf"({kept})|([^\W\d_]+)", lambda found: found[1] or found[2][::-1].lower() + "ứ", text)


TRANSLATION = page_text(reversed_words)
ITEM = next(line for line in TRANSLATION.splitlines() if reversed_words("Browser cache") in line)
HEADING = f"### {reversed_words('Step 2: Note Creation Time')}"
STEP = HEADING + TRANSLATION.partition(HEADING)[2].partition("\n### ")[0] + "\n"


def translated(old: str, new: str) -> Comparison:
    """What the suite says of the translation after a replacement."""
    assert old in TRANSLATION
    return compare(parse_page(TRANSLATION.replace(old, new)))


def test_a_file_whose_headings_alone_are_gone_does_not_end_early() -> None:
    lines = "\n".join(line for line in PAGE.splitlines() if not line.startswith("#"))
    changes = compare(parse_page(f"# Hands-on\n\n{lines}")).changes
    assert not any("the file ends" in change.text for change in changes)


@pytest.mark.parametrize("blank", ["[your-name]", "[tên-của-bạn]"])
def test_a_translation_is_recognized_and_raises_no_alarm(blank: str) -> None:
    comparison = translated("[your-name]", blank)
    assert (comparison.translation, comparison.changes) == (True, ())


@pytest.mark.parametrize(
    ("old", "new", "kind", "says", "claim"),
    [
        ("30-60", "30-90", "number", "30-60 is gone, 30-90 is new", "E1.6"),
        ('"stock": 50', '"stock": 40', "template", '"stock" is 40', "E2.5"),
        (f"{ITEM}\n", "", "line", "it has 3 list items, not 4", "T1.3"),
        (STEP, "", "heading", "nothing is in the place of the heading", "E1.2"),
    ],
    ids=["number", "template", "list item", "heading"],
)
def test_what_a_translation_has_changed_is_found(old: str, new: str, kind: str, says: str, claim: str) -> None:
    [change] = translated(old, new).changes
    assert change.kind == kind
    assert says in change.text
    assert claim in change.claims
    assert change.scenarios


def test_a_page_of_the_same_structure_without_the_templates_is_no_translation() -> None:
    text = re.sub(r"```json.*?```", "", TRANSLATION, flags=re.DOTALL)
    with pytest.raises(PageError, match="this is not the page"):
        compare(parse_page(text))


def test_what_stands_before_the_first_heading_is_kept() -> None:
    assert parse_page("Wait 2 minutes.\n\n# A\n").sections[0].lines == (FoundLine("Wait 2 minutes.", 0),)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """The page in a file."""
    path = tmp_path / "page.md"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_an_unchanged_page_is_0_and_a_changed_one_is_3(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(page)]) == 0
    capsys.readouterr()
    page.write_text(PAGE.replace("Should match exactly", "May differ"), encoding="utf-8")
    assert main([str(page)]) == 3
    assert "exercise_1_write_primary_read_replica.feature::All attributes match exactly" in capsys.readouterr().out
    assert main([str(page), "--json"]) == 3
    [change] = json.loads(capsys.readouterr().out)["changes"]
    assert (change["kind"], change["claims"], len(change["scenarios"])) == ("line", ["E1.8"], 1)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "can't be read"),
        (b"just text, 2 lines\n", "there is no heading"),
        (b"# A\xff\n", "is not UTF-8"),
        (b"# A\n<<<<<<< HEAD\nB\n", "line 2: a conflict marker"),
        (b"# A\n\n```json\n{}\n", "page.md: the code block that begins with"),
        (b"# A\n\n```json\n{}\n\n## B\n\n```json\n{}\n```\n", "page.md: the code block that begins with"),
        (b"# Cooking\n\nBoil 2 eggs.\n\n## Serving\n\n- Salt\n", "this is not the page"),
    ],
)
def test_what_is_no_version_of_the_page_is_2(
    content: bytes | None, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "page.md"
    if content is not None:
        path.write_bytes(content)
    assert main([str(path)]) == 2
    assert says in capsys.readouterr().err


def test_claims_are_listed_with_their_scenarios(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--claims"]) == 0
    said = capsys.readouterr().out
    assert "E1.8  expectation: All attributes: Should match exactly\n    features/exercise_1_write_primary_read" in said
    assert main(["--claims", "--json"]) == 0
    claims = {claim["id"]: claim for claim in json.loads(capsys.readouterr().out)}
    assert len(claims) == 105
    assert claims["E1.2"]["scenarios"] == []


@pytest.mark.slow
def test_a_run_tells_what_changed_in_its_head(page: Path) -> None:
    page.write_text(PAGE.replace("30-60", "30-90"), encoding="utf-8")
    feature = "features/exercise_2_write_replica_read_primary.feature"
    assert pytest_run(feature, "--page", str(page), "--collect-only").has("30-60 is 30-90 now (E1.6)")


@pytest.mark.slow
def test_a_run_with_no_such_page_does_not_begin() -> None:
    ran = pytest_run("features/", "--page", "nowhere.md")
    assert (ran.code, ran.has("nowhere.md can't be read")) == (4, True)
