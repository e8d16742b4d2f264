"""Where the value of an option comes from, and that a wrong one is told."""

from collections.abc import Mapping
from typing import Any

import pytest

from support.options import OptionError
from support.options import choose as choose_of
from support.settings import OPTIONS, unknown_variables


def choose(command_line: Mapping[str, Any], environment: Mapping[str, str], ini: Mapping[str, str]) -> Any:
    return choose_of(OPTIONS, command_line, environment, ini)


@pytest.mark.parametrize("said", [{}, {option.variable: "" for option in OPTIONS}, {each.ini: "" for each in OPTIONS}])
def test_without_a_word_or_with_an_empty_one_each_option_has_its_default(said: dict[str, str]) -> None:
    chosen = choose({}, said, said)
    assert set(chosen) == {option.field for option in OPTIONS}
    assert all(each.is_default for each in chosen.values())
    assert (chosen["mode"].value, chosen["fault"].value, chosen["keep_items"].value) == ("simulated", (), False)


@pytest.mark.parametrize(
    ("said", "value", "origin"),
    [
        (("a", "b", "c"), "a", "--table-name"),
        ((None, "b", "c"), "b", "GLOBAL_TABLES_TABLE_NAME"),
        ((None, None, "c"), "c", "global_tables_table_name"),
    ],
)
def test_the_command_line_goes_before_the_environment_and_that_before_the_ini_file(
    said: tuple[str | None, str | None, str], value: str, origin: str
) -> None:
    line, variable, ini = said
    chosen = choose(
        {"global_tables_table_name": line},
        {"GLOBAL_TABLES_TABLE_NAME": variable} if variable else {},
        {"global_tables_table_name": ini},
    )["table_name"]
    assert (chosen.value, chosen.origin) == (value, origin)


@pytest.mark.parametrize(("text", "value"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("", False)])
def test_a_switch_is_on_or_off(text: str, value: bool) -> None:
    assert choose({}, {"GLOBAL_TABLES_KEEP_ITEMS": text}, {})["keep_items"].value is value


def test_a_switch_that_is_neither_is_refused_with_the_cure() -> None:
    with pytest.raises(OptionError, match="GLOBAL_TABLES_KEEP_ITEMS=maybe: use 1 or 0"):
        choose({}, {"GLOBAL_TABLES_KEEP_ITEMS": "maybe"}, {})


def test_a_list_in_a_variable_is_separated_by_blanks() -> None:
    chosen = choose({"global_tables_fault": []}, {"GLOBAL_TABLES_FAULT": "errors=0.1 throttling"}, {})["fault"]
    assert chosen.value == ("errors=0.1", "throttling")


def test_a_variable_with_a_typing_error_is_noticed() -> None:
    set_so = {"GLOBAL_TABLES_MODUS": "live", "GLOBAL_TABLES_SEEDS": "", "GLOBAL_TABLES_MODE": "live", "HOME": "/"}
    assert unknown_variables(set_so) == ["GLOBAL_TABLES_MODUS"]
