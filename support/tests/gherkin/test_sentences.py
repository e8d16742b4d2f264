"""`python -m support.gherkin --sentences`: what a scenario can be written with."""

import pytest

from support.gherkin.__main__ import main
from support.tests.gherkin.lint_project import Project


def test_all_sentences_are_listed_with_their_places(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["features", project.package, "--sentences"]) == 0
    given, when, then = capsys.readouterr().out.splitlines()
    assert given == 'Given "an order"  words_of_a_test/orders.py:3'
    assert when.startswith('When "it waits {seconds:d} s"  ')
    assert then.startswith('Then ""{winner}" wins"  ')


def test_a_word_chooses_among_them_in_capitals_too(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["features", project.package, "--sentences", "Waits"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["When"]


def test_a_word_that_none_has_is_told(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["features", project.package, "--sentences", "refund"]) == 1
    assert capsys.readouterr().out == "no sentence has 'refund' in it\n"


def test_a_module_that_can_not_be_imported_is_told(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.write(f"{project.package}/broken.py", "import nothing_like_it")
    assert main(["features", project.package, "--sentences"]) == 1
    assert "broken can't be imported: ModuleNotFoundError" in capsys.readouterr().out
