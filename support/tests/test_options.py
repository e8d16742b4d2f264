"""Where the value of an option comes from, and that a wrong one is told."""

import pytest

from support.options import OptionError
from support.settings import OPTIONS, choose, read_settings, unknown_variables


@pytest.mark.parametrize("said", [{}, {option.variable: "" for option in OPTIONS}, {each.ini: "" for each in OPTIONS}])
def test_without_a_word_or_with_an_empty_one_each_option_has_its_default(said: dict[str, str]) -> None:
    settings = choose({}, said, said)
    assert settings == read_settings()
    assert (settings.mode, settings.fault, settings.keep_items, settings.chosen) == ("simulated", (), False, ())


@pytest.mark.parametrize(
    ("said", "value", "origin"),
    [
        (("a-1", "b-1", "c-1"), "a-1", "--table-name"),
        ((None, "b-1", "c-1"), "b-1", "GLOBAL_TABLES_TABLE_NAME"),
        ((None, None, "c-1"), "c-1", "global_tables_table_name"),
    ],
)
def test_the_command_line_goes_before_the_environment_and_that_before_the_ini_file(
    said: tuple[str | None, str | None, str], value: str, origin: str
) -> None:
    line, variable, ini = said
    settings = choose(
        {"global_tables_table_name": line},
        {"GLOBAL_TABLES_TABLE_NAME": variable} if variable else {},
        {"global_tables_table_name": ini},
    )
    assert settings.table_name == value
    assert settings.chosen == (f"table-name {value} ({origin})",)


@pytest.mark.parametrize(("text", "value"), [("1", True), ("yes", True), ("TRUE", True), ("0", False), ("", False)])
def test_a_switch_is_on_or_off(text: str, value: bool) -> None:
    assert choose({}, {"GLOBAL_TABLES_CLAIMS": text}, {}).claims is value


def test_a_switch_that_is_neither_is_refused_with_the_cure() -> None:
    with pytest.raises(OptionError, match="GLOBAL_TABLES_KEEP_ITEMS=maybe: use 1 or 0"):
        choose({}, {"GLOBAL_TABLES_KEEP_ITEMS": "maybe"}, {})


def test_a_list_in_a_variable_is_separated_by_blanks() -> None:
    settings = choose({"global_tables_fault": []}, {"GLOBAL_TABLES_FAULT": "errors=0.1 throttling=0.2"}, {})
    assert list(map(str, settings.fault)) == ["errors=0.1", "throttling=0.2"]


def test_a_variable_with_a_typing_error_is_noticed() -> None:
    set_so = {"GLOBAL_TABLES_MODUS": "live", "GLOBAL_TABLES_SEEDS": "", "GLOBAL_TABLES_MODE": "live", "HOME": "/"}
    assert unknown_variables(set_so) == ["GLOBAL_TABLES_MODUS"]
