"""The lint of what joins features and the page, its claims and its values: the features have none of these findings."""

from pathlib import Path

import pytest

from support.gherkin.page_lint import claim_problems, value_problems
from support.gherkin.specification import Problem, read_features
from support.page.page_map import FILE
from support.tests.suite_runs import ROOT

EXERCISE_1 = "exercise_1_write_primary_read_replica.feature"
EXERCISE_3 = "exercise_3_conflict_resolution.feature"
EXERCISE_4 = "exercise_4_query_patterns.feature"
EXERCISE_5 = "exercise_5_replication_timing.feature"
LOGIN = "scenario_1_global_user_login.feature"


@pytest.fixture
def features(tmp_path: Path) -> Path:
    """A copy of the features."""
    for path in (ROOT / "features").glob("*.feature"):
        (tmp_path / path.name).write_text(path.read_text("utf-8"), "utf-8")
    return tmp_path


def problems(features: Path) -> list[Problem]:
    """What the lint says of features that are held against the page."""
    written, unreadable = read_features(features)
    assert not unreadable
    return [*claim_problems(written), *dict.fromkeys(value_problems(written))]


@pytest.mark.parametrize(
    ("feature", "old", "new", "says"),
    [
        (EXERCISE_1, "@claim:E1.8 ", "", "no scenario shows E1.8"),
        (EXERCISE_1, "@claim:E1.4 ", "", "E1.14 is done with E1.4, which no scenario shows"),
        (EXERCISE_1, "@claim:E1.5 ", "@claim:E1.5 @claim:E9.9 ", "@claim:E9.9: the page has no such claim"),
        (EXERCISE_1, "@claim:E1.5 ", "@claim:E1.5 @claim:E1.3 ", "@claim:E1.3: it can't be tested"),
        (EXERCISE_1, "@claim:E1.5 ", "@claim:E1.5 @claim:E1.14 ", "@claim:E1.14: it is done with E1.4"),
        (EXERCISE_1, "@claim:E1.5 ", "@claim:E1.5 @claim:E1.8 ", "@claim:E1.8: no step shows it: none says "),
        (EXERCISE_1, "Then a query", "And a query", "@claim:E1.5: no step shows it: none says a Then"),
        (EXERCISE_1, "@claim:E1.5 ", "@claim:E1.5 @beyond_the_page ", "@beyond_the_page at a scenario that shows E1.5"),
        (EXERCISE_4, "@beyond_the_page", "@exercise_4", 'the scenario "'),
        (EXERCISE_1, '"GSI1PK"', '"GSI1PX"', '"GSI1PX" is "USER#[your-name]@global.com" here, and not on the page'),
        (EXERCISE_1, '"name"', '"email"', 'the doc string is no JSON: "email" stands twice'),
        (EXERCISE_1, '"name": "[Your Name] Global",', "", "no scenario that shows E1.14 has the page's values"),
        (EXERCISE_1, '"module3"', '"module3",', "the doc string is no JSON: "),
        (EXERCISE_1, '"""json', '"""\n[]\n"""\nAnd an item:\n"""json', "the doc string is no JSON object"),
        (EXERCISE_3, '_amount": 100', '_amount": 101', '"total_amount" is 101 here, and 100 on the page (E3.7)'),
        (EXERCISE_3, "| 150 ", "| 151 ", "no scenario that shows E3.10 has the page's values"),
        (EXERCISE_1, "in eu-west-1", "in eu-wset-1", '"eu-wset-1" is no region of the page'),
        (EXERCISE_1, "within 60 seconds", "within 90 seconds", 'the page says "60 second" (E1.6)'),
        (EXERCISE_1, 'still says "us-east-1"', 'still says "eu-west-1"', 'the page says "us-east-1" (E1.9)'),
        (EXERCISE_3, "15:40:05", "15:40:06", 'the page says "15:40:05" (E3.6)'),
        (EXERCISE_4, "query of GSI1 in eu-west-1", "query of GSI1 in us-east-1", 'the page says "eu-west-1" (E4.4)'),
        (EXERCISE_3, "| eu-west-1 |", "| eu-west1 |", '"eu-west1" is no region of the page'),
        (EXERCISE_1, "creates the user in us-east-1", "creates the user in eu-west-1", "E1.4 is shown by "),
        (EXERCISE_3, "was created in us-east-1", "was created in eu-west-1", 'E3.5 is shown by "was created'),
        (EXERCISE_3, "| eu-west-1 | 15:40:05 | 200", "| us-east-1 | 15:40:05 | 200", "E3.2 is shown by "),
        (EXERCISE_5, "| eu-west-1 | us-east-1   |", "| us-east-1 | us-east-1   |", 'a row of "'),
        (LOGIN, "the app in eu-west-1", "an app in eu-west-1", 'S1.1: no step says "the app"'),
        (LOGIN, "      Then the app", "      And the app", 'the scenario "The recent login'),
        (EXERCISE_1, "@simulated_only @chosen_lag", "", '"replication from us-east-1 to eu-west-1 takes 0 seconds"'),
        (EXERCISE_1, "@simulated_only @chosen_lag", "@simulated_only", '"If replication is immediate, the first query'),
        (EXERCISE_1, "[your-name]@global.com", "[yourname]@global.com", "[yourname] is no blank of the page"),
    ],
)
def test_what_is_edited_is_found_with_its_place_and_a_cure(
    features: Path, feature: str, old: str, new: str, says: str
) -> None:
    path = features / feature
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    found = [each for each in problems(features) if each.text.startswith(says)]
    assert found
    for each in found:
        assert each.path in (path, FILE)
        assert 0 < each.line <= len(each.path.read_text("utf-8").splitlines())
        assert each.cure


@pytest.mark.parametrize(
    ("old", "new"), [('"workshop_session": "module3"', '"workshop_session": "module4"'), ("@claim:E1.8 ", "")]
)
def test_the_line_to_correct_is_named(features: Path, old: str, new: str) -> None:
    path = features / EXERCISE_1
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    [problem] = problems(features)
    line = problem.path.read_text("utf-8").splitlines()[problem.line - 1]
    assert (new or 'id = "E1.8"') in line
