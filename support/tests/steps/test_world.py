import pytest
from pytest_bdd import parsers

from steps.world import TYPES, rows
from support.tests.verdicts.histories import US


@pytest.mark.parametrize(
    ("gap", "text", "value"),
    [
        ("Duration", "1 second", 1),
        ("Duration", "2 minutes", 120),
        ("Names", "a, b-1 and c", ("a", "b-1", "c")),
        ("Thing", "the global user", "user"),
    ],
)
def test_what_stands_in_a_gap_has_a_type(gap: str, text: str, value: object) -> None:
    assert parsers.parse(f"it is {{what:{gap}}} now", TYPES).parse_arguments(f"it is {text} now") == {"what": value}


@pytest.mark.parametrize("text", ["it arrives in Ireland within 1 minute", "it arrives in eu-west-1 within a minute"])
def test_a_sentence_does_not_match_other_words(text: str) -> None:
    assert not parsers.parse("it arrives in {place:Region} within {limit:Duration}", TYPES).is_matching(text)


def test_rows_have_the_names_of_the_head_and_no_empty_cells() -> None:
    table = [["partner", "total_amount", "status"], ["A", "150", ""], ["B", "", "shipped"]]
    assert rows(table) == [{"partner": "A", "total_amount": "150"}, {"partner": "B", "status": "shipped"}]


def test_a_column_with_a_mistyped_name_is_told_with_those_that_there_are() -> None:
    (row,) = rows([["partner", "regoin"], ["A", US]])
    with pytest.raises(LookupError, match="has no 'region', only partner, regoin"):
        row["region"]
